package enabling

import (
	"crypto/x509"
	"strings"
	"testing"

	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

// All the advice there is about a port.
func TestTheAdviceAboutAPort(t *testing.T) {
	t.Parallel()
	e := &ledger.Entry{Thumbprint: "9A3F51AABBCCDDEEFF", FriendlyName: "mail 2026"}
	base := Port{Service: services.Instance{Use: "SMTP"}, Files: services.Installed{Cert: "/c.pem", Key: "/k.pem"}}
	port := func(result probe.Result, served, onDisk, expected string, change func(*Port)) Port {
		p := base
		p.OnDisk, p.Expected = onDisk, expected
		p.Report = probe.Report{Result: result, SHA256: served, Leaf: &x509.Certificate{}}
		if served == "" {
			p.Report.Leaf = nil
		}
		if change != nil {
			change(&p)
		}
		return p
	}
	torn := func(p *Port) { p.Mismatch = true }
	table := func(p *Port) { p.Activate = "postmap -F hash:/sni" }
	outage := func(p *Port) { p.Outage = services.Outage{Why: "it was made without -F", Do: "postmap -F hash:/sni"} }
	const enable = "`certdesk enable 9A3F51AABBCC --services SMTP`"
	for _, c := range []struct {
		name    string
		port    Port
		in      *ledger.Entry
		why, do string
	}{
		{"all is well", port(probe.Matches, "new", "new", "new", nil), e, "", ""},
		{"nobody answers", port(probe.NoAnswer, "", "new", "new", nil), e, "", ""},
		{"not reloaded", port(probe.Old, "old", "new", "new", nil), e, "has not read the one in /c.pem", enable +
			" reloads it"},
		{"not reloaded, not ours", port(probe.Another, "old", "new", "new", nil), nil, "has not read the one in /c.pem",
			"reload the daemon"},
		{"pointed elsewhere", port(probe.Another, "old", "old", "new", nil), e,
			"somebody pointed its configuration at /c.pem", enable + " makes it serve mail 2026"},
		{"nothing known of the files", port(probe.Another, "old", "", "new", nil), e, "", enable + " makes it serve"},
		{"key and certificate do not belong together", port(probe.Old, "old", "new", "new", torn), nil,
			"do not belong together", "before anything is reloaded"},
		{"and it serves well so far", port(probe.Matches, "new", "new", "new", torn), nil,
			"a reload or a restart would end TLS there", "before anything is reloaded"},
		{"and the store has it", port(probe.Old, "old", "new", "new", torn), e, "do not belong together", enable +
			" puts its key there"},
		{"and something else is bound", port(probe.Another, "x", "y", "new", torn), e, "do not belong together", enable +
			" puts a pair there"},
		{"a table of names", port(probe.Old, "old", "new", "new", table), nil, "a reload does not renew it",
			"`postmap -F hash:/sni`"},
		{"a table of names whose files are torn", port(probe.Old, "old", "new", "new", func(p *Port) { torn(p); table(p) }),
			nil, "do not belong together", "before anything is"},
		{"a table of names without keys", port(probe.Refused, "", "new", "new", outage), e, "made without -F",
			"`postmap -F hash:/sni` makes it anew"},
		{"one whose files are torn", port(probe.Refused, "", "new", "new", func(p *Port) { torn(p); outage(p) }), nil,
			"do not belong together", "before anything is"},
		{"one that was made anew, and is served", port(probe.Matches, "new", "new", "new", outage), e, "", ""},
		{"a table of names that is current", port(probe.Matches, "new", "new", "new", table), e, "", ""},
	} {
		got := c.port.Advice(c.in)
		if !strings.Contains(got.Why, c.why) || (c.why == "") != (got.Why == "") || !strings.Contains(got.Do, c.do) ||
			(c.do == "") != (got.Do == "") {
			t.Errorf("%s: %+v", c.name, got)
		}
		if c.port.Mismatch && strings.Contains(got.Do, "reload the daemon") {
			t.Errorf("%s: a reload is advised that ends TLS", c.name)
		}
	}
}

// What a port says of an entry is one verdict, whichever door shows it.
func TestPortsJudgeEntries(t *testing.T) {
	t.Parallel()
	entry := func(status trust.Status) ledger.Entry {
		e := ledger.Entry{ID: 7}
		e.SHA256, e.Verdict.Status, e.Verdict.Word = "new", status, "valid"
		return e
	}
	bad := Port{Bound: 7, Expected: "new", Listen: "smtp://127.0.0.1:25",
		Report: probe.Report{Result: probe.Old, Leaf: &x509.Certificate{}}}
	silent := Port{Bound: 7, Expected: "new", Listen: "smtp://127.0.0.1:587",
		Report: probe.Report{Result: probe.NoAnswer, Text: "no answer within 10 s"}}
	for _, c := range []struct {
		ports  []Port
		status trust.Status
		word   string
	}{
		{nil, trust.Valid, "valid"},
		{[]Port{silent}, trust.Valid, WordUnserved},
		{[]Port{silent, bad}, trust.Expiring, WordOld},
		{[]Port{bad}, trust.DateInvalid, "valid"}, // it has a worse word of its own
	} {
		e := entry(c.status)
		if (Survey{Ports: c.ports}).Judge(&e); e.Verdict.Word != c.word {
			t.Errorf("%+v: %q, want %q", c.ports, e.Verdict.Word, c.word)
		}
	}
}
