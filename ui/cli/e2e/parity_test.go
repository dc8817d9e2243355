//go:build linux

package e2e

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/printable"
	"certdesk/certstore/storetest"
)

// fields is what both we and openssl say of a certificate.
type fields struct {
	Thumbprint, Sha256, Subject, Issuer, SerialNumber, Spki string
	NotBefore, NotAfter                                     time.Time
	PublicKeySize                                           int
	PublicKeyAlgorithm, SignatureAlgorithm                  string
	CertificateDomains                                      []string
}

// TestListAndShowEqualOpenssl compares every certificate in testdata, field by field.
func TestListAndShowEqualOpenssl(t *testing.T) {
	t.Parallel()
	need(t, "openssl")
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "testdata", "certs", "*.pem"))
	if err != nil || len(paths) < 30 {
		t.Fatalf("%d certificates in testdata: %v", len(paths), err)
	}
	s := newSite(t)
	var certs []*x509.Certificate
	var files []string
	for _, path := range paths {
		block, _ := pem.Decode([]byte(s.read(path)))
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Logf("Go reads no %s: %v", filepath.Base(path), err)
			continue
		}
		abs, _ := filepath.Abs(path)
		certs, files = append(certs, c), append(files, abs)
	}
	if len(paths)-len(certs) > 3 {
		t.Errorf("only %d of %d certificates are read", len(certs), len(paths))
	}
	if err := storetest.Adopt(s.store, certs); err != nil {
		t.Fatal(err)
	}
	listed := map[string]fields{}
	var list []fields
	if err := json.Unmarshal([]byte(s.ok("--json", "list")), &list); err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		listed[f.Thumbprint] = f
	}
	for i, path := range files {
		if !all && i%4 != 0 { // the full run compares every one
			continue
		}
		want := s.opensslReads(path)
		compare(t, path, "list", listed[want.Thumbprint], want)
		var shown fields
		if err := json.Unmarshal([]byte(s.ok("--json", "show", want.Thumbprint)), &shown); err != nil {
			t.Fatal(err)
		}
		compare(t, path, "show", shown, want)
	}
}

func compare(t *testing.T, path, verb string, got, want fields) {
	t.Helper()
	name := filepath.Base(path)
	for _, f := range []struct{ what, got, want string }{
		{"thumbprint", got.Thumbprint, want.Thumbprint}, {"SHA-256", got.Sha256, want.Sha256},
		{"subject", got.Subject, want.Subject}, {"issuer", got.Issuer, want.Issuer},
		{"serial", got.SerialNumber, want.SerialNumber}, {"SPKI", got.Spki, want.Spki},
		{"not before", got.NotBefore.UTC().String(), want.NotBefore.UTC().String()}, {"not after", got.NotAfter.UTC().String(), want.NotAfter.UTC().String()},
		{"key", got.PublicKeyAlgorithm, want.PublicKeyAlgorithm}, {"signature", got.SignatureAlgorithm, want.SignatureAlgorithm},
	} {
		if f.got != f.want {
			t.Errorf("%s %s: %s is %q, openssl says %q", verb, name, f.what, f.got, f.want)
		}
	}
	if got.PublicKeySize != want.PublicKeySize {
		t.Errorf("%s %s: key size %d, openssl says %d", verb, name, got.PublicKeySize, want.PublicKeySize)
	}
	slices.Sort(got.CertificateDomains)
	slices.Sort(want.CertificateDomains)
	if name == "nul.pem" { // openssl reads no name where one holds a NUL; we show it, visibly
		want.CertificateDomains = []string{`bank.example.org\u{0}.evil.example`}
	}
	if !slices.Equal(got.CertificateDomains, want.CertificateDomains) {
		t.Errorf("%s %s: names %q, openssl says %q", verb, name, got.CertificateDomains, want.CertificateDomains)
	}
}

var (
	keySize   = regexp.MustCompile(`Public-Key: \((\d+) bit`)
	keyKind   = regexp.MustCompile(`Public Key Algorithm: (\S+)`)
	signature = regexp.MustCompile(`Signature Algorithm: (\S+)`)
	pssHash   = regexp.MustCompile(`Hash Algorithm: sha(\d+)`)
)

// opensslReads asks openssl for each field on its own.
func (s *site) opensslReads(path string) (f fields) {
	s.Helper()
	ask := func(args ...string) string {
		_, value, _ := strings.Cut(strings.TrimSpace(s.openssl(append([]string{"x509", "-in", path, "-noout"}, args...)...)), "=")
		return value
	}
	hex := func(text string) string { return strings.ReplaceAll(text, ":", "") }
	const names = "RFC2253,-esc_msb,utf8"
	f.Thumbprint, f.Sha256 = hex(ask("-fingerprint", "-sha1")), strings.ToLower(hex(ask("-fingerprint", "-sha256")))
	f.Subject, f.Issuer = printable.Text(ask("-subject", "-nameopt", names)), printable.Text(ask("-issuer", "-nameopt", names))
	f.SerialNumber = ask("-serial")
	f.NotBefore, f.NotAfter = s.day(ask("-startdate")), s.day(ask("-enddate"))
	s.write(s.file("pub.pem"), s.openssl("x509", "-in", path, "-noout", "-pubkey"))
	s.openssl("pkey", "-pubin", "-in", "pub.pem", "-outform", "DER", "-out", "pub.der")
	f.Spki, _, _ = strings.Cut(s.openssl("dgst", "-sha256", "-r", "pub.der"), " ")
	text := s.openssl("x509", "-in", path, "-noout", "-text")
	f.PublicKeyAlgorithm = map[string]string{"rsaEncryption": "RSA", "id-ecPublicKey": "ECDSA", "ED25519": "Ed25519"}[keyKind.FindStringSubmatch(text)[1]]
	f.PublicKeySize = 256
	if m := keySize.FindStringSubmatch(text); m != nil {
		f.PublicKeySize = atoi(m[1])
	}
	f.SignatureAlgorithm = signatureName(text)
	f.CertificateDomains = opensslNames(text)
	return f
}

func atoi(digits string) (n int) {
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}

func (s *site) day(text string) time.Time {
	s.Helper()
	t, err := time.Parse("Jan _2 15:04:05 2006 MST", text)
	if err != nil {
		s.Fatal(err)
	}
	return t
}

// signatureName is openssl's word in certdesk's (Go's) spelling.
func signatureName(text string) string {
	word := signature.FindStringSubmatch(text)[1]
	if word == "rsassaPss" {
		return "SHA" + pssHash.FindStringSubmatch(text)[1] + "-RSAPSS"
	}
	return map[string]string{"sha1WithRSAEncryption": "SHA1-RSA", "sha256WithRSAEncryption": "SHA256-RSA", "sha384WithRSAEncryption": "SHA384-RSA",
		"sha512WithRSAEncryption": "SHA512-RSA", "ecdsa-with-SHA256": "ECDSA-SHA256", "ecdsa-with-SHA384": "ECDSA-SHA384", "ED25519": "Ed25519"}[word]
}

// opensslNames reads DNS, IP and e-mail names out of openssl's text.
func opensslNames(text string) []string {
	_, after, found := strings.Cut(text, "X509v3 Subject Alternative Name:")
	if !found {
		return []string{}
	}
	names := []string{}
	line := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(after), "critical"), " ")
	for _, part := range strings.Split(strings.SplitN(strings.TrimSpace(line), "\n", 2)[0], ", ") {
		kind, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		switch kind {
		case "DNS", "email":
			names = append(names, value)
		case "IP Address":
			names = append(names, ipText(value))
		}
	}
	return names
}
