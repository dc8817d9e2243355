package cli

import (
	"context"

	"certdesk/certstore/config"
	"certdesk/certstore/demo"
)

// demoFilters are what the demo's configuration would keep.
var demoFilters = []config.Filter{{Name: "soon", Show: "days<30"}, {Name: "mail", Show: "svc:smtp,imap,pop"}}

// openDemo gives a session on a throw-away store of the article's organisation.
func (a *app) openDemo(ctx context.Context) (*session, error) {
	d, err := demo.New(ctx, a.io.Now, a.flags.readOnly)
	if err != nil {
		return nil, err
	}
	return &session{store: d.Store, domains: d.Domains, server: d.Server, now: a.io.Now, close: d.Close,
		uses: d.Uses, filters: demoFilters, readOnly: a.flags.readOnly}, nil
}
