package certstore

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/certstore/enabling"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
)

// lasting imports an answer that is valid for so many days.
func (f *fixture) lasting(days int, r issuing.Request) ledger.Entry {
	f.Helper()
	made := f.make(r)
	return f.importOK(files(f.ca.answer(f.T, made.DER, f.now.AddDate(0, 0, days)), f.ca.chain()))
}

// named finds an entry of the list by its id.
func (f *fixture) named(id int64) ledger.Entry {
	f.Helper()
	for _, e := range f.list(false) {
		if e.ID == id {
			return e
		}
	}
	f.Fatalf("no entry %d", id)
	return ledger.Entry{}
}

func TestARenewedCertificateIsSettledAndBothKnowEachOther(t *testing.T) {
	f := newFixture(t)
	old := f.lasting(90, request("mail.example.org"))
	f.now = f.now.AddDate(0, 0, 85)
	if e := f.named(old.ID); e.Settled() || e.Successor != nil {
		t.Fatalf("nothing renews it yet: %+v", e.Successor)
	}
	r, err := f.store.RenewalRequest(t.Context(), old.ID)
	f.must(err)
	next := f.make(r)
	if e := f.named(old.ID); e.Settled() || e.Successor == nil || !e.Successor.Waits || !strings.Contains(e.Verdict.Reason, "waits for the CA's answer") {
		t.Errorf("while the renewal waits: %+v, %s", e.Successor, e.Verdict.Reason)
	}
	answer := f.importOK(files(f.ca.answer(t, next.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	e := f.named(old.ID)
	if !e.Settled() || e.Verdict.Status != trust.Expiring || !strings.Contains(e.Verdict.Reason, "renewed by "+ledger.Label(&answer)) {
		t.Errorf("%s, settled %v: %s", e.Verdict.Status, e.Settled(), e.Verdict.Reason)
	}
	for _, finding := range e.Verdict.Findings {
		if finding.Code == "expires-soon" {
			t.Errorf("it still cries: %s", finding.Text)
		}
	}
	if list := f.list(false); WorstFirst(&list[0], &list[1]) < 0 {
		t.Errorf("%s still stands before what replaced it", ledger.Label(&list[0]))
	}
	details, err := f.store.Show(t.Context(), next.Entry.ID)
	f.must(err)
	if details.Renews == nil || details.Renews.ID != old.ID || len(details.Supersedes) > 0 {
		t.Errorf("the new one does not know the old: %+v", details)
	}
	f.now = f.now.AddDate(0, 0, 10)
	if e := f.named(old.ID); !e.Settled() || e.Verdict.Word != "expired" {
		t.Errorf("past its end: %s, settled %v", e.Verdict.Word, e.Settled())
	}
	f.remove(next.Entry.ID)
	if e := f.named(old.ID); e.Settled() {
		t.Error("what replaced it is gone, and nobody is told")
	}
}

func TestWhatHasAllItsNamesAndLastsLongerSupersedes(t *testing.T) {
	ecdsa := request("mail.example.org", "imap.example.org")
	self := ecdsa
	self.SelfSigned, self.ValidDays = true, 400
	rsa := ecdsa
	rsa.Key = issuing.KeySpec{Algorithm: "rsa", Bits: 2048}
	for name, c := range map[string]struct {
		next issuing.Request
		days int
		want bool
	}{
		"a superset":          {request("MAIL.example.org", "imap.example.org", "pop.example.org"), 60, true},
		"a name is missing":   {request("mail.example.org"), 60, false},
		"it ends sooner":      {ecdsa, 3, false},
		"it signed itself":    {self, 0, false},
		"another type of key": {rsa, 60, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			old := f.lasting(90, ecdsa)
			f.now = f.now.AddDate(0, 0, 85)
			next := f.lastingOrSelf(c.days, c.next)
			e := f.named(old.ID)
			if e.Settled() != c.want {
				t.Fatalf("settled %v: %s", e.Settled(), e.Verdict.Reason)
			}
			details, err := f.store.Show(t.Context(), next.ID)
			f.must(err)
			if got := len(details.Supersedes) == 1; got != c.want {
				t.Errorf("the new one supersedes %d", len(details.Supersedes))
			}
			if c.want && !strings.Contains(e.Verdict.Reason, "superseded by "+ledger.Label(&next)) {
				t.Errorf("reason: %s", e.Verdict.Reason)
			}
		})
	}
}

func (f *fixture) lastingOrSelf(days int, r issuing.Request) ledger.Entry {
	f.Helper()
	if r.SelfSigned {
		return f.make(r).Entry
	}
	return f.lasting(days, r)
}

func TestACertificateThatIsServedStillCries(t *testing.T) {
	f := newFixture(t)
	old := f.lasting(90, request("mail.example.org"))
	f.write(ledger.OpBind, fmt.Sprintf(`{"ids":[%d],"enable":{"service":{"use":"SMTP","driver":"command","install":"/x"},"bindings":[{"service":{"use":"SMTP","driver":"command","install":"/x"},"key":"","entry":%d}]}}`, old.ID, old.ID))
	f.now = f.now.AddDate(0, 0, 85)
	f.lasting(60, request("mail.example.org"))
	e := f.named(old.ID)
	if e.Services == 0 {
		t.Fatal("the line binds nothing")
	}
	if e.Settled() || !strings.Contains(e.Verdict.Reason, "not enabled for") {
		t.Errorf("settled %v: %s", e.Settled(), e.Verdict.Reason)
	}
}

func TestWhatAPortStillServesIsNotSettled(t *testing.T) {
	f := newFixture(t)
	old := f.lasting(90, request("mail.example.org"))
	f.now = f.now.AddDate(0, 0, 85)
	f.lasting(60, request("mail.example.org"))
	e := f.named(old.ID)
	if !e.Settled() {
		t.Fatal("nobody is bound to it")
	}
	enabling.Survey{Ports: []enabling.Port{{Listen: "smtps://127.0.0.1:465", Report: probe.Report{SHA256: e.SHA256}}}}.Judge(&e)
	if e.Settled() {
		t.Error("clients get it, and nobody is told")
	}
}

// What takes over is told of before it begins, unless clients would be without a certificate in between.
func TestASuccessorThatIsNotYetValidIsToldOf(t *testing.T) {
	for name, c := range map[string]struct {
		days int // the successor lasts 100 days, to this one
		now  bool
		want string
	}{
		"it begins before the old one ends":  {104, false, "which is valid from "},
		"it begins when the old one is over": {110, false, ""},
		"another is valid now":               {104, true, "superseded by"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			old := f.lasting(90, request("mail.example.org"))
			f.now = f.now.AddDate(0, 0, 85)
			next := f.lasting(c.days, request("mail.example.org", "pop.example.org"))
			if c.now {
				next = f.lasting(60, request("mail.example.org"))
			}
			e := f.named(old.ID)
			if c.want == "" {
				if note := f.store.RenewalNote(e); e.Successor != nil || note != "" {
					t.Errorf("%+v, %q", e.Successor, note)
				}
				return
			}
			if e.Successor == nil || e.Successor.ID != next.ID || e.Successor.From.IsZero() != c.now || e.Settled() != c.now {
				t.Fatalf("%+v, settled %v", e.Successor, e.Settled())
			}
			for _, said := range []string{e.Verdict.Reason, f.store.RenewalNote(e)} {
				if !strings.Contains(said, c.want) || !strings.Contains(said, ledger.Label(&next)) {
					t.Errorf("%q", said)
				}
			}
		})
	}
}
