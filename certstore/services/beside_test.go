package services

import (
	"bytes"
	"crypto/x509"
	"fmt"
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
	s := &Service{host: Host{Install: filepath.Join(dir, "installed")}, in: Instance{Use: "IIS", Driver: "nginx"}, driver: nginx{}}
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
	last := Installed{Cert: file("last", bytes.Join([][]byte{mustRead(t, ec.Cert), mustRead(t, ec.Key)}, nil))}
	last.Key = last.Cert
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
		{"in one file that a chain is read from", []Site{site(rsa, both)}, false, true, []Installed{both}, 0},
		{"in a key's own file before it", []Site{site(rsa, ec)}, false, true, []Installed{ec}, 0},
		{"not where the key comes last", []Site{site(rsa, last)}, false, true, nil, 1},
		{"nor where it comes twice", []Site{site(rsa, Installed{both.Cert, ec.Key})}, false, true, nil, 1},
		{"out of date", []Site{site(rsa, dead)}, false, false, nil, 0},
		{"given up before", []Site{site(rsa, given)}, false, false, nil, 0},
		{"of the same type alone", []Site{site(rsa)}, false, false, nil, 0},
	} {
		r := &reading{alike: c.alike}
		if c.chained {
			r.keeps = chainable
		}
		kept, drops := s.beside(r, c.sites, leaf)
		if len(kept) != len(c.kept) || len(kept) == 1 && kept[0].Installed != c.kept[0] || len(drops) != c.drops {
			t.Errorf("%s: keeps %v, drops %v", c.name, kept, drops)
		}
	}
}

// Each place of one change keeps what it alone has: the new certificate goes to all, and no place loses or gains another.
func TestEachPlaceKeepsItsOwn(t *testing.T) {
	dir := t.TempDir()
	put(t, dir+"/ec.pem", certBegin)
	put(t, dir+"/ec.key", keyEnd)
	put(t, dir+"/old", keyEnd+certBegin)
	ec := Installed{dir + "/ec.pem", dir + "/ec.key"}
	files := []versionFiles{{"/v/c", "/v/k", "/v/b"}}
	fill := func(text string) string { return strings.ReplaceAll(text, "DIR", dir) }

	put(t, dir+"/nginx.conf", fill("http { server { listen 443 ssl; ssl_certificate DIR/old; ssl_certificate_key DIR/old; ssl_certificate DIR/ec.pem; ssl_certificate_key DIR/ec.key; }"+
		" server { listen 443 ssl; server_name b.test; ssl_certificate DIR/old; ssl_certificate_key DIR/old; } }"))
	n, served := nginxFrom(t, dir)
	served[0].beside = []Installed{ec}
	e, err := n.edit(served, files)
	want := fill("http { server { listen 443 ssl; ssl_certificate /v/c; ssl_certificate_key /v/k; ssl_certificate DIR/ec.pem; ssl_certificate_key DIR/ec.key; }" +
		" server { listen 443 ssl; server_name b.test; ssl_certificate /v/c; ssl_certificate_key /v/k; } }")
	if got := e.texts[dir+"/nginx.conf"]; err != nil || got != want || len(e.pairs) != 1 {
		t.Errorf("nginx: %v %v\n%s\nwant\n%s", err, e.pairs, got, want)
	}

	put(t, dir+"/sni", fill("b.test DIR/old\n"))
	main := fill("smtpd_tls_cert_file = DIR/old\nsmtpd_tls_eccert_file = DIR/ec.pem\nsmtpd_tls_eckey_file = DIR/ec.key\n" +
		"smtpd_tls_security_level = may\ntls_server_sni_maps = texthash:DIR/sni\n")
	p := postfixFrom(main, smtpLine+fill(subLine+"  -o smtpd_tls_chain_files=DIR/old\n"))
	sites := p.sites()
	sites[0].beside = []Installed{ec}
	e, err = p.edit(sites, files)
	if err != nil || len(sites) != 3 {
		t.Fatalf("%s %v", show(sites), err)
	}
	for path, line := range map[string]string{p.main: "smtpd_tls_chain_files = /v/b, DIR/ec.key, DIR/ec.pem\n",
		p.master: "  -o smtpd_tls_chain_files=/v/b\n", dir + "/sni": "b.test /v/b\n"} {
		if !strings.HasSuffix(e.texts[path], fill(line)) {
			t.Errorf("Postfix: %s\n%s", path, e.texts[path])
		}
	}
}

// Apache's hosts as well.
func TestEachHostKeepsItsOwn(t *testing.T) {
	dir := t.TempDir()
	const host = "<VirtualHost *:443>\n ServerName %s.test\n SSLEngine on\n SSLCertificateFile DIR/a.pem\n SSLCertificateKeyFile DIR/a.key\n%s</VirtualHost>\n"
	const more = " SSLCertificateFile DIR/old.pem\n SSLCertificateKeyFile DIR/x\n"
	text := fmt.Sprintf(host, "a", more) + fmt.Sprintf(host, "b", "")
	r := apacheFrom(t, dir, map[string]string{"a.conf": text})
	r.Sites[0].beside = []Installed{{dir + "/old.pem", dir + "/x"}}
	e, err := r.edit(r.Sites, []versionFiles{{"/v/c", "/v/k", "/v/b"}})
	want := strings.NewReplacer("DIR/a.pem", "/v/c", "DIR/a.key", "/v/k", "DIR", dir).Replace(text)
	if got := e.texts[dir+"/a.conf"]; err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
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
