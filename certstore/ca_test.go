package certstore

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/issuing"
)

// testCA is a root and an intermediate.
type testCA struct {
	root, middle *x509.Certificate
	key          crypto.Signer
}

func newTestCA(t *testing.T, now time.Time) testCA {
	t.Helper()
	var ca testCA
	rootKey := mustKey(t)
	ca.key = mustKey(t)
	ca.root = sign(t, caTemplate("Test Root", now), nil, rootKey.Public(), rootKey)
	ca.middle = sign(t, caTemplate("Test Intermediate", now), ca.root, ca.key.Public(), rootKey)
	return ca
}

func mustKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := issuing.GenerateKey(issuing.KeySpec{Algorithm: "ecdsa-p256"})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func caTemplate(name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
}

func sign(t *testing.T, template, parent *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) *x509.Certificate {
	t.Helper()
	if parent == nil {
		parent = template
	}
	template.SerialNumber, _ = rand.Int(rand.Reader, big.NewInt(1<<62))
	der, err := x509.CreateCertificate(rand.Reader, template, parent, pub, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answer is the CA's certificate for a request, as PEM.
func (ca testCA) answer(t *testing.T, request []byte, until time.Time) []byte {
	t.Helper()
	return ca.answerAt(t, request, until)
}

// answerAt is an answer that says where its issuer's certificate can be had.
func (ca testCA) answerAt(t *testing.T, request []byte, until time.Time, addresses ...string) []byte {
	t.Helper()
	r, err := x509.ParseCertificateRequest(request)
	if err != nil {
		t.Fatal(err)
	}
	c := sign(t, &x509.Certificate{RawSubject: r.RawSubject, DNSNames: r.DNSNames, NotBefore: until.AddDate(0, 0, -100), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
		IssuingCertificateURL: addresses}, ca.middle, r.PublicKey, ca.key)
	return formats.CertPEM(c.Raw)
}

func (ca testCA) chain() []byte { return formats.CertPEM(ca.middle.Raw) }

// requestSPKI names the key of a request in PEM.
func requestSPKI(t *testing.T, text []byte) string {
	t.Helper()
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatal("half a request is outside")
	}
	r, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := formats.SPKI(r.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return spki
}
