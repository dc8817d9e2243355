package cli

import (
	"cmp"
	"context"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/demo"
)

// openDemo gives a session on a throw-away store of the article's organisation, with settings of its own.
func (a *app) openDemo(ctx context.Context) (*session, error) {
	d, err := demo.New(ctx, a.io.Now, a.flags.readOnly)
	if err != nil {
		return nil, err
	}
	c, err := config.Load(d.Settings)
	if err != nil {
		d.Close()
		return nil, err
	}
	return a.demoSession(d, d.Store, c)
}

func (a *app) demoSession(d demo.Desk, store *certstore.Store, c config.Config) (*session, error) {
	reopen := func(c config.Config) (*session, error) {
		store, err := d.Reopen(c)
		if err != nil {
			return nil, err
		}
		return a.demoSession(d, store, c)
	}
	return &session{store: store, sources: c.AcceptedDomains, server: cmp.Or(c.Server, demo.Server), role: c.Role, now: a.io.Now,
		close: d.Close,
		uses:  d.Uses, filters: c.Filters, theme: c.Theme, file: d.Settings, reopen: reopen, readOnly: a.flags.readOnly}, nil
}
