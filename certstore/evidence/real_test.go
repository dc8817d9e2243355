package evidence

import (
	"os"
	"testing"

	"certdesk/certstore/daemontest"
)

// TestRealResolvers asks BIND, which has the zones, and Unbound, which validates them.
func TestRealResolvers(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("two real name servers: CERTDESK_ALL=1")
	}
	const zone = "@ MX 10 mail\nmail A 9.9.9.1\n_25._tcp.mail TLSA 3 1 1 aabbccddaabbccddaabbccddaabbccddaabbccddaabbccddaabbccddaabbccdd\n@ MX 20 other\nother A 9.9.9.1\n"
	authority, validating := daemontest.Resolvers(t, map[string]string{"example.test": zone, "plain.test": zone, "bogus.test": zone})
	w := World{Names: []string{"mail.example.test"}, Domains: []string{"example.test", "plain.test", "bogus.test"}, Own: mine}
	by := func(at string) *Finder {
		r, err := New(at)
		if err != nil {
			t.Fatal(err)
		}
		return NewFinder(r, nil)
	}
	f := by(validating)
	r := find(t, f, w, "mail.example.test")
	r.says(t, info, "here", "9.9.9.1")
	r.says(t, warning, "tlsa-next-missing", "3 1 1")
	find(t, f, w, "other.example.test").says(t, info, "tlsa-none", "and that is proven")
	find(t, f, w, "mail.plain.test").says(t, warning, "tlsa-insecure", "senders ignore them")
	r = find(t, f, w, "mail.bogus.test")
	r.says(t, wrong, "dnssec-bogus", "mail.bogus.test")
	if r.Word != "DNSSEC broken" {
		t.Error(r)
	}
	find(t, f, w, "none.example.test").says(t, warning, "not-in-dns", "")
	find(t, by(authority), w, "mail.example.test").says(t, warning, "tlsa-insecure", "")
}
