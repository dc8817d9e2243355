package fail

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"testing"
)

// No sentence of certdesk begins, anywhere, with the name of a package; the cause stays, for errors.Is.
func TestASentenceDoesNotQuoteALibrary(t *testing.T) {
	_, malformed := x509.ParseCertificate([]byte{0x30, 3, 2, 1, 1})
	_, other := x509.ParsePKCS8PrivateKey([]byte{0x30, 3, 2, 1, 1})
	var values []asn1.RawValue
	_, structure := asn1.Unmarshal([]byte{2, 1, 1}, &values)
	unmarshal := json.Unmarshal([]byte(`"x"`), new(int))
	for _, c := range []struct {
		err  error
		want string
	}{
		{malformed, "cannot read mail.pem: the signed part of the certificate cannot be read"},
		{other, "cannot read mail.pem: its bytes do not have the structure that they should (ASN.1)"},
		{structure, "cannot read mail.pem: its bytes do not have the structure that they should (ASN.1)"},
		{unmarshal, "cannot read mail.pem: cannot unmarshal string into Go value of type int"},
		{x509.UnknownAuthorityError{}, "cannot read mail.pem: its chain ends at no root that is trusted"},
		{fmt.Errorf("remote error: tls: bad certificate"), "cannot read mail.pem: remote error: bad certificate"},
		{fmt.Errorf("tls://mail.example.org:443 is not asked"), "cannot read mail.pem: tls://mail.example.org:443 is not asked"},
	} {
		if c.err == nil {
			t.Fatalf("nothing to say: want %s", c.want)
		}
		made := New(Failed, "", "cannot read mail.pem: %w", c.err)
		for _, got := range []string{made.Text, Of(fmt.Errorf("cannot read mail.pem: %w", c.err)).Text, Of(made).Text} {
			if got != c.want {
				t.Errorf("%v: %q, want %q", c.err, got, c.want)
			}
		}
		if made.Err != c.err {
			t.Errorf("%v: the cause is lost", c.err)
		}
	}
}
