package cli

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"certdesk/certstore/formats"
	"certdesk/ui/cli/wire"
)

func TestImportCompletesTheRequestThatWaits(t *testing.T) {
	o := newOffice(t)
	pending, req := o.request("webmail.proexchange.global", "--friendly-name", "secure_client", "--services", "IIS")
	answer := o.write("answer.txt", "Dear admin,\r\n"+o.ca.sign(t, req, today.AddDate(0, 0, -1), 365))
	r := o.must("import", answer)
	contains(t, r.out, "secure_client", "completes", "valid")
	e := o.list()[0]
	if e.ID != pending.ID || e.FriendlyName != "secure_client" || e.Status != "Valid" || e.Kind != "certificate" || e.WantedServices[0] != "IIS" {
		t.Errorf("%+v", e)
	}
}

func TestImportReadsStandardInput(t *testing.T) {
	o := newOffice(t)
	_, req := o.request("a.example.org")
	o.stdin = strings.NewReader(o.ca.sign(t, req, today, 30))
	if e := o.entry("import", "-"); e.Status == "PendingRequest" {
		t.Errorf("%+v", e)
	}
}

func TestImportForAnUnknownKeyNamesTheWaitingRequests(t *testing.T) {
	o := newOffice(t)
	o.request("waits.example.org")
	stranger := newOffice(t)
	_, req := stranger.request("other.example.org", "--key-algorithm", "ecdsa-p256")
	answer, before := o.write("answer.cer", o.ca.sign(t, req, today, 30)), o.snapshot()
	r := o.run("import", answer)
	if r.code != 3 {
		t.Errorf("exit %d, want 3", r.code)
	}
	contains(t, r.err, "waits.example.org")
	o.unchanged(before)
}

func TestImportOfWhatIsHereIsRefusedUnlessSomethingIsNew(t *testing.T) {
	o := newOffice(t)
	_, req := o.request("a.example.org")
	leaf := o.ca.sign(t, req, today, 30)
	o.must("import", o.write("leaf.cer", leaf))
	before := o.snapshot()
	var got struct{ Error wire.Error }
	r := o.run("import", o.path("leaf.cer"), "--json")
	o.decode(r.err, &got)
	if r.code != 3 || got.Error.Code != "already-exists" {
		t.Errorf("%+v", r)
	}
	o.unchanged(before)
}

func TestImportOffersToAttachWhatIsNew(t *testing.T) {
	o := newOffice(t)
	middle, key := o.middle()
	_, req := o.request("a.example.org")
	leaf := authority{middle, key}.sign(t, req, today, 30)
	o.must("import", o.write("leaf.cer", leaf))
	full, before := o.write("full.pem", leaf+pemText("CERTIFICATE", middle.Raw)), o.snapshot()
	r := o.run("import", full)
	if r.code != 3 {
		t.Errorf("without a terminal: exit %d, want 3", r.code)
	}
	contains(t, r.err, "--yes", "chain")
	o.unchanged(before)
	o.must("import", full, "--yes")
	if e := o.list()[0]; len(e.Chain) == 0 || e.Status != "Valid" {
		t.Errorf("%+v", e)
	}
}

// middle is an intermediate of the office's CA.
func (o *office) middle() (*x509.Certificate, *ecdsa.PrivateKey) {
	o.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		o.t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: o.ca.cert.SerialNumber, Subject: pkix.Name{CommonName: "Office Issuing"},
		NotBefore: today.AddDate(-1, 0, 0), NotAfter: today.AddDate(5, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, o.ca.cert, key.Public(), o.ca.key)
	if err != nil {
		o.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		o.t.Fatal(err)
	}
	return cert, key
}

// pfx makes a PKCS#12 file with a key of its own.
func (o *office) pfx(name, cn, password string) string {
	o.t.Helper()
	other := newOffice(o.t)
	e := other.selfSigned(cn, "--private-key-exportable", "--key-algorithm", "ecdsa-p256")
	word := other.write("word", password+"\n")
	other.must("export", e.Thumbprint, "--path", other.path("x.pfx"), "--password-file", word)
	data, err := os.ReadFile(other.path("x.pfx"))
	if err != nil {
		o.t.Fatal(err)
	}
	return o.write(name, string(data))
}

func TestImportOfAPFX(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := o.pfx("x.pfx", "a.example.org", "correct horse")
	before := o.snapshot()
	for _, c := range []struct{ password, code string }{{"", "password-needed"}, {"wrong\n", "wrong-password"}} {
		args := []string{"import", path, "--json"}
		if c.password != "" {
			args = append(args, "--password-file", o.write("wrong", c.password))
		}
		r := o.run(args...)
		var got struct{ Error wire.Error }
		o.decode(r.err, &got)
		if r.code != 3 || string(got.Error.Code) != c.code {
			t.Errorf("exit %d, code %s; want 3 and %s", r.code, got.Error.Code, c.code)
		}
		o.unchanged(before)
	}
	o.stdin = strings.NewReader("correct horse\r\n")
	if e := o.entry("import", path, "--password-file", "-"); !e.HasPrivateKey || e.PrivateKeyExportable {
		t.Errorf("%+v; want its key, not exportable", e)
	}
}

func TestImportOfKeyAndCertificateInTwoFiles(t *testing.T) {
	o := newOffice(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := formats.KeyPEM(key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: []string{"a.example.org"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf := o.ca.sign(t, pemText("CERTIFICATE REQUEST", der), today, 30)
	e := o.entry("import", o.write("privkey.pem", string(text)), o.write("fullchain.pem", leaf),
		"--private-key-exportable", "--friendly-name", "moved", "--services", "IMAP,POP")
	if !e.HasPrivateKey || !e.PrivateKeyExportable || e.FriendlyName != "moved" || len(e.WantedServices) != 2 {
		t.Errorf("%+v", e)
	}
}

// several is an office with two requests that wait, their answers in files, and a file that is neither.
func several(t *testing.T) (o *office, one, two, text string) {
	o = newOffice(t)
	for i, host := range []string{"one.example.org", "two.example.org"} {
		_, req := o.request(host)
		path := o.write(host+".cer", o.ca.sign(t, req, today.AddDate(0, 0, -1), 365))
		if i == 0 {
			one = path
		}
		two = path
	}
	return o, one, two, o.write("notes.txt", "good morning")
}

func TestSeveralAnswersAreImportedEachWithAResult(t *testing.T) {
	o, one, two, text := several(t)
	r := o.run("import", one, text, two, o.path("gone.cer"))
	if r.code != 1 {
		t.Errorf("exit %d, want 1: something was imported, something not", r.code)
	}
	contains(t, r.out, "imported one.example.org", "imported two.example.org", "completes the request")
	contains(t, r.err, "2 of 4 were not imported", "notes.txt", "gone.cer")
	for _, e := range o.list() {
		if e.Status != "Valid" {
			t.Errorf("%s is %s", e.FriendlyName, e.Status)
		}
	}
	before := o.snapshot()
	if r := o.run("import", one, two); r.code != 3 {
		t.Errorf("the same again: exit %d, want 3", r.code)
	}
	o.unchanged(before)
}

func TestSeveralAnswersAsJSON(t *testing.T) {
	o, one, two, text := several(t)
	var got wire.Results
	r := o.run("import", one, text, two, "--json")
	o.decode(r.out, &got)
	if r.code != 1 || len(got.Done) != 2 || len(got.Refused) != 1 || got.Refused[0].Error.Code != "unsupported-format" || got.Refused[0].Files[0] != text {
		t.Errorf("exit %d: %+v", r.code, got)
	}
}

func TestOneFriendlyNameIsNotForSeveral(t *testing.T) {
	o, one, two, _ := several(t)
	before := o.snapshot()
	if r := o.run("import", one, two, "--friendly-name", "mail"); r.code != 2 {
		t.Errorf("exit %d, want 2", r.code)
	}
	o.unchanged(before)
}

func TestAProtectedFileStopsNoOther(t *testing.T) {
	t.Parallel()
	o, one, two, _ := several(t)
	r := o.run("import", one, o.pfx("x.pfx", "moved.example.org", "sesame"), two)
	if r.code != 1 {
		t.Errorf("exit %d, want 1", r.code)
	}
	contains(t, r.err, "x.pfx", "password")
	word := o.write("word", "sesame\n")
	o.must("import", o.path("x.pfx"), o.path("x.pfx"), "--password-file", word)
	if l := o.list(); len(l) != 3 {
		t.Errorf("%d entries", len(l))
	}
}

// pages is a web that answers.
type pages map[string][]byte

func (p pages) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(p[r.URL.String()])), Request: r}, nil
}

// lacking is an answer whose intermediate is to be had from the web.
func (o *office) lacking(cn string) string {
	o.t.Helper()
	middle, key := o.middle()
	at := "http://ca.example.org/" + cn + ".cer"
	o.web = pages{at: middle.Raw}
	_, req := o.request(cn)
	return o.write(cn+".cer", authority{middle, key}.signAt(o.t, req, today, 30, at))
}

func TestWhatTheFilesHoldIsSaidBeforeAnythingIsStored(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, req := o.request("a.example.org")
	r := o.must("import", o.write("answer.txt", o.ca.sign(t, req, today, 30)+pemText("CERTIFICATE", o.ca.cert.Raw)))
	contains(t, r.err, o.path("answer.txt")+": PEM, a certificate for a.example.org and its CA's\n")
	r = o.run("import", o.pfx("x.pfx", "b.example.org", "sesame"), "--read-only", "--password-file", o.write("word", "sesame"))
	if r.code != 3 {
		t.Errorf("%+v", r)
	}
	stranger := o.write("stranger.cer", newOffice(t).strangers(t))
	before := o.snapshot()
	if r = o.run("import", stranger); r.code != 3 {
		t.Errorf("%+v", r)
	}
	contains(t, r.err, "stranger.cer: PEM, a certificate for stranger.example.org\n", "is not here")
	o.unchanged(before)
}

// strangers is a certificate whose key this office alone has.
func (o *office) strangers(t *testing.T) string {
	_, req := o.request("stranger.example.org", "--key-algorithm", "ecdsa-p256")
	return o.ca.sign(t, req, today, 30)
}

func TestAMissingIssuerIsFetchedWhenTheFlagSaysSo(t *testing.T) {
	o := newOffice(t)
	o.web = nil
	path := o.lacking("a.example.org")
	r := o.must("import", path, "--yes")
	contains(t, r.err, "http://ca.example.org/a.example.org.cer", "is missing")
	e := o.list()[0]
	if e.Status != "Untrusted" {
		t.Errorf("nobody said yes to the network, and it is %s", e.Status)
	}
	show := o.must("show", e.Thumbprint)
	contains(t, show.out, "http://ca.example.org/a.example.org.cer", "--fetch-issuers")
	o.must("import", path, "--fetch-issuers", "--yes")
	if e := o.list()[0]; e.Status != "Valid" || len(e.Chain) != 1 {
		t.Errorf("%s, chain %v", e.Status, e.Chain)
	}
	got := o.entry("import", o.lacking("b.example.org"), "--fetch-issuers")
	if got.Status != "Valid" || got.Gaps != nil {
		t.Errorf("%+v", got)
	}
	path = o.lacking("c.example.org")
	o.web = pages{}
	if r = o.must("import", path, "--fetch-issuers"); !strings.Contains(r.err, "is not a certificate") {
		t.Errorf("it could not be fetched: %+v", r)
	}
}

func TestAForgottenExportableIsMendedByImportingAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pfx := o.pfx("a.pfx", "a.example.org", "pw")
	word := o.write("word", "pw\n")
	first := o.entry("import", pfx, "--password-file", word)
	if first.PrivateKeyExportable {
		t.Fatal("exportable without being asked")
	}
	before := o.snapshot()
	if r := o.run("import", pfx, "--password-file", word); r.code != 3 || !strings.Contains(r.err, "--private-key-exportable") {
		t.Errorf("exit %d: the way out is not named:\n%s", r.code, r.err)
	}
	o.unchanged(before)
	again := o.entry("import", pfx, "--password-file", word, "--private-key-exportable", "--yes")
	if again.ID != first.ID || !again.PrivateKeyExportable {
		t.Errorf("%+v", again)
	}
	if r := o.must("history"); !strings.Contains(r.out, "may be exported from now on") {
		t.Errorf("the journal does not say so:\n%s", r.out)
	}
}
