package certstore

import (
	"strings"
	"testing"

	"certdesk/certstore/fail"
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
	f.wants(err, fail.Usage)
}
