package services

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// conf is a configuration whose daemon does not run: what is installed and removed for it can be seen all the same.
type conf struct {
	ca   *daemontest.CA
	dir  string
	host daemon.Host
}

func newConf(t *testing.T) *conf {
	t.Helper()
	c := &conf{ca: daemontest.NewCA(t), dir: t.TempDir()}
	c.host = daemon.Host{Install: filepath.Join(c.dir, "installed"), Root: filepath.Join(c.dir, "machine")}
	return c
}

// nginx writes a configuration of these parts, each with a pair of its own.
func (c *conf) nginx(t *testing.T, parts ...string) daemon.Instance {
	t.Helper()
	daemontest.Need(t, "nginx")
	text := fmt.Sprintf("pid %[1]s/nginx.pid; error_log %[1]s/error.log; events {} http { access_log off; client_body_temp_path %[1]s/tmp; %[2]s }",
		c.dir, strings.Join(parts, "\n"))
	daemontest.Put(t, filepath.Join(c.dir, "nginx.conf"), text)
	return daemon.Instance{Use: "IIS", Driver: "nginx", Config: filepath.Join(c.dir, "nginx.conf")}
}

// server is a host of nginx with a pair that is there.
func (c *conf) server(t *testing.T, port int, name string) string {
	t.Helper()
	p := c.ca.Issue(t, daemontest.Wish{Names: []string{name}})
	cert, key := filepath.Join(c.dir, name+".pem"), filepath.Join(c.dir, name+".key")
	daemontest.Put(t, cert, string(p.Chain))
	daemontest.Put(t, key, string(p.Key))
	return fmt.Sprintf("server { listen 127.0.0.1:%d ssl; server_name %s; ssl_certificate %s; ssl_certificate_key %s; }", port, name, cert, key)
}

// renew enables a new certificate and settles, as the transaction does.
func (c *conf) renew(t *testing.T, in daemon.Instance, name string, all ...daemon.Instance) Plan {
	t.Helper()
	s, err := New(c.host, in)
	if err != nil {
		t.Fatal(err)
	}
	p := plan(t, s, c.ca.Issue(t, daemontest.Wish{Names: []string{name}}))
	if err := errors.Join(s.Apply(p), s.Check(context.Background(), p.Switch)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Prune(context.Background(), p.Switch, c.reads(all...)); err != nil {
		t.Fatal(err)
	}
	return p
}

func (c *conf) reads(all ...daemon.Instance) func(context.Context) (Reads, error) {
	return func(ctx context.Context) (Reads, error) { return ReadsOf(ctx, c.host, all) }
}

func here(t *testing.T, p Plan) {
	t.Helper()
	for _, f := range p.Files {
		if _, err := os.Stat(f.Path); err != nil {
			t.Errorf("what is in use was deleted: %v", err)
		}
	}
}

// Issue 9, kind 1: two hosts of one nginx share the directory of versions.
func TestARenewalLeavesTheVersionOfAnotherHost(t *testing.T) {
	c := newConf(t)
	in := c.nginx(t, c.server(t, 31001, "mail.example.test"), c.server(t, 31001, "shop.example.test"))
	kept := c.renew(t, in, "shop.example.test", in)
	var last Plan
	for range 4 {
		last = c.renew(t, in, "mail.example.test", in)
	}
	here(t, kept)
	here(t, last)
	s, _ := New(c.host, in)
	if left, _ := versions(s.dir()); len(left) != 3 {
		t.Errorf("left are %v: two in use, and one of before", left)
	}
}

// Several entries of one daemon, told apart by their ports, share the directory too; and so does what no driver follows.
func TestAVersionIsKeptWhereverItIsNamed(t *testing.T) {
	c := newConf(t)
	in := c.nginx(t, c.server(t, 31001, "a.example.test"), c.server(t, 31002, "b.example.test"), c.server(t, 31003, "c.example.test"))
	var all []daemon.Instance
	for port := 31001; port <= 31003; port++ {
		one := in
		one.Listen = []string{fmt.Sprintf("https://127.0.0.1:%d", port)}
		all = append(all, one)
	}
	names := []string{"a.example.test", "b.example.test", "c.example.test"}
	var plans []Plan
	for i, one := range all {
		one.Name = ""
		s, err := New(c.host, one)
		if err != nil {
			t.Fatal(err)
		}
		p := plan(t, s, c.ca.Issue(t, daemontest.Wish{Names: names}))
		if err := s.Apply(p); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Prune(context.Background(), p.Switch, c.reads(all[i])); err != nil {
			t.Fatal(err)
		}
		plans = append(plans, p)
	}
	for _, p := range plans {
		here(t, p)
	}
	daemontest.Put(t, in.Config, strings.Replace(daemontest.Read(t, in.Config), "access_log off;", "access_log off; ssl_trusted_certificate "+plans[0].Files[0].Path+";", 1))
	for range 3 {
		s, _ := New(c.host, all[0])
		p := plan(t, s, c.ca.Issue(t, daemontest.Wish{Names: names}))
		if err := s.Apply(p); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Prune(context.Background(), p.Switch, c.reads(all...)); err != nil {
			t.Fatal(err)
		}
	}
	here(t, plans[0])
}

func TestAnotherDaemonAndABindingKeepAVersion(t *testing.T) {
	c := newConf(t)
	in := c.nginx(t, c.server(t, 31001, "mail.example.test"))
	in.Name = "mail.example.test"
	first := c.renew(t, in, "mail.example.test", in)
	daemontest.Put(t, c.host.Root+"/etc/nginx/nginx.conf", "http { server { listen 31009 ssl; ssl_certificate "+first.Files[0].Path+"; ssl_certificate_key "+first.Files[1].Path+"; } }")
	for range 3 {
		c.renew(t, in, "mail.example.test", in)
	}
	here(t, first) // the daemon with the machine's own configuration names it, though no service is configured for it
	os.Remove(c.host.Root + "/etc/nginx/nginx.conf")
	reads, err := ReadsOf(context.Background(), c.host, []daemon.Instance{in})
	if err != nil || reads.Names(first.Version) != "" {
		t.Error(reads.Names(first.Version), err)
	}
	if reads.Keep(first.Version, "SMTP (postfix)"); reads.Names(first.Version) != "SMTP (postfix)" {
		t.Error("a binding does not keep it")
	}
}

func TestNothingIsPrunedWhereAConfigurationCannotBeRead(t *testing.T) {
	c := newConf(t)
	in := c.nginx(t, c.server(t, 31001, "mail.example.test"))
	in.Name = "mail.example.test"
	first := c.renew(t, in, "mail.example.test", in)
	c.renew(t, in, "mail.example.test", in)
	daemontest.Put(t, c.host.Root+"/etc/nginx/nginx.conf", "http { server {")
	s, _ := New(c.host, in)
	p := plan(t, s, c.ca.Issue(t, daemontest.Wish{Names: []string{in.Name}}))
	if err := s.Apply(p); err != nil {
		t.Fatal(err)
	}
	gone, err := s.Prune(context.Background(), p.Switch, c.reads(in))
	if err == nil || len(gone) > 0 || !strings.Contains(err.Error(), "certdesk cannot tell what nginx reads") {
		t.Error(gone, err)
	}
	here(t, first)
}

// Postfix's client has the certificate of its server: no port shows it, and a renewal must not delete it.
func TestPostfixsClientKeepsItsVersion(t *testing.T) {
	t.Parallel()
	daemontest.Need(t, "postconf")
	c := newConf(t)
	old := c.ca.Issue(t, daemontest.Wish{})
	daemontest.Put(t, c.dir+"/etc/both.pem", string(old.Key)+string(old.Chain))
	daemontest.Put(t, c.dir+"/etc/master.cf", "31025 inet n - n - - smtpd\n")
	daemontest.Put(t, c.dir+"/etc/main.cf", "smtpd_tls_security_level = may\ninet_interfaces = 127.0.0.1\nsmtpd_tls_chain_files = "+c.dir+"/etc/both.pem\n")
	in := daemon.Instance{Use: "SMTP", Driver: "postfix", Config: c.dir + "/etc", Name: "mail.example.test"}
	first := c.renew(t, in, "mail.example.test", in)
	daemontest.Put(t, c.dir+"/etc/main.cf", daemontest.Read(t, c.dir+"/etc/main.cf")+"smtp_tls_chain_files = "+first.Files[0].Path+"\n")
	for range 3 {
		c.renew(t, in, "mail.example.test", in)
	}
	here(t, first)
}

// Issue 9, kind 5: what is already reports an error in its configuration is not taken for a fault of the change.
func TestAConfigurationThatIsBrokenAlreadyIsRefused(t *testing.T) {
	c := newConf(t)
	in := c.nginx(t, c.server(t, 31001, "mail.example.test"), c.server(t, 31001, "shop.example.test"))
	in.Name = "mail.example.test"
	os.Remove(filepath.Join(c.dir, "shop.example.test.pem"))
	s, _ := New(c.host, in)
	next := pairOfTest(c.ca.Issue(t, daemontest.Wish{Names: []string{in.Name}}))
	if _, err := s.Plan(context.Background(), next); !fail.Is(err, fail.Damaged) || !strings.Contains(err.Error(), "shop.example.test.pem") || fail.Of(err).Code.Exit() != 3 {
		t.Error(err)
	}
	if err := s.Ready(context.Background()); !fail.Is(err, fail.Damaged) {
		t.Error(err)
	}
	os.Remove(filepath.Join(c.dir, "mail.example.test.key")) // what is replaced may be what it complains of
	if p, err := s.Plan(context.Background(), next); err != nil || !p.Mends || !strings.Contains(strings.Join(p.Warnings, "\n"), "already reports an error in its configuration") {
		t.Error(p.Warnings, err)
	}
}

func TestEveryDaemonsBrokenConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	c := newConf(t)
	next := pairOfTest(c.ca.Issue(t, daemontest.Wish{}))
	old := c.ca.Issue(t, daemontest.Wish{})
	daemontest.Put(t, c.dir+"/both.pem", string(old.Key)+string(old.Chain))
	for _, d := range []struct {
		program string
		in      daemon.Instance
		files   map[string]string
	}{
		{"postconf", daemon.Instance{Use: "SMTP", Driver: "postfix", Config: c.dir + "/pf"}, map[string]string{
			"/pf/main.cf":   "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = " + c.dir + "/both.pem\n",
			"/pf/master.cf": "31025 inet n - n - - smtpd\nsubmission inet n\n"}},
		{"doveconf", daemon.Instance{Use: "IMAP", Driver: "dovecot", Config: c.dir + "/dovecot.conf"}, map[string]string{
			"/dovecot.conf": "protocols = imap\nssl = required\nno_such_setting = 1\nssl_cert = <" + c.dir + "/both.pem\nssl_key = <" + c.dir + "/both.pem\n"}},
		{"nginx", daemon.Instance{Use: "IIS", Driver: "nginx", Config: c.dir + "/nginx.conf"}, map[string]string{
			"/nginx.conf": "events {} http { server { listen 31001 ssl; no_such_directive; ssl_certificate " + c.dir + "/both.pem; ssl_certificate_key " + c.dir + "/both.pem; } }"}},
		{"apache2", daemon.Instance{Use: "IIS", Driver: "apache", Config: c.dir + "/apache2.conf"}, map[string]string{
			"/apache2.conf": "Listen 31001\nNoSuchDirective\n"}},
	} {
		t.Run(d.in.Driver, func(t *testing.T) {
			daemontest.Need(t, d.program)
			for path, text := range d.files {
				daemontest.Put(t, c.dir+path, text)
			}
			s, err := New(c.host, d.in)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Plan(context.Background(), next); err == nil || fail.Of(err).Code.Exit() != 3 || !strings.Contains(err.Error(), "already reports an error in its configuration") {
				t.Error(err)
			}
		})
	}
}

// No plan leaves a host without a certificate, whatever a driver makes of its configuration.
func TestAnEditThatLosesACertificateIsRefused(t *testing.T) {
	had, wanted := []daemon.Installed{{Cert: "/old.pem", Key: "/old.key"}}, []daemon.Installed{{Cert: "/new.pem", Key: "/new.key"}}
	sites := []daemon.Site{{Where: "a:1", Pairs: had, Index: 0}, {Where: "a:9", Pairs: had, Index: 1}}
	after := func(first, second []daemon.Installed) func(map[string]string) ([]daemon.Site, error) {
		return func(map[string]string) ([]daemon.Site, error) {
			return []daemon.Site{{Pairs: first}, {Pairs: second}}, nil
		}
	}
	for _, c := range []struct {
		name          string
		first, second []daemon.Installed
		says          string
	}{
		{"as it should be", wanted, had, ""},
		{"another loses its own", wanted, nil, "leave a:9 without a certificate"},
		{"the one that is meant keeps the old one", had, had, "not reach a:1"},
	} {
		r := &daemon.Reading{State: daemon.State{Sites: sites}, SitesOf: after(c.first, c.second)}
		err := r.Foreseen(sites[:1], daemon.Edited{Pairs: wanted})
		if (err == nil) != (c.says == "") || err != nil && (!strings.Contains(err.Error(), c.says) || !fail.Is(err, fail.Unfit)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAFileOverLinksToAnACMEClientIsSaid(t *testing.T) {
	dir := t.TempDir()
	daemontest.Put(t, dir+"/letsencrypt/live/m/privkey.pem", "x")
	daemontest.Put(t, dir+"/dehydrated/certs/m/fullchain.pem", "x")
	os.Symlink("letsencrypt/live/m/privkey.pem", dir+"/server.key")
	os.Symlink("dehydrated", dir+"/tls")
	os.Symlink(dir+"/tls/certs", dir+"/certs")
	for path, want := range map[string]int{dir + "/server.key": 1, dir + "/certs/m/fullchain.pem": 1, dir + "/own.pem": 0, dir + "/letsencrypt/live/m/cert.pem": 1} {
		if said := renewedByOthers([]daemon.Site{{Where: "here", Pairs: []daemon.Installed{{Cert: path, Key: dir + "/own.key"}}}}); len(said) != want {
			t.Errorf("%s: %q", path, said)
		}
	}
}

// A certificate that several services have bears the same name among the versions of each.
func TestAVersionIsMentionedByItsOwnService(t *testing.T) {
	root := t.TempDir()
	version, other := filepath.Join(root, "nginx-iis", "v1-0badcafe"), filepath.Join(root, "postfix-smtp", "v1-0badcafe")
	for _, dir := range []string{version, other} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]bool{
		"ssl_certificate " + version + "/fullchain.pem;":         true,
		"ssl_certificate ../installed/nginx-iis/v1-0badcafe/a;":  true,
		"ssl_certificate certs/v1-0badcafe/fullchain.pem;":       true, // a link to the directory
		"ssl_certificate v1-0badcafe/fullchain.pem;":             true,
		"a = " + other + "/x, " + version + "/x":                 true,
		"smtpd_tls_chain_files = " + other + "/combined.pem":     false,
		"ssl_certificate " + root + "/nginx-iis/v2-0badcafe/a;":  false,
		"ssl_certificate " + root + "/nginx-iis/v11-0badcafe/a;": false,
	} {
		if mentions(text, version) != want {
			t.Errorf("%s: want %v", text, want)
		}
	}
}
