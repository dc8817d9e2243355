package enabling

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// planWithOthers plans a service with what goes on being served with keys of other types: what is bound to all the
// slots that change, and is fit.
func (ds *Daemons) planWithOthers(ctx context.Context, sp *ServicePlan, leaf *x509.Certificate) (err error) {
	sp.Plan, err = sp.svc.Plan(ctx, sp.pair)
	if err != nil {
		return err
	}
	unfit := ds.beside(ctx, sp, leaf)
	if err := ctx.Err(); err != nil {
		return err // what was not read is not known to be absent
	}
	if len(sp.also) > 0 {
		sp.Plan, err = sp.svc.Plan(ctx, append([]services.Pair{sp.pair}, sp.also...)...)
		if err != nil {
			return err
		}
	}
	ds.warnOfOthers(sp, unfit)
	return nil
}

// beside finds the entries of other key types that are bound to the slots of a plan, and gives those that cannot stay.
func (ds *Daemons) beside(ctx context.Context, sp *ServicePlan, leaf *x509.Certificate) (unfit []ledger.Entry) {
	for _, b := range ds.othersBound(sp, probe.KeyOf(leaf)) {
		other, err := ds.store.Entry(ctx, b.Entry)
		if err != nil || mayEnable(other) != nil {
			continue
		}
		pair, _, err := ds.store.Pair(other)
		switch {
		case err != nil || ds.vet(other, pair) != nil:
			unfit = append(unfit, other)
			continue
		case b.Slot != "": // it is bound to some of the slots alone
			sp.Drops = append(sp.Drops,
				fmt.Sprintf("%s, which clients that take a key of type %s are served at %s now, cannot stay there: "+
					"it is not bound to all slots that change together",
					other.FriendlyName, b.Key, printable.Text(b.Slot)))
			continue
		}
		sp.Keeps, sp.also = append(sp.Keeps, other), append(sp.also, pair)
		sp.Warnings = append(sp.Warnings,
			fmt.Sprintf("%s is still served as well, to clients that want a key of type %s; "+
				"disable it first if only this one is to be served",
				other.FriendlyName, b.Key))
	}
	return unfit
}

// othersBound are the bindings of other key types to the slots of a plan, once an entry; its Slot is "" where it is
// bound to each of them.
func (ds *Daemons) othersBound(sp *ServicePlan, key probe.Key) (list []ledger.Binding) {
	at := map[int64]int{}
	for _, taken := range sp.Plan.Slots {
		for _, b := range ds.boundAt(sp.Service, taken.Slot) {
			if b.Key == key {
				continue
			}
			at[b.Entry]++
			if at[b.Entry] == 1 {
				b.Slot = taken.Slot
				list = append(list, b)
			}
		}
	}
	for i := range list {
		if at[list[i].Entry] == len(sp.Plan.Slots) {
			list[i].Slot = ""
		}
	}
	return list
}

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
		sums = append(sums, formats.SHA256(c.Raw))
	}
	return sums
}

// seenOf is what a begin records of what goes on being served, so that whoever settles the change can prove it too.
func seenOf(kept []Port) (list []ledger.Seen) {
	for _, p := range kept {
		list = append(list, ledger.Seen{Proof: services.Proof{URL: p.Listen, Name: p.Name}, Key: p.Key, SHA256: p.Expected,
			Slot: p.Slot, Sent: p.sent})
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
