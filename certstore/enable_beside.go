package certstore

import (
	"context"
	"crypto/x509"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
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
		ports[i].sent = sumsOf(ports[i].Report.Sent)
	}
	return ports
}

func sumsOf(list []*x509.Certificate) (sums []string) {
	for _, c := range list {
		sums = append(sums, sumOf(c.Raw))
	}
	return sums
}

// seenOf is what a begin records of what goes on being served, so that whoever settles the change can prove it too.
func seenOf(kept []Port) (list []ledger.Seen) {
	for _, p := range kept {
		list = append(list, ledger.Seen{Proof: services.Proof{URL: p.Listen, Name: p.Name}, Key: p.Key, SHA256: p.Expected, Slot: p.Slot, Sent: p.sent})
	}
	return list
}

// asRecorded are the ports of what goes on being served, as a process that died saw them.
func (t *turn) asRecorded(kept []ledger.Seen) (ports []Port) {
	for _, seen := range kept {
		p := t.portOf(seen.Proof, seen.SHA256)
		p.Slot, p.Key, p.sent = seen.Slot, seen.Key, seen.Sent
		ports = append(ports, p)
	}
	return ports
}

// lostChain says whether a port that goes on serving a certificate sends less with it than before, and not what leads
// clients to a root.
func (p Port) lostChain() bool {
	now := sumsOf(p.Report.Sent)
	lost := slices.ContainsFunc(p.sent, func(sum string) bool { return !slices.Contains(now, sum) })
	if !lost {
		return false
	}
	return p.Report.Chain.Verdict == probe.Incomplete || p.Report.Chain.Verdict == probe.Broken
}
