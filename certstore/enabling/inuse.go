package enabling

import (
	"context"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// ServedNow asks every service which of these entries it serves: the refusals, by certificate.
func (ds *Daemons) ServedNow(ctx context.Context, seen []ledger.Entry) map[string]error {
	refused := map[string]error{}
	certified := slices.ContainsFunc(seen, func(e ledger.Entry) bool { return e.Kind == ledger.Certificate })
	if !ds.HasServices() || !certified {
		return refused
	}
	v, err := ds.Survey(ctx)
	if err != nil {
		return refused
	}
	for _, e := range seen {
		for _, p := range v.Ports {
			if p.Report.SHA256 == e.SHA256 {
				refused[e.SHA256] = fail.New(fail.InUse, "enable another certificate there first",
					"%s is in use: %s still serves it at %s", e.FriendlyName,
					ledger.ServiceTitle(p.Service), printable.Text(p.Listen))
			}
		}
	}
	return refused
}
