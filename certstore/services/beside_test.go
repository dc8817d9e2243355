package services

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// Enabling replaces the certificate of its own key type; another's stays where the daemon can have both.
func TestACertificateOfAnotherKeyTypeStays(t *testing.T) {
	ca, dir := daemontest.NewCA(t), t.TempDir()
	s, err := New(daemon.Host{Install: filepath.Join(dir, "installed")}, daemon.Instance{Use: "IIS", Driver: "nginx"})
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
	pair := func(name string, w daemontest.Wish, combined bool) daemon.Installed {
		p := ca.Issue(t, w)
		if combined {
			path := file(name, bytes.Join([][]byte{p.Key, p.Chain}, nil))
			return daemon.Installed{Cert: path, Key: path}
		}
		return daemon.Installed{Cert: file(name, p.Chain), Key: file(name+".key", p.Key)}
	}
	rsa, ec := pair("rsa", daemontest.Wish{RSA: true}, false), pair("ec", daemontest.Wish{}, false)
	both := pair("both", daemontest.Wish{}, true)
	dead := pair("dead", daemontest.Wish{From: time.Now().Add(-2 * time.Hour), Until: time.Now().Add(-time.Hour)}, false)
	given := pair("installed/nginx-iis-30d1d36e/v1-00000000/fullchain.pem", daemontest.Wish{}, false)
	given.Cert = file(strings.TrimPrefix(s.dir(), dir+"/")+"/v1-00000000/fullchain.pem", mustRead(t, given.Cert))
	site := func(pairs ...daemon.Installed) daemon.Site { return daemon.Site{Where: "here", Pairs: pairs} }
	leaf := []*x509.Certificate{ca.Issue(t, daemontest.Wish{RSA: true}).Cert}
	for _, c := range []struct {
		name           string
		sites          []daemon.Site
		alike, chained bool
		kept           []daemon.Installed
		drops          int
	}{
		{"beside it", []daemon.Site{site(rsa, ec)}, false, false, []daemon.Installed{ec}, 0},
		{"at each of several places", []daemon.Site{site(rsa, ec), site(rsa, ec)}, false, false, []daemon.Installed{ec}, 0},
		{"at some of several places", []daemon.Site{site(rsa), site(rsa, ec)}, false, false, []daemon.Installed{ec}, 0},
		{"where all places get the same", []daemon.Site{site(rsa, ec), site(rsa)}, true, false, nil, 1},
		{"alone, it is what is replaced", []daemon.Site{site(ec)}, false, false, nil, 0},
		{"where the daemon can have it beside", []daemon.Site{site(rsa, both)}, false, true, []daemon.Installed{both}, 0},
		{"where it cannot", []daemon.Site{site(rsa, ec)}, false, true, nil, 1},
		{"out of date", []daemon.Site{site(rsa, dead)}, false, false, nil, 0},
		{"given up before", []daemon.Site{site(rsa, given)}, false, false, nil, 0},
		{"of the same type alone", []daemon.Site{site(rsa)}, false, false, nil, 0},
	} {
		r := &daemon.Reading{Alike: c.alike}
		if c.chained {
			r.Keeps = func(pair daemon.Installed) bool { return pair == both }
		}
		kept, drops := s.beside(r, c.sites, leaf)
		if len(kept) != len(c.kept) || len(kept) == 1 && kept[0].Installed != c.kept[0] || len(drops) != c.drops {
			t.Errorf("%s: keeps %v, drops %v", c.name, kept, drops)
		}
	}
}

// What is read back after the change is the new pairs, and behind them what stays at that place or another.
func TestAChangeIsKnownByWhatStays(t *testing.T) {
	fresh, ec := daemon.Installed{Cert: "/v/c", Key: "/v/k"}, daemon.Installed{Cert: "/ec", Key: "/ec.key"}
	for _, c := range []struct {
		stays [][]daemon.Installed
		pairs []daemon.Installed
		is    bool
	}{
		{nil, []daemon.Installed{fresh}, true},
		{nil, []daemon.Installed{fresh, ec}, false},
		{[][]daemon.Installed{{ec}, nil}, []daemon.Installed{fresh, ec}, true},
		{[][]daemon.Installed{{ec}, nil}, []daemon.Installed{fresh}, true},
		{[][]daemon.Installed{{ec}}, []daemon.Installed{fresh}, false},
		{[][]daemon.Installed{{ec}}, []daemon.Installed{ec, fresh}, false},
		{[][]daemon.Installed{{ec}}, nil, false},
	} {
		if sw := (Switch{Pairs: []daemon.Installed{fresh}, Stays: c.stays}); sw.names(c.pairs) != c.is {
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
