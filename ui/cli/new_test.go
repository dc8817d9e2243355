package cli

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"certdesk/ui/cli/wire"
)

func parseRequest(t *testing.T, text string) *x509.CertificateRequest {
	t.Helper()
	block, rest := pem.Decode([]byte(text))
	if block == nil || len(rest) > 0 {
		t.Fatalf("not one PEM request: %q", text)
	}
	r, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || r.CheckSignature() != nil {
		t.Fatalf("%v", err)
	}
	return r
}

func TestNewWithoutPathPutsTheRequestAloneOnStdout(t *testing.T) {
	o := newOffice(t)
	r := o.must("new", "--generate-request", "--domain-name", "webmail.proexchange.global,webmail.belgianbeers.rock",
		"--include-autodiscover", "--friendly-name", "secure_client")
	got := parseRequest(t, r.out)
	want := []string{"webmail.proexchange.global", "webmail.belgianbeers.rock", "autodiscover.proexchange.global", "autodiscover.belgianbeers.rock"}
	if got.Subject.CommonName != want[0] || !slices.Equal(got.DNSNames, want) {
		t.Errorf("CN %s, names %v; want %v", got.Subject.CommonName, got.DNSNames, want)
	}
	contains(t, r.err, "secure_client", "next: ")
	if strings.Contains(r.err, `\u{`) {
		t.Errorf("a line of our own was not printable: %q", r.err)
	}
}

func TestNewWritesToPath(t *testing.T) {
	o := newOffice(t)
	for _, c := range []struct {
		file string
		der  bool
	}{{"a.req", false}, {"b.der", true}} {
		args := []string{"new", "--generate-request", "--domain-name", "a.example.org", "--path", o.path(c.file)}
		if c.der {
			args = append(args, "--binary-encoded")
		}
		if r := o.must(args...); r.out != "" {
			t.Errorf("stdout %q; want nothing", r.out)
		}
		data, err := os.ReadFile(o.path(c.file))
		if err != nil {
			t.Fatal(err)
		}
		if c.der {
			data = []byte(pemText("CERTIFICATE REQUEST", data))
		}
		parseRequest(t, string(data))
	}
}

func TestNewRefusesAnExistingPathAndForceOverwrites(t *testing.T) {
	o := newOffice(t)
	o.must("new", "--domain-name", "first.example.org")
	path, before := o.write("there.req", "precious"), o.snapshot()
	args := []string{"new", "--generate-request", "--domain-name", "a.example.org", "--path", path}
	for _, more := range [][]string{nil, {"--yes"}} {
		r := o.run(append(slices.Clone(args), more...)...)
		if r.code != 3 {
			t.Errorf("exit %d, want 3: %s", r.code, r.err)
		}
		if data, _ := os.ReadFile(path); string(data) != "precious" {
			t.Errorf("the file was changed to %q", data)
		}
		o.unchanged(before)
	}
	o.must(append(args, "--force")...)
	data, _ := os.ReadFile(path)
	parseRequest(t, string(data))
}

func TestNewSelfSigned(t *testing.T) {
	o := newOffice(t)
	e := o.selfSigned("mail.proexchange.global", "--valid-days", "90", "--private-key-exportable")
	if e.Kind != "certificate" || !e.IsSelfSigned || e.DaysLeft == nil || *e.DaysLeft < 89 || *e.DaysLeft > 90 {
		t.Errorf("%+v", e)
	}
	if !slices.Equal(e.WantedServices, []string{"SMTP"}) || len(e.Services) != 0 || !e.PrivateKeyExportable {
		t.Errorf("wanted %v, services %v, exportable %v", e.WantedServices, e.Services, e.PrivateKeyExportable)
	}
	if e := o.selfSigned("b.example.org", "--services", "None"); len(e.WantedServices) != 0 {
		t.Errorf("wanted %v, want none", e.WantedServices)
	}
}

func TestNewWithoutNamesTakesTheServers(t *testing.T) {
	e := newOffice(t).entry("new")
	want := []string{"ex2007ee.proexchange.global", "ex2007ee"}
	slices.Sort(e.CertificateDomains)
	slices.Sort(want)
	if !slices.Equal(e.CertificateDomains, want) {
		t.Errorf("names %v, want %v", e.CertificateDomains, want)
	}
}

func TestNewJSONSaysWhereTheRequestIs(t *testing.T) {
	o := newOffice(t)
	e := o.entry("new", "--generate-request", "--domain-name", "a.example.org")
	if !slices.ContainsFunc(e.Files, func(f string) bool { return strings.HasSuffix(f, ".req") }) {
		t.Errorf("files %v; want the request's", e.Files)
	}
	if e.NotAfter != nil || e.DaysLeft != nil || e.Status != "PendingRequest" || e.Kind != "request" {
		t.Errorf("%+v", e)
	}
}

// The shell's command is that of the version asked for, in show and in --what-if, and no other word is a version.
func TestTheShellIsThatOfTheVersion(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.valid("mail.example.org")
	for version, file := range map[string]string{"latest": "::WriteAllBytes(", "2013": " -RequestFile (", "2010": "::WriteAllBytes(", "2007": " -Path ("} {
		contains(t, o.must("show", e.Thumbprint, "--exchange", version).out, "Get-ExchangeCertificate", file, "Remove-ExchangeCertificate -Thumbprint "+e.Thumbprint)
	}
	line := []string{"new", "--generate-request", "--domain-name", "a.example.org", "--path", o.path("a.req")}
	contains(t, o.must(append(line, "--what-if", "--exchange", "2013")...).out, "Exchange 2013, 2016 to CU22", " -RequestFile (Join-Path $PWD 'a.req')")
	for _, wrong := range [][]string{append(line, "--exchange", "2010"), append(line, "--what-if", "--exchange", "2016"), {"show", e.Thumbprint, "--exchange", "2016"}} {
		if r := o.run(wrong...); r.code != 2 {
			t.Errorf("%q exits %d\n%s", wrong, r.code, r.out)
		}
	}
}

func TestWhatIfMakesNothing(t *testing.T) {
	o := newOffice(t)
	r := o.must("new", "--generate-request", "--domain-name", "webmail.proexchange.global", "--include-accepted-domains", "--what-if")
	contains(t, r.out, "webmail.proexchange.global", "belgianbeers.rock", "accepted domain", "New-ExchangeCertificate", "certdesk new")
	var plan wire.Draft
	o.decode(o.must("new", "--domain-name", "a.example.org", "--what-if", "--json").out, &plan)
	if len(plan.Names) != 1 || !plan.Names[0].CommonName {
		t.Errorf("%+v", plan)
	}
	if _, err := os.Stat(o.store()); err == nil {
		t.Error("a store was made")
	}
}

// The command that is shown makes the same request, key apart, read from the two files.
func TestTheShownCommandMakesTheSameRequest(t *testing.T) {
	t.Parallel()
	for _, line := range [][]string{
		{"--domain-name", "webmail.proexchange.global,*.belgianbeers.rock", "--include-server-fqdn", "--key-size", "4096", "--friendly-name", "it's mail",
			"--subject-name", `C=BE, O="Sun, ""Inc.""", OU=Café Müller, CN=webmail.proexchange.global`},
		{"--domain-name", "a.example.org, 10.0.0.1, x@example.org", "--include-accepted-domains", "--include-autodiscover", "--private-key-exportable"},
		{"--domain-name", "a.example.org", "--key-algorithm", "ecdsa-p384", "--binary-encoded"},
	} {
		done, shown := newOffice(t), newOffice(t)
		line = append([]string{"new", "--generate-request", "--path", "DIR/it's a.req"}, line...)
		done.must(done.here(line)...)
		var plan wire.Draft
		shown.decode(shown.must(append(shown.here(line), "--what-if", "--json")...).out, &plan)
		words := shellWords(t, plan.Command)
		shown.must(words[1:slices.Index(words, "--store")]...) // the office names its own
		want, got := done.requestIn("it's a.req"), shown.requestIn("it's a.req")
		if !bytes.Equal(got.RawSubject, want.RawSubject) || !reflect.DeepEqual(got.Extensions, want.Extensions) ||
			got.PublicKeyAlgorithm != want.PublicKeyAlgorithm || len(got.RawSubjectPublicKeyInfo) != len(want.RawSubjectPublicKeyInfo) {
			t.Errorf("%s\ngives %s, %v, %v\nwant %s, %v, %v", plan.Command, got.Subject, got.DNSNames, got.Extensions, want.Subject, want.DNSNames, want.Extensions)
		}
	}
}

// requestIn is the request in a file, PEM or DER.
func (o *office) requestIn(file string) *x509.CertificateRequest {
	o.t.Helper()
	data, err := os.ReadFile(o.path(file))
	if err != nil {
		o.t.Fatal(err)
	}
	if r, err := x509.ParseCertificateRequest(data); err == nil {
		return r
	}
	return parseRequest(o.t, string(data))
}

// shellWords splits a POSIX command line as a shell would: quotes and backslashes.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	var words []string
	var word strings.Builder
	quote, open := byte(0), false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote == '\'' && c != '\'', quote == '"' && c != '"' && c != '\\':
			word.WriteByte(c)
		case quote != 0 && c == quote:
			quote = 0
		case c == '\\' && i+1 < len(line):
			if i++; line[i] != '\n' {
				word.WriteByte(line[i])
				open = true
			}
		case c == '\'' || c == '"':
			quote, open = c, true
		case c == ' ' || c == '\n':
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteByte(c)
			open = true
		}
	}
	if open {
		words = append(words, word.String())
	}
	return words
}
