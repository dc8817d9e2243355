package services

import (
	"crypto/x509"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

const vhosts = `VirtualHost configuration:
[::1]:443              www.example.test (/etc/a.conf:21)
127.0.0.1:443          is a NameVirtualHost
         default server mail.example.test (/etc/a.conf:15)
         port 443 namevhost mail.example.test (/etc/a.conf:15)
         port 443 namevhost www.example.test (/etc/a (old).conf:21)
                 alias w1.example.test
                 wild alias *.w.example.test
*:8443                mail.example.test (/etc/a.conf:28)
ServerRoot: "/etc/apache2"
Main DocumentRoot: "/var/www"
Main ErrorLog: "/var/log/apache2/error.log"
Mutex default: dir="/run" mechanism=fcntl
PidFile: "/run/apache2.pid"
`

func TestApachesListOfHostsIsRead(t *testing.T) {
	got := fmt.Sprintf("%+v", parseVHosts(vhosts))
	want := "{hosts:[{host:::1 port:443 names:[www.example.test] path:/etc/a.conf line:21} {host:127.0.0.1 port:443 names:[mail.example.test] path:/etc/a.conf line:15} " +
		"{host:127.0.0.1 port:443 names:[www.example.test w1.example.test *.w.example.test] path:/etc/a (old).conf line:21} {host: port:8443 names:[mail.example.test] path:/etc/a.conf line:28}] " +
		"root:/etc/apache2 errorLog:/var/log/apache2/error.log pidFile:/run/apache2.pid}"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// apacheFrom makes a configuration whose hosts Apache found at the lines of "<VirtualHost" in a.conf.
func apacheFrom(t *testing.T, dir string, files map[string]string) (*apacheConf, []Site) {
	t.Helper()
	for name, text := range files {
		put(t, filepath.Join(dir, name), text)
	}
	a := &apacheConf{texts: newTexts(), dump: vhostDump{root: dir}}
	for i, text := range strings.Split(files["a.conf"], "\n") {
		if name, ok := strings.CutPrefix(text, "<VirtualHost "); ok {
			a.dump.add("*:443", strings.TrimSuffix(name, ">")+".test", filepath.Join(dir, "a.conf"), fmt.Sprint(i+1))
		}
	}
	sites, err := a.sites()
	if err != nil {
		t.Fatal(err)
	}
	return a, sites
}

func TestApacheFindsAndEdits(t *testing.T) {
	one := []versionFiles{{"/v/c", "/v/k", "/v/b"}}
	two := append(one, versionFiles{"/v/c2", "/v/k2", "/v/b2"})
	host := func(name, inside string) string {
		return "<VirtualHost " + name + ">\n ServerName " + name + ".test\n SSLEngine on\n" + inside + "</VirtualHost>\n"
	}
	pair := " SSLCertificateFile /a.pem\n SSLCertificateKeyFile \"/a.key\"\n"
	newPair := " SSLCertificateFile /v/c\n SSLCertificateKeyFile /v/k\n"
	for _, c := range []struct {
		name, conf string
		more       map[string]string
		pairs      []versionFiles
		sites      string
		want       map[string]string
		warning    string
	}{
		{name: "where it stands", conf: "# x\n" + host("a", pair) + host("o", pair), pairs: one,
			sites: "https://127.0.0.1:443 a.test /a.pem+/a.key; https://127.0.0.1:443 o.test /a.pem+/a.key", want: map[string]string{"a.conf": "# x\n" + host("a", newPair) + host("o", pair)}},
		{name: "no TLS", conf: host("a", pair) + "<VirtualHost b>\n" + pair + "</VirtualHost>\n", pairs: one, sites: "https://127.0.0.1:443 a.test /a.pem+/a.key", want: map[string]string{"a.conf": host("a", newPair) + "<VirtualHost b>\n" + pair + "</VirtualHost>\n"}},
		{name: "no name of its own", conf: "<VirtualHost machine>\n SSLEngine on\n" + pair + "</VirtualHost>\n", pairs: one, sites: "https://127.0.0.1:443 /a.pem+/a.key",
			want: map[string]string{"a.conf": "<VirtualHost machine>\n SSLEngine on\n" + newPair + "</VirtualHost>\n"}},
		{name: "the key in the same file", conf: host("a", "\tsslcertificatefile /a.pem\n"), pairs: one, sites: "https://127.0.0.1:443 a.test /a.pem+/a.pem",
			want: map[string]string{"a.conf": host("a", "\tsslcertificatefile /v/c\n\tSSLCertificateKeyFile /v/k\n")}},
		{name: "the old chain goes", conf: host("a", pair+" SSLCertificateChainFile /chain\n LogLevel warn\n"), pairs: one, sites: "https://127.0.0.1:443 a.test /a.pem+/a.key",
			want: map[string]string{"a.conf": host("a", newPair+" LogLevel warn\n")}},
		{name: "one becomes two", conf: host("a", pair), pairs: two, sites: "https://127.0.0.1:443 a.test /a.pem+/a.key",
			want: map[string]string{"a.conf": host("a", " SSLCertificateFile /v/c\n SSLCertificateFile /v/c2\n SSLCertificateKeyFile /v/k\n SSLCertificateKeyFile /v/k2\n")}},
		{name: "lines that go on", conf: host("a", " SSLCertificateFile \\\n   /a.pem\n SSLCertificateKeyFile /a.key\n"), pairs: one, sites: "https://127.0.0.1:443 a.test /a.pem+/a.key",
			want: map[string]string{"a.conf": host("a", " SSLCertificateFile \\\n   /v/c\n SSLCertificateKeyFile /v/k\n")}},
		{name: "what waits for no module is left out", conf: host("a", "<IfModule !mod_ssl.c>\n SSLCertificateFile /no\n</IfModule>\n<IfModule mod_ssl.c>\n"+pair+"</IfModule>\n"), pairs: one, sites: "https://127.0.0.1:443 a.test /a.pem+/a.key",
			want: map[string]string{"a.conf": host("a", "<IfModule !mod_ssl.c>\n SSLCertificateFile /no\n</IfModule>\n<IfModule mod_ssl.c>\n"+newPair+"</IfModule>\n")}},
		{name: "an included file that others include", conf: host("a", " Include snip\n") + host("o", " Include snip\n"), more: map[string]string{"snip": pair}, pairs: one,
			sites: "https://127.0.0.1:443 a.test /a.pem+/a.key; https://127.0.0.1:443 o.test /a.pem+/a.key", want: map[string]string{"snip": newPair}, warning: "changes as well"},
		{name: "a macro", conf: host("a", pair) + host("m", " Use Site x\n"), pairs: one, sites: "https://127.0.0.1:443 a.test /a.pem+/a.key; https://127.0.0.1:443 m.test FIXED",
			want: map[string]string{"a.conf": host("a", newPair) + host("m", " Use Site x\n")}},
		{name: "from outside", conf: host("a", pair) + host("o", ""), pairs: one, sites: "https://127.0.0.1:443 a.test /a.pem+/a.key; https://127.0.0.1:443 o.test FIXED", want: map[string]string{"a.conf": host("a", newPair) + host("o", "")}},
		{name: "a variable", conf: host("a", pair) + host("v", " SSLCertificateFile ${DIR}/x\n"), pairs: one, sites: "https://127.0.0.1:443 a.test /a.pem+/a.key; https://127.0.0.1:443 v.test DIR/${DIR}/x+DIR/${DIR}/x FIXED",
			want: map[string]string{"a.conf": host("a", newPair) + host("v", " SSLCertificateFile ${DIR}/x\n")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			files := map[string]string{"a.conf": c.conf}
			for name, text := range c.more {
				files[name] = text
			}
			a, sites := apacheFrom(t, dir, files)
			if got := strings.ReplaceAll(show(sites), dir, "DIR"); got != c.sites {
				t.Errorf("got  %s\nwant %s", got, c.sites)
			}
			chosen, err := choose(Instance{}, sites, &x509.Certificate{DNSNames: []string{"a.test"}})
			if err != nil {
				t.Fatal(err)
			}
			e, err := a.edit(chosen.sites, c.pairs)
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range c.want {
				if got := e.texts[filepath.Join(dir, name)]; got != want || len(e.texts) != len(c.want) {
					t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
				}
			}
			if said := strings.Join(e.warnings, "\n"); (c.warning == "") != (said == "") || !strings.Contains(said, c.warning) {
				t.Errorf("warnings: %q", said)
			}
		})
	}
}
