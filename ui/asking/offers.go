package asking

import (
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
)

// offer is a port that can be asked without typing it.
type offer struct {
	url  string
	name string // to ask for, where the host is not that
	note string
}

const (
	maxOffers = 8
	maxNames  = 3 // of an entry; whoever has more types
)

// usual are the ports at which clients look for a service.
var usual = []struct {
	use     ledger.Services
	schemes []probe.Scheme
}{
	{ledger.SMTP, []probe.Scheme{probe.SMTP, probe.SMTPS}}, {ledger.IMAP, []probe.Scheme{probe.IMAPS}},
	{ledger.POP, []probe.Scheme{probe.POP3S}}, {ledger.IIS, []probe.Scheme{probe.HTTPS}},
}

// offersFor are the ports of an entry: those of this host's services that serve it or should, then its names at the
// usual ports of what it is for. For no entry they are those of all services.
func offersFor(v *enabling.Survey, e certstore.Entry) []offer {
	var list []offer
	add := func(o offer) {
		same := func(had offer) bool { return had.url == o.url }
		if len(list) < maxOffers && !slices.ContainsFunc(list, same) {
			list = append(list, o)
		}
	}
	for _, p := range portsOf(v, e) {
		add(offer{p.Listen, p.Name, ledger.ServiceTitle(p.Service)})
	}
	for _, name := range hostNames(e) {
		for _, scheme := range schemesOf(e.Services | e.Wanted) {
			if t, err := probe.ParseTarget(string(scheme) + "://" + name); err == nil {
				add(offer{url: t.String()})
			}
		}
	}
	return list
}

func portsOf(v *enabling.Survey, e certstore.Entry) []enabling.Port {
	switch {
	case v == nil:
		return nil
	case e.SHA256 == "":
		return v.Ports
	}
	return v.Of(e)
}

// hostNames are the first names of an entry that can be looked up.
func hostNames(e certstore.Entry) []string {
	list := slices.DeleteFunc(slices.Clone(e.Names), func(n string) bool {
		return strings.HasPrefix(n, "*") || strings.Contains(n, "@") || !strings.Contains(n, ".")
	})
	return list[:min(len(list), maxNames)]
}

// schemesOf are those of some services, of all where there is none.
func schemesOf(uses ledger.Services) (list []probe.Scheme) {
	for _, u := range usual {
		if uses == 0 || uses.Has(u.use) {
			list = append(list, u.schemes...)
		}
	}
	return list
}
