package services

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// meantFor is what a certificate is for where nobody says more.
func meantFor(in daemon.Instance, sites []daemon.Site, leaf *x509.Certificate) (choice, error) {
	return choose(in, Wish{}, sites, leaf)
}

// servedNow writes a certificate for some names to a file, as what a site serves now.
func servedNow(t *testing.T, names ...string) []daemon.Installed {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: names, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	path := filepath.Join(t.TempDir(), "cert.pem")
	if err := errors.Join(err, os.WriteFile(path, daemontest.PEM(leaf), 0o600)); err != nil {
		t.Fatal(err)
	}
	return []daemon.Installed{{Cert: path, Key: path}}
}

// A certificate goes to the slots whose names it has, and to the default only where that is what it is for.
func TestWhichSlotsACertificateGoesTo(t *testing.T) {
	port := func(n int) []daemon.Listener { return []daemon.Listener{{Scheme: "smtp", Host: "", Port: n}} }
	def := func(s daemon.Site) daemon.Site { s.Listen, s.Where = port(25), "default"; return s }
	b := daemon.Site{Listen: port(25), Names: []string{"mail.b.test"}, Where: "b", Index: 1}
	sni := daemon.Site{Listen: port(25), Where: "mysql", Fixed: "may give names certificates of their own", Index: -1}
	pattern := daemon.Site{Listen: port(25), Where: "pattern", Index: 3}
	other := daemon.Site{Listen: port(465), Where: "465", Index: 4}
	aliases := daemon.Site{Listen: port(25), Names: []string{"mail.b.test", "*.b.test"}, Where: "aliases", Index: 5}
	wild := daemon.Site{Listen: port(25), Names: []string{"*.w.test"}, Where: "wild", Index: 9}
	fixed := daemon.Site{Listen: port(25), Names: []string{"mail.b.test"}, Where: "fixed", Fixed: "a macro", Index: 6}
	alien := daemon.Site{Listen: port(25), Names: []string{"mail.c.test"}, Where: "c", Fixed: "a macro", Index: 7}
	with := func(s daemon.Site, pairs []daemon.Installed) daemon.Site { s.Pairs = pairs; return s }
	for _, c := range []struct {
		name, leaf   string
		wish         Wish
		sites        []daemon.Site
		takes        string
		missed, note string
		err          string
	}{
		{name: "a default alone takes any", leaf: "mail.b.test", sites: []daemon.Site{def(daemon.Site{})}, takes: "default"},
		{name: "beside a slot it takes none", leaf: "mail.b.test", sites: []daemon.Site{def(daemon.Site{}), b}, takes: "b"},
		{name: "and says how it would", leaf: "mail.x.test", sites: []daemon.Site{def(daemon.Site{}), b}, err: "--slot default"},
		{name: "but what is for its own name", leaf: "mail.a.test", sites: []daemon.Site{def(daemon.Site{Own: []string{"mail.a.test"}}), b}, takes: "default"},
		{name: "or for the server's", leaf: "mail.a.test", wish: Wish{Server: "mail.a.test"}, sites: []daemon.Site{def(daemon.Site{}), b}, takes: "default"},
		{name: "or for all that it serves now", leaf: "mail.a.test imap.a.test", sites: []daemon.Site{with(def(daemon.Site{}), servedNow(t, "imap.a.test", "mail.a.test")), b}, takes: "default"},
		{name: "not for a part of that", leaf: "mail.a.test", sites: []daemon.Site{with(def(daemon.Site{}), servedNow(t, "imap.a.test", "mail.a.test")), b}, err: "--slot default"},
		{name: "or what a person gives it", leaf: "mail.x.test", wish: Wish{Slots: []string{"default"}}, sites: []daemon.Site{def(daemon.Site{}), b}, takes: "default"},
		{name: "a person names one slot of two", leaf: "mail.b.test", wish: Wish{Slots: []string{"mail.b.test"}}, sites: []daemon.Site{def(daemon.Site{Own: []string{"mail.b.test"}}), b}, takes: "b"},
		{name: "a slot that is not there", leaf: "mail.b.test", wish: Wish{Slots: []string{"mail.z.test"}}, sites: []daemon.Site{def(daemon.Site{}), b}, err: "no slot mail.z.test"},
		{name: "a slot it has no name of", leaf: "mail.x.test", wish: Wish{Slots: []string{"mail.b.test"}}, sites: []daemon.Site{b}, err: "has none of the names of the slot mail.b.test"},
		{name: "a table that cannot be listed may have slots", leaf: "mail.b.test", sites: []daemon.Site{def(daemon.Site{}), sni}, err: "certificates of their own"},
		{name: "then a person says whether the default is meant", leaf: "mail.b.test", sites: []daemon.Site{def(daemon.Site{}), sni}, err: "--slot default"},
		{name: "and is asked by the certificate's names", leaf: "mail.a.test", wish: Wish{Server: "mail.a.test"}, sites: []daemon.Site{def(daemon.Site{}), sni}, takes: "default", missed: "mysql"},
		{name: "ports have defaults of their own", leaf: "mail.b.test", sites: []daemon.Site{def(daemon.Site{}), other, b}, takes: "465 b"},
		{name: "a port may follow another's names", leaf: "mail.b.test", sites: []daemon.Site{b, {Listen: port(24), Follows: port(25), Where: "lmtp", Index: 8}}, takes: "b"},
		{name: "a PROXY port is asked as a proxy asks", leaf: "mail.b.test", sites: []daemon.Site{def(daemon.Site{Proxied: port(25)})}, takes: "default", note: "asked as a proxy asks it"},
		{name: "unless it heeds its proxy alone", leaf: "mail.b.test", sites: []daemon.Site{def(daemon.Site{Proxied: port(25), Heeds: []netip.Prefix{}})}, takes: "default", note: "name the proxy's port under listen"},
		{name: "a pattern takes no other's", leaf: "mail.x.test", sites: []daemon.Site{def(daemon.Site{}), pattern}, takes: "default"},
		{name: "a pattern is renewed, and not asked", leaf: "*.p.test", sites: []daemon.Site{def(daemon.Site{}), with(pattern, servedNow(t, "*.p.test"))}, takes: "default pattern", note: "pattern changes as well and cannot be asked"},
		{name: "one name of several is enough where nothing is lost", leaf: "mail.b.test", sites: []daemon.Site{with(aliases, servedNow(t, "mail.b.test"))}, takes: "aliases", note: "*.b.test as well"},
		{name: "not where clients would lose a name", leaf: "mail.b.test", sites: []daemon.Site{with(aliases, servedNow(t, "*.b.test"))}, err: "would lose *.b.test"},
		{name: "behind a wildcard what is there is renewed", leaf: "mail.w.test", sites: []daemon.Site{def(daemon.Site{}), with(wild, servedNow(t, "mail.w.test"))}, takes: "wild", note: "*.w.test as well"},
		{name: "and not taken from a name behind it", leaf: "mail.w.test", sites: []daemon.Site{def(daemon.Site{}), with(wild, servedNow(t, "mail.w.test", "www.w.test"))}, err: "does not have its name *.w.test"},
		{name: "which is told where the default takes it", leaf: "mail.w.test", wish: Wish{Server: "mail.w.test"}, sites: []daemon.Site{def(daemon.Site{}), with(wild, servedNow(t, "*.w.test"))}, takes: "default", missed: "wild"},
		{name: "a name behind a wildcard that another slot has", leaf: "mail.b.test", sites: []daemon.Site{b, with(daemon.Site{Listen: port(25), Names: []string{"*.b.test"}, Where: "wild", Index: 9}, servedNow(t, "*.b.test"))}, takes: "b"},
		{name: "a name behind a wildcard is not lost either", leaf: "mail.b.test", sites: []daemon.Site{with(aliases, servedNow(t, "mail.b.test", "www.b.test"))}, err: "would lose www.b.test"},
		{name: "which is told where another slot takes it", leaf: "mail.b.test", sites: []daemon.Site{with(aliases, servedNow(t, "*.b.test")), with(b, nil)}, takes: "b", missed: "aliases"},
		{name: "not of a slot that a person left out", leaf: "mail.b.test", wish: Wish{Slots: []string{"default"}}, sites: []daemon.Site{def(daemon.Site{}), with(aliases, servedNow(t, "*.b.test"))}, takes: "default"},
		{name: "unless a person says so", leaf: "mail.b.test", wish: Wish{Slots: []string{"mail.b.test"}}, sites: []daemon.Site{with(aliases, servedNow(t, "*.b.test"))}, takes: "aliases", note: "*.b.test as well"},
		{name: "what cannot be changed stands in no other's way", leaf: "mail.b.test", sites: []daemon.Site{b, fixed}, takes: "b", missed: "fixed"},
		{name: "and is not missed for another's name", leaf: "mail.b.test", sites: []daemon.Site{b, alien}, takes: "b"},
		{name: "each reason is told", leaf: "mail.x.test", sites: []daemon.Site{b, alien, aliases}, err: "c: a macro; aliases: the certificate does not have its name mail.b.test or *.b.test"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := choose(daemon.Instance{Driver: "postfix"}, c.wish, c.sites, &x509.Certificate{DNSNames: strings.Fields(c.leaf)})
			if c.err != "" || err != nil {
				if c.err == "" || err == nil || !strings.Contains(err.Error()+" "+fail.Of(err).Hint, c.err) {
					t.Errorf("%v, want %q", err, c.err)
				}
				return
			}
			var takes, missed []string
			for _, s := range got.sites {
				takes = append(takes, s.Where)
			}
			for _, m := range got.missed {
				missed = append(missed, m.Where)
				if len(m.Prove) == 0 {
					t.Errorf("%s is asked nothing", m.Where)
				}
			}
			if strings.Join(takes, " ") != c.takes || strings.Join(missed, " ") != c.missed {
				t.Errorf("takes %v, misses %v", takes, missed)
			}
			if notes := strings.Join(got.notes, "\n"); !strings.Contains(notes, c.note) || (c.note == "") != (notes == "") {
				t.Errorf("notes %q", notes)
			}
		})
	}
}

// A second service of one use, for whose slots a certificate is not, is told from one that cannot be changed.
func TestNotMeantIsToldFromCannot(t *testing.T) {
	port := []daemon.Listener{{Scheme: "https", Host: "", Port: 443}}
	leaf := &x509.Certificate{DNSNames: []string{"mail.b.test"}}
	_, err := meantFor(daemon.Instance{}, []daemon.Site{{Listen: port, Names: []string{"a.test"}}}, leaf)
	if !errors.Is(err, ErrNotMeant) {
		t.Error(err)
	}
	_, err = meantFor(daemon.Instance{}, []daemon.Site{{Listen: port, Names: []string{"mail.b.test"}, Fixed: "a macro"}}, leaf)
	if err == nil || errors.Is(err, ErrNotMeant) {
		t.Error(err)
	}
}

// A wildcard is asked by a name that somebody uses: the one that the certificate there has.
func TestAWildcardIsAskedByANameOfItsCertificate(t *testing.T) {
	s := daemon.Site{Listen: []daemon.Listener{{Scheme: "https", Host: "", Port: 443}}, Names: []string{"*.w.test"}, Index: 1}
	for names, want := range map[string]string{"mail.w.test": "mail.w.test", "*.w.test": "any.w.test", "mail.o.test": "any.w.test"} {
		s.Pairs = servedNow(t, names)
		places, err := Places(daemon.Instance{}, []daemon.Site{s})
		if err != nil || len(places) != 1 || places[0].Name != want {
			t.Errorf("%s: %v, %v", names, places, err)
		}
	}
}

// An outage of those who send a name is none of those who send none.
func TestAnOutageIsOfThoseWhoSendAName(t *testing.T) {
	site := daemon.Site{Listen: []daemon.Listener{{Scheme: "smtp", Host: "127.0.0.1", Port: 25}}, Outage: daemon.Outage{Why: "its index is not there"}}
	for name, want := range map[string]string{"": "", "mail.else.test": "its index is not there"} {
		places, err := Places(daemon.Instance{Name: name}, []daemon.Site{site})
		if err != nil || len(places) != 1 || places[0].Outage.Why != want {
			t.Errorf("%q: %+v %v", name, places, err)
		}
	}
}
