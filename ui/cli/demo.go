package cli

import (
	"context"

	"certdesk/certstore/demo"
)

// openDemo gives a session on a throw-away store of the article's organisation.
func (a *app) openDemo(ctx context.Context) (*session, error) {
	d, err := demo.New(ctx, a.io.Now, a.flags.readOnly)
	if err != nil {
		return nil, err
	}
	return &session{store: d.Store, domains: d.Domains, server: d.Server, now: a.io.Now, close: d.Close,
		readOnly: a.flags.readOnly}, nil
}
