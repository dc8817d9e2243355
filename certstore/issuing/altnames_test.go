package issuing

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"net"
	"slices"
	"testing"
	"time"

	"certdesk/certstore/judging"
	"certdesk/certstore/names"
)

// The order that was chosen is the order in the request, in the certificate, and in what is listed; crypto/x509 reads
// the same names.
func TestAlternativeNamesKeepTheirOrderWhateverTheirKind(t *testing.T) {
	want := []string{"mail.example.org", "10.0.0.1", "*.example.org", "admin@example.org", "2001:db8::1", "example.org"}
	r := Request{Key: KeySpec{Algorithm: "ecdsa-p256"}, ValidDays: 1}
	for _, text := range want {
		n, err := names.Normalize(text)
		if err != nil {
			t.Fatal(err)
		}
		r.Names = append(r.Names, n)
	}
	r.Subject = r.Subject.With("CN", want[0])
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := signRequest(r, key)
	if err != nil {
		t.Fatal(err)
	}
	request, err := x509.ParseCertificateRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	if der, err = selfSign(r, key, big.NewInt(1), time.Now()); err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := judging.DescribeRequest(request); err != nil || !slices.Equal(e.Names, want) {
		t.Errorf("the request: %v, %v", e.Names, err)
	}
	if e, err := judging.Describe(certificate, nil); err != nil || !slices.Equal(e.Names, want) {
		t.Errorf("the certificate: %v, %v", e.Names, err)
	}
	sameIP := func(a, b net.IP) bool { return a.Equal(b) }
	if !slices.Equal(certificate.DNSNames, []string{want[0], want[2], want[5]}) ||
		!slices.Equal(certificate.EmailAddresses, want[3:4]) ||
		!slices.EqualFunc(certificate.IPAddresses, []net.IP{net.ParseIP(want[1]), net.ParseIP(want[4])}, sameIP) {
		t.Errorf("crypto/x509 reads %v %v %v", certificate.DNSNames, certificate.IPAddresses, certificate.EmailAddresses)
	}
}
