package uitest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
)

// Noon is the moment at which the tests' desks stand.
var Noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// Certificate is an entry as a listing gives it, with days left of a life of life days.
func Certificate(id int64, name, word string, status trust.Status, left, life int, names ...string) certstore.Entry {
	until := Noon.AddDate(0, 0, left).Add(time.Hour)
	return certstore.Entry{
		ID: id, Kind: certstore.Certificate, FriendlyName: name, Names: names,
		Subject: "CN=" + names[0] + ",O=ProExchange,C=BE", Issuer: "CN=ProExchange CA,O=ProExchange,C=BE",
		Thumbprint: fmt.Sprintf("%040X", 0x9a3f0000+id), SHA256: fmt.Sprintf("%064x", id),
		SPKI:      fmt.Sprintf("%064x", id+1000),
		NotBefore: until.AddDate(0, 0, -life), NotAfter: until, DaysLeft: left, Serial: "0A1B2C",
		KeyAlgorithm: "RSA", KeySize: 2048, SignatureAlgorithm: "SHA256-RSA", HasKey: true,
		Chain: []trust.Link{
			{Subject: "CN=ProExchange CA,O=ProExchange,C=BE", NotBefore: Noon.AddDate(-2, 0, 0), NotAfter: Noon.AddDate(3, 0, 0),
				Signed: true},
			{Subject: "CN=ProExchange Root,O=ProExchange,C=BE", NotBefore: Noon.AddDate(-9, 0, 0),
				NotAfter: Noon.AddDate(11, 0, 0), Signed: true, SelfSigned: true},
		},
		Verdict: trust.Verdict{Status: status, Word: word, RootType: trust.RootEnterprise,
			Root: "CN=ProExchange Root,O=ProExchange,C=BE", At: Noon, Reason: reasonOf(status, until.AddDate(0, 0, -life), until)},
	}
}

// Judged is an entry with the verdict at noon of what nothing but its dates can be held against.
func Judged(e certstore.Entry) certstore.Entry {
	e.Verdict = trust.Judge(trust.Facts{Pending: e.Kind == certstore.PendingReq, Created: e.Created,
		SelfSigned: e.SelfSigned, NotBefore: e.NotBefore, NotAfter: e.NotAfter, Names: []string{"a"},
		Anchor: trust.Anchor{Subject: "CN=ProExchange Root", Type: trust.RootEnterprise}}, Noon)
	e.DaysLeft = int(e.NotAfter.Sub(Noon).Hours() / 24)
	return e
}

// reasonOf is what is said of a certificate that nothing but its dates can be held against; "" for any other.
func reasonOf(status trust.Status, from, until time.Time) string {
	e := Judged(certstore.Entry{NotBefore: from, NotAfter: until})
	if e.Verdict.Status != status {
		return ""
	}
	return e.Verdict.Reason
}

// Article is the organisation of the specification, with an entry in every state.
func Article() []certstore.Entry {
	pending := Certificate(2, "secure_client", "pending", trust.PendingRequest, 0, 0, "webmail.proexchange.global",
		"webmail.belgianbeers.rock", "autodiscover.proexchange.global", "autodiscover.belgianbeers.rock",
		"ex2007ee.proexchange.global", "ex2007ee", "ex2007se.proexchange.global", "ex2007se")
	pending.Verdict.Reason = "waits for the CA's answer"
	pending.Kind, pending.Issuer, pending.Chain, pending.Wanted = certstore.PendingReq, "", nil, certstore.IIS
	pending.NotAfter, pending.NotBefore, pending.Serial = time.Time{}, time.Time{}, ""
	smtp := Certificate(1, "secure_smtp", "expiring", trust.Expiring, 16, 90, "proexchange.global", "belgianbeers.rock")
	smtp.Wanted, smtp.Exportable = certstore.SMTP, true
	web := Certificate(3, "webmail 2025", "valid", trust.Valid, 80, 398, "webmail.belgianbeers.rock",
		"a.belgianbeers.rock", "b.belgianbeers.rock", "c.belgianbeers.rock")
	web.Wanted = certstore.IIS | certstore.IMAP | certstore.POP
	own := Certificate(4, "this server", "valid", trust.Valid, 300, 365, "mail01.proexchange.global", "mail01")
	own.Verdict.Reason = "self-signed; " + own.Verdict.Reason
	own.SelfSigned, own.Issuer, own.Chain, own.Verdict.RootType = true, own.Subject, nil, trust.RootNone
	old := Certificate(5, "webmail 2023", "expired", trust.DateInvalid, -40, 365, "webmail.belgianbeers.rock")
	soon := Certificate(6, "next year", "not yet valid", trust.DateInvalid, 400, 365, "mail.proexchange.global")
	lost := Certificate(7, "partner", "untrusted", trust.Untrusted, 200, 365, "edge.partner.example")
	lost.Verdict.Reason, lost.Chain = "the certificate of its CA is missing here: CN=Partner CA", nil
	lost.Issuer, lost.Verdict.RootType, lost.Verdict.Root = "CN=Partner CA", trust.RootUnknown, ""
	bad := Certificate(8, "broken", "invalid", trust.Invalid, 200, 365, "broken.proexchange.global")
	bad.Verdict.Reason = "its signature does not match its issuer's key"
	bad.Verdict.Findings = []trust.Finding{{Code: "weak-key", Severity: trust.Warning,
		Text: "the key has 1024 bits; public CAs refuse fewer than 2048"}}
	return []certstore.Entry{smtp, pending, web, own, old, soon, lost, bad}
}

// Hub is a desk as a hub transport server has it.
func Hub() screen.Config {
	return screen.Config{Server: "mail01.proexchange.global", Role: "hub"}
}

// ArticleDesk is a desk of the article's entries.
func ArticleDesk(t testing.TB, w, h int) *Driver {
	t.Helper()
	return Drive(t, Hub(), w, h, Article()...)
}

// Missing skips a test that needs what this machine lacks, so that it is seen; in CI that is a failure.
func Missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("this test needs %s", what)
	}
	t.Skipf("SKIPPED, not tested: there is no %s", what)
}

// Thousands are n entries of every kind.
func Thousands(n int) []certstore.Entry {
	words := []struct {
		word   string
		status trust.Status
	}{{"valid", trust.Valid}, {"expiring", trust.Expiring}, {"expired", trust.DateInvalid}}
	list := make([]certstore.Entry, n)
	for i := range list {
		w := words[i%len(words)]
		host := fmt.Sprintf("host%06d.proexchange.global", i)
		list[i] = Certificate(int64(i+1), fmt.Sprintf("server %d", i), w.word, w.status, i%300, 365, host, "alias."+host)
	}
	return list
}

// Hostile is what a certificate may try to say to a terminal.
const Hostile = "evil\x1b[31m\x1b]0;owned\x07\u202e\u200b\r\nnext\tline\u009b2J\u2028\x00\xff日本"

// Main runs the tests of a room in the zone that the frames are drawn in, since the desk shows local time.
func Main(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}
