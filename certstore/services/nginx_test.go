package services

import (
	"crypto/x509"
	"path/filepath"
	"strings"
	"testing"
)

func nginxFrom(t *testing.T, dir string) (*nginxConf, []Site) {
	t.Helper()
	n := &nginxConf{texts: newTexts(), dir: dir}
	root, err := n.load(filepath.Join(dir, "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	return n, n.sites(root)
}

func TestNginxFindsWhatIsEffective(t *testing.T) {
	pair := "ssl_certificate /a.pem; ssl_certificate_key /a.key;"
	for _, c := range []struct{ name, conf, want string }{
		{"one", "http { server { listen 443 ssl; server_name mail.a.test; " + pair + " } }", "https://127.0.0.1:443 mail.a.test /a.pem+/a.key"},
		{"no TLS", "http { server { listen 80; " + pair + " } }", ""},
		{"from http", "http { " + pair + " server { listen 443 ssl; } server { listen [::1]:8443 ssl http2; server_name B.test .c.test; } }",
			"https://127.0.0.1:443 /a.pem+/a.key; https://[::1]:8443 b.test c.test /a.pem+/a.key"},
		{"relative", "http { server { listen 1.2.3.4:443 ssl; ssl_certificate tls/a.pem; ssl_certificate_key tls/a.key; } }", "https://1.2.3.4:443 DIR/tls/a.pem+DIR/tls/a.key"},
		{"two types", "http { server { listen 443 ssl; " + pair + " ssl_certificate /b.pem; ssl_certificate_key /b.key; } }", "https://127.0.0.1:443 /a.pem+/a.key /b.pem+/b.key"},
		{"the default server is first", "http { server { listen 443 ssl; server_name x.test; " + pair + "} server { listen 443 ssl default_server; " + pair + "} }",
			"https://127.0.0.1:443 /a.pem+/a.key; https://127.0.0.1:443 x.test /a.pem+/a.key"},
		{"v4 and v6", "http { server { listen 443 ssl; listen [::]:443 ssl; listen unix:/s ssl; " + pair + " } }", "https://127.0.0.1:443 /a.pem+/a.key"},
		{"the old switch", "http { server { listen 443; ssl on; " + pair + " } }", "https://127.0.0.1:443 /a.pem+/a.key"},
		{"a variable", "http { server { listen 443 ssl; ssl_certificate /x/$ssl_server_name.pem; ssl_certificate_key /x/${ssl_server_name}.key; } }",
			"https://127.0.0.1:443 /x/$ssl_server_name.pem+/x/${ssl_server_name}.key FIXED"},
		{"apart", "http { ssl_certificate_key /a.key; server { listen 443 ssl; ssl_certificate /a.pem; } }", "https://127.0.0.1:443 /a.pem+/a.pem FIXED"},
		{"quotes, comments, other blocks", "# ssl_certificate /no;\nstream { server { listen 993 ssl; } }\nhttp { map $a $b { default \"}\"; ~^x{2}$ 1; }\nserver { listen '443' ssl; # {\n ssl_certificate \"/a b.pem\"; ssl_certificate_key /a.key; location / { return 200 '#;{'; } } }",
			"https://127.0.0.1:443 /a b.pem+/a.key"},
		{"no names of certificates", "http { server { listen 443 ssl; server_name _ \"\" ~^x localhost a.* $hostname; " + pair + " } }", "https://127.0.0.1:443 /a.pem+/a.key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir+"/nginx.conf", c.conf)
			_, sites := nginxFrom(t, dir)
			if got := strings.ReplaceAll(show(sites), dir, "DIR"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestNginxEdits(t *testing.T) {
	one := []versionFiles{{"/v/c", "/v/k", "/v/b"}}
	two := append(one, versionFiles{"/v/c2", "/v/k2", "/v/b2"})
	for _, c := range []struct {
		name        string
		files       map[string]string // FILE to text; * marks what changes
		want        map[string]string
		pairs       []versionFiles
		warning     string
		serverNames string
	}{
		{name: "where it stands", pairs: one,
			files: map[string]string{"nginx.conf": "http {\n server {\n\tlisten 443 ssl; server_name a.test;\n\tssl_certificate \"/a.pem\"; # old\n\tssl_certificate_key /a.key;\n }\n}\n"},
			want:  map[string]string{"nginx.conf": "http {\n server {\n\tlisten 443 ssl; server_name a.test;\n\tssl_certificate /v/c; # old\n\tssl_certificate_key /v/k;\n }\n}\n"}},
		{name: "one becomes two", pairs: two,
			files: map[string]string{"nginx.conf": "http { server { listen 443 ssl;\n  ssl_certificate /a.pem;\n  ssl_certificate_key /a.key;\n} }"},
			want:  map[string]string{"nginx.conf": "http { server { listen 443 ssl;\n  ssl_certificate /v/c;\n  ssl_certificate /v/c2;\n  ssl_certificate_key /v/k;\n  ssl_certificate_key /v/k2;\n} }"}},
		{name: "two become one", pairs: one,
			files: map[string]string{"nginx.conf": "http { server { listen 443 ssl;\n  ssl_certificate /a.pem;\n  ssl_certificate_key /a.key;\n  ssl_certificate /b.pem;\n  ssl_certificate_key /b.key;\n} }"},
			want:  map[string]string{"nginx.conf": "http { server { listen 443 ssl;\n  ssl_certificate /v/c;\n  ssl_certificate_key /v/k;\n} }"}},
		{name: "in an included file", pairs: one,
			files: map[string]string{"nginx.conf": "http { include sites/*; }", "sites/a": "server { listen 443 ssl; server_name a.test; include snip.conf; }", "snip.conf": "ssl_certificate /a.pem;\nssl_certificate_key /a.key;\n"},
			want:  map[string]string{"snip.conf": "ssl_certificate /v/c;\nssl_certificate_key /v/k;\n"}},
		{name: "a file that others include", pairs: one, warning: "changes as well",
			files: map[string]string{"nginx.conf": "http { server { listen 443 ssl; server_name a.test; include s; } server { listen 443 ssl; server_name o.test; include s; } }", "s": "ssl_certificate /a.pem; ssl_certificate_key /a.key;"},
			want:  map[string]string{"s": "ssl_certificate /v/c; ssl_certificate_key /v/k;"}},
		{name: "from http, for all", pairs: one,
			files: map[string]string{"nginx.conf": "http { ssl_certificate /a.pem; ssl_certificate_key /a.key; server { listen 443 ssl; server_name a.test; } }"},
			want:  map[string]string{"nginx.conf": "http { ssl_certificate /v/c; ssl_certificate_key /v/k; server { listen 443 ssl; server_name a.test; } }"}},
		{name: "from http, where others would change", pairs: one,
			files: map[string]string{"nginx.conf": "http { ssl_certificate /a.pem; ssl_certificate_key /a.key;\n  server {\n    listen 443 ssl; server_name a.test;\n  }\n  server { listen 443 ssl; server_name o.test; } }"},
			want:  map[string]string{"nginx.conf": "http { ssl_certificate /a.pem; ssl_certificate_key /a.key;\n  server {\n      ssl_certificate /v/c;\n      ssl_certificate_key /v/k;\n    listen 443 ssl; server_name a.test;\n  }\n  server { listen 443 ssl; server_name o.test; } }"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range c.files {
				put(t, filepath.Join(dir, name), text)
			}
			n, sites := nginxFrom(t, dir)
			chosen, err := choose(Instance{}, sites, &x509.Certificate{DNSNames: []string{"a.test"}})
			if err != nil {
				t.Fatal(err)
			}
			e, err := n.edit(chosen.sites, c.pairs)
			if err != nil {
				t.Fatal(err)
			}
			if len(e.texts) != len(c.want) {
				t.Errorf("%d files change", len(e.texts))
			}
			for name, want := range c.want {
				if got := e.texts[filepath.Join(dir, name)]; got != want {
					t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
				}
			}
			if said := strings.Join(e.warnings, "\n"); (c.warning == "") != (said == "") || !strings.Contains(said, c.warning) {
				t.Errorf("warnings: %q", said)
			}
		})
	}
}

func TestNginxRefusesWhatItCannotRead(t *testing.T) {
	for name, text := range map[string]string{
		"a brace too many": "http { } }", "a brace too few": "http {", "no semicolon": "http { server { listen 443 ssl } }\nx", "nothing before a brace": "{ }",
		"too deep": strings.Repeat("a {", 40) + strings.Repeat("}", 40),
	} {
		if _, err := parseNginx("nginx.conf", text); err == nil {
			t.Errorf("%s is read", name)
		}
	}
	dir := t.TempDir()
	put(t, dir+"/nginx.conf", "include nginx.conf;")
	n := &nginxConf{texts: newTexts(), dir: dir}
	if _, err := n.load(dir + "/nginx.conf"); err == nil || !strings.Contains(err.Error(), "too many") {
		t.Error(err)
	}
}
