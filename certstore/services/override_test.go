package services

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// enableOn makes the instance of a daemon and gives it a new certificate.
func enableOn(t *testing.T, d *daemontest.Daemon, ca *daemontest.CA, in daemon.Instance) (Plan, daemontest.Pair) {
	t.Helper()
	in.Config = d.Config
	s, err := New(daemon.Host{Install: filepath.Join(d.Dir, "installed")}, in)
	if err != nil {
		t.Fatal(err)
	}
	next := ca.Issue(t, daemontest.Wish{})
	p := enable(t, s, next)
	if again := plan(t, s, next); !again.Nothing {
		t.Errorf("a second plan would change\n%s", again.Diff())
	}
	return p, next
}

// TestOverridesOfRealDaemons has each daemon decide a port or a name elsewhere than usual.
func TestOverridesOfRealDaemons(t *testing.T) {
	t.Parallel()
	ca := daemontest.NewCA(t)
	old := ca.Issue(t, daemontest.Wish{})
	other := []daemon.Proof{{Name: "www.example.org"}}
	on := func(driver, name string, run func(t *testing.T)) {
		if !daemontest.Plain(driver) {
			t.Run(driver+": "+name, run)
		}
	}
	on("postfix", "a port with chain files of its own", func(t *testing.T) {
		d := daemontest.Postfix(t, old, func(file, text string) string {
			return strings.Replace(text, "  -o syslog_name=submission", "  -o syslog_name=submission\n  -o smtpd_tls_chain_files=/nowhere/combined.pem", 1)
		})
		p, _ := enableOn(t, d, ca, daemon.Instance{Use: "SMTP", Driver: "postfix"})
		if len(p.Changes) != 2 || len(p.Prove) != 3 {
			t.Errorf("%s", p.Diff())
		}
	})
	on("dovecot", "a name for all protocols", func(t *testing.T) {
		d := daemontest.Dovecot(t, old, func(root, text string) string {
			return text + "local_name " + daemontest.Name + " {\n  ssl_cert = <" + root + "/tls/cert.pem\n  ssl_key = <" + root + "/tls/key.pem\n}\n"
		})
		p, next := enableOn(t, d, ca, daemon.Instance{Use: "IMAP", Driver: "dovecot"})
		if len(p.Prove) != 4 || !strings.Contains(strings.Join(p.Warnings, ""), "IMAP and POP change together") {
			t.Errorf("%v %v", p.Prove, p.Warnings)
		}
		served(t, []daemon.Proof{{URL: d.URLs[3], Name: daemontest.Name}, {URL: d.URLs[3], Name: ""}}, next.Sum())
	})
	on("dovecot", "a drop-in where it is included", func(t *testing.T) {
		d := daemontest.Dovecot(t, old, func(root, text string) string {
			daemontest.Put(t, root+"/conf.d/10-ssl.conf", "ssl_min_protocol = TLSv1.2\n")
			return text + "!include conf.d/*.conf\n"
		})
		before := daemontest.Read(t, d.File)
		p, _ := enableOn(t, d, ca, daemon.Instance{Use: "POP", Driver: "dovecot"})
		if len(p.Changes) != 1 || p.Changes[0].Path != d.Dir+"/conf.d/99-certdesk.conf" || daemontest.Read(t, d.File) != before {
			t.Errorf("%s", p.Diff())
		}
	})
	on("nginx", "a pair of the http block that others have too", func(t *testing.T) {
		d := daemontest.Nginx(t, old, func(root, text string) string {
			pair := "    ssl_certificate " + root + "/tls/cert.pem;\n    ssl_certificate_key " + root + "/tls/key.pem;\n"
			text = strings.Replace(text, pair, "", 1)
			text = strings.NewReplacer("    ssl_certificate "+root+"/tls/cert.pem; # the pair\n", "", "    ssl_certificate_key \""+root+"/tls/key.pem\";\n", "").Replace(text)
			return strings.Replace(text, "http {\n", "http {\n"+pair, 1)
		})
		enableOn(t, d, ca, daemon.Instance{Use: "IIS", Driver: "nginx"})
		other[0].URL = d.URLs[0]
		served(t, other, old.Sum())
	})
	on("apache", "a pair in an included file, with an old chain", func(t *testing.T) {
		d := daemontest.Apache(t, old, func(root, text string) string {
			daemontest.Put(t, root+"/pair.inc", "SSLCertificateFile "+root+"/tls/cert.pem\nSSLCertificateKeyFile "+root+"/tls/key.pem\nSSLCertificateChainFile "+root+"/tls/cert.pem\n")
			return strings.Replace(text, "  SSLCertificateFile "+root+"/tls/cert.pem\n  SSLCertificateKeyFile \""+root+"/tls/key.pem\"\n", "  Include pair.inc\n", 1)
		})
		p, _ := enableOn(t, d, ca, daemon.Instance{Use: "IIS", Driver: "apache", Name: daemontest.Name})
		if len(p.Changes) != 1 || filepath.Base(p.Changes[0].Path) != "pair.inc" || strings.Contains(daemontest.Read(t, d.Dir+"/pair.inc"), "Chain") {
			t.Errorf("%s", p.Diff())
		}
		other[0].URL = d.URLs[0]
		served(t, other, old.Sum())
	})
}

// TestDebiansApacheIsCalledWithItsVariables has a configuration that cannot be read without envvars.
func TestDebiansApacheIsCalledWithItsVariables(t *testing.T) {
	t.Parallel()
	daemontest.NeedRoot(t) // apache2ctl gives directories away
	daemontest.Need(t, "apache2ctl")
	ca := daemontest.NewCA(t)
	d := daemontest.Apache(t, ca.Issue(t, daemontest.Wish{}))
	daemontest.Put(t, d.Dir+"/envvars", "export APACHE_RUN_DIR="+d.Dir+"/run APACHE_LOCK_DIR="+d.Dir+"/run/lock APACHE_LOG="+d.Dir+"/error.log APACHE_ULIMIT_MAX_FILES=true\n")
	daemontest.Put(t, d.File, strings.Replace(daemontest.Read(t, d.File), "ErrorLog "+d.Dir+"/error.log", "ErrorLog ${APACHE_LOG}", 1))
	p, _ := enableOn(t, d, ca, daemon.Instance{Use: "IIS", Driver: "apache"})
	if want := "APACHE_CONFDIR=" + d.Dir + " apache2ctl graceful"; p.Commands[1] != want || p.Log != d.Log {
		t.Errorf("%q, log %q", p.Commands, p.Log)
	}
}

// TestAnOverrideThatWinsIsFoundByTheCheck has a file that is read later undo the change: it came after the plan.
func TestAnOverrideThatWinsIsFoundByTheCheck(t *testing.T) {
	t.Parallel()
	ca := daemontest.NewCA(t)
	old := ca.Issue(t, daemontest.Wish{})
	d := daemontest.Dovecot(t, old, func(root, text string) string {
		daemontest.Put(t, root+"/conf.d/10-ssl.conf", "ssl_min_protocol = TLSv1.2\n")
		return text + "!include conf.d/*.conf\n!include_try local.conf\n"
	})
	s, err := New(daemon.Host{Install: filepath.Join(d.Dir, "installed")}, daemon.Instance{Use: "IMAP", Driver: "dovecot", Config: d.Config})
	if err != nil {
		t.Fatal(err)
	}
	p := plan(t, s, ca.Issue(t, daemontest.Wish{}))
	daemontest.Put(t, d.Dir+"/local.conf", "protocol imap {\n  ssl_cert = <"+d.Cert+"\n  ssl_key = <"+d.Key+"\n}\n")
	if err := s.Apply(p); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(context.Background(), p.Switch); err == nil || !strings.Contains(err.Error(), "still takes precedence") {
		t.Error(err)
	}
	if err := undone(s, p.Switch); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(d.Dir + "/conf.d/99-certdesk.conf"); err == nil {
		t.Error("the drop-in is still there")
	}
	served(t, []daemon.Proof{{URL: d.URLs[0], Name: ""}}, old.Sum())
}

func TestDaemonsWithTheirDefaultConfigurationAreDiscovered(t *testing.T) {
	daemontest.Need(t, "nginx")
	h := daemon.Host{Root: t.TempDir()}
	daemontest.Put(t, h.Root+"/etc/nginx/nginx.conf", "http { include sites-enabled/*; }")
	daemontest.Put(t, h.Root+"/etc/nginx/sites-enabled/mail", "server { listen 443 ssl; ssl_certificate /a; ssl_certificate_key /b; }")
	found, troubles := Discover(context.Background(), h)
	if len(found) != 1 || len(troubles) != 0 || found[0].Driver != "nginx" || found[0].Use != "IIS" || found[0].Config != h.Root+"/etc/nginx/nginx.conf" {
		t.Errorf("%+v", found)
	}
	s, err := New(h, found[0])
	if err != nil {
		t.Fatal(err)
	}
	if got := s.dir(); got != daemon.DefaultInstall+"/nginx-iis" {
		t.Errorf("its versions would lie in %s", got)
	}
	daemontest.Put(t, h.Root+"/etc/nginx/sites-enabled/mail", "server { listen 80; }")
	if found, troubles := Discover(context.Background(), h); len(found)+len(troubles) != 0 {
		t.Errorf("without TLS: %+v %v", found, troubles)
	}
	daemontest.Put(t, h.Root+"/etc/nginx/nginx.conf", "http {")
	if found, troubles := Discover(context.Background(), h); len(found) != 0 || len(troubles) != 1 {
		t.Errorf("what cannot be read has to be named: %+v %v", found, troubles)
	}
}

// TestSystemdStartsWhatItKeeps: a daemon started beside it would be unknown to it.
func TestSystemdStartsWhatItKeeps(t *testing.T) {
	daemontest.Need(t, "nginx")
	h := daemon.Host{Root: t.TempDir()}
	var ran []string
	h.Run = func(ctx context.Context, c daemon.Command) (daemon.Output, error) {
		if filepath.Base(c.Argv[0]) == "nginx" && c.Argv[1] == "-V" {
			return daemon.Output{Stderr: "nginx version: nginx/1.22.1\n--prefix=/none --pid-path=/none/pid"}, nil
		}
		ran = append(ran, strings.Join(append([]string{filepath.Base(c.Argv[0])}, c.Argv[1:]...), " "))
		return daemon.Output{}, nil
	}
	h.Bin = []string{h.Root + "/bin"}
	for _, program := range []string{"nginx", "systemctl"} {
		daemontest.Put(t, h.Root+"/bin/"+program, "")
		os.Chmod(h.Root+"/bin/"+program, 0o755)
	}
	daemontest.Put(t, h.Root+"/etc/nginx/nginx.conf", "http { server { listen 443 ssl; } }")
	s, err := New(h, daemon.Instance{Use: "IIS", Driver: "nginx"})
	if err != nil {
		t.Fatal(err)
	}
	start := func() {
		if err := s.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	start()
	os.MkdirAll(h.Root+"/run/systemd/system", 0o755)
	start()
	if want := "nginx -c " + s.in.Config + "|systemctl start nginx"; strings.Join(ran, "|") != want {
		t.Errorf("ran %q", ran)
	}
	if err := s.Reload(context.Background()); !fail.Is(err, fail.Failed) || len(ran) != 2 {
		t.Errorf("what does not run was reloaded: %v", err)
	}
}
