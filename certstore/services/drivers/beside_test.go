package drivers

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// Each place of one change keeps what it alone has: the new certificate goes to all, and no place loses or gains another.
func TestEachPlaceKeepsItsOwn(t *testing.T) {
	dir := t.TempDir()
	daemontest.Put(t, dir+"/ec.pem", certBegin)
	daemontest.Put(t, dir+"/ec.key", keyEnd)
	daemontest.Put(t, dir+"/old", keyEnd+certBegin)
	ec := daemon.Installed{Cert: dir + "/ec.pem", Key: dir + "/ec.key"}
	files := []daemon.Files{{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"}}
	fill := func(text string) string { return strings.ReplaceAll(text, "DIR", dir) }

	daemontest.Put(t, dir+"/nginx.conf", fill("http { server { listen 443 ssl; ssl_certificate DIR/old; ssl_certificate_key DIR/old; ssl_certificate DIR/ec.pem; ssl_certificate_key DIR/ec.key; }"+
		" server { listen 443 ssl; server_name b.test; ssl_certificate DIR/old; ssl_certificate_key DIR/old; } }"))
	n, served := nginxFrom(t, dir)
	served[0].Beside = []daemon.Installed{ec}
	e, err := n.edit(served, files)
	want := fill("http { server { listen 443 ssl; ssl_certificate /v/c; ssl_certificate_key /v/k; ssl_certificate DIR/ec.pem; ssl_certificate_key DIR/ec.key; }" +
		" server { listen 443 ssl; server_name b.test; ssl_certificate /v/c; ssl_certificate_key /v/k; } }")
	if got := e.Texts[dir+"/nginx.conf"]; err != nil || got != want || len(e.Pairs) != 1 {
		t.Errorf("nginx: %v %v\n%s\nwant\n%s", err, e.Pairs, got, want)
	}

	daemontest.Put(t, dir+"/sni", fill("b.test DIR/old\n"))
	main := fill("smtpd_tls_cert_file = DIR/old\nsmtpd_tls_eccert_file = DIR/ec.pem\nsmtpd_tls_eckey_file = DIR/ec.key\n" +
		"smtpd_tls_security_level = may\ntls_server_sni_maps = texthash:DIR/sni\n")
	p := postfixFrom(main, smtpLine+fill(subLine+"  -o smtpd_tls_chain_files=DIR/old\n"))
	sites := p.sites()
	sites[0].Beside = []daemon.Installed{ec}
	e, err = p.edit(sites, files)
	if err != nil || len(sites) != 3 {
		t.Fatalf("%s %v", show(sites), err)
	}
	for path, line := range map[string]string{p.main: "smtpd_tls_chain_files = /v/b, DIR/ec.key, DIR/ec.pem\n",
		p.master: "  -o smtpd_tls_chain_files=/v/b\n", dir + "/sni": "b.test /v/b\n"} {
		if !strings.HasSuffix(e.Texts[path], fill(line)) {
			t.Errorf("Postfix: %s\n%s", path, e.Texts[path])
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
	r.Sites[0].Beside = []daemon.Installed{{Cert: dir + "/old.pem", Key: dir + "/x"}}
	e, err := r.Edit(r.Sites, []daemon.Files{{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"}})
	want := strings.NewReplacer("DIR/a.pem", "/v/c", "DIR/a.key", "/v/k", "DIR", dir).Replace(text)
	if got := e.Texts[dir+"/a.conf"]; err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

// A chain file is read from its beginning: a key that comes behind its certificate, or twice, cannot be in one.
func TestWhatAChainOfPostfixCanName(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"cert": certBegin, "key": keyEnd, "both": keyEnd + certBegin, "last": certBegin + keyEnd} {
		daemontest.Put(t, dir+"/"+name, text)
	}
	for pair, want := range map[string]bool{"both both": true, "cert key": true, "last last": false, "both key": false, "cert none": false} {
		cert, key, _ := strings.Cut(pair, " ")
		if got := chainable(daemon.Installed{Cert: dir + "/" + cert, Key: dir + "/" + key}); got != want {
			t.Errorf("%s: %v", pair, got)
		}
	}
}
