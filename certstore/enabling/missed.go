package enabling

import (
	"context"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// MissedSlot is a slot that bears a name of the certificate, and that goes on serving another one.
type MissedSlot struct {
	Site  services.Site
	Ports []Port // those that were asked; none where nobody could ask
}

// Text says who gets the old one where, and why.
func (m MissedSlot) Text() string {
	var who, where []string
	for _, p := range m.Ports {
		name := p.Name
		if name == "" {
			name = "who asks for no name"
		}
		who, where = once(who, name), once(where, p.Listen)
	}
	if len(m.Ports) == 0 {
		who, where = once(nil, m.Site.Slot()), once(nil, m.Site.Where)
	}
	return printable.Text(ledger.Listed(who) + " still gets the old one at " + ledger.Listed(where) + ": " + m.Site.Fixed)
}

// addLeft adds to an outcome what a service does not serve though it was enabled: slots that certdesk cannot change,
// and why nothing could be proven.
func (ds *Daemons) addLeft(ctx context.Context, e ledger.Entry, sp ServicePlan, o Options, out Outcome) Outcome {
	if !out.Fine() || out.State == PassedOver {
		return out
	}
	out.Left, out.Aside = sp.Plan.Left, sp.Plan.Aside
	switch {
	case out.State != Unproven || o.NoProve:
	case !sp.Plan.Running:
		out.NotProven = sp.Service.Driver + " is not running: start it, then `certdesk test` asks its ports"
	default:
		out.NotProven = "no port of it is known: name its ports under listen in the configuration"
	}
	if shut := sp.Shut(); len(shut) > 0 && sp.Plan.Running && !o.NoProve {
		out.NotProven = "reached only through the proxy: name the proxy's port under listen (" + ledger.Listed(shut) + ")"
	}
	if out.State == Enabled || out.State == Unchanged {
		out.Err = ds.bindShared(ctx, e, ofEntry(out.Ports, e))
	}
	for _, m := range sp.Plan.Missed {
		if missed, still := ds.missed(ctx, e, sp, o, m); still {
			out.Missed = append(out.Missed, missed)
		}
	}
	return out
}

// Shut are the ports of slots that nobody here can ask at any port: they answer their proxy alone.
func (sp *ServicePlan) Shut() (urls []string) {
	for _, t := range sp.Plan.Slots {
		for _, url := range t.Shut {
			if len(t.Prove) == 0 {
				urls = once(urls, printable.Text(url))
			}
		}
	}
	return urls
}

// ofEntry are the ports of a proof that showed an entry itself.
func ofEntry(ports []Port, e ledger.Entry) (list []Port) {
	for _, p := range ports {
		if p.Bound == e.ID {
			list = append(list, p)
		}
	}
	return list
}

// missed asks a slot that was not changed what it serves; where nobody may be asked its file tells.
func (ds *Daemons) missed(ctx context.Context, e ledger.Entry, sp ServicePlan, o Options,
	m services.Missed) (MissedSlot, bool) {
	if o.NoProve || !sp.Plan.Running {
		return MissedSlot{Site: m.Site}, namesAnother(m.Site, e)
	}
	var ports []Port
	for _, proof := range m.Prove {
		ports = append(ports, Port{Service: sp.Service, Slot: m.Slot(), Listen: proof.URL, Name: proof.Name,
			Expected: e.SHA256, Proxy: sp.Plan.AsProxy(proof.URL)})
	}
	bad := func(p Port) bool { return !p.Good() && p.Report.Served() }
	ports = slices.DeleteFunc(ds.ask(ctx, ports), func(p Port) bool { return !bad(p) })
	for _, p := range ds.ask(ctx, ofKind(ports, ledger.KeyOf(e))) { // it may be there beside one of another kind
		ports = slices.DeleteFunc(ports, func(q Port) bool { return p.Good() && q.Listen == p.Listen && q.Name == p.Name })
	}
	return MissedSlot{m.Site, ports}, len(ports) > 0
}

// ofKind are the same questions for one kind of key.
func ofKind(ports []Port, key probe.Key) []Port {
	ports = slices.Clone(ports)
	for i := range ports {
		ports[i].Key = key
	}
	return ports
}

// namesAnother says whether the files of a site hold other certificates than this one.
func namesAnother(site services.Site, e ledger.Entry) (another bool) {
	for _, pair := range site.Pairs {
		leaf, err := pair.Leaf()
		if err == nil && formats.SHA256(leaf.Raw) == e.SHA256 {
			return false
		}
		another = another || err == nil
	}
	return another
}
