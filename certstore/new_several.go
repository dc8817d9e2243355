package certstore

import (
	"cmp"
	"context"
	"path/filepath"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// NewAll makes a family of requests, all of them or none. Every key and every request is durable before the journal
// names the first, in one write; then their files leave. Where anything fails before that write no entry is there, and
// the keys that were made lie in the store for doctor to list. Errors: New's; with KeptPending all are in the store and
// some file is missing, with InDoubt the first ones may be there, each of them whole.
func (s *Store) NewAll(ctx context.Context, list []issuing.Request) ([]issuing.Made, error) {
	if err := s.checkAll(ctx, list); err != nil {
		return nil, err
	}
	family := make([]issued, len(list))
	for i, r := range list {
		var err error
		if family[i], err = s.issue(ctx, r); err != nil {
			return nil, err
		}
	}
	for _, one := range family {
		if err := s.keep(one); err != nil {
			return nil, begun(err)
		}
	}
	made, err := s.commitAll(ctx, family)
	return made, begun(err)
}

// checkAll refuses what New would refuse of any of them, and two that would be the same file.
func (s *Store) checkAll(ctx context.Context, list []issuing.Request) error {
	paths := map[string]bool{}
	for _, r := range list {
		if err := s.Check(ctx, r); err != nil {
			return err
		}
		if path := filepath.Clean(r.Path); r.Path != "" && paths[path] {
			return fail.New(fail.Usage, "give each a file of its own", "%s is the file of two requests", printable.Text(path))
		}
		paths[filepath.Clean(r.Path)] = true
	}
	return nil
}

// commitAll names the family in the journal, then lets its requests leave.
func (s *Store) commitAll(ctx context.Context, family []issued) ([]issuing.Made, error) {
	staged := make([]*disk.Staged, len(family))
	for i, one := range family {
		var err error
		if staged[i], err = s.stageRequest(one.request, one.Made); err != nil {
			return nil, err
		}
		if staged[i] != nil {
			defer staged[i].Cleanup()
		}
	}
	err := s.writeTogether(ctx, func() (lines []change, err error) {
		for _, one := range family {
			c, err := s.newLine(one.request, one.Entry)
			if err != nil {
				return nil, err
			}
			lines = append(lines, c)
		}
		return lines, nil
	})
	if err != nil {
		return nil, err
	}
	return s.leaveAll(ctx, family, staged)
}

// leaveAll lets out every file that can be written, and gives the entries as they are now.
func (s *Store) leaveAll(ctx context.Context, family []issued, staged []*disk.Staged) ([]issuing.Made, error) {
	made := make([]issuing.Made, len(family))
	var problem error
	missing := 0
	for i, one := range family {
		made[i] = one.Made
		e, err := s.bySum(context.WithoutCancel(ctx), one.Entry.SHA256)
		if err == nil {
			made[i].Entry = e
		}
		if err == nil && staged[i] != nil {
			if err = leave(staged[i], e); err == nil {
				made[i].Path = one.request.Path
			}
		}
		if err != nil {
			problem, missing = cmp.Or(problem, err), missing+1
		}
	}
	if missing > 1 {
		problem = fail.New(fail.Of(problem).Code, fail.Of(problem).Hint, "of %d of the %d requests: %w", missing, len(family),
			problem)
	}
	return made, problem
}

// bySum is the entry of an object that the journal names.
func (s *Store) bySum(ctx context.Context, sum string) (ledger.Entry, error) {
	s.mu.Lock()
	err := s.refresh(ctx)
	rows := s.state.Index.Sums[sum]
	s.mu.Unlock()
	switch {
	case err != nil:
		return ledger.Entry{}, err
	case len(rows) == 0:
		return ledger.Entry{}, fail.New(fail.NotFound, "see with `certdesk history` who purged it",
			"what was made is no longer here")
	}
	return s.get(ctx, rows[0].ID)
}
