package enabling

import (
	"cmp"
	"crypto/x509"
	"strings"
	"time"

	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// Port is one handshake with a service: what it should serve, and what it does.
type Port struct {
	Service services.Instance
	Slot    string    // services.DefaultSlot, or the names of one; "" where that is not known
	Listen  string    // scheme://host:port
	Name    string    // what a client asks for (SNI); "" for none
	Key     probe.Key // the kind that was asked for; Any where a client's own choice was

	Bound    int64  // the entry that is bound to it; 0 for none
	Expected string // SHA-256 of the bound certificate, else of the one in the configured file; "" for neither
	OnDisk   string // SHA-256 of the certificate in the configured file; "" where that is not known
	Files    services.Installed
	Outage   services.Outage
	Activate string        // what has to be run, besides a reload, before clients see a changed file; "" for nothing
	Wait     time.Duration // how long the daemon lets a client wait for its greeting, on purpose
	Proxy    bool          // it is asked as a proxy asks, with a PROXY protocol header first

	Mismatch bool   // the configured files hold a certificate and a key that do not belong together
	Lost     string // a configured file that is not there

	Report probe.Report
	Served int64 // the entry of the certificate that is served; 0 where the store has none

	onDisk *x509.Certificate
	sent   []string // the sums of what came with it before a switch that leaves it as it is
}

// Good says whether a client gets what it should: the expected certificate, or where none is, one it can accept. Where
// no name is asked for, no name can be wrong.
func (p Port) Good() bool {
	if p.Expected != "" {
		return p.Report.Result == probe.Matches && !p.lostChain()
	}
	r := p.Report
	return r.Served() && r.Result != probe.Unknown && r.DateFault == "" && r.Chain.Verdict != probe.Broken &&
		(r.NameFault == "" || p.Name == "")
}

// Right says whether clients are served well and will be: what they should get, nothing that clients mind is wrong with
// it, and the daemon could start again with its files. Good is less: that a service was put back to a certificate that
// has expired must be provable. Every verdict and exit status on clients is by Right, whichever command gives it.
func (p Port) Right() bool { return p.Good() && p.Flaw() == "" }

// Flaw is what is wrong at a port that serves what it should, in a sentence; "" for nothing.
func (p Port) Flaw() string {
	r := p.Report
	return cmp.Or(r.Revoked(), r.DateFault, r.NameFault, r.StapleFault, r.UsageFault, p.DiskFault())
}

// Lapses says whether clients are served well, and a restart would end that.
func (p Port) Lapses() bool { return p.Good() && p.Flaw() != "" && p.Flaw() == p.DiskFault() }

// DiskFault says why the daemon would fail to start again with the files that its configuration names; "" for nothing.
func (p Port) DiskFault() string {
	cert, key := printable.Text(p.Files.Cert), printable.Text(p.Files.Key)
	switch {
	case p.Lost != "":
		return printable.Text(p.Lost) + ", which its configuration names, is not there: a restart would end TLS there"
	case p.Mismatch:
		return "the key in " + key + " and the certificate in " + cert +
			" do not belong together: a reload or a restart would end TLS there"
	}
	return ""
}

// Word is the result for people: "served", "old one served", "another served", "revoked", "out of date", "key
// mismatch", "no answer".
func (p Port) Word() string {
	switch r := p.Report; {
	case p.Good() && r.Revoked() != "":
		return "revoked"
	case p.Good() && r.DateFault != "":
		return "out of date"
	case p.Good() && r.NameFault != "" && p.Name != "":
		return "wrong name"
	case p.Good() && r.StapleFault != "":
		return "no staple"
	case p.Good() && r.UsageFault != "":
		return "wrong usage"
	case p.Good() && p.Lost != "":
		return "file missing"
	case p.Good() && p.Mismatch:
		return "key mismatch"
	}
	switch p.Report.Result {
	case probe.Matches, probe.Answers:
		return "served"
	case probe.Old:
		return "old one served"
	case probe.Another:
		return "another served"
	}
	return strings.ReplaceAll(string(p.Report.Result), "-", " ")
}
