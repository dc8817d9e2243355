package enabling

import (
	"crypto/x509"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// Stranger is a certificate that a service serves and the store lacks.
type Stranger struct {
	Entry   ledger.Entry // as it would be listed; its id is 0
	Service services.Instance
	Serves  []services.Proof // the handshakes that show it
	Files   services.Installed

	at   []Port
	Sent []*x509.Certificate // as it is sent, with its chain
}

// Listen gives the ports that serve it, scheme://host:port.
func (x Stranger) Listen() (list []string) {
	for _, p := range x.Serves {
		if !slices.Contains(list, p.URL) {
			list = append(list, p.URL)
		}
	}
	return list
}

// strangers are the certificates that are served and that no entry is, once for each service.
func (ds *Daemons) strangers(ports []Port) (list []Stranger) {
	for _, p := range ports {
		if p.Served != 0 || !p.Report.Served() {
			continue
		}
		i := slices.IndexFunc(list, func(x Stranger) bool {
			return x.Entry.SHA256 == p.Report.SHA256 &&
				x.Service.Same(p.Service)
		})
		proof := services.Proof{URL: p.Listen, Name: p.Name}
		if i >= 0 {
			list[i].Serves, list[i].at = append(list[i].Serves, proof), append(list[i].at, p)
			continue
		}
		if e, err := ds.store.Describe(p.Report); err == nil {
			list = append(list, Stranger{Entry: e, Service: p.Service, Serves: []services.Proof{proof}, at: []Port{p},
				Files: p.Files, Sent: p.Report.Sent})
		}
	}
	return list
}

// Find gives the strangers of one certificate, one for each service that serves it, by its thumbprint as Store.Find
// takes it. Errors: Usage, NotFound, Ambiguous.
func (v Survey) Find(thumbprint string) (found []Stranger, err error) {
	digits, err := ledger.ThumbprintDigits(thumbprint)
	if err != nil {
		return nil, err
	}
	for _, x := range v.Strangers {
		if strings.HasPrefix(x.Entry.Thumbprint, digits) || strings.HasPrefix(strings.ToUpper(x.Entry.SHA256), digits) {
			found = append(found, x)
		}
	}
	if len(found) == 0 {
		return nil, fail.New(fail.NotFound, "`certdesk test` shows what is served but not in the store",
			"no service serves a certificate with the thumbprint %s that is not in the store", digits)
	}
	if slices.ContainsFunc(found, func(x Stranger) bool { return x.Entry.SHA256 != found[0].Entry.SHA256 }) {
		return nil, fail.New(fail.Ambiguous, "give more digits of the thumbprint",
			"several certificates that are served begin with %s", digits)
	}
	return found, nil
}

// Bindings are those of an entry to the slots that serve it.
func (x Stranger) Bindings(e ledger.Entry) (list []ledger.Binding) {
	for _, p := range x.at {
		i := slices.IndexFunc(list, func(b ledger.Binding) bool { return b.Slot == p.Slot })
		if i < 0 {
			i, list = len(list), append(list, ledger.Binding{Service: x.Service, Slot: p.Slot, Key: ledger.KeyOf(e), Entry: e.ID,
				SHA256: e.SHA256})
		}
		list[i].Prove = append(list[i].Prove, services.Proof{URL: p.Listen, Name: p.Name})
	}
	return list
}
