package ui

import (
	"fmt"
	"os"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
)

// noon is the moment at which the tests' desks stand.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// TestMain pins the zone, since the desk shows local time, and is the desk itself for the terminal tests.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	if mode := os.Getenv(deskMode); mode != "" {
		os.Exit(beDesk(mode))
	}
	os.Exit(m.Run())
}

// certificate is an entry as a listing gives it, with days left of a life of life days.
func certificate(id int64, name, word string, status trust.Status, left, life int, names ...string) certstore.Entry {
	until := noon.AddDate(0, 0, left).Add(time.Hour)
	return certstore.Entry{
		ID: id, Kind: certstore.Certificate, FriendlyName: name, Names: names,
		Subject: "CN=" + names[0] + ",O=ProExchange,C=BE", Issuer: "CN=ProExchange CA,O=ProExchange,C=BE",
		Thumbprint: fmt.Sprintf("%040X", 0x9a3f0000+id), SHA256: fmt.Sprintf("%064x", id), SPKI: fmt.Sprintf("%064x", id+1000),
		NotBefore: until.AddDate(0, 0, -life), NotAfter: until, DaysLeft: left, Serial: "0A1B2C",
		KeyAlgorithm: "RSA", KeySize: 2048, SignatureAlgorithm: "SHA256-RSA", HasKey: true,
		Chain: []trust.Link{
			{Subject: "CN=ProExchange CA,O=ProExchange,C=BE", NotBefore: noon.AddDate(-2, 0, 0), NotAfter: noon.AddDate(3, 0, 0), Signed: true},
			{Subject: "CN=ProExchange Root,O=ProExchange,C=BE", NotBefore: noon.AddDate(-9, 0, 0), NotAfter: noon.AddDate(11, 0, 0), Signed: true, SelfSigned: true},
		},
		Verdict: trust.Verdict{Status: status, Word: word, RootType: trust.RootEnterprise, Root: "CN=ProExchange Root,O=ProExchange,C=BE"},
	}
}

// article is the organisation of the specification, with an entry in every state.
func article() []certstore.Entry {
	pending := certificate(2, "secure_client", "pending", trust.PendingRequest, 0, 0, "webmail.proexchange.global",
		"webmail.belgianbeers.rock", "autodiscover.proexchange.global", "autodiscover.belgianbeers.rock",
		"ex2007ee.proexchange.global", "ex2007ee", "ex2007se.proexchange.global", "ex2007se")
	pending.Kind, pending.Issuer, pending.Chain, pending.Wanted = certstore.PendingReq, "", nil, certstore.IIS
	pending.NotAfter, pending.NotBefore, pending.Serial = time.Time{}, time.Time{}, ""
	smtp := certificate(1, "secure_smtp", "expiring", trust.Expiring, 16, 90, "proexchange.global", "belgianbeers.rock")
	smtp.Wanted, smtp.Exportable = certstore.SMTP, true
	web := certificate(3, "webmail 2025", "valid", trust.Valid, 80, 398, "webmail.belgianbeers.rock", "a.belgianbeers.rock", "b.belgianbeers.rock", "c.belgianbeers.rock")
	web.Wanted = certstore.IIS | certstore.IMAP | certstore.POP
	own := certificate(4, "this server", "valid", trust.Valid, 300, 365, "mail01.proexchange.global", "mail01")
	own.SelfSigned, own.Issuer, own.Chain, own.Verdict.RootType = true, own.Subject, nil, trust.RootNone
	old := certificate(5, "webmail 2023", "expired", trust.DateInvalid, -40, 365, "webmail.belgianbeers.rock")
	soon := certificate(6, "next year", "not yet valid", trust.DateInvalid, 400, 365, "mail.proexchange.global")
	lost := certificate(7, "partner", "untrusted", trust.Untrusted, 200, 365, "edge.partner.example")
	lost.Verdict.Reason, lost.Chain = "the certificate of its CA is missing here: CN=Partner CA", nil
	lost.Issuer, lost.Verdict.RootType, lost.Verdict.Root = "CN=Partner CA", trust.RootUnknown, ""
	bad := certificate(8, "broken", "invalid", trust.Invalid, 200, 365, "broken.proexchange.global")
	bad.Verdict.Reason = "its signature does not match its issuer's key"
	bad.Verdict.Findings = []trust.Finding{{Code: "weak-key", Severity: trust.Warning, Text: "the key has 1024 bits; public CAs refuse fewer than 2048"}}
	return []certstore.Entry{smtp, pending, web, own, old, soon, lost, bad}
}

// hub is a desk as a hub transport server has it.
func hub() screen.Config {
	return screen.Config{Server: "mail01.proexchange.global", Role: "hub"}
}

// articleDesk is a desk of the article's entries.
func articleDesk(t testing.TB, w, h int) *driver {
	t.Helper()
	return drive(t, hub(), w, h, article()...)
}

// missing skips a test that needs what this machine lacks, so that it is seen; in CI that is a failure.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("this test needs %s", what)
	}
	t.Skipf("SKIPPED, not tested: there is no %s", what)
}
