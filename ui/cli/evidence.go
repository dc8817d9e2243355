package cli

import (
	"context"

	"certdesk/certstore/domains"
	"certdesk/certstore/evidence"
	"certdesk/certstore/names"
	"certdesk/ui/screen"
	"certdesk/wizard"
)

// finder asks DNS, by the server that the configuration names.
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
	w := evidence.World{Domains: domains.Names(env.AcceptedDomains), Own: s.public, Server: s.server}
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
	c.Evidence = func(ctx context.Context, w evidence.World, n names.Name) evidence.Result {
		w.Own, w.Server = s.public, s.server
		return f.Find(ctx, w, n)
	}
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
