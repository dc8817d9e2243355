package enabling

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

// explain adds what surprises people about wildcards and about names.
func (sp *ServicePlan) explain(leaf *x509.Certificate, server string) {
	use := ledger.UseOf(sp.Service)
	wild := slices.ContainsFunc(leaf.DNSNames, func(n string) bool { return strings.HasPrefix(n, "*.") })
	if wild && use&(ledger.POP|ledger.IMAP) != 0 {
		sp.Warnings = append(sp.Warnings, "it has a wildcard name: a "+use.String()+
			" client must be set up with a whole name below it, and some old ones do not accept it")
	}
	asked := slices.ContainsFunc(sp.Plan.Prove, func(p services.Proof) bool { return p.Name != "" })
	if _, err := netip.ParseAddr(server); !asked && server != "" && err != nil && strings.Contains(server, ".") &&
		leaf.VerifyHostname(server) != nil {
		sp.Warnings = append(sp.Warnings, "it does not have this server's name "+printable.Text(server)+
			": clients must use one of its names")
	}
	if len(sp.Lost) > 0 {
		sp.Warnings = append(sp.Warnings, "clients lose these names, which are served now: "+strings.Join(sp.Lost, ", "))
	}
	if len(sp.Keeps) == 0 {
		sp.Warnings = append(sp.Warnings, otherKind(sp.Serves, leaf)...)
	}
}

// otherKind says so where the key's type changes.
func otherKind(serves []Port, leaf *x509.Certificate) []string {
	for _, p := range serves {
		if p.Report.Served() && probe.KeyOf(p.Report.Leaf) == probe.RSA && probe.KeyOf(leaf) == probe.ECDSA {
			return []string{"its key is ECDSA and what is served now is RSA: very old clients and mail servers know RSA alone"}
		}
	}
	return nil
}

// cautions are what a person should know of a certificate before clients are given it.
func (ds *Daemons) cautions(e ledger.Entry) (list []string) {
	switch {
	case e.SelfSigned:
		list = append(list, "it is self-signed: clients warn until they are told to trust it")
	case e.Verdict.Root == "":
		list = append(list, "its root is not trusted on this host: only clients that know it accept it")
	}
	if e.Verdict.Word == "expiring" {
		list = append(list, "it "+e.Verdict.Reason)
	}
	if e.Verdict.Status == trust.RevocationCheckFailure {
		list = append(list, e.Verdict.Reason)
	}
	for _, link := range e.Chain {
		if doubt := link.Doubted(); doubt != "" {
			list = append(list, doubt)
		}
	}
	for _, remark := range e.Remarks {
		list = append(list, remark.Text)
	}
	return list
}
