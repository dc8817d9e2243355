package certstore

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
	case trust.Valid, trust.Expiring, trust.Untrusted:
	default:
		return
	}
	bad := v.failing(*e)
	if len(bad) == 0 {
		return
	}
	e.Verdict.Status, e.Verdict.Word, e.Verdict.Reason = NotServed, WordUnserved, printable.Text(bad[0].Listen)+" "+bad[0].Trouble(v.At)
	if slices.ContainsFunc(bad, func(p Port) bool { return p.Report.Result == probe.Old }) {
		e.Verdict.Word = WordOld
	}
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
		return "serves another certificate, for " + printable.Text(nameOf(r.Leaf)) + ", until " + when.Said(r.Leaf.NotAfter, now.Local())
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

// Advice is why a port does not serve what it should, as far as its files tell, and what puts that right. Do is "" where
// there is nothing to do.
type Advice struct{ Why, Do string }

// Advice gives all the advice there is about a port; expected is the entry it should serve, nil where the store does not
// have it. A reload is advised only where the files that would be read belong together: a daemon that reads a key of
// another certificate serves nothing, or ends. A table of names is read by no reload.
func (p Port) Advice(expected *ledger.Entry) Advice {
	cert := printable.Text(p.Files.Cert)
	enable := ""
	if expected != nil {
		enable = "`certdesk enable " + expected.Thumbprint[:min(12, len(expected.Thumbprint))] + " --services " + p.Service.Use + "`"
	}
	stale := p.Report.Served() && p.OnDisk != "" && p.OnDisk != p.Report.SHA256
	switch {
	case p.Lost != "" && enable != "", p.Mismatch && enable != "" && p.Expected != p.OnDisk:
		return Advice{p.DiskFault(), enable + " puts a pair there that belongs together"}
	case p.Lost != "":
		return Advice{p.DiskFault(), "put that file back before anything is reloaded"}
	case p.Mismatch && enable != "":
		return Advice{p.DiskFault(), enable + " puts its key there as well, and proves it"}
	case p.Mismatch:
		return Advice{p.DiskFault(), "put the key of that certificate there, or the old certificate back, before anything is reloaded"}
	case p.Outage.Why != "" && p.Report.Result == probe.Refused:
		return Advice{p.Outage.Why, "`" + printable.Text(p.Outage.Do) + "` makes it anew"}
	case stale && p.Activate != "":
		return Advice{"it has not read " + cert +
			": a table of names has the certificates in itself, and a reload does not renew it",
			"`" + printable.Text(p.Activate) + "` renews the table"}
	case p.Report.Result != probe.Old && p.Report.Result != probe.Another:
		return Advice{}
	case stale && p.OnDisk == p.Expected && enable != "":
		return Advice{"it has not read the one in " + cert + " yet", enable + " reloads it, and proves that it serves " + expected.FriendlyName}
	case stale && p.OnDisk == p.Expected:
		return Advice{"it has not read the one in " + cert + " yet", "reload the daemon"}
	case p.OnDisk == p.Report.SHA256 && enable != "":
		return Advice{"somebody pointed its configuration at " + cert, enable + " makes it serve " + expected.FriendlyName}
	case enable != "":
		return Advice{"", enable + " makes it serve " + expected.FriendlyName}
	}
	return Advice{"", "reload the daemon"}
}
