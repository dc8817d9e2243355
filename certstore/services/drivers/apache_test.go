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

const vhosts = `Included configuration files:
  (*) /etc/a.conf
    (2) /etc/b.conf
      (1) /etc/c.conf
      (1) /etc/d (old).conf
    (9) /etc/c.conf
VirtualHost configuration:
[::1]:443              www.example.test (/etc/a.conf:21)
127.0.0.1:443          is a NameVirtualHost
         default server mail.example.test (/etc/a.conf:15)
         port 443 namevhost mail.example.test (/etc/a.conf:15)
         port 443 namevhost www.example.test (/etc/a (old).conf:21)
                 alias w1.example.test
                 wild alias *.w.example.test
*:8443                mail.example.test (/etc/a.conf:28)
*:*                   any.example.test (macro 'vh' (defined on line 3 of "/etc/a.conf") used on line 45 of "/etc/a.conf":1)
# In file: /etc/a.conf
#   3:
Listen 443
#  15:
<VirtualHost 127.0.0.1:443>
# In file: macro 'tls' (defined on line 46 of "/etc/a.conf") used on line 52 of "/etc/a.conf"
  #   2:
  SSLCertificateFile "/a b.pem"
# In file: /etc/a.conf
  # 18:
  <Directory />
    #  34:
    Require all granted
  </Directory>
</VirtualHost>
ServerRoot: "/etc/apache2"
Main DocumentRoot: "/var/www"
Main ErrorLog: "/var/log/apache2/error.log"
Mutex default: dir="/run" mechanism=fcntl
PidFile: "/run/apache2.pid"
Define: PAIR=/tmp/old
Define: DUMP_VHOSTS
`

func TestWhatApacheTellsIsRead(t *testing.T) {
	d := parseApacheDump(vhosts)
	var tree []string
	d.active.walk(func(n *apacheNode) {
		tree = append(tree, fmt.Sprintf("%s|%s|%d%t", n.name, n.first(), n.line, n.macro()))
	})
	d.active = nil
	got := fmt.Sprintf("%+v\n%s", d, strings.Join(tree, " "))
	want := "{hosts:[{host:::1 port:443 names:[www.example.test] spot:{path:/etc/a.conf line:21}} {host:127.0.0.1 port:443 names:[mail.example.test] spot:{path:/etc/a.conf line:15}} " +
		"{host:127.0.0.1 port:443 names:[www.example.test w1.example.test *.w.example.test] spot:{path:/etc/a (old).conf line:21}} {host: port:8443 names:[mail.example.test] spot:{path:/etc/a.conf line:28}} " +
		"{host: port:0 names:[any.example.test] spot:{path:macro 'vh' (defined on line 3 of \"/etc/a.conf\") used on line 45 of \"/etc/a.conf\" line:1}}] " +
		"root:/etc/apache2 errorLog:/var/log/apache2/error.log pidFile:/run/apache2.pid defines:map[DUMP_VHOSTS: PAIR:/tmp/old] " +
		"files:[{parent:-1 line:0 path:/etc/a.conf as:} {parent:0 line:2 path:/etc/b.conf as:} {parent:1 line:1 path:/etc/c.conf as:} {parent:1 line:1 path:/etc/d (old).conf as:} {parent:0 line:9 path:/etc/c.conf as:}] active:<nil>}\n" +
		"listen|443|3false <virtualhost|127.0.0.1:443|15false sslcertificatefile|/a b.pem|2true <directory|/|18false require|all|34false"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

const apacheMain = `ServerRoot DIR
PidFile DIR/pid
ErrorLog DIR/log
Listen 443
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
LoadModule macro_module /usr/lib/apache2/modules/mod_macro.so
ServerName machine.test
Include DIR/a.conf
`

// apacheFrom has Apache read files of a directory, a.conf first, and gives what it makes of them.
func apacheFrom(t testing.TB, dir string, files map[string]string) *daemon.Reading {
	t.Helper()
	daemontest.Need(t, "apache2")
	for name, text := range files {
		daemontest.Put(t, filepath.Join(dir, name), strings.ReplaceAll(text, "DIR", dir))
	}
	for _, name := range []string{"a.pem", "a.key", "chain", "old.pem", "x"} {
		daemontest.Put(t, filepath.Join(dir, name), "x")
	}
	daemontest.Put(t, filepath.Join(dir, "main.conf"), strings.ReplaceAll(apacheMain, "DIR", dir))
	r, err := apache{}.Read(context.Background(), daemon.Host{}, daemon.Instance{Driver: "apache", Config: filepath.Join(dir, "main.conf")})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestApacheFindsAndEdits(t *testing.T) {
	one := []daemon.Files{{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"}}
	two := append(one, daemon.Files{Cert: "/v/c2", Key: "/v/k2", Combined: "/v/b2"})
	host := func(name, inside string) string {
		return "<VirtualHost *:443>\n ServerName " + name + ".test\n SSLEngine on\n" + inside + "</VirtualHost>\n"
	}
	pair := " SSLCertificateFile DIR/a.pem\n SSLCertificateKeyFile \"DIR/a.key\"\n"
	old := " SSLCertificateFile DIR/old.pem\n SSLCertificateKeyFile DIR/old.pem\n"
	newPair := " SSLCertificateFile /v/c\n SSLCertificateKeyFile /v/k\n"
	const at, a, o = "https://127.0.0.1:443 ", "https://127.0.0.1:443 a.test DIR/a.pem+DIR/a.key", "; https://127.0.0.1:443 o.test DIR/a.pem+DIR/a.key"
	for _, c := range []struct {
		name, conf string
		more       map[string]string
		pairs      []daemon.Files
		sites      string
		want       map[string]string
		err        string
		chained    bool
	}{
		{name: "where it stands", conf: "# x\n" + host("a", pair) + host("o", pair), sites: a + o,
			want: map[string]string{"a.conf": "# x\n" + host("a", newPair) + host("o", pair)}},
		{name: "no TLS", conf: host("a", pair) + "<VirtualHost *:443>\n SSLEngine off\n" + pair + "</VirtualHost>\n", sites: a,
			want: map[string]string{"a.conf": host("a", newPair) + "<VirtualHost *:443>\n SSLEngine off\n" + pair + "</VirtualHost>\n"}},
		{name: "no SSLEngine, on a port for https", conf: "SSLProtocol all\n" + strings.Replace(host("a", pair), " SSLEngine on\n", "", 1), sites: a,
			want: map[string]string{"a.conf": "SSLProtocol all\n" + strings.Replace(host("a", newPair), " SSLEngine on\n", "", 1)}},
		{name: "no SSLEngine, and nothing of TLS around it", conf: host("a", pair) + strings.Replace(host("o", pair), " SSLEngine on\n", "", 1), sites: a,
			want: map[string]string{"a.conf": host("a", newPair) + strings.Replace(host("o", pair), " SSLEngine on\n", "", 1)}},
		{name: "no name of its own", conf: strings.Replace(host("a", pair), " ServerName a.test\n", "", 1), sites: at + "DIR/a.pem+DIR/a.key",
			want: map[string]string{"a.conf": strings.Replace(host("a", newPair), " ServerName a.test\n", "", 1)}},
		{name: "a port nobody listens at", conf: host("a", pair) + strings.ReplaceAll(host("o", pair), "443", "444"), sites: a,
			want: map[string]string{"a.conf": host("a", newPair) + strings.ReplaceAll(host("o", pair), "443", "444")}},
		{name: "the key in the same file", conf: host("a", "\tsslcertificatefile DIR/a.pem\n"), sites: at + "a.test DIR/a.pem+DIR/a.pem",
			want: map[string]string{"a.conf": host("a", "\tsslcertificatefile /v/c\n\tSSLCertificateKeyFile /v/k\n")}},
		{name: "the old chain goes", conf: host("a", pair+" SSLCertificateChainFile DIR/chain\n LogLevel warn\n"), sites: a,
			want: map[string]string{"a.conf": host("a", newPair+" LogLevel warn\n")}},
		{name: "a chain that another certificate needs", conf: host("a", pair+" SSLCertificateChainFile DIR/chain\n"), sites: a, chained: true,
			want: map[string]string{"a.conf": host("a", newPair+" SSLCertificateChainFile DIR/chain\n")}},
		{name: "one that the server around it names", conf: " SSLCertificateChainFile DIR/chain\n" + host("a", pair), sites: a, chained: true,
			want: map[string]string{"a.conf": " SSLCertificateChainFile DIR/chain\n" + host("a", newPair)}},
		{name: "one in a file for others as well", conf: host("a", " Include snip\n") + host("o", " Include snip\n"), more: map[string]string{"snip": pair + " SSLCertificateChainFile DIR/chain\n"}, sites: a + o, chained: true,
			want: map[string]string{"a.conf": host("a", " "+newPair+" SSLCertificateChainFile DIR/chain\n") + host("o", " Include snip\n")}},
		{name: "one becomes two", conf: host("a", pair), pairs: two, sites: a,
			want: map[string]string{"a.conf": host("a", " SSLCertificateFile /v/c\n SSLCertificateFile /v/c2\n SSLCertificateKeyFile /v/k\n SSLCertificateKeyFile /v/k2\n")}},
		{name: "two become one", conf: host("a", pair+old), sites: a + " DIR/old.pem+DIR/old.pem", want: map[string]string{"a.conf": host("a", newPair)}},
		{name: "lines that go on", conf: host("a", " SSLCertificateFile \\\n   DIR/a.pem\n SSLCertificateKeyFile DIR/a.key\n"), sites: a,
			want: map[string]string{"a.conf": host("a", " SSLCertificateFile \\\n   /v/c\n SSLCertificateKeyFile /v/k\n")}},
		{name: "a line that goes on within a word", conf: host("a", " # no \\\n SSLCertificateFile DIR/x\n SSLCertificateFile \"DIR/a.p\\\nem\"\n SSLCertificateKeyFile DIR/a.k\\\ney\n"), sites: a,
			want: map[string]string{"a.conf": host("a", " # no \\\n SSLCertificateFile DIR/x\n"+newPair)}},
		{name: "aliases of a host that is alone on its port", conf: host("a", " ServerAlias B.test \"c.test\"\n ServerAlias *.d.test ?.test\n"+pair), sites: at + "a.test b.test c.test *.d.test DIR/a.pem+DIR/a.key",
			want: map[string]string{"a.conf": host("a", " ServerAlias B.test \"c.test\"\n ServerAlias *.d.test ?.test\n"+newPair)}},
		{name: "a section that is not active", conf: host("a", "<IfModule !mod_ssl.c>\n"+old+"</IfModule>\n<IfModule mod_ssl.c>\n"+pair+"</IfModule>\n"), sites: a,
			want: map[string]string{"a.conf": host("a", "<IfModule !mod_ssl.c>\n"+old+"</IfModule>\n<IfModule mod_ssl.c>\n"+newPair+"</IfModule>\n")}},
		{name: "sections in sections", sites: a,
			conf: host("a", "<IfFile DIR/none>\n<IfVersion > 2.4>\n"+old+"</IfVersion>\n</IfFile>\n<IfVersion > 2.4>\n<IfDefine !X>\n"+pair+"</IfDefine>\n<IfDefine X>\n"+old+"</IfDefine>\n</IfVersion>\n"),
			want: map[string]string{"a.conf": host("a", "<IfFile DIR/none>\n<IfVersion > 2.4>\n"+old+"</IfVersion>\n</IfFile>\n<IfVersion > 2.4>\n<IfDefine !X>\n"+newPair+"</IfDefine>\n<IfDefine X>\n"+old+"</IfDefine>\n</IfVersion>\n")}},
		{name: "a module that is loaded too late to count", conf: host("a", "<IfModule env_module>\n"+old+"</IfModule>\n"+pair) + "LoadModule env_module /usr/lib/apache2/modules/mod_env.so\n", sites: a,
			want: map[string]string{"a.conf": host("a", "<IfModule env_module>\n"+old+"</IfModule>\n"+newPair) + "LoadModule env_module /usr/lib/apache2/modules/mod_env.so\n"}},
		{name: "several active sections", conf: host("a", "<IfModule ssl_module>\n"+pair+"</IfModule>\n<IfVersion > 2>\n"+old+"</IfVersion>\n") + host("o", pair), sites: a + " DIR/old.pem+DIR/old.pem FIXED" + o},
		{name: "a file with a dot that Apache does not read", conf: host("a", " IncludeOptional DIR/snip/*.conf\n"), more: map[string]string{"snip/p.conf": pair, "snip/.q.conf": old}, sites: a, want: map[string]string{"snip/p.conf": newPair}},
		{name: "a directory, of which Apache reads all", conf: host("a", " Include snip\n"), more: map[string]string{"snip/sub/.p": pair, "snip/x": "LogLevel warn\n"}, sites: a, want: map[string]string{"snip/sub/.p": newPair}},
		{name: "a file for others as well", conf: host("a", " Include outer\n LogLevel info\n") + host("o", " Include DIR/snip\n"), more: map[string]string{"outer": "# o\nInclude snip\n", "snip": "# c\n" + pair + "LogLevel warn"}, sites: a + o,
			want: map[string]string{"a.conf": host("a", " # o\n# c\n"+newPair+"LogLevel warn\n LogLevel info\n") + host("o", " Include DIR/snip\n")}},
		{name: "a macro inside", conf: "<Macro Site $c>\n SSLCertificateFile DIR/$c.pem\n</Macro>\n" + host("a", pair) + host("o", " Use Site old\n"), sites: a + "; " + at + "o.test DIR/old.pem+DIR/old.pem FIXED",
			want: map[string]string{"a.conf": "<Macro Site $c>\n SSLCertificateFile DIR/$c.pem\n</Macro>\n" + host("a", newPair) + host("o", " Use Site old\n")}},
		{name: "a macro that says nothing of certificates", conf: "<Macro Log $c>\n LogLevel $c\n</Macro>\n" + host("a", " Use Log warn\n"+pair), sites: a,
			want: map[string]string{"a.conf": "<Macro Log $c>\n LogLevel $c\n</Macro>\n" + host("a", " Use Log warn\n"+newPair)}},
		{name: "a host out of a macro", conf: host("a", pair) + "<Macro VH $n>\n" + host("$n", pair) + "</Macro>\nUse VH o\n", sites: a + o + " FIXED",
			want: map[string]string{"a.conf": host("a", newPair) + "<Macro VH $n>\n" + host("$n", pair) + "</Macro>\nUse VH o\n"}},
		{name: "from the server, for all that are meant", conf: pair + host("a", ""), sites: a, want: map[string]string{"a.conf": newPair + host("a", "")}},
		{name: "from the server, for others as well", conf: pair + " SSLCertificateChainFile DIR/chain\n" + host("a", "") + host("o", ""), sites: a + o,
			want: map[string]string{"a.conf": pair + " SSLCertificateChainFile DIR/chain\n" + strings.Replace(host("a", ""), "<VirtualHost *:443>\n", "<VirtualHost *:443>\n  SSLCertificateFile /v/c\n  SSLCertificateKeyFile /v/k\n  SSLCertificateChainFile /v/c\n", 1) + host("o", "")}},
		{name: "two from the server, of which one would stay", conf: pair + old + host("a", "") + host("o", ""), sites: a + " DIR/old.pem+DIR/old.pem FIXED" + o + " DIR/old.pem+DIR/old.pem FIXED"},
		{name: "two from the server, all for one", conf: pair + old + host("a", ""), sites: a + " DIR/old.pem+DIR/old.pem", want: map[string]string{"a.conf": newPair + host("a", "")}},
		{name: "the server itself", conf: " SSLEngine on\n" + pair, sites: at + "DIR/a.pem+DIR/a.key", want: map[string]string{"a.conf": " SSLEngine on\n" + newPair}},
		{name: "a file that is included twice", conf: "Include DIR/site\nInclude DIR/sit[e]\n", more: map[string]string{"site": host("a", pair)}, sites: a,
			want: map[string]string{"site": host("a", newPair)}},
		{name: "several addresses", conf: strings.Replace(host("a", pair), "*:443", "127.0.0.1:443 [::1]:443", 1), sites: "https://[::1]:443 " + a,
			want: map[string]string{"a.conf": strings.Replace(host("a", newPair), "*:443", "127.0.0.1:443 [::1]:443", 1)}},
		{name: "names that Apache gives", conf: host("a", pair) + strings.Replace(host("o", pair), " ServerName o.test\n", "", 1) + strings.Replace(host("p", pair), " ServerName p.test\n", "", 1),
			sites: a + "; " + at + "machine.test DIR/a.pem+DIR/a.key"},
		{name: "a token", conf: host("a", pair) + host("o", " SSLCertificateFile DIR/a.pem\n SSLCertificateKeyFile pkcs11:x\n"), sites: a + "; " + at + "o.test DIR/a.pem+DIR/pkcs11:x FIXED"},
		{name: "the server itself and a host that inherits from it", conf: "Listen 444\nSSLEngine on\n" + pair + host("a", ""), sites: a + "; https://127.0.0.1:444 DIR/a.pem+DIR/a.key FIXED",
			want: map[string]string{"a.conf": "Listen 444\nSSLEngine on\n" + pair + strings.Replace(host("a", ""), "443>\n", "443>\n  SSLCertificateFile /v/c\n  SSLCertificateKeyFile /v/k\n", 1)}},
		{name: "variables", conf: "Define PAIR DIR/a\n" + host("a", " SSLCertificateFile ${PAIR}.pem\n SSLCertificateKeyFile \"${PAIR}.key\"\n"), sites: a,
			want: map[string]string{"a.conf": "Define PAIR DIR/a\n" + host("a", newPair)}},
		{name: "relative", conf: host("a", " SSLCertificateFile a.pem\n SSLCertificateKeyFile a.key\n"), sites: a, want: map[string]string{"a.conf": host("a", newPair)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			files := map[string]string{"a.conf": c.conf}
			for name, text := range c.more {
				files[name] = text
			}
			r := apacheFrom(t, dir, files)
			if got := strings.ReplaceAll(show(r.Sites), dir, "DIR"); got != c.sites {
				t.Errorf("got  %s\nwant %s", got, c.sites)
			}
			if c.pairs == nil {
				c.pairs = one
			}
			if c.want == nil && c.err == "" {
				return
			}
			r.Sites[0].Chained = c.chained
			e, err := r.Edit(r.Sites[:1], c.pairs)
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Fatal(err)
			}
			if err != nil {
				return
			}
			for name, want := range c.want {
				if got := strings.ReplaceAll(e.Texts[filepath.Join(dir, name)], dir, "DIR"); got != want || len(e.Texts) != len(c.want) {
					t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
				}
			}
		})
	}
}

// TestApacheIsAskedAsItWasStarted: what waits for a -D of the running one is active, though the files do not say so.
func TestApacheIsAskedAsItWasStarted(t *testing.T) {
	dir := t.TempDir()
	h := daemon.Host{Root: dir}
	daemontest.Put(t, filepath.Join(dir, "pid"), "77\n")
	daemontest.Put(t, filepath.Join(dir, "proc/77/stat"), "77 (apache2) S 1")
	daemontest.Put(t, filepath.Join(dir, "proc/77/cmdline"), "apache2\x00-f\x00x\x00-D\x00TLS\x00-DEARLY\x00-DFOREGROUND\x00-k\x00start\x00")
	daemontest.Put(t, filepath.Join(dir, "proc/self/stat"), "")
	pair := " SSLCertificateFile DIR/a.pem\n SSLCertificateKeyFile DIR/a.key\n"
	conf := "SSLProtocol all\n<IfDefine TLS>\n<VirtualHost *:443>\n ServerName a.test\n<IfDefine !EARLY>\n SSLCertificateFile DIR/x\n</IfDefine>\n" + pair + "</VirtualHost>\n</IfDefine>\n"
	for name, text := range map[string]string{"a.conf": conf, "main.conf": apacheMain, "a.pem": "x", "a.key": "x", "x": "x"} {
		daemontest.Put(t, filepath.Join(dir, name), strings.ReplaceAll(text, "DIR", dir))
	}
	daemontest.Need(t, "apache2")
	r, err := apache{}.Read(context.Background(), h, daemon.Instance{Config: filepath.Join(dir, "main.conf")})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(show(r.Sites), dir, "DIR"); got != "https://127.0.0.1:443 a.test DIR/a.pem+DIR/a.key" {
		t.Errorf("sites: %s", got)
	}
	if got := strings.ReplaceAll(r.Start.String(), dir, "DIR"); got != "apache2 -f DIR/main.conf -D TLS -D EARLY -k start" {
		t.Errorf("it would be started by %s", got)
	}
}

func TestApacheNamesEveryFile(t *testing.T) {
	dir := t.TempDir()
	r := apacheFrom(t, dir, map[string]string{
		"a.conf": "Define P DIR\n<VirtualHost *:443>\n ServerName a.test\n SSLEngine on\n SSLCertificateFile ${P}/a.pem\n SSLCertificateKeyFile a.key\n SSLCACertificateFile DIR/x\n" +
			"<IfDefine NONE>\n SSLCertificateFile DIR/off.pem\n Include DIR/off/*\n</IfDefine>\n</VirtualHost>\n",
		"off/.p": "SSLProxyMachineCertificateFile DIR/proxy.pem\n",
	})
	got := strings.ReplaceAll(strings.Join(r.Named, " "), dir, "DIR")
	if want := "DIR/a.conf DIR/a.key DIR/a.pem DIR/main.conf DIR/off.pem DIR/off/.p DIR/proxy.pem DIR/x"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestApacheIsNotGivenTextsThatTakeAPair: what a plan may not do, however it came about.
func TestApacheIsNotGivenTextsThatTakeAPair(t *testing.T) {
	dir := t.TempDir()
	const conf = "<VirtualHost *:443>\n SSLEngine on\n%s</VirtualHost>\n<VirtualHost *:443>\n ServerName o.test\n SSLEngine on\n%s</VirtualHost>\n"
	pair, other, next := " SSLCertificateFile DIR/a.pem\n", " SSLCertificateFile DIR/x\n", " SSLCertificateFile /c\n SSLCertificateKeyFile /k\n"
	apacheFrom(t, dir, map[string]string{"a.conf": fmt.Sprintf(conf, pair, other)})
	for text, allowed := range map[string]bool{
		fmt.Sprintf(conf, next, other):                                    true,
		fmt.Sprintf(conf, pair, other):                                    false,
		fmt.Sprintf(conf, "", other):                                      false,
		fmt.Sprintf(conf, next, ""):                                       false,
		fmt.Sprintf(conf, next, pair):                                     false,
		fmt.Sprintf(conf, next+other, other):                              false,
		fmt.Sprintf(conf, next+" LogLevel warn\n", other):                 false,
		strings.Replace(fmt.Sprintf(conf, next, other), "o.test", "p", 1): false,
	} {
		call := &apacheCaller{program: "apache2", main: dir + "/main.conf", config: dir + "/main.conf"}
		dump, err := call.ask(context.Background(), daemon.Host{})
		if err != nil {
			t.Fatal(err)
		}
		a := &apacheConf{texts: newTexts(), dump: dump}
		if err := a.understand(); err != nil {
			t.Fatal(err)
		}
		p := &apachePlan{conf: a, files: []daemon.Files{{Cert: "/c", Key: "/k"}}, meant: map[*virtualHost]daemon.Site{a.hosts[0]: {}}}
		if err := p.verify(map[string]string{dir + "/a.conf": strings.ReplaceAll(text, "DIR", dir)}); (err == nil) != allowed {
			t.Errorf("%v for\n%s", err, text)
		}
	}
}

// TestApacheKnowsAFileByAllItsLinks: it is changed once, and serves all who include it by any of them.
func TestApacheKnowsAFileByAllItsLinks(t *testing.T) {
	dir := t.TempDir()
	const host = "<VirtualHost *:443>\n ServerName %s.test\n SSLEngine on\n Include DIR/%s\n</VirtualHost>\n"
	for link, to := range map[string]string{"other": "snip", "link": "real"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	r := apacheFrom(t, dir, map[string]string{
		"a.conf": fmt.Sprintf(host, "a", "snip") + fmt.Sprintf(host, "b", "other") + "Include DIR/lin[k]\nInclude DIR/real\n",
		"snip":   "SSLCertificateFile DIR/a.pem\n", "real": strings.ReplaceAll(fmt.Sprintf(host, "c", "snip"), " Include DIR/snip", " SSLCertificateFile DIR/x"),
	})
	edit := func(sites ...daemon.Site) string {
		t.Helper()
		r.Edit = apacheFrom(t, dir, nil).Edit
		e, err := r.Edit(sites, []daemon.Files{{Cert: "/c", Key: "/k", Combined: "/b"}})
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(strings.Join(sortedKeys(e.Texts), " "), dir, "DIR")
	}
	if got := show(r.Sites); strings.Contains(got, "FIXED") || len(r.Sites) != 3 {
		t.Fatal(got)
	}
	for got, want := range map[string]string{edit(r.Sites[0]): "DIR/a.conf", edit(r.Sites[:2]...): "DIR/snip", edit(r.Sites...): "DIR/link DIR/snip"} {
		if got != want {
			t.Errorf("changed: %q, want %q", got, want)
		}
	}
}
