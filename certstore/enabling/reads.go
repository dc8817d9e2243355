package enabling

import (
	"context"
	"slices"

	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// reads are the files that this machine's daemons are configured to read, and the versions that services are bound to.
func (ds *Daemons) reads(ctx context.Context) (services.Reads, error) {
	bound := ds.bindings()
	all := slices.Clone(ds.host.Services)
	for _, b := range bound {
		if _, err := services.New(ds.host.Machine, b.Service); err == nil {
			all = append(all, b.Service)
		}
	}
	r, err := services.ReadsOf(ctx, ds.host.Machine, all)
	if err != nil {
		return r, err
	}
	for _, b := range bound {
		if b.Version != "" {
			r.Keep(b.Version, ledger.ServiceTitle(b.Service))
		}
	}
	return r, nil
}
