package certstore

import (
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// unchained imports an answer without the intermediate that signed it.
func (f *fixture) unchained(host string) ledger.Entry {
	f.Helper()
	made := f.make(request(host))
	e := f.importOK(files(f.ca.answer(f.T, made.DER, f.now.AddDate(0, 0, 90))))
	if e.Verdict.Status != trust.Untrusted {
		f.Fatalf("%s without its chain: %s", host, e.Verdict.Status)
	}
	return e
}

func TestAnIntermediateAloneCompletesEveryEntryThatLacksIt(t *testing.T) {
	f := newFixture(t)
	hosts := []string{"one.example.org", "two.example.org", "three.example.org"}
	for _, host := range hosts {
		f.unchained(host)
	}
	trash := f.unchained("trash.example.org")
	f.remove(trash.ID)

	alone := files(f.ca.chain())
	f.unchanged("an intermediate nobody confirmed", func() {
		_, _, err := f.store.Import(t.Context(), alone)
		f.wants(err, fail.AlreadyExists)
		if !strings.Contains(fail.Of(err).Hint, "a certificate of its chain") {
			t.Errorf("hint: %s", fail.Of(err).Hint)
		}
	})
	alone.Attach = true
	if e := f.importOK(alone); e.Verdict.Status != trust.Valid || e.CommonName() != hosts[0] {
		t.Errorf("first: %s is %s", e.CommonName(), e.Verdict.Status)
	}
	l := f.list(false)
	if len(l) != len(hosts) {
		t.Fatalf("%d rows: is the intermediate one of them?", len(l))
	}
	for _, e := range l {
		d, err := f.store.Show(t.Context(), e.ID)
		f.must(err)
		if e.Verdict.Status != trust.Valid || d.Entry.Verdict.Status != trust.Valid || len(d.Gaps) != 0 {
			t.Errorf("%s: %s (%s), gaps %v", e.CommonName(), d.Entry.Verdict.Status, d.Entry.Verdict.Reason, d.Gaps)
		}
	}
	if ok, found := f.doctor(false); !ok {
		t.Errorf("doctor: %v", found)
	}
}

func TestAnIntermediateAloneNamesAndServesOnlyTheFirstEntry(t *testing.T) {
	f := newFixture(t)
	one, two := f.unchained("one.example.org"), f.unchained("two.example.org")
	in, wanted := files(f.ca.chain()), ledger.IMAP
	in.Attach, in.FriendlyName, in.Wanted = true, "front door", &wanted
	f.importOK(in)
	l := f.list(false)
	if l[0].ID != one.ID || l[0].FriendlyName != "front door" || l[0].Wanted != ledger.IMAP {
		t.Errorf("first: %+v", l[0])
	}
	if l[1].ID != two.ID || l[1].FriendlyName != two.FriendlyName || l[1].Wanted != two.Wanted || l[1].Verdict.Status != trust.Valid {
		t.Errorf("second: %+v", l[1])
	}
}

func TestAnEntryWithoutItsKeyStandsInNobodysWay(t *testing.T) {
	f := newFixture(t)
	lost, other := f.unchained("lost.example.org"), f.unchained("other.example.org")
	f.lose(ledger.Keys, lost.SPKI)
	in := files(f.ca.chain())
	in.Attach = true
	f.importOK(in)
	d, err := f.store.Show(t.Context(), other.ID)
	f.must(err)
	if d.Entry.Verdict.Status != trust.Valid {
		t.Errorf("%s (%s)", d.Entry.Verdict.Status, d.Entry.Verdict.Reason)
	}
	if d, err = f.store.Show(t.Context(), lost.ID); err != nil || d.Entry.Verdict.Status != trust.Invalid {
		t.Errorf("without its key: %s, %v", d.Entry.Verdict.Status, err)
	}
}

func TestAWrongIntermediateOfTheSameNameDoesNotKeepOutTheRightOne(t *testing.T) {
	f := newFixture(t)
	wrong := newTestCA(t, f.now)
	made := f.make(request("mail.example.org"))
	answer := f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90))
	e := f.importOK(files(answer, wrong.chain()))
	if e.Verdict.Status != trust.Untrusted {
		t.Fatalf("under a CA that did not sign it: %s", e.Verdict.Status)
	}
	in := files(f.ca.chain())
	in.Attach = true
	f.importOK(in)
	d, err := f.store.Show(t.Context(), e.ID)
	f.must(err)
	if d.Entry.Verdict.Status != trust.Valid || len(d.Gaps) != 0 {
		t.Errorf("%s (%s), gaps %v", d.Entry.Verdict.Status, d.Entry.Verdict.Reason, d.Gaps)
	}
}

func TestAnIntermediateThatNobodyLacksIsRefused(t *testing.T) {
	f := newFixture(t)
	f.bought(request("mail.example.org"))
	stranger := newTestCA(t, f.now)
	for name, c := range map[string]struct {
		pem  []byte
		code fail.Code
	}{
		"known":              {f.ca.chain(), fail.AlreadyExists},
		"of a fitting name":  {stranger.chain(), fail.NoMatchingRequest},
		"a root of that too": {formats.CertPEM(stranger.root.Raw), fail.NoMatchingRequest},
		"known and stranger": {append(f.ca.chain(), stranger.chain()...), fail.NoMatchingRequest},
	} {
		in := files(c.pem)
		in.Attach = true
		f.unchanged(name, func() {
			_, _, err := f.store.Import(t.Context(), in)
			f.wants(err, c.code)
		})
	}
}

func TestAFriendlyNameAndServicesCanBeAdded(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	in, wanted := files(pemOf(t, f, e)), ledger.IIS|ledger.IMAP
	in.FriendlyName, in.Wanted = "front door", &wanted
	f.unchanged("what nobody confirmed", func() {
		_, _, err := f.store.Import(t.Context(), in)
		f.wants(err, fail.AlreadyExists)
		for _, part := range []string{"the services IMAP, IIS", "the friendly name front door"} {
			if !strings.Contains(fail.Of(err).Hint, part) {
				t.Errorf("hint %q does not name %q", fail.Of(err).Hint, part)
			}
		}
	})
	in.Attach = true
	got := f.importOK(in)
	if got.ID != e.ID || got.FriendlyName != "front door" || got.Wanted != wanted || got.Verdict.Status != trust.Valid || len(got.Chain) != 1 {
		t.Errorf("after: %+v", got)
	}
	f.unchanged("the same once more", func() {
		_, _, err := f.store.Import(t.Context(), in)
		f.wants(err, fail.AlreadyExists)
	})
	none := ledger.Services(0)
	in = files(pemOf(t, f, e))
	in.Attach, in.Wanted = true, &none
	if got := f.importOK(in); got.Wanted != 0 || got.FriendlyName != "front door" {
		t.Errorf("services cannot be taken back: %s, %q", got.Wanted, got.FriendlyName)
	}
}

func TestAnIntermediateThatIsHereSaysWhatItCompletes(t *testing.T) {
	f := newFixture(t)
	f.bought(request("mail.example.org"))
	f.bought(request("web.example.org"))
	trash := f.bought(request("old.example.org"))
	f.remove(trash.ID)
	_, err := f.store.Inspect(t.Context(), files(f.ca.chain()))
	f.wants(err, fail.AlreadyExists)
	hint := fail.Of(err).Hint
	if !strings.Contains(hint, "mail.example.org") || !strings.Contains(hint, "web.example.org") || strings.Contains(hint, "old.example.org") {
		t.Errorf("hint: %s", hint)
	}
	if strings.Contains(err.Error(), "private key") {
		t.Errorf("a CA's certificate has no key here to speak of: %v", err)
	}
}
