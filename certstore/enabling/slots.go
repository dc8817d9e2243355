package enabling

import (
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/certstore/when"
)

// SlotPlan is what becomes of one slot of a service.
type SlotPlan struct {
	Slot  string
	Where []string // the places in the configuration, and its ports
	Now   []string // what is served there now: "mail.b.test, until 3 Dec 2026"
	Takes bool     // it gets the certificate
	Why   string   // where it is left: the reason
	Offer bool     // it is left, and gets it where a person says so
}

// Slots lists what becomes of each slot, those that change first, as it is told at a moment.
func (sp ServicePlan) Slots(now time.Time) (list []SlotPlan) {
	for _, taken := range sp.Plan.Slots {
		line := SlotPlan{Slot: taken.Slot, Takes: true}
		for _, site := range taken.Sites {
			line.add(site)
		}
		for _, p := range sp.Serves {
			if p.Slot == taken.Slot && p.Report.Served() {
				line.serves(p.Report.Leaf, now)
			}
		}
		list = append(list, line)
	}
	for _, site := range sp.Plan.Left {
		i := slices.IndexFunc(list, func(l SlotPlan) bool { return !l.Takes && l.Slot == site.Slot() && l.Why == site.Fixed })
		if i < 0 {
			i, list = len(list), append(list, SlotPlan{Slot: site.Slot(), Why: site.Fixed})
		}
		list[i].add(site)
		list[i].Offer = list[i].Offer || site.Offered
		for _, pair := range site.Pairs {
			if leaf, err := pair.Leaf(); err == nil {
				list[i].serves(leaf, now)
			}
		}
	}
	return list
}

func (l *SlotPlan) add(site services.Site) {
	if where := printable.Text(site.Where); !slices.Contains(l.Where, where) {
		l.Where = append(l.Where, where)
	}
}

func (l *SlotPlan) serves(leaf *x509.Certificate, now time.Time) {
	if text := leafText(leaf, now); !slices.Contains(l.Now, text) {
		l.Now = append(l.Now, text)
	}
}

// leafText names a certificate that need not be in the store.
func leafText(leaf *x509.Certificate, now time.Time) string {
	name := leaf.Subject.CommonName
	if name == "" && len(leaf.DNSNames) > 0 {
		name = leaf.DNSNames[0]
	}
	return printable.Text(name) + ", until " + when.Said(leaf.NotAfter, now.Local())
}

// bindings are what the slots of a plan serve when all went well.
func (sp ServicePlan) bindings(e ledger.Entry) []ledger.Binding {
	if sp.bound != nil {
		return sp.bound
	}
	var list []ledger.Binding
	for _, taken := range sp.Plan.Slots {
		for _, one := range append([]ledger.Entry{e}, sp.Keeps...) {
			list = append(list, ledger.Binding{Service: sp.Service, Slot: taken.Slot, Key: ledger.KeyOf(one), Entry: one.ID,
				SHA256:  one.SHA256,
				Version: sp.Plan.Version, Prove: taken.Prove})
		}
	}
	return list
}

// warnOfOthers says which certificates with keys of other types stay that the store does not keep there, and which go.
func (ds *Daemons) warnOfOthers(sp *ServicePlan, unfit []ledger.Entry) {
	var stay []string
	for _, b := range sp.Plan.Beside {
		stay = append(stay, formats.SHA256(b.Leaf.Raw))
		sp.Warnings = append(sp.Warnings,
			fmt.Sprintf("clients that want a key of type %s still get %s from %s: "+
				"enabling replaces only the certificate of the same key type",
				probe.KeyOf(b.Leaf), leafText(b.Leaf, ds.host.Now()), printable.Text(b.Cert)))
	}
	for _, d := range sp.Plan.Drops {
		sp.Drops = append(sp.Drops, fmt.Sprintf(
			"%s, which clients that want a key of type %s are served at %s now, cannot be served as well",
			leafText(d.Leaf, ds.host.Now()), probe.KeyOf(d.Leaf), printable.Text(d.Where)))
	}
	for _, e := range unfit {
		if !slices.Contains(stay, e.SHA256) {
			sp.Warnings = append(sp.Warnings,
				fmt.Sprintf("%s, served now with a key of type %s, will no longer be served: it cannot be enabled", e.FriendlyName,
					ledger.KeyOf(e)))
		}
	}
}
