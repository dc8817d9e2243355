package services

import (
	"context"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Ready has the daemon check its configuration before anything is touched. A fault that is there already would be taken
// for one of the change, and could not be undone by undoing it. Errors: Damaged, with what the daemon says.
func (s *Service) Ready(ctx context.Context) error {
	r, err := s.read(ctx)
	if err == nil && !r.blank {
		err = s.do(ctx, r.check)
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
func (s *Service) checked(ctx context.Context, p *Plan, r *reading, sites []Site) error {
	if r.blank {
		return nil
	}
	err := brokenBefore(s.in.Driver, s.do(ctx, r.check))
	if err == nil || !slices.ContainsFunc(sites, Site.broken) {
		return err
	}
	p.Warnings = append(p.Warnings, oneLine(err)+
		"; if that is about the files that are replaced now, the change corrects it, else everything is put back")
	p.Mends = true
	return nil
}

// broken says whether one of a site's certificates cannot be served: a file is missing or damaged, or its key is
// another's.
func (s Site) broken() bool {
	if len(s.Pairs) == 0 {
		return true
	}
	for _, p := range s.Pairs {
		chain, err := readFile(p.Cert)
		if err != nil {
			return true
		}
		key, err := readFile(p.Key)
		if err != nil {
			return true
		}
		certs, err := certificates(chain)
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

// foreseen reads what an edit would make of the configuration before a byte of it is written: no site may lose its
// certificate, and those that are meant have to get theirs. A driver joins in by giving sitesOf.
func (r *reading) foreseen(meant []Site, e edited) error {
	if r.sitesOf == nil {
		return nil
	}
	after, err := r.sitesOf(e.texts)
	if err != nil {
		return err
	}
	for i, was := range r.Sites {
		where := printable.Text(was.Where)
		chosen := slices.IndexFunc(meant, func(m Site) bool { return m.index == was.index })
		switch {
		case i >= len(after), len(was.Pairs) > 0 && len(after[i].Pairs) == 0:
			return fail.New(fail.Unfit, "change it there by hand", "the change would leave %s without a certificate", where)
		case chosen >= 0 && !slices.Equal(after[i].Pairs, append(slices.Clone(e.pairs), meant[chosen].beside...)):
			return fail.New(fail.Unfit, "change it there by hand", "the change would not reach %s", where)
		}
	}
	return nil
}
