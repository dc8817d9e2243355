package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/acme/acmetest"
)

// A first CA is set up from the desk: what it says is shown before anything is saved, its terms are read before they are
// accepted, and an account is registered.
func TestAFirstCAIsSetUpFromTheDesk(t *testing.T) {
	const secret = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
	p := acmetest.Start(t, acmetest.Options{Customers: map[string]string{"kid-1": secret}})
	r, path := houseDesk(t, "# ours\n")
	r.Exact(120, 45)
	key := filepath.Join(t.TempDir(), "eab.key")
	if err := os.WriteFile(key, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fill := func(text string, tabs int) {
		r.Keys("ctrl+u")
		r.Typing(text)
		for range tabs {
			r.Keys("tab")
		}
	}
	r.Keys(",", "end", "up")
	r.Sees("a CA to order from, such as Let's Encrypt")
	r.Keys("enter")
	r.Sees("Which CA?", "https://acme-v02.api.letsencrypt.org/directory", "not accepted yet")
	fill("house", 1)
	fill("https://127.0.0.1:1/dir", 5)
	fill(p.RootsFile, 3)
	fill("tlsserver", 1)
	fill("", 0)
	r.Keys("ctrl+n")
	r.Sees("This cannot be saved", "127.0.0.1:1")
	r.Keys("enter")
	for range 9 {
		r.Keys("shift+tab")
	}
	fill(p.Directory, 0)
	r.Keys("ctrl+n")
	r.Sees("This cannot be saved", "It has terms:", "which of its customers asks", "It has the profiles default, shortlived, tlsserver")
	r.Keys("enter") // to the terms
	r.Keys("down", "space", "tab", "tab", "tab", "tab")
	fill("kid-1", 1)
	fill(key, 0)
	r.Keys("ctrl+n")
	r.Sees("This would be written", "Its terms are accepted", "+accept_terms = true", "+name")
	if got := content(t, path); got != "# ours\n" {
		t.Fatalf("written before it was saved:\n%s", got)
	}
	r.Wait()
	r.Keys("enter")
	r.Sees("saved, and in use", "CA 1", "house: https://127.0.0.1")
	if got := content(t, path); !strings.Contains(got, "[[acme]]") || !strings.Contains(got, "eab_kid") || strings.Contains(got, secret) {
		t.Error(got)
	}
	if got := history(t, r); !strings.Contains(got, "registered an account at house and accepted its terms") || strings.Contains(got, secret) {
		t.Error(got)
	}
}
