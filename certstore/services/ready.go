package services

import (
	"context"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// Ready has the daemon check its configuration before anything is touched. A fault that is there already would be taken
// for one of the change, and could not be undone by undoing it. Errors: Damaged, with what the daemon says.
func (s *Service) Ready(ctx context.Context) error {
	r, err := s.read(ctx)
	if err == nil && !r.Blank {
		err = s.do(ctx, r.Check)
	}
	return brokenBefore(s.in.Driver, err)
}

// brokenBefore is a daemon's complaint about what somebody else left.
func brokenBefore(driver string, err error) error {
	if !fail.Is(err, fail.Failed) {
		return err
	}
	title := driver
	if driver == "command" {
		title = "the daemon's own check"
	}
	return fail.New(fail.Damaged, "correct that first; nothing was changed",
		"%s already reports an error in its configuration: %w", title, err)
}

// checked has the daemon check what is there before anything of it is changed. Where what it would complain of may be
// the very files that the plan replaces, its complaint is a warning.
func (s *Service) checked(ctx context.Context, p *Plan, r *daemon.Reading, sites []daemon.Site) error {
	if r.Blank {
		return nil
	}
	err := brokenBefore(s.in.Driver, s.do(ctx, r.Check))
	if err == nil || !slices.ContainsFunc(sites, broken) {
		return err
	}
	p.Warnings = append(p.Warnings, oneLine(err)+
		"; if that is about the files that are replaced now, the change corrects it, else everything is put back")
	p.Mends = true
	return nil
}

// broken says whether one of a site's certificates cannot be served: a file is missing or damaged, or its key is
// another's.
func broken(s daemon.Site) bool {
	if len(s.Pairs) == 0 {
		return true
	}
	for _, p := range s.Pairs {
		chain, err := daemon.ReadFile(p.Cert)
		if err != nil {
			return true
		}
		key, err := daemon.ReadFile(p.Key)
		if err != nil {
			return true
		}
		certs, err := daemon.Certificates(chain)
		if err != nil {
			return true
		}
		signer, err := privateKey(key)
		if err != nil || vetKey(certs, signer) != nil {
			return true
		}
	}
	return false
}
