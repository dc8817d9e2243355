package drivers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

func nginxFrom(t *testing.T, dir string) (*nginxConf, []daemon.Site) {
	t.Helper()
	n := &nginxConf{texts: newTexts(), main: filepath.Join(dir, "nginx.conf")}
	if err := n.load(); err != nil {
		t.Fatal(err)
	}
	return n, n.sites()
}

func TestNginxFindsWhatIsEffective(t *testing.T) {
	pair := "ssl_certificate /a.pem; ssl_certificate_key /a.key;"
	for _, c := range []struct{ name, conf, want string }{
		{"one", "http { server { listen 443 ssl; server_name mail.a.test; " + pair + " } }", "https://127.0.0.1:443 mail.a.test /a.pem+/a.key"},
		{"no TLS", "http { server { listen 80; " + pair + " } }", ""},
		{"from http", "http { " + pair + " server { listen 443 ssl; } server { listen [::1]:8443 ssl http2; server_name B.test .c.test; } }",
			"https://127.0.0.1:443 /a.pem+/a.key; https://[::1]:8443 b.test c.test *.c.test /a.pem+/a.key"},
		{"relative", "http { server { listen 1.2.3.4:443 ssl; ssl_certificate tls/a.pem; ssl_certificate_key tls/a.key; } }", "https://1.2.3.4:443 DIR/tls/a.pem+DIR/tls/a.key"},
		{"two types", "http { server { listen 443 ssl; " + pair + " ssl_certificate /b.pem; ssl_certificate_key /b.key; } }", "https://127.0.0.1:443 /a.pem+/a.key /b.pem+/b.key"},
		{"the default server is first", "http { server { listen 443 ssl; server_name x.test; " + pair + "} server { listen 443 ssl default_server; " + pair + "} }",
			"https://127.0.0.1:443 /a.pem+/a.key; https://127.0.0.1:443 x.test /a.pem+/a.key"},
		{"v4 and v6", "http { server { listen 443 ssl; listen [::]:443 ssl; listen unix:/s ssl; " + pair + " } }", "https://127.0.0.1:443 /a.pem+/a.key"},
		{"the old switch", "http { server { listen 443; ssl on; " + pair + " } }", "https://127.0.0.1:443 /a.pem+/a.key"},
		{"a variable", "http { server { listen 443 ssl; ssl_certificate /x/$ssl_server_name.pem; ssl_certificate_key /x/${ssl_server_name}.key; } }",
			"https://127.0.0.1:443 /x/$ssl_server_name.pem+/x/${ssl_server_name}.key FIXED"},
		{"apart", "http { ssl_certificate_key /a.key; server { listen 443 ssl; ssl_certificate /a.pem; } }", "https://127.0.0.1:443 /a.pem+/a.key"},
		{"quotes, comments, other blocks", "# ssl_certificate /no;\nstream { server { listen 993 ssl; } }\nhttp { map $a $b { default \"}\"; '~^x{2}$' 1; }\nserver { listen '443' ssl; # {\n ssl_certificate \"/a b.pem\"; ssl_certificate_key /a.key; location / { return 200 '#;{'; } } }",
			"https://127.0.0.1:443 /a b.pem+/a.key"},
		{"ssl said once for a port", "http { server { listen 443 ssl; server_name x.test; " + pair + "} server { listen 443; server_name y.test; " + pair + "} server { listen 127.0.0.1:443; server_name z.test; " + pair + "} }",
			"https://127.0.0.1:443 x.test /a.pem+/a.key; https://127.0.0.1:443 y.test /a.pem+/a.key"},
		{"the default of each port is before the others of it", "http { server { listen 443 ssl; server_name x.test; " + pair + "} server { listen 443 ssl; listen 444 ssl default_server; server_name y.test; " + pair + "} server { listen 444 ssl; server_name z.test; " + pair + "} }",
			"https://127.0.0.1:443 x.test /a.pem+/a.key; https://127.0.0.1:443 https://127.0.0.1:444 y.test /a.pem+/a.key; https://127.0.0.1:444 z.test /a.pem+/a.key"},
		{"several ports in one", "http { server { listen 8443-8444 ssl; " + pair + "} }", "https://127.0.0.1:8443 https://127.0.0.1:8444 /a.pem+/a.key"},
		{"only IPv6", "http { server { listen [::]:443 ssl ipv6only=on; " + pair + "} }", "https://[::1]:443 /a.pem+/a.key"},
		{"QUIC beside TCP", "http { server { listen 443 quic; listen 443 ssl; " + pair + "} server { listen 444 quic; " + pair + "} }", "https://127.0.0.1:443 /a.pem+/a.key"},
		{"PROXY protocol beside a port without", "http { server { listen 443 ssl; listen 444 ssl proxy_protocol; " + pair + "} server { listen 445 ssl proxy_protocol; " + pair + "} }",
			"https://127.0.0.1:443 https://127.0.0.1:444 PROXY /a.pem+/a.key; https://127.0.0.1:445 PROXY /a.pem+/a.key"},
		{"one that refuses all", "http { server { listen 443 ssl default_server; ssl_reject_handshake on; } server { listen 443 ssl; server_name x.test; " + pair + "} }", "https://127.0.0.1:443 x.test /a.pem+/a.key"},
		{"patterns", "http { server { listen 443 ssl; server_name _; return 444; " + pair + "} server { listen 443 ssl; server_name ~^a; " + pair + "} server { listen 443 ssl; server_name b.*; " + pair + "} server { listen 443 ssl; server_name \"\"; " + pair + "} server { listen 443 ssl; server_name intranet; " + pair + "} }",
			"https://127.0.0.1:443 /a.pem+/a.key; https://127.0.0.1:443 /a.pem+/a.key; https://127.0.0.1:443 /a.pem+/a.key; https://127.0.0.1:443 intranet /a.pem+/a.key"},
		{"keys that are in no file", "http { server { listen 443 ssl; ssl_certificate data:$c; ssl_certificate_key data:$k; } server { listen 444 ssl; ssl_certificate /a; ssl_certificate_key engine:x:1; } server { listen 445 ssl; " + pair + " ssl_certificate_by_lua_file x; } }",
			"https://127.0.0.1:443 data:$c+data:$k FIXED; https://127.0.0.1:444 /a+engine:x:1 FIXED; https://127.0.0.1:445 /a.pem+/a.key FIXED"},
		{"in several shared files", "http { server { listen 443 ssl; server_name a.test; include c; include k; } server { listen 443 ssl; server_name o.test; include c; ssl_certificate_key /a.key; } }",
			"https://127.0.0.1:443 a.test /a.pem+/a.key FIXED; https://127.0.0.1:443 o.test /a.pem+/a.key FIXED"},
		{"Lua", "http { server { listen 443 ssl; location / { content_by_lua_block {\n local t = {1, 2} -- }\n --[[ } ]] ngx.say(\"n=}\", 'a\\'}', [==[ ]] } ]==], #t)\n } }\n init_by_lua_block { a = '{' } " + pair + " } }",
			"https://127.0.0.1:443 /a.pem+/a.key"},
		{"a brace in a word", "http { server { listen 443 ssl; return 200 a}b${x}c; ssl_certificate '/a\\'b.pem'; ssl_certificate_key /a.key; } }", "https://127.0.0.1:443 /a'b.pem+/a.key"},
		{"no names of certificates", "http { server { listen 443 ssl; server_name _ \"\" ~^x localhost a.* $hostname; " + pair + " } }", "https://127.0.0.1:443 /a.pem+/a.key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			daemontest.Put(t, dir+"/nginx.conf", c.conf)
			daemontest.Put(t, dir+"/c", "ssl_certificate /a.pem;")
			daemontest.Put(t, dir+"/k", "ssl_certificate_key /a.key;")
			_, sites := nginxFrom(t, dir)
			if got := strings.ReplaceAll(show(sites), dir, "DIR"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestNginxEdits(t *testing.T) {
	one := []daemon.Files{{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"}}
	two := append(one, daemon.Files{Cert: "/v/c2", Key: "/v/k2", Combined: "/v/b2"})
	for _, c := range []struct {
		name  string
		files map[string]string
		want  map[string]string // those that change
		pairs []daemon.Files
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
		{name: "a file that others include", pairs: one,
			files: map[string]string{"nginx.conf": "http { server { listen 443 ssl; server_name a.test; include s; } server { listen 443 ssl; server_name o.test; include s; } }", "s": "ssl_certificate /a.pem; ssl_certificate_key /a.key; # x"},
			want:  map[string]string{"nginx.conf": "http { server { listen 443 ssl; server_name a.test; ssl_certificate /v/c; ssl_certificate_key /v/k; # x\n } server { listen 443 ssl; server_name o.test; include s; } }"}},
		{name: "hosts in a file that is included twice", pairs: one,
			files: map[string]string{"nginx.conf": "http { include sites/*; include sites/a; }", "s": "ssl_certificate /a.pem; ssl_certificate_key /a.key;",
				"sites/a": "server { listen 443 ssl; server_name a.test; include s; }\nserver { listen 443 ssl; server_name o.test; include s; }\n"},
			want: map[string]string{"sites/a": "server { listen 443 ssl; server_name a.test; ssl_certificate /v/c; ssl_certificate_key /v/k;\n }\nserver { listen 443 ssl; server_name o.test; include s; }\n"}},
		{name: "a file in a file that others include", pairs: one,
			files: map[string]string{"nginx.conf": "http { server { listen 443 ssl; server_name a.test;\n  include d/*.conf;\n } server { listen 443 ssl; server_name o.test; include s; } }",
				"d/1.conf": "ssl_protocols TLSv1.3;\ninclude s;\n", "d/2.conf": "keepalive_timeout 5;", "s": "ssl_certificate_key /a.key;\nssl_certificate /a.pem;\n"},
			want: map[string]string{"nginx.conf": "http { server { listen 443 ssl; server_name a.test;\n  ssl_protocols TLSv1.3;\nssl_certificate_key /v/k;\nssl_certificate /v/c;\nkeepalive_timeout 5;\n } server { listen 443 ssl; server_name o.test; include s; } }"}},
		{name: "a key from http", pairs: one,
			files: map[string]string{"nginx.conf": "http { ssl_certificate_key /a.key;\n server { listen 443 ssl; server_name a.test;\n  ssl_certificate /a.pem;\n }\n server { listen 443 ssl; server_name o.test;\n  ssl_certificate /a.pem;\n } }"},
			want:  map[string]string{"nginx.conf": "http { ssl_certificate_key /a.key;\n server { listen 443 ssl; server_name a.test;\n  ssl_certificate /v/c;\n  ssl_certificate_key /v/k;\n }\n server { listen 443 ssl; server_name o.test;\n  ssl_certificate /a.pem;\n } }"}},
		{name: "a path with a blank", pairs: []daemon.Files{{Cert: "/v 1/c", Key: "/v 1/k", Combined: "/v 1/b"}},
			files: map[string]string{"nginx.conf": "http { server { listen 443 ssl; ssl_certificate /a.pem; ssl_certificate_key /a.key; } }"},
			want:  map[string]string{"nginx.conf": "http { server { listen 443 ssl; ssl_certificate \"/v 1/c\"; ssl_certificate_key \"/v 1/k\"; } }"}},
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
				daemontest.Put(t, filepath.Join(dir, name), text)
			}
			n, sites := nginxFrom(t, dir)
			e, err := n.edit(sites[:1], c.pairs)
			if err != nil {
				t.Fatal(err)
			}
			if len(e.Texts) != len(c.want) {
				t.Errorf("%d files change", len(e.Texts))
			}
			for name, want := range c.want {
				if got := e.Texts[filepath.Join(dir, name)]; got != want {
					t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
				}
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
	daemontest.Put(t, dir+"/nginx.conf", "include nginx.conf;")
	n := &nginxConf{texts: newTexts(), main: dir + "/nginx.conf"}
	if err := n.load(); err == nil || !strings.Contains(err.Error(), "too many") {
		t.Error(err)
	}
}

func TestNginxIncludesWhatGlobFinds(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"c/a.conf", "c/b.conf", "c/.b.conf.swp", "c/.d.conf", "c/.x/e.conf", "plain"} {
		daemontest.Put(t, filepath.Join(dir, name), "")
	}
	n := &nginxConf{main: dir + "/nginx.conf"}
	for pattern, want := range map[string]string{
		"c/*": "a.conf b.conf", "c/.*.conf": ".d.conf", "c/*.conf": "a.conf b.conf", "c/*/*": "", "c/.x/*": "e.conf", "c/[!a].conf": "b.conf",
		"c/.d.conf": ".d.conf", "plain": "plain", "none": "", "none*": "", dir + "/pl?in": "plain",
	} {
		var got []string
		for _, path := range n.filesOf(pattern) {
			got = append(got, filepath.Base(path))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
	n.reported = map[string]bool{dir + "/c/b.conf": true}
	if got := n.filesOf("c/*"); len(got) != 1 {
		t.Errorf("nginx reads one of them: %q", got)
	}
}

func TestNginxNamesAndLeavesAside(t *testing.T) {
	dir := t.TempDir()
	daemontest.Put(t, dir+"/nginx.conf", "mail { server { listen 993 ssl; ssl_certificate m.pem; } server { listen 143; starttls on; } server { listen 110; starttls off; } }\n"+
		"stream { server { listen 636 ssl; } }\nhttp { ssl_trusted_certificate /ca; include s; server { listen 443 ssl; ssl_reject_handshake on; }\n"+
		"server { listen unix:/s ssl; ssl_certificate /u.pem; } server { listen 444 ssl proxy_protocol; } server { listen 445 ssl; server_name a.test ~x; } }")
	daemontest.Put(t, dir+"/s", "proxy_ssl_certificate /c.pem; proxy_ssl_certificate_key c.key; ssl_dhparam dh; ssl_certificate /$x.pem; ssl_protocols TLSv1.3;")
	n, _ := nginxFrom(t, dir)
	if got := strings.ReplaceAll(strings.Join(n.named(), " "), dir, "DIR"); got != "/c.pem /ca DIR/c.key DIR/dh DIR/m.pem DIR/nginx.conf DIR/s /u.pem" {
		t.Errorf("it names %s", got)
	}
	for i, want := range []string{"nginx.conf:3 refuses every handshake", "nginx.conf:4 speaks TLS only on a unix", "nginx.conf:1 speaks TLS in the mail", "nginx.conf:1 speaks TLS in the mail", "nginx.conf:2 speaks TLS in the stream"} {
		if len(n.aside) != 5 || !strings.Contains(n.aside[i], want) {
			t.Errorf("aside: %q", n.aside)
		}
	}
	if said := strings.Join(n.warnings, "\n"); len(n.warnings) != 1 || !strings.Contains(said, "a pattern matches") {
		t.Errorf("warnings: %s", said)
	}
}

// TestNginxIsCalledAsItWasStarted: logs and pid of one with a prefix of its own lie below it.
func TestNginxIsCalledAsItWasStarted(t *testing.T) {
	daemontest.Need(t, "nginx")
	h := daemon.Host{Root: t.TempDir()}
	config := h.Root + "/srv/conf/nginx.conf"
	daemontest.Put(t, config, "pid run/pid; error_log log; http { server { listen 443 ssl; ssl_certificate a; ssl_certificate_key b; } }")
	read := func(want string) {
		t.Helper()
		r, err := nginx{}.Read(context.Background(), h, daemon.Instance{Config: config})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.ReplaceAll(strings.Join([]string{r.PidFile, r.Log, r.Start.String()}, "|"), h.Root, "R"); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	read("/usr/share/nginx/run/pid|/usr/share/nginx/log|nginx -c R/srv/conf/nginx.conf")
	daemontest.Put(t, h.Root+"/proc/7/stat", "7 (nginx) S 1")
	daemontest.Put(t, h.Root+"/proc/7/cmdline", "nginx: master process nginx -p "+h.Root+"/srv/ -cconf/nginx.conf -g daemon on;\x00\x00")
	const same = "R/srv/run/pid|R/srv/log|nginx -p R/srv/ -c R/srv/conf/nginx.conf"
	read(same)
	os.RemoveAll(h.Root + "/proc")
	read(same)
}

// TestNginxIsNotGivenTextsThatTakeAPair: what a plan may not do, however it came about.
func TestNginxIsNotGivenTextsThatTakeAPair(t *testing.T) {
	dir := t.TempDir()
	const conf = "http { server { listen 443 ssl; %s } server { listen 443 ssl; server_name o.test; %s } }"
	pair, other, next := "ssl_certificate /a; ssl_certificate_key /b;", "ssl_certificate /o; ssl_certificate_key /p;", "ssl_certificate /c; ssl_certificate_key /k;"
	daemontest.Put(t, dir+"/nginx.conf", fmt.Sprintf(conf, pair, other))
	n, _ := nginxFrom(t, dir)
	for text, allowed := range map[string]bool{
		fmt.Sprintf(conf, next, other): true, fmt.Sprintf(conf, pair, other): false, fmt.Sprintf(conf, "", other): false, fmt.Sprintf(conf, next, ""): false,
		fmt.Sprintf(conf, next, pair): false, fmt.Sprintf(conf, next+other, other): false, "http { " + next + " }": false, "http { {": false,
	} {
		p := &nginxPlan{conf: n, files: []daemon.Files{{Cert: "/c", Key: "/k"}}, meant: map[int]daemon.Site{0: {}}}
		if err := p.verify(map[string]string{dir + "/nginx.conf": text}); (err == nil) != allowed {
			t.Errorf("%v for\n%s", err, text)
		}
	}
}

// TestNginxKnowsAFileByAllItsLinks: it is changed once, and serves all who include it by any of them.
func TestNginxKnowsAFileByAllItsLinks(t *testing.T) {
	dir := t.TempDir()
	daemontest.Put(t, dir+"/nginx.conf", "http { server { listen 443 ssl; server_name a.test; include snip; } server { listen 443 ssl; server_name b.test; include othe?; } }")
	daemontest.Put(t, dir+"/snip", "ssl_certificate /a; ssl_certificate_key /k;")
	if err := os.Symlink("snip", dir+"/other"); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"DIR/nginx.conf", "DIR/nginx.conf", "DIR/snip"} {
		n, sites := nginxFrom(t, dir)
		e, err := n.edit([][]daemon.Site{sites[:1], sites[1:], sites}[i], []daemon.Files{{Cert: "/c", Key: "/k", Combined: "/b"}})
		if got := strings.ReplaceAll(strings.Join(sortedKeys(e.Texts), " "), dir, "DIR"); err != nil || got != want {
			t.Errorf("changed: %q, want %q; %v", got, want, err)
		}
	}
}
