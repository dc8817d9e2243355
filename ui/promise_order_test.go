package ui_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/config"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// ofTheCA are the fields of a journal that a CA fills, each time anew.
var ofTheCA = regexp.MustCompile(`"(url|certificate|token|keyAuthorization|account|notBefore|notAfter)":"[^"]*"`)

// newOrderingPromiser is a promiser whose names a CA proves at this host.
func newOrderingPromiser(t *testing.T) *promiser {
	t.Helper()
	ca := acmetest.Start(t, acmetest.Options{Env: []string{"PEBBLE_AUTHZREUSE=0"}})
	dir := filepath.Join(t.TempDir(), "a")
	now := time.Now().Add(time.Hour).UTC().Truncate(time.Second) // Pebble dates nothing back
	p := &promiser{Driver: &uitest.Driver{T: t}, dir: dir, also: ofTheCA}
	p.must(os.MkdirAll(dir, 0o700))
	p.must(os.WriteFile(dir+"/root.pem", ca.Root(t), 0o600))
	text := fmt.Sprintf("server = \"ex2007ee.proexchange.global\"\ntrust = [%q]\ndiscover = false\n[accepted_domains]\n"+
		"names = [\"proexchange.global\"]\n[[acme]]\nname = \"pebble\"\ndirectory = %q\naccept_terms = true\nca_file = %q\n"+
		"profile = \"tlsserver\"\nhttp_port = %d\nresolver = %q\n",
		dir+"/root.pem", ca.Directory, ca.RootsFile, ca.HTTPPort, ca.DNS)
	p.must(os.WriteFile(dir+"/certdesk.toml", []byte(text), 0o600))
	c, err := config.Load(dir + "/certdesk.toml")
	p.must(err)
	store, err := certstore.Open(certstore.Options{Dir: dir + "/store", Now: func() time.Time { return now },
		NewKey: uitest.SmallKeys, Trust: c.Trust, Authorities: c.ACME})
	p.must(err)
	env := uitest.ArticleEnv()
	env.Authorities = c.ACME
	env.Flags = []string{"--store", dir + "/store", "--config", dir + "/certdesk.toml"}
	p.Driver = uitest.Drive(t, screen.Config{Store: store, Env: env, Server: "mail01.proexchange.global",
		Now: func() time.Time { return now }}, 140, 60)
	return p
}

func TestTheCommandOfAnOrderIsWhatTheFormOrders(t *testing.T) {
	p := newOrderingPromiser(t)
	p.Keys("n", "up", "space", "ctrl+n")
	p.Typing("mail.example.org")
	p.Keys("enter", "ctrl+n", "ctrl+n", "ctrl+n")
	command, before, twice := p.shown("The same by command"), p.copied(), p.copied()
	p.Wait()
	p.Keys("tab", "enter")
	p.Sees("is issued by pebble")
	p.Keys("esc", "enter", "end")
	again := p.shown("Make another like it")
	p.keeps(command, before)
	p.keeps(again, twice)
}
