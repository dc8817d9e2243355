package cli

import (
	"context"

	"certdesk/certstore/answering"
	"certdesk/certstore/domains"
	"certdesk/certstore/evidence"
	"certdesk/certstore/names"
	"certdesk/ui/screen"
	"certdesk/wizard"
)

// finder asks DNS, by the server that the configuration names; an error where it is to ask nobody.
func (a *app) finder(s *session) (*evidence.Finder, error) {
	r, err := evidence.New(s.dns)
	if err != nil {
		return nil, err
	}
	return evidence.NewFinder(r, a.io.Web), nil
}

// evidence is what DNS says of names that are to be certified, by name.
func (a *app) evidence(ctx context.Context, s *session, env wizard.Env,
	list []names.Name) (map[string]evidence.Result, error) {
	f, err := a.finder(s)
	if err != nil {
		return nil, err
	}
	found := map[string]evidence.Result{}
	w := s.world(ctx)
	w.Domains = domains.Names(env.AcceptedDomains)
	for _, n := range list {
		w.Names = append(w.Names, n.Value)
	}
	for _, result := range f.All(ctx, w, list) {
		found[result.Name] = result
	}
	return found, ctx.Err()
}

// withEvidence has a desk ask DNS for the names that are typed, where this host knows a server.
func (a *app) withEvidence(c *screen.Config, s *session) {
	f, err := a.finder(s)
	if err != nil || a.flags.demo {
		return
	}
	c.Answers = answering.Asker{Reader: s.store, DNS: f}.Ask
	c.Hosts = f.Hosts
	c.Evidence = func(ctx context.Context, w evidence.World, n names.Name) evidence.Result {
		here := s.world(ctx)
		here.Names, here.Domains = w.Names, w.Domains
		return f.Find(ctx, here, n)
	}
}

// world is what names are held against, of this host and this store.
func (s *session) world(ctx context.Context) evidence.World {
	w := evidence.World{Own: s.public, Server: s.server}
	if len(s.authorities) == 0 {
		return w
	}
	list, _ := s.store.Accounts(ctx) // a store that cannot be read says so elsewhere
	for _, a := range list {
		if a.Account != nil {
			w.Accounts = append(w.Accounts, evidence.Account{CA: a.Name, Directory: a.Directory, URL: a.Account.URL,
				Method: a.Proves()})
		}
	}
	return w
}

// evidenceLines are the words of each name and what they come from.
func evidenceLines(list []names.Name, found map[string]evidence.Result) (lines []string) {
	for _, n := range list {
		r := found[n.Value]
		line := names.Shown(n.Value)
		if text := r.Text(); text != "" {
			line += ": " + text
		}
		lines = append(lines, line)
		for _, f := range r.Facts {
			lines = append(lines, "  "+string(f.Severity)+": "+f.Text)
		}
	}
	return lines
}
