package certstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// carryOut reserves a name beside each target, and then announces each file in the journal and lets its bytes leave.
func (s *Store) carryOut(ctx context.Context, e ledger.Entry, list []leavingFile) error {
	release, err := s.dir.LockExport(ctx)
	if err != nil {
		return err
	}
	defer release()
	staged, err := s.reserve(list)
	defer cleanUp(staged)
	if err != nil {
		return err
	}
	if err := s.sweepBefore(ctx); err != nil {
		return err
	}
	return each(list, func(i int) error { return s.letLeave(ctx, e, list[i], staged[i]) })
}

// letLeave announces one file and writes it.
func (s *Store) letLeave(ctx context.Context, e ledger.Entry, f leavingFile, staged *disk.Staged) error {
	left, note := staged.Left(), fmt.Sprintf("%s to %s", f.Format, printablePath(f.Path))
	begin, err := s.write(ctx, func() (change, error) {
		c, err := s.exportLine(e, f.Format, note)
		c.data.Left = &left
		return c, err
	})
	if err != nil {
		return err
	}
	end := ledger.Data{IDs: []int64{e.ID}, Note: note, Begin: begin}
	return begun(s.writeExport(context.WithoutCancel(ctx), staged, f.data, end))
}

// writeAside writes public files of a store that is only read: there is no journal to announce them in.
func (s *Store) writeAside(ctx context.Context, list []leavingFile) error {
	staged, err := s.reserve(list)
	defer cleanUp(staged)
	if err != nil {
		return err
	}
	return each(list, func(i int) error {
		err := context.Cause(ctx)
		if err == nil {
			err = staged[i].Fill(list[i].data, 0o600)
		}
		if err == nil {
			err = staged[i].Commit()
		}
		return err
	})
}

func (s *Store) reserve(list []leavingFile) (all []*disk.Staged, err error) {
	for _, f := range list {
		staged, err := disk.Reserve(s.o.FS, f.Path, f.Overwrite)
		if err != nil {
			return all, err
		}
		all = append(all, staged)
	}
	return all, nil
}

func cleanUp(all []*disk.Staged) {
	for _, staged := range all {
		staged.Cleanup()
	}
}

// each does one file after the other, and says of which it was too late to stop.
func each(list []leavingFile, do func(int) error) error {
	for i := range list {
		err := do(i)
		if err != nil && i > 0 {
			return fail.New(fail.Failed, cmp.Or(fail.Of(err).Hint, "delete what is there, and export again"),
				"%s is written, but not %s: %w", printablePath(list[i-1].Path), printablePath(list[i].Path), err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) sweepBefore(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sweepAll(ctx)
}

// writeExport writes the file that the journal has announced, and then the end of the story.
func (s *Store) writeExport(ctx context.Context, staged *disk.Staged, data []byte, end ledger.Data) error {
	op, err := ledger.OpExport, staged.Fill(data, 0o600)
	if err == nil {
		err = staged.Commit()
	}
	if err != nil && !errors.Is(err, disk.ErrNotDurable) {
		op = ledger.OpStayed
		if staged.Discard() != nil {
			return err // the next writer looks for it
		}
	}
	_, lineErr := s.write(ctx, func() (change, error) { return change{op: op, data: end}, nil })
	if err == nil && lineErr != nil {
		e := fail.Of(lineErr)
		return fail.New(fail.Failed, e.Hint, "the file is written, but the journal says only that the export began, not "+
			"that it ended: %w", lineErr)
	}
	return err
}

// sweepExports deletes what dead exports left outside, and says so in the journal. What cannot be deleted keeps
// nobody from writing; it is told, and tried again. The caller holds s.mu.
func (s *Store) sweepExports(ctx context.Context) error {
	if len(s.state.OpenExports) == 0 || s.dir.Writable() != "" {
		return nil
	}
	release, alone := s.dir.TryLockExport()
	if !alone {
		return nil
	}
	defer release()
	return s.sweepAll(ctx)
}

// sweepAll is for who holds lock.export, so that every export that was begun is dead. The caller holds s.mu.
func (s *Store) sweepAll(ctx context.Context) error {
	if err := s.refresh(ctx); err != nil {
		return err
	}
	s.stuck = nil
	for _, l := range slices.Clone(s.state.OpenExports) {
		if err := s.sweepExport(ctx, l); err != nil {
			return err
		}
	}
	return s.refresh(ctx)
}

func (s *Store) sweepExport(ctx context.Context, l ledger.OpenExport) error {
	published, err := disk.Sweep(s.o.FS, l.Left)
	if err != nil {
		s.stuck = append(s.stuck, l)
		return nil
	}
	c := change{op: ledger.OpStayed, data: ledger.Data{IDs: l.IDs, Note: l.Note, Begin: l.Begin}}
	if published {
		c.op = ledger.OpExport
	}
	_, err = s.append(ctx, func() (change, error) { return c, nil })
	return err
}

// stuckBanner says which dead export could not be cleared away, or "".
func (s *Store) stuckBanner() string {
	if len(s.stuck) == 0 {
		return ""
	}
	return s.stuck[0].Text() + ", and cannot be deleted: delete it"
}

// mayPurge refuses, beside what was not removed, an entry whose key lies outside where an export died, and stays
// there.
func (s *Store) mayPurge(e ledger.Entry) error {
	if err := onlyRemoved(e); err != nil {
		return err
	}
	for _, l := range s.stuck {
		if slices.Contains(l.IDs, e.ID) {
			return fail.New(fail.InUse, "delete that file, then purge again", "%s", l.Text())
		}
	}
	return nil
}
