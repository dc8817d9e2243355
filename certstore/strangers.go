package certstore

import (
	"crypto/x509"
	"slices"

	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// Stranger is a certificate that a service serves and the store lacks.
type Stranger struct {
	Entry   ledger.Entry // as it would be listed; its id is 0
	Service services.Instance
	Serves  []services.Proof // the handshakes that show it
	Files   services.Installed

	at   []Port
	sent []*x509.Certificate
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
func (s *Store) strangers(ports []Port) (list []Stranger) {
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
		if e, err := s.strange(p.Report); err == nil {
			list = append(list, Stranger{Entry: e, Service: p.Service, Serves: []services.Proof{proof}, at: []Port{p},
				Files: p.Files, sent: p.Report.Sent})
		}
	}
	return list
}

// strange describes and judges a certificate that the store does not have.
func (s *Store) strange(r probe.Report) (ledger.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := s.chains().BestPath(r.Leaf, r.Sent[1:])
	e, err := judging.Describe(r.Leaf, sent)
	if err != nil {
		return ledger.Entry{}, err
	}
	e.FriendlyName = printable.Text(e.CommonName())
	s.chains().Preview(&e, append([]*x509.Certificate{r.Leaf}, sent...)...)
	e.HasKey, e.Exportable = false, false
	return e, nil
}
