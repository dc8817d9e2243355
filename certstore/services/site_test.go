package services

import (
	"crypto/x509"
	"strings"
	"testing"

	"certdesk/certstore/services/daemon"
)

func TestWhichSitesAreMeant(t *testing.T) {
	https := func(port int) []daemon.Listener { return []daemon.Listener{{Scheme: "https", Host: "", Port: port}} }
	sites := []daemon.Site{
		{Listen: https(443), Where: "default", Index: 0},
		{Listen: https(443), Names: []string{"mail.a.test", "autodiscover.a.test"}, Where: "mail", Index: 1},
		{Listen: https(443), Names: []string{"www.a.test"}, Where: "www", Index: 2},
		{Listen: https(443), Names: []string{"*.other.test", "*.a.test"}, Where: "wild443", Index: 5},
		{Listen: https(8443), Names: []string{"*.a.test"}, Where: "wild", Index: 3},
		{Listen: https(443), Names: []string{"fixed.a.test"}, Where: "fixed", Fixed: "a macro", Index: 4},
	}
	leaf := &x509.Certificate{DNSNames: []string{"mail.a.test", "autodiscover.a.test", "fixed.a.test"}}
	wild := &x509.Certificate{DNSNames: []string{"*.a.test"}}
	for _, c := range []struct {
		name   string
		in     daemon.Instance
		leaf   *x509.Certificate
		sites  string
		proofs string
		err    string
	}{
		{"its names", daemon.Instance{}, leaf, "mail", "443/mail.a.test 443/autodiscover.a.test", ""},
		{"one name", daemon.Instance{Name: "www.a.test"}, leaf, "www wild", "443/www.a.test 8443/www.a.test", ""},
		{"a name that one host has itself and one by wildcard", daemon.Instance{Name: "mail.a.test", Listen: []string{"https://127.0.0.1:443"}}, leaf, "mail", "443/mail.a.test", ""},
		{"a name that the wildcard host has", daemon.Instance{Name: "x.a.test", Listen: []string{"https://127.0.0.1:8443"}}, leaf, "wild", "8443/x.a.test", ""},
		{"a name that no host has", daemon.Instance{Name: "x.b.test", Listen: []string{"https://127.0.0.1:443"}}, leaf, "default", "443/x.b.test", ""},
		{"one port", daemon.Instance{Listen: []string{"https://127.0.0.1:8443"}}, wild, "wild", "8443/any.a.test", ""},
		{"a port nobody has", daemon.Instance{Listen: []string{"https://127.0.0.1:993"}}, leaf, "mail", "993/mail.a.test 993/autodiscover.a.test", ""},
		{"a name that is fixed", daemon.Instance{Name: "fixed.a.test", Listen: []string{"https://127.0.0.1:443"}}, leaf, "", "", "a macro"},
		{"nothing", daemon.Instance{Listen: []string{"https://127.0.0.1:8443"}}, &x509.Certificate{DNSNames: []string{"a.b.test"}}, "", "", "does not have its name *.a.test"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := meantFor(c.in, sites, c.leaf)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var names, proofs []string
			for _, s := range got.sites {
				names = append(names, s.Where)
			}
			for _, p := range got.proofs {
				proofs = append(proofs, strings.TrimSuffix(strings.TrimPrefix(p.URL, "https://127.0.0.1:")+"/"+p.Name, "/"))
			}
			if strings.Join(names, " ") != c.sites || strings.Join(proofs, " ") != c.proofs {
				t.Errorf("got  %v, %v\nwant %s, %s", names, proofs, c.sites, c.proofs)
			}
			for _, s := range got.left {
				if s.Fixed == "" {
					t.Errorf("%s is left without a reason", s.Where)
				}
			}
			if len(got.sites)+len(got.left) != len(sites) && len(got.notes) == 0 {
				t.Errorf("of %d sites %d are named", len(sites), len(got.sites)+len(got.left))
			}
		})
	}
}

func TestAnInstanceThatMakesNoSense(t *testing.T) {
	for _, in := range []daemon.Instance{
		{Driver: "qmail"}, {Driver: "postfix", Config: "etc/postfix"}, {Driver: "command"}, {Driver: "command", Install: "x"},
		{Driver: "nginx", Listen: []string{"nowhere"}},
	} {
		if _, err := New(daemon.Host{}, in); err == nil {
			t.Errorf("%+v is taken", in)
		}
	}
}

func TestWhatAnotherProgramRenewsIsSaid(t *testing.T) {
	site := daemon.Site{Where: "main.cf", Pairs: []daemon.Installed{{Cert: "/etc/letsencrypt/live/a/fullchain.pem", Key: "/k"}, {Cert: "/etc/ssl/a.pem", Key: "/k"}}}
	if got := renewedByOthers([]daemon.Site{site, site}); len(got) != 1 || !strings.Contains(got[0], "/etc/letsencrypt/live/a/fullchain.pem") {
		t.Error(got)
	}
}
