package enabling

import (
	"crypto/rsa"
	"crypto/x509"
	"testing"

	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

var (
	smtpHere = services.Instance{Use: "SMTP", Driver: "postfix"}
	webHere  = services.Instance{Use: "IIS", Driver: "nginx"}
)

// hosted are the ports of a host: a default and two names at one of them.
var hosted = []Port{
	{Service: smtpHere, Slot: services.DefaultSlot, Listen: "smtp://127.0.0.1:25"},
	{Service: webHere, Slot: services.DefaultSlot, Listen: "https://127.0.0.1:443"},
	{Service: webHere, Slot: "shop.b.test,*.b.test", Listen: "https://127.0.0.1:443", Name: "shop.b.test"},
	{Service: webHere, Slot: "mail.c.test", Listen: "https://192.0.2.7:443", Name: "mail.c.test"},
}

func asked(url, address string) probe.Report {
	t, err := probe.ParseTarget(url)
	if err != nil {
		panic(err)
	}
	return probe.Report{Target: t, Address: address, Result: probe.Answers,
		Leaf: &x509.Certificate{PublicKeyAlgorithm: x509.RSA, PublicKey: &rsa.PublicKey{}}}
}

// A port is this host's where an address of it answered; which slot is meant the name decides.
func TestAPortIsKnownByItsAddressAndTheName(t *testing.T) {
	for _, c := range []struct{ url, address, name, slot string }{
		{"smtp://mail.b.test:25", "127.0.0.1:25", "mail.b.test", services.DefaultSlot},
		{"https://shop.b.test:443", "127.0.0.1:443", "shop.b.test", "shop.b.test,*.b.test"},
		{"https://x.b.test:443", "127.0.0.1:443", "x.b.test", "shop.b.test,*.b.test"},
		{"https://127.0.0.1:443", "127.0.0.1:443", "", services.DefaultSlot},
		{"https://mail.c.test:443", "127.0.0.2:443", "mail.c.test", services.DefaultSlot}, // loopback is every address
		{"smtp://mail.b.test:25", "192.0.2.9:25", "mail.b.test", ""},                      // somebody else's
		{"smtp://127.0.0.1:26", "127.0.0.1:26", "", ""},
	} {
		r := asked(c.url, c.address)
		p, found := slotOf(at(r, hosted), c.name, r)
		if found != (c.slot != "") || p.Slot != c.slot {
			t.Errorf("%s at %s for %q: %v %q, want %q", c.url, c.address, c.name, found, p.Slot, c.slot)
		}
	}
}

// Who refuses a connection is known by its address as well: its service should be there.
func TestAPortThatRefusesIsKnown(t *testing.T) {
	r := asked("smtp://mail.b.test:25", "")
	if len(at(r, hosted)) != 0 {
		t.Error("a name that nobody answered for is this host")
	}
	r.Refuser = "127.0.0.1:25"
	if p, found := slotOf(at(r, hosted), "", r); !found || p.Service.Use != "SMTP" {
		t.Errorf("%v %v", found, p.Service)
	}
}

// A key of another kind is another slot's matter.
func TestASlotIsOfOneKindOfKey(t *testing.T) {
	list := []Port{{Service: smtpHere, Slot: services.DefaultSlot, Key: probe.ECDSA, Expected: "e"},
		{Service: smtpHere, Slot: services.DefaultSlot, Key: probe.RSA, Expected: "r"}}
	if p, found := slotOf(list, "", asked("smtp://127.0.0.1:25", "127.0.0.1:25")); !found || p.Expected != "r" {
		t.Errorf("%v %q", found, p.Expected)
	}
}

// What fits a name has its key, holds, and lasts longest; a wildcard fits, a request does not.
func TestTheOneThatFitsAName(t *testing.T) {
	entry := func(id int64, days int, name string, key bool) ledger.Entry {
		e := ledger.Entry{ID: id, Kind: ledger.Certificate, Names: []string{name}, HasKey: key}
		e.NotAfter = e.NotAfter.AddDate(2000, 0, days)
		e.Verdict.Status = "Valid"
		return e
	}
	pending := entry(5, 0, "mail.b.test", true)
	pending.Kind = ledger.PendingReq
	list := []ledger.Entry{entry(1, 10, "mail.b.test", true), entry(2, 30, "*.b.test", true),
		entry(3, 90, "mail.b.test", false),
		entry(4, 99, "mail.c.test", true), pending}
	ds, s := holding(t, nil, list...)
	for _, e := range list {
		s.state.Rows = append(s.state.Rows, &ledger.Row{Entry: e})
	}
	if got := ds.fitting("mail.b.test"); got.ID != 2 {
		t.Errorf("%d", got.ID)
	}
	if got := ds.fitting(""); got.ID != 0 {
		t.Errorf("no name fits %d", got.ID)
	}
}
