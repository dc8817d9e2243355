package certstore

import (
	"context"
	"crypto/x509"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/probe"
)

// asBefore asks what is served with keys of other types beside the certificate that is replaced. What clients get there
// before the switch they get after it, with its intermediates.
func (t *turn) asBefore(ctx context.Context) (ports []Port) {
	for _, b := range t.sp.Plan.Beside {
		for _, taken := range t.sp.Plan.Slots {
			for _, proof := range taken.Prove {
				p := t.portOf(proof, formats.SHA256(b.Leaf.Raw))
				p.Slot, p.Key, p.Files = taken.Slot, probe.KeyOf(b.Leaf), b.Installed
				ports = append(ports, p)
			}
		}
	}
	ports = slices.DeleteFunc(t.ask(ctx, ports), func(p Port) bool { return !p.Good() })
	for i := range ports {
		ports[i].sent = ports[i].Report.Sent
	}
	return ports
}

// lostChain says whether a port that goes on serving a certificate sends less with it than before, and not what leads
// clients to a root.
func (p Port) lostChain() bool {
	lost := slices.ContainsFunc(p.sent, func(c *x509.Certificate) bool { return !slices.ContainsFunc(p.Report.Sent, c.Equal) })
	if !lost {
		return false
	}
	return p.Report.Chain.Verdict == probe.Incomplete || p.Report.Chain.Verdict == probe.Broken
}
