package certstore

import (
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

func TestAFriendlyNameThatOnlyOneEntryHasFindsIt(t *testing.T) {
	f := newFixture(t)
	web := request("web.example.org")
	web.FriendlyName = "Web 2026"
	e := f.make(web).Entry
	for range 2 {
		twice := request("mail.example.org")
		twice.FriendlyName = "mail"
		f.make(twice)
	}
	for _, text := range []string{"web 2026", " Web 2026", e.Thumbprint, strings.ToLower(e.Thumbprint[:8])} {
		if got, err := f.store.Find(t.Context(), text, false); err != nil || got.ID != e.ID {
			t.Errorf("%q: %v", text, err)
		}
	}
	for text, code := range map[string]fail.Code{"mail": fail.Ambiguous, "web": fail.Usage, "": fail.Usage, "123456789A": fail.NotFound} {
		_, err := f.store.Find(t.Context(), text, false)
		f.wants(err, code)
	}
	_, err := f.store.Find(t.Context(), "web 2026", true)
	f.wants(err, fail.NotFound)
	f.remove(e.ID)
	_, err = f.store.Find(t.Context(), "web 2026", false)
	f.wants(err, fail.NotFound)
	got, err := f.store.Find(t.Context(), "WEB 2026", true)
	f.must(err)
	if got.ID != e.ID {
		t.Errorf("found %s", got.FriendlyName)
	}
}

// Of several it says which, so that a thumbprint can be taken from the error.
func TestWhatANameMayMeanIsTold(t *testing.T) {
	f := newFixture(t)
	waits, cert := f.make(request("mail.example.org")).Entry, f.bought(request("mail.example.org"))
	for _, e := range []ledger.Entry{waits, cert} {
		_, err := f.store.Rename(t.Context(), e.ID, "mail")
		f.must(err)
	}
	_, err := f.store.Find(t.Context(), "mail", false)
	f.wants(err, fail.Ambiguous)
	for _, want := range []string{"mail (" + waits.Short() + "), pending", "mail (" + cert.Short() + "), valid, until 21 Feb 2027"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in: %s", want, err)
		}
	}
}

func TestAThumbprintWinsOverANameThatLooksLikeOne(t *testing.T) {
	f := newFixture(t)
	one, other := f.make(request("one.example.org")).Entry, f.make(request("other.example.org")).Entry
	for name, want := range map[string]int64{strings.ToLower(one.Thumbprint[:6]): one.ID, "C0FFEE": other.ID} {
		_, err := f.store.Rename(t.Context(), other.ID, name)
		f.must(err)
		got, err := f.store.Find(t.Context(), name, false)
		f.must(err)
		if got.ID != want {
			t.Errorf("%s is %s", name, got.FriendlyName)
		}
	}
}
