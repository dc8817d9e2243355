package enabling

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// One place of a configuration may be for more than the service that was meant: a block of Dovecot for IMAP and POP,
// main.cf for the ports that a service does not list. What names the new files serves them too, whoever it belongs to:
// it is proven with the rest, put back with it, and bound.

// shared are the handshakes, beyond those of the plan, at which the new files are named once they are in place.
func (t *turn) shared(ctx context.Context) (ports []Port) {
	if t.sp.Service.Driver == "command" {
		return nil // one service, one directory
	}
	all, _ := t.instances(ctx)
	// One that has a port on its list comes before the one that changes it without.
	slices.SortStableFunc(all, func(a, b *services.Service) int { return t.last(a) - t.last(b) })
	for _, svc := range all {
		in := svc.Instance()
		if !in.SameDaemon(t.sp.Service) {
			continue
		}
		state, err := svc.Look(ctx)
		if err != nil {
			continue
		}
		for _, place := range placesFor(in, in.Same(t.sp.Service), state.Sites) {
			known := func(p Port) bool { return p.Listen == place.URL && p.Name == place.Name }
			proven := slices.Contains(t.sp.Plan.Prove, place.Proof) || slices.ContainsFunc(ports, known)
			if !place.Shut && t.names(place) && !proven {
				ports = append(ports, t.sharedPort(in, place))
			}
		}
	}
	return ports
}

func (t *turn) last(svc *services.Service) int {
	if svc.Instance().Same(t.sp.Service) {
		return 1
	}
	return 0
}

// eachItsOwn leaves each handshake of a proof to the service whose port it is, where that was enabled as well: each is
// proven in both turns and told once.
func eachItsOwn(out []Outcome) []Outcome {
	for i := range out {
		out[i].Ports = slices.DeleteFunc(out[i].Ports, func(p Port) bool {
			return !p.Service.Same(out[i].Service) && slices.ContainsFunc(out, func(o Outcome) bool { return o.proves(p) })
		})
	}
	return out
}

// proves says whether a port is the outcome's own service's and among its handshakes.
func (o Outcome) proves(p Port) bool {
	return p.Service.Same(o.Service) && slices.ContainsFunc(o.Ports, func(own Port) bool {
		return own.Service.Same(o.Service) && own.Listen == p.Listen && own.Name == p.Name
	})
}

// placesFor are the places of a service, and of the one that changes those it does not list as well.
func placesFor(in services.Instance, whole bool, sites []services.Site) []services.Place {
	if whole {
		in.Listen, in.Name = nil, ""
	}
	places, _ := services.Places(in, sites)
	return places
}

// names says whether a place names files of the turn's version.
func (t *turn) names(place services.Place) bool {
	return slices.ContainsFunc(place.Pairs, func(pair services.Installed) bool {
		return strings.HasPrefix(pair.Cert, t.sp.Plan.Version+string(filepath.Separator))
	})
}

func (t *turn) sharedPort(in services.Instance, place services.Place) Port {
	p := t.portOf(place.Proof, t.entry.SHA256)
	p.Service, p.Slot, p.Bound, p.Proxy = in, place.Slot, t.entry.ID, place.Proxy
	if len(place.Pairs) > 1 {
		p.Key = ledger.KeyOf(t.entry)
	}
	return p
}

// bindShared records what else serves an entry since a service was enabled: ports of a proof that its bindings lack.
func (ds *Daemons) bindShared(ctx context.Context, e ledger.Entry, proven []Port) error {
	for _, list := range bySlot(proven) {
		_, err := ds.store.Write(ctx, func(v View) (string, ledger.Data, error) {
			line := joined(v.State, e, list)
			if v.Holds(line.Bindings) && v.Meets(line.Bindings) {
				return "", ledger.Data{}, nil
			}
			return ledger.OpBind, ledger.Data{IDs: []int64{e.ID}, Enable: &line}, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// bySlot puts ports of one slot of a service together.
func bySlot(ports []Port) (groups [][]Port) {
	for _, p := range ports {
		i := slices.IndexFunc(groups, func(g []Port) bool { return g[0].Service.Same(p.Service) && g[0].Slot == p.Slot })
		if i < 0 {
			groups = append(groups, []Port{p})
			continue
		}
		groups[i] = append(groups[i], p)
	}
	return groups
}

// joined is a line that binds an entry to a slot by these ports and those it is bound by already; what the slot serves
// with keys of other types stays.
func joined(st *ledger.State, e ledger.Entry, ports []Port) ledger.Enabled {
	b := ledger.Binding{Service: ports[0].Service, Slot: ports[0].Slot, Key: ledger.KeyOf(e), Entry: e.ID,
		SHA256: e.SHA256}
	line := ledger.Enabled{Service: b.Service, Outcome: ledger.OutcomeServed}
	for _, had := range st.BoundAt(b.Service, b.Slot) {
		switch {
		case had.Entry == e.ID:
			b.Version, b.Prove = had.Version, append(b.Prove, had.Prove...)
		case had.Key != b.Key:
			had.Slot = b.Slot
			line.Bindings = append(line.Bindings, had)
		}
	}
	for _, p := range ports {
		if proof := (services.Proof{URL: p.Listen, Name: p.Name}); !slices.Contains(b.Prove, proof) {
			b.Prove = append(b.Prove, proof)
		}
	}
	line.Bindings = append([]ledger.Binding{b}, line.Bindings...)
	return line
}
