package cli

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/ui/cli/wire"
)

// A daemon that could not start again with its files is not well, whatever it serves from its memory.
func TestFilesThatARestartWouldFailOnAreAFault(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("IMAP", "imaps")
	e := o.valid("mail.example.org")
	o.must("enable", e.Thumbprint, "--services", "IMAP")
	o.must("test")
	key, err := filepath.EvalSymlinks(filepath.Join(v.dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	other := daemontest.NewCA(t).Issue(t, daemontest.Wish{Names: []string{"mail.example.org"}}).Key
	for name, c := range map[string]struct {
		change func() error
		word   string
		text   string
	}{
		"another key": {func() error { return os.WriteFile(key, other, 0o600) }, "! key mismatch", "do not belong together: a reload or a restart would end TLS there"},
		"no key":      {func() error { return os.Remove(key) }, "! file missing", "key.pem, which its configuration names, is not there: a restart would end TLS there"},
	} {
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		r := o.run("test")
		if r.code != 1 {
			t.Errorf("%s: exit %d", name, r.code)
		}
		contains(t, r.err, "1 of 1 handshake: a restart would end what is served")
		contains(t, r.out, c.word, c.text, "`certdesk enable "+e.Thumbprint[:12]+" --services IMAP` puts")
		var ports []wire.Port
		o.decode(o.run("test", "--json").out, &ports)
		if len(ports) != 1 || *ports[0].Good || !strings.Contains(strings.Join(ports[0].Faults, "\n"), c.text) {
			t.Errorf("%s: %+v", name, ports)
		}
		if err := os.WriteFile(key, was, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.must("test")
}

// A root that the configuration names and that cannot be read leaves every verdict on a chain open: neither door of test
// ends as if all were well.
func TestATrustFileThatIsNotThereIsAFault(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("IMAP", "imaps")
	e := o.valid("mail.example.org")
	o.must("enable", e.Thumbprint, "--services", "IMAP")
	port := []string{"test", v.url, "--name", "mail.example.org"}
	o.must("test")
	o.must(port...)
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	o.write("certdesk.toml", strings.Replace(string(text), "trust = [", "trust = [\"/nowhere/root.pem\", ", 1))
	for _, args := range [][]string{{"test"}, {"test", "--json"}, {"test", e.Thumbprint}, port, append(port, "--json")} {
		r := o.run(args...)
		if r.code != 1 || !strings.Contains(r.err, "the trusted root /nowhere/root.pem could not be read") {
			t.Errorf("%v: exit %d, %s", args, r.code, r.err)
		}
	}
	contains(t, o.run("test").out, "* served", v.url)
}

// What clients mind in a certificate is one verdict: enable, which leaves it in place, and test end alike.
func TestEnableAndTestAgreeOnWhatClientsMind(t *testing.T) {
	t.Parallel()
	staple := pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}, Value: []byte{0x30, 3, 2, 1, 5}}
	for code, c := range map[string]struct {
		change     func(*x509.Certificate)
		word, text string
	}{
		"must-staple": {func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{staple} }, "! no staple", "it demands an OCSP staple in each handshake"},
		"any-usage":   {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }, "! wrong usage", "some clients refuse it, those with OpenSSL among them"},
	} {
		t.Run(code, func(t *testing.T) {
			p := newPorts(t)
			v := p.newVoice("IMAP", "imaps")
			pair := p.ca.Issue(t, daemontest.Wish{Names: []string{"mail.example.org"}, Change: c.change})
			p.must("import", p.write("pair.pem", string(pair.Chain)+string(pair.Key)))
			e := p.list()[0]
			if !slices.ContainsFunc(e.Findings, func(f wire.Finding) bool { return f.Code == code }) {
				t.Errorf("%+v", e.Findings)
			}
			enabled := p.run("enable", e.Thumbprint, "--services", "IMAP")
			if enabled.code != 1 || v.serves() != e.SHA256 {
				t.Errorf("enable: exit %d\n%s%s", enabled.code, enabled.out, enabled.err)
			}
			contains(t, enabled.out, c.word, c.text, "enabled, proven")
			contains(t, enabled.err, "enabled, but "+v.url+" serves what it should, but ", c.text)
			again := p.enabled(p.run("enable", e.Thumbprint, "--services", "IMAP", "--json"))
			if again.Services[0].State != enabling.Unchanged || *again.Services[0].Ports[0].Good {
				t.Errorf("%+v", again.Services)
			}
			for _, args := range [][]string{{"test"}, {"test", v.url, "--name", "mail.example.org"}} {
				r := p.run(args...)
				if r.code != 1 {
					t.Errorf("%v: exit %d", args, r.code)
				}
				contains(t, r.out, c.word, c.text)
			}
		})
	}
}

// A daemon of the configuration that serves no TLS is known, and said to be what it is; a service without a port likewise.
func TestADaemonWithoutTLSIsKnown(t *testing.T) {
	o := newOffice(t)
	o.write("nginx.conf", "events {}\nhttp { server { listen 127.0.0.1:1; } }\n")
	o.write("certdesk.toml", "[[service]]\nuse = \"IIS\"\ndriver = \"nginx\"\nconfig = "+quoted(o.path("nginx.conf"))+"\n")
	const has, do = "nginx has no port with TLS for IIS", "switch TLS on in its configuration first (listen 443 ssl)"
	r := o.run("test")
	if r.code != 1 || strings.Contains(r.err, "no service is configured") {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.err, "IIS (", has, do)
	var ports []wire.Port
	r = o.run("test", "--json")
	o.decode(r.out, &ports)
	if r.code != 1 || len(ports) != 1 || ports[0].Result != "not-asked" || !strings.Contains(ports[0].Faults[0], has) {
		t.Errorf("exit %d, %+v", r.code, ports)
	}
}
