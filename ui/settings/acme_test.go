package settings_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/config"
	"certdesk/certstore/daemontest"
	"certdesk/ui/settings"
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
	r.Sees("Let's Encrypt, to order certificates from", "another CA to order from")
	r.Keys("up", "enter")
	r.Sees("Which CA?", "https://acme-v02.api.letsencrypt.org/directory", "not accepted yet")
	r.Keys("esc", "down", "enter")
	r.Sees("Which CA?", "https://ca.example.org/acme/directory")
	fill("house", 1)
	fill("https://127.0.0.1:1/dir", 5)
	fill(p.RootsFile, 3)
	fill("tlsserver", 0)
	r.Keys("ctrl+n")
	r.Sees("This cannot be saved", "127.0.0.1:1")
	r.Keys("enter")
	for range 8 {
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

// Names that are proven by records in DNS: the zone's server is asked on the spot with the key, and what cannot be is not
// saved; another way takes the place of the first whole, and what a person wrote around it stays.
func TestProofsByDNSAreSetUpFromTheDesk(t *testing.T) {
	p := acmetest.Start(t, acmetest.Options{})
	named := daemontest.Named(t)
	at := strings.TrimPrefix(named.URLs[0], "dns://")
	const before = "# ours\n[[acme]]\nname = \"house\" # since May\n"
	r, path := houseDesk(t, before+"directory = \""+p.Directory+"\"\naccept_terms = true\nca_file = \""+p.RootsFile+"\"\n")
	r.Exact(120, 45)
	r.Desk.Env.ServerFQDN = "mail.example.test"
	r.Desk.Reopen = reopening(r.Desk.Config)
	open := func() {
		r.Keys(",", "end", "up", "up", "up")
		r.Sees("CA 1", "house: https://127.0.0.1")
		r.Keys("enter")
		r.Sees("Names proven")
		r.Keys("tab", "tab", "tab", "tab")
	}
	fill := func(text string) {
		r.Keys("ctrl+u")
		r.Typing(text)
		r.Keys("tab")
	}
	open()
	r.Keys("down", "down", "space")
	r.Sees("by its server (RFC 2136)", "DNS server", "TSIG key", "Key file")
	r.SeesNot("Web root", "Account file", "Command  ")
	r.Keys("tab", "tab")
	fill(at)
	fill("other")
	fill(named.File)
	r.Keys("ctrl+n")
	r.Sees(named.File + " holds no key")
	r.Keys("esc", "shift+tab", "shift+tab")
	fill("other")
	fill(named.Key)
	r.Keys("ctrl+n")
	r.Sees("This would be written", "that the key other changes _acme-challenge.mail.example.test", "+[acme.dns]")
	r.Keys("esc", "shift+tab", "shift+tab")
	fill("certdesk")
	fill(named.File)
	r.Keys("ctrl+n")
	r.Sees("takes changes of _acme-challenge.mail.example.test by the key certdesk", "put there by "+at)
	r.Wait()
	r.Keys("enter")
	r.Sees("saved, and in use")
	if got := content(t, path); !strings.HasPrefix(got, before) || !strings.HasSuffix(got, "\n[acme.dns]\nserver = \""+at+"\"\ntsig_name = \"certdesk\"\ntsig_file = \""+
		named.File+"\"\n") {
		t.Error(got)
	}
	hook := filepath.Join(t.TempDir(), "dns-record")
	if err := os.WriteFile(hook, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	open()
	r.Keys("tab", "down", "down", "space", "tab")
	fill(hook + ` --zone "a b"`)
	r.Keys("ctrl+n")
	r.Sees(hook+" is there; it is run when a name is to be proven", "-tsig_name", "+command = [")
	r.Wait()
	r.Keys("enter")
	r.Sees("saved, and in use")
	if got := content(t, path); !strings.HasPrefix(got, before) || !strings.HasSuffix(got, "\n[acme.dns]\ncommand = [\""+hook+"\", \"--zone\", \"a b\"]\n") {
		t.Error(got)
	}
}

// What the file may say of a CA can be asked for, each key once.
func TestEachKeyOfACAIsAskedFor(t *testing.T) {
	var want []string
	for before, of := range map[string]reflect.Type{"": reflect.TypeFor[config.ACME](), "dns.": reflect.TypeFor[config.ACMEDNS]()} {
		for i := range of.NumField() {
			want = append(want, before+of.Field(i).Tag.Get("toml"))
		}
	}
	want = slices.DeleteFunc(want, func(key string) bool { return key == "dns" })
	got := settings.KeysOfACME()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("asked for %q, want %q", got, want)
	}
}
