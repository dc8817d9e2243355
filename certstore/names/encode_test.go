package names

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCountryIsAPrintableStringAndTheRestUTF8(t *testing.T) {
	s, err := ParseSubject("C=BE,O=Sunshine,CN=mail.example.org")
	if err != nil {
		t.Fatal(err)
	}
	der, err := s.DER()
	if err != nil {
		t.Fatal(err)
	}
	rdns, ok := parseName(der)
	if !ok || len(rdns) != 3 {
		t.Fatalf("%x", der)
	}
	for i, want := range []int{asn1.TagPrintableString, asn1.TagUTF8String, asn1.TagUTF8String} {
		if len(rdns[i]) != 1 || rdns[i][0].value.Tag != want {
			t.Errorf("attribute %d: %+v", i, rdns[i])
		}
	}
}

// TestASubjectSurvivesOpenssl makes a request with each subject and reads it back through openssl.
func TestASubjectSurvivesOpenssl(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no openssl")
		}
		t.Skip("SKIPPED: no openssl here to compare with")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{
		`C=BE, S=Brabant, L=Brussels, O="Sunshine, Inc.", OU=IT, CN=webmail.proexchange.global`,
		`C=DE, L=München, O="A ""B"" + C; <D> = #E\\F", OU=one, OU=" two ", CN=x`,
		`O="#1", CN=*.example.org`,
	} {
		s, err := ParseSubject(in)
		if err != nil {
			t.Fatal(err)
		}
		der, err := s.DER()
		if err != nil {
			t.Fatal(err)
		}
		req, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{RawSubject: der}, key)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "a.der")
		if err := os.WriteFile(file, req, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(openssl, "req", "-inform", "DER", "-in", file, "-noout", "-verify", "-subject", "-nameopt", "RFC2253,-esc_msb,utf8").Output()
		if got := strings.TrimPrefix(strings.TrimSpace(string(out)), "subject="); err != nil || got != s.String() {
			t.Errorf("openssl reads %s, want %s (%v)", got, s, err)
		}
	}
}
