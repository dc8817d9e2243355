package enabling

import (
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// expected gives what each place of a service should serve: what is bound to it, else what its files hold.
func (ds *Daemons) expected(l look) (ports []Port) {
	bound := ds.boundBy(l.Instance())
	for _, place := range l.places {
		if place.Shut {
			continue
		}
		blank := Port{Service: l.Instance(), Slot: place.Slot, Listen: place.URL, Name: place.Name,
			Outage: place.Outage, Activate: place.Activate, Wait: place.Wait, Proxy: place.Proxy}
		ports = append(ports, portsAt(blank, place.Pairs, bound)...)
	}
	return ports
}

// portsAt makes a port of each certificate that is expected at a place; where one alone is, a client chooses freely.
func portsAt(blank Port, pairs []services.Installed, bound []ledger.Binding) (ports []Port) {
	for _, pair := range pairs {
		p := blank
		p.Files = pair
		if leaf, err := pair.Leaf(); err == nil {
			p.OnDisk, p.Key, p.onDisk = formats.SHA256(leaf.Raw), probe.KeyOf(leaf), leaf
			p.Expected, p.Mismatch = p.OnDisk, pair.Mismatch()
		}
		if p.Service.Driver != "command" || p.OnDisk != "" { // whose daemon may not read these files yet
			p.Lost = pair.Lost()
		}
		ports = append(ports, p)
	}
	for _, b := range bound {
		if !isFor(b, blank) {
			continue
		}
		i := slices.IndexFunc(ports, func(p Port) bool { return p.Key == b.Key || p.Key == probe.Any })
		if i < 0 {
			ports, i = append(ports, blank), len(ports)
		}
		ports[i].Bound, ports[i].Expected, ports[i].Key = b.Entry, b.SHA256, b.Key
	}
	if len(ports) == 0 {
		ports = []Port{blank}
	}
	if len(ports) == 1 {
		ports[0].Key = probe.Any
	}
	return ports
}

// isFor says whether a binding is for a port: by its handshakes, or where none is known by its slot.
func isFor(b ledger.Binding, p Port) bool {
	if len(b.Prove) == 0 {
		return b.Slot == "" || b.Slot == p.Slot
	}
	return slices.Contains(b.Prove, services.Proof{URL: p.Listen, Name: p.Name})
}

// elsewhere are the ports of bindings whose service is no longer configured or found, or could not be looked at, or
// whose slot is among those that cannot be listed: they are still to be proven.
func (ds *Daemons) elsewhere(looks []look) (ports []Port) {
	all := ds.bindings()
	for _, b := range all {
		known := slices.ContainsFunc(looks, func(l look) bool {
			return len(l.places) > 0 && b.Service.Same(l.Instance()) && (l.has(b) || len(l.unasked) == 0)
		})
		if known {
			continue
		}
		several := len(ds.boundAt(b.Service, b.Slot)) > 1
		for _, proof := range b.Prove {
			p := Port{Service: b.Service, Slot: b.Slot, Listen: proof.URL, Name: proof.Name, Bound: b.Entry, Expected: b.SHA256}
			if several {
				p.Key = b.Key
			}
			ports = append(ports, p)
		}
	}
	return ports
}
