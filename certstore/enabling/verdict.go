package enabling

import (
	"crypto/x509"
	"slices"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// The words of an entry whose ports do not serve it, and of what is served and no entry is.
const (
	WordOld      = "old one served"
	WordUnserved = "not served"
	WordStranger = "not in the store"
)

// Judge takes the word of an entry that is well in itself and is not what its ports serve. What a port serves, bound or
// not, is not settled by a successor that lies in the store.
func (v Survey) Judge(e *ledger.Entry) {
	e.Served = slices.ContainsFunc(v.Ports, func(p Port) bool { return e.SHA256 != "" && p.Report.SHA256 == e.SHA256 })
	switch e.Verdict.Status {
	case trust.Valid, trust.Expiring, trust.Untrusted, trust.RevocationCheckFailure:
	default:
		return
	}
	bad := v.failing(*e)
	if len(bad) == 0 {
		return
	}
	e.Verdict.Status, e.Verdict.Word, e.Verdict.Reason = trust.NotServed, WordUnserved, printable.Text(bad[0].Listen)+" "+
		bad[0].Trouble(v.At)
	if slices.ContainsFunc(bad, func(p Port) bool { return p.Report.Result == probe.Old }) {
		e.Verdict.Word = WordOld
	}
	e.Verdict.At, e.Verdict.Findings = v.At, append(slices.Clone(e.Verdict.Findings),
		trust.Finding{Code: "not-served", Severity: trust.Error, Text: e.Verdict.Word + ": " + e.Verdict.Reason})
}

// failing are the ports that should serve an entry and do not.
func (v Survey) failing(e ledger.Entry) (list []Port) {
	for _, p := range v.Ports {
		if !p.Good() && (p.Bound == e.ID || p.Bound == 0 && p.Expected == e.SHA256) {
			list = append(list, p)
		}
	}
	return list
}

// Trouble says what is wrong at a port: "still serves the old certificate, until 3 Dec 2026".
func (p Port) Trouble(now time.Time) string {
	r := p.Report
	switch {
	case r.Result == probe.Old:
		return "still serves the old certificate, until " + when.Said(r.Leaf.NotAfter, now.Local())
	case r.Result == probe.Another:
		return "serves another certificate, for " + printable.Text(nameOf(r.Leaf)) + ", until " +
			when.Said(r.Leaf.NotAfter, now.Local())
	case p.Good() && p.Flaw() != "":
		return p.flawed()
	case r.Text != "":
		return "does not serve it: " + printable.Text(r.Text)
	}
	return "does not serve it: " + p.Word()
}

// flawed says what clients mind though it is the certificate that was bound to it.
func (p Port) flawed() string { return "serves what it should, but " + printable.Text(p.Flaw()) }

// nameOf is what a certificate is for, in a word.
func nameOf(leaf *x509.Certificate) string {
	if len(leaf.DNSNames) > 0 {
		return leaf.DNSNames[0]
	}
	return leaf.Subject.CommonName
}
