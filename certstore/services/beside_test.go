package services

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/services/daemontest"
)

// Enabling replaces the certificate of its own key type; another's stays where the daemon can have both.
func TestACertificateOfAnotherKeyTypeStays(t *testing.T) {
	ca, dir := daemontest.NewCA(t), t.TempDir()
	s, err := New(Host{Install: filepath.Join(dir, "installed")}, Instance{Use: "IIS", Driver: "nginx"})
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pair := func(name string, w daemontest.Wish, combined bool) Installed {
		p := ca.Issue(t, w)
		if combined {
			path := file(name, bytes.Join([][]byte{p.Key, p.Chain}, nil))
			return Installed{path, path}
		}
		return Installed{file(name, p.Chain), file(name+".key", p.Key)}
	}
	rsa, ec := pair("rsa", daemontest.Wish{RSA: true}, false), pair("ec", daemontest.Wish{}, false)
	both := pair("both", daemontest.Wish{}, true)
	dead := pair("dead", daemontest.Wish{From: time.Now().Add(-2 * time.Hour), Until: time.Now().Add(-time.Hour)}, false)
	given := pair("installed/nginx-iis-30d1d36e/v1-00000000/fullchain.pem", daemontest.Wish{}, false)
	given.Cert = file(strings.TrimPrefix(s.dir(), dir+"/")+"/v1-00000000/fullchain.pem", mustRead(t, given.Cert))
	site := func(pairs ...Installed) Site { return Site{Where: "here", Pairs: pairs} }
	leaf := []*x509.Certificate{ca.Issue(t, daemontest.Wish{RSA: true}).Cert}
	for _, c := range []struct {
		name           string
		sites          []Site
		alike, chained bool
		kept           []Installed
		drops          int
	}{
		{"beside it", []Site{site(rsa, ec)}, false, false, []Installed{ec}, 0},
		{"at each of several places", []Site{site(rsa, ec), site(rsa, ec)}, false, false, []Installed{ec}, 0},
		{"at some of several places", []Site{site(rsa), site(rsa, ec)}, false, false, []Installed{ec}, 0},
		{"where all places get the same", []Site{site(rsa, ec), site(rsa)}, true, false, nil, 1},
		{"alone, it is what is replaced", []Site{site(ec)}, false, false, nil, 0},
		{"where the daemon can have it beside", []Site{site(rsa, both)}, false, true, []Installed{both}, 0},
		{"where it cannot", []Site{site(rsa, ec)}, false, true, nil, 1},
		{"out of date", []Site{site(rsa, dead)}, false, false, nil, 0},
		{"given up before", []Site{site(rsa, given)}, false, false, nil, 0},
		{"of the same type alone", []Site{site(rsa)}, false, false, nil, 0},
	} {
		r := &reading{alike: c.alike}
		if c.chained {
			r.keeps = func(pair Installed) bool { return pair == both }
		}
		kept, drops := s.beside(r, c.sites, leaf)
		if len(kept) != len(c.kept) || len(kept) == 1 && kept[0].Installed != c.kept[0] || len(drops) != c.drops {
			t.Errorf("%s: keeps %v, drops %v", c.name, kept, drops)
		}
	}
}

// What is read back after the change is the new pairs, and behind them what stays at that place or another.
func TestAChangeIsKnownByWhatStays(t *testing.T) {
	fresh, ec := Installed{"/v/c", "/v/k"}, Installed{"/ec", "/ec.key"}
	for _, c := range []struct {
		stays [][]Installed
		pairs []Installed
		is    bool
	}{
		{nil, []Installed{fresh}, true},
		{nil, []Installed{fresh, ec}, false},
		{[][]Installed{{ec}, nil}, []Installed{fresh, ec}, true},
		{[][]Installed{{ec}, nil}, []Installed{fresh}, true},
		{[][]Installed{{ec}}, []Installed{fresh}, false},
		{[][]Installed{{ec}}, []Installed{ec, fresh}, false},
		{[][]Installed{{ec}}, nil, false},
	} {
		if sw := (Switch{Pairs: []Installed{fresh}, Stays: c.stays}); sw.names(c.pairs) != c.is {
			t.Errorf("%v with %v", c.pairs, c.stays)
		}
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
