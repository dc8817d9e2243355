package cli

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	"certdesk/certstore/formats"
	"certdesk/ui/cli/wire"
)

func TestExportRefuses(t *testing.T) {
	o := newOffice(t)
	stays := o.selfSigned("stays.example.org")
	leaves := o.selfSigned("leaves.example.org", "--private-key-exportable")
	word, empty, there := o.write("word", "pass word\n"), o.write("empty", "\n"), o.write("there.pfx", "precious")
	before := o.snapshot()
	for _, c := range []struct {
		name string
		args []string
		exit int
		code string
	}{
		{"a key that may not leave", []string{stays.Thumbprint, "--path", o.path("a.pfx"), "--password-file", word}, 3, "not-exportable"},
		{"as PEM neither", []string{stays.Thumbprint, "--path", o.path("a.pem"), "--with-key"}, 3, "not-exportable"},
		{"an existing file", []string{leaves.Thumbprint, "--path", there, "--password-file", word}, 3, "already-exists"},
		{"an existing file, --yes", []string{leaves.Thumbprint, "--path", there, "--password-file", word, "--yes"}, 3, "already-exists"},
		{"no password and no terminal", []string{leaves.Thumbprint, "--path", o.path("a.pfx")}, 3, "password-needed"},
		{"an empty password", []string{leaves.Thumbprint, "--path", o.path("a.pfx"), "--password-file", empty}, 3, "password-needed"},
		{"a password for a public file", []string{leaves.Thumbprint, "--path", o.path("a.cer"), "--password-file", word}, 2, "usage"},
		{"a profile for a public file", []string{leaves.Thumbprint, "--path", o.path("a.cer"), "--for", "modern"}, 2, "usage"},
		{"a key where PKCS#7 has no room", []string{leaves.Thumbprint, "--path", o.path("a.p7b"), "--with-key"}, 2, "usage"},
		{"a key in a public file", []string{leaves.Thumbprint, "--path", o.path("a.cer"), "--with-key"}, 2, "usage"},
		{"a key as DER", []string{leaves.Thumbprint, "--path", o.path("a.pem"), "--with-key", "--binary-encoded"}, 2, "usage"},
		{"a key with a request", []string{leaves.Thumbprint, "--path", o.path("a.req"), "--with-key"}, 4, "not-found"},
		{"the request of what had none", []string{leaves.Thumbprint, "--path", o.path("a.req")}, 4, "not-found"},
		{"an extension that says nothing", []string{leaves.Thumbprint, "--path", o.path("a.txt")}, 2, "usage"},
		{"a password file that is not there", []string{leaves.Thumbprint, "--path", o.path("a.pfx"), "--password-file", o.path("none")}, 1, "failed"},
		{"a trust store that is PEM", []string{leaves.Thumbprint, "--path", o.path("a.pem"), "--for", "java-truststore", "--password-file", word}, 2, "usage"},
		{"a trust store without a password", []string{leaves.Thumbprint, "--path", o.path("a.p12"), "--for", "java-truststore"}, 3, "password-needed"},
		{"an emoji that a trust store cannot hold", []string{leaves.Thumbprint, "--path", o.path("a.p12"), "--for", "java-truststore",
			"--password-file", o.write("emoji", "pass\U0001F600word\n")}, 2, "usage"},
		{"a key in a trust store", []string{leaves.Thumbprint, "--path", o.path("a.p12"), "--for", "java-truststore", "--with-key", "--password-file", word}, 2, "usage"},
		{"a reader nobody knows", []string{leaves.Thumbprint, "--path", o.path("a.pem"), "--for", "lotus"}, 2, "usage"},
		{"a reader who takes no such file", []string{leaves.Thumbprint, "--path", o.path("a.pfx"), "--for", "haproxy"}, 2, "usage"},
		{"a password for a reader who needs none", []string{leaves.Thumbprint, "--path", o.path("a.pem"), "--for", "nginx", "--password-file", word}, 2, "usage"},
		{"a reader of a key that may not leave", []string{stays.Thumbprint, "--path", o.path("a.pem"), "--for", "nginx"}, 3, "not-exportable"},
		{"a request for a reader of keys", []string{leaves.Thumbprint, "--path", o.path("a.pem"), "--for", "nginx", "--request"}, 2, "usage"},
		{"an unknown thumbprint", []string{"ABCDEF123456", "--path", o.path("a.cer")}, 4, "not-found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := o.run(append([]string{"export", "--json"}, c.args...)...)
			var got struct{ Error wire.Error }
			o.decode(r.err, &got)
			if r.code != c.exit || string(got.Error.Code) != c.code {
				t.Errorf("exit %d, code %s (%s); want %d and %s", r.code, got.Error.Code, got.Error.Message, c.exit, c.code)
			}
			if _, err := os.Stat(c.args[2]); err == nil && c.args[2] != there {
				t.Errorf("%s was made", c.args[2])
			}
			if data, _ := os.ReadFile(there); string(data) != "precious" {
				t.Errorf("%s was changed", there)
			}
			o.unchanged(before)
		})
	}
}

func TestExportForms(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.valid("a.example.org", "--private-key-exportable")
	word := o.write("word", "pass word\n")
	for _, c := range []struct {
		file  string
		args  []string
		keys  int
		certs int
	}{
		{"a.pfx", []string{"--password-file", word}, 1, 1}, {"old.p12", []string{"--password-file", word, "--for", "windows-2016"}, 1, 1},
		{"a.cer", nil, 0, 1}, {"b.cer", []string{"--binary-encoded"}, 0, 1}, {"a.p7b", nil, 0, 1}, {"a.pem", []string{"--with-key"}, 1, 1},
	} {
		r := o.must(append([]string{"export", e.Thumbprint, "--path", o.path(c.file)}, c.args...)...)
		contains(t, r.out, c.file)
		info, err := os.Stat(o.path(c.file))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", c.file, info.Mode(), err)
		}
		data, _ := os.ReadFile(o.path(c.file))
		got, err := formats.DecodeContext(t.Context(), data, []byte("pass word"))
		if err != nil || len(got.Keys) != c.keys || len(got.Certs) < c.certs {
			t.Errorf("%s: %d keys, %d certificates, %v", c.file, len(got.Keys), len(got.Certs), err)
		}
	}
	if r := o.must("export", e.Thumbprint, "--path", o.path("c.pem"), "--with-key"); !strings.Contains(r.out, "unencrypted") {
		t.Errorf("%q does not say that the key is unencrypted", r.out)
	}
}

func TestExportSaysWhatTheFileHolds(t *testing.T) {
	o := newOffice(t)
	_, req := o.request("a.example.org", "--private-key-exportable")
	e := o.entry("import", o.write("a.cer.pem", o.ca.sign(t, req, today, 30)+pemText("CERTIFICATE", o.ca.cert.Raw)))
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"a.cer"}, ": the certificate and its chain, without the key"},
		{[]string{"b.cer", "--no-chain"}, ": the certificate, without the key"},
		{[]string{"a.der"}, ": the certificate, without the key"},
		{[]string{"a.p7b"}, ": the certificate and its chain, without the key"},
		{[]string{"a.pem", "--with-key"}, ": the certificate and its chain, with the key, unencrypted"},
		{[]string{"a.req"}, ": the request"},
	} {
		contains(t, o.must(append([]string{"export", e.Thumbprint, "--path", o.path(c.args[0])}, c.args[1:]...)...).out, c.want)
	}
	if data, _ := os.ReadFile(o.path("a.req")); string(data) != req {
		t.Error("the extension .req did not give the request")
	}
}

// TestExportForAReaderSaysWhatItWroteAndHowItIsUsed: each file, and the directives that name it.
func TestExportForAReaderSaysWhatItWroteAndHowItIsUsed(t *testing.T) {
	o := newOffice(t)
	e := o.selfSigned("a.example.org", "--private-key-exportable")
	r := o.must("export", e.Thumbprint, "--path", o.path("a.pem"), "--for", "nginx")
	contains(t, r.out, o.path("a.pem")+": the certificate, without the key", o.path("a.key")+": the key, unencrypted", "ssl_certificate_key")
	before := o.snapshot()
	if r := o.run("export", e.Thumbprint, "--path", o.path("a.crt"), "--for", "apache"); r.code != 3 || !strings.Contains(r.err, "a.key exists already") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	o.unchanged(before)
	contains(t, o.run("export", "--help").out, "Windows 2016 and older", "HAProxy: one .pem with the key", "Postfix or Dovecot")
}

// TestExportForJavaHoldsTheCAsAlone: what Java is to trust is what stands above the certificate, under its name, and
// what vouches for itself where nothing does.
func TestExportForJavaHoldsTheCAsAlone(t *testing.T) {
	o := newOffice(t)
	word := o.write("word", "changeit\n")
	trusts := func(e wire.Entry, file string) string {
		t.Helper()
		r := o.must("export", e.Thumbprint, "--path", o.path(file), "--for", "java-truststore", "--password-file", word)
		contains(t, r.out, ": the CA certificates above it, for Java to trust, under the password")
		data, err := os.ReadFile(o.path(file))
		if err != nil {
			t.Fatal(err)
		}
		list, err := pkcs12.DecodeTrustStore(data, "changeit")
		if err != nil || len(list) != 1 {
			t.Fatalf("%d certificates, %v", len(list), err)
		}
		return list[0].Subject.CommonName
	}
	_, req := o.request("a.example.org")
	e := o.entry("import", o.write("a.pem", o.ca.sign(t, req, today, 30)+pemText("CERTIFICATE", o.ca.cert.Raw)))
	if got := trusts(e, "a.p12"); got != o.ca.cert.Subject.CommonName {
		t.Errorf("%s is trusted", got)
	}
	if got := trusts(o.selfSigned("b.example.org"), "b.pfx"); got != "b.example.org" {
		t.Errorf("%s is trusted", got)
	}
	pending, _ := o.request("c.example.org")
	r := o.run("export", pending.Thumbprint, "--path", o.path("c.p12"), "--for", "java-truststore", "--password-file", word)
	if r.code != 4 {
		t.Errorf("exit %d for a request: %s", r.code, r.err)
	}
}

func TestExportOfRequestsGivesTheSameBytes(t *testing.T) {
	o := newOffice(t)
	pending, req := o.request("a.example.org")
	o.must("export", pending.Thumbprint, "--path", o.path("again.req"))
	if data, _ := os.ReadFile(o.path("again.req")); string(data) != req {
		t.Error("the pending request came out changed")
	}
	e := o.entry("import", o.write("a.cer", o.ca.sign(t, req, today, 30)))
	o.must("export", e.Thumbprint, "--request", "--path", o.path("later.req"))
	data, _ := os.ReadFile(o.path("later.req"))
	block, _ := pem.Decode(data)
	if string(data) != req || block == nil {
		t.Error("the completed request came out changed")
	}
	if _, err := x509.ParseCertificateRequest(block.Bytes); err != nil {
		t.Error(err)
	}
}

func TestExportJSONAndForce(t *testing.T) {
	o := newOffice(t)
	e := o.selfSigned("a.example.org")
	path := o.write("a.cer", "old")
	var got wire.Results
	o.decode(o.must("export", e.Thumbprint, "--path", path, "--force", "--json").out, &got)
	if len(got.Done) != 1 || got.Refused == nil {
		t.Errorf("%+v", got)
	}
	if data, _ := os.ReadFile(path); !strings.HasPrefix(string(data), "-----BEGIN CERTIFICATE-----") {
		t.Errorf("%q", data)
	}
}

// A password that is made up is never printed: it lies in a file of its own, which was not there before.
func TestExportMakesAPasswordUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.selfSigned("a.example.org", "--private-key-exportable")
	r := o.must("export", e.Thumbprint, "--path", o.path("a.pfx"), "--generate-password", "--password-file", o.path("a.password"))
	contains(t, r.out, "its password is in "+o.path("a.password"))
	password, err := os.ReadFile(o.path("a.password"))
	if err != nil || len(password) != 24 || strings.Contains(r.out+r.err, strings.TrimSpace(string(password))) {
		t.Errorf("%q, %v; printed %q %q", password, err, r.out, r.err)
	}
	if info, _ := os.Stat(o.path("a.password")); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	newOffice(t).must("import", o.path("a.pfx"), "--password-file", o.path("a.password"))

	for name, args := range map[string][]string{
		"a password file that is there": {"--path", o.path("b.pfx"), "--generate-password", "--password-file", o.path("a.password"), "--force"},
		"no password file":              {"--path", o.path("b.pfx"), "--generate-password"},
		"standard output":               {"--path", o.path("b.pfx"), "--generate-password", "--password-file", "-"},
		"one file for both":             {"--path", o.path("b.pfx"), "--generate-password", "--password-file", o.path("b.pfx")},
		"no .pfx":                       {"--path", o.path("b.cer"), "--generate-password", "--password-file", o.path("b.password")},
		"within the store":              {"--path", o.path("b.pfx"), "--generate-password", "--password-file", filepath.Join(o.store(), "keys", "b")},
		"an export that fails":          {"--path", filepath.Join(o.path("a.pfx"), "b.pfx"), "--generate-password", "--password-file", o.path("b.password")},
	} {
		before := o.snapshot()
		if r := o.run(append([]string{"export", e.Thumbprint}, args...)...); r.code == 0 {
			t.Errorf("%s: %q", name, r.out)
		}
		o.unchanged(before)
		for _, file := range []string{"b.pfx", "b.password", "b.cer"} {
			if _, err := os.Stat(o.path(file)); err == nil {
				t.Errorf("%s: %s is there", name, file)
			}
		}
	}
	if again, _ := os.ReadFile(o.path("a.password")); string(again) != string(password) {
		t.Error("the password file was overwritten")
	}
}

func TestAPoorPasswordIsTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.entry("new", "--domain-name", "mail.example.org", "--private-key-exportable")
	for password, poor := range map[string]bool{"Password2026!": true, "Tr0ub": true, "correct horse 7": false} {
		r := o.must("export", e.Thumbprint, "--path", o.path("mail.pfx"), "--force", "--password-file", o.write("word", password+"\n"))
		if strings.Contains(r.err, "the password is weak") != poor || strings.Contains(r.err+r.out, password) {
			t.Errorf("%q: %s%s", password, r.out, r.err)
		}
	}
}
