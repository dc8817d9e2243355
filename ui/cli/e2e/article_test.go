//go:build linux

package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// row is what these tests read of an entry's JSON.
type row struct {
	ID                 int
	Thumbprint, Sha256 string
	Kind, FriendlyName string
	Status, Subject    string
	StatusReason       string
	RootCAType         string
	CertificateDomains []string
	Services           []string
	WantedServices     []string
	PrivateKeyExportable,
	HasPrivateKey bool
	IsSelfSigned bool
	Spki         string
}

func (s *site) rows(args ...string) []row {
	s.Helper()
	var list []row
	text := s.ok(append([]string{"--json", "list"}, args...)...)
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		s.Fatalf("%v in %s", err, text)
	}
	return list
}

func (s *site) row(name string) row {
	s.Helper()
	for _, r := range s.rows() {
		if r.FriendlyName == name {
			return r
		}
	}
	s.Fatalf("no row is called %s", name)
	return row{}
}

// The article's two requests.
var (
	clientNames = []string{"webmail.proexchange.global", "webmail.belgianbeers.rock", "autodiscover.proexchange.global", "autodiscover.belgianbeers.rock",
		"ex2007ee.proexchange.global", "ex2007ee", "ex2007se.proexchange.global", "ex2007se"}
	smtpNames = []string{"proexchange.global", "belgianbeers.rock"}
)

// TestTheArticleByCommands is the article's scenario, against a CA made with openssl.
func TestTheArticleByCommands(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	s := newSite(t, ca.root())
	s.ok("new", "--generate-request", "--friendly-name", "secure_client", "--path", s.file("secure_client.req"),
		"--subject-name", `C=BE, O="ProExchange, Inc.", CN=Webmail.ProExchange.Global`, "--domain-name", "Webmail.BelgianBeers.Rock",
		"--include-autodiscover", "--domain-name", "Ex2007EE.ProExchange.Global,Ex2007EE,Ex2007SE.ProExchange.Global,Ex2007SE",
		"--private-key-exportable", "--services", "IIS,UM")
	s.ok("new", "--generate-request", "--friendly-name", "secure_smtp", "--path", s.file("secure_smtp.req"),
		"--subject-name", "CN=ProExchange.Global", "--include-accepted-domains", "--private-key-exportable", "--services", "SMTP", "--key-size", "2048")
	for name, want := range map[string][]string{"secure_client": clientNames, "secure_smtp": smtpNames} {
		if out := s.openssl("req", "-in", s.file(name+".req"), "-verify", "-noout"); !strings.Contains(out, "verify OK") {
			t.Errorf("openssl req -verify: %s", out)
		}
		got := sanOf(s.openssl("req", "-in", s.file(name+".req"), "-noout", "-text"))
		if got[0] != want[0] || !sameSet(got, want) {
			t.Errorf("%s asks for %v, want %v", name, got, want)
		}
		if r := s.row(name); r.Status != "PendingRequest" || len(r.Services) != 0 || len(r.WantedServices) == 0 {
			t.Errorf("pending row: %+v", r)
		}
	}

	s.ok("import", ca.withChain(ca.answer(s.file("secure_client.req"), "200")))
	s.ok("import", ca.p7b(ca.answer(s.file("secure_smtp.req"), "200")))
	for _, name := range []string{"secure_client", "secure_smtp"} {
		if r := s.row(name); r.Status != "Valid" || r.RootCAType != "Enterprise" {
			t.Errorf("%s is %s (%s), root %s", name, r.Status, r.StatusReason, r.RootCAType)
		}
	}
	exportAndMove(t, s, newSite(t, ca.root()))
	removeSelfSigned(t, s)
}

// exportAndMove takes secure_smtp to a second server, as the article does for the Edge.
func exportAndMove(t *testing.T, s, edge *site) {
	t.Helper()
	smtp := s.row("secure_smtp")
	s.write(s.file("password"), "Pa55 wörd\n")
	for _, profile := range []string{"modern", "windows-2016"} {
		pfx := s.file(profile + ".pfx")
		s.ok("export", smtp.Thumbprint, "--path", pfx, "--password-file", s.file("password"), "--for", profile)
		s.openssl("pkcs12", "-in", pfx, "-passin", "file:"+s.file("password"), "-nodes", "-out", s.file("opened.pem"), "-legacy")
		key := s.openssl("pkey", "-in", s.file("opened.pem"), "-pubout", "-outform", "DER", "-out", s.file("pub.der"))
		if sum := s.openssl("dgst", "-sha256", "-r", s.file("pub.der")); !strings.HasPrefix(sum, smtp.Spki) {
			t.Errorf("%s holds another key: %s %s", profile, key, sum)
		}
	}
	edge.write(edge.file("guess"), "guess")
	if r := edge.run("import", s.file("modern.pfx"), "--password-file", edge.file("guess")); r.code != 3 || !strings.Contains(r.err, "password") {
		t.Errorf("wrong password: %+v", r)
	}
	edge.ok("import", s.file("modern.pfx"), "--password-file", s.file("password"), "--friendly-name", "edge smtp", "--private-key-exportable")
	if moved := edge.row("edge smtp"); moved.Thumbprint != smtp.Thumbprint || moved.Status != "Valid" || !moved.PrivateKeyExportable {
		t.Errorf("on the second server: %+v", moved)
	}
}

func removeSelfSigned(t *testing.T, s *site) {
	t.Helper()
	for _, name := range []string{"one", "two", "three"} {
		s.ok("new", "--domain-name", name+".proexchange.global", "--friendly-name", name)
	}
	if r := s.run("remove", "--self-signed"); r.code != 3 {
		t.Errorf("remove without a terminal and without --yes: %+v", r)
	}
	two := s.row("two").Thumbprint
	s.ok("remove", "--self-signed", "--yes")
	if left := s.rows("--self-signed"); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
	s.ok("restore", two)
	if left := s.rows("--self-signed"); len(left) != 1 || left[0].FriendlyName != "two" {
		t.Errorf("after restore: %+v", left)
	}
	s.ok("history", "verify")
	s.ok("doctor")
}

// sanOf reads the names out of openssl's text of a request or certificate.
func sanOf(text string) []string {
	_, after, _ := strings.Cut(text, "Subject Alternative Name:")
	line := strings.TrimSpace(strings.SplitN(strings.TrimSpace(after), "\n", 2)[0])
	var list []string
	for _, part := range strings.Split(line, ", ") {
		list = append(list, strings.TrimPrefix(part, "DNS:"))
	}
	return list
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
