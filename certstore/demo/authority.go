package demo

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"time"

	"certdesk/certstore/issuing"
)

const day = 24 * time.Hour

// authority is a CA of the demo: a root and an intermediate that issues.
type authority struct {
	root, middle *x509.Certificate
	rootKey, key crypto.Signer // key is the intermediate's
}

func (b *builder) makeAuthorities() (err error) {
	if b.public, err = b.authority("Example Trust Root X1", "Example CA R3"); err != nil {
		return err
	}
	if b.inside, err = b.authority("ProExchange Root CA", "ProExchange Issuing CA"); err != nil {
		return err
	}
	b.other, err = b.authority("Sunshine.Edu Test Root", "Sunshine.Edu Test CA")
	return err
}

func (b *builder) authority(rootName, middleName string) (a authority, err error) {
	a.rootKey, err = b.takeKey(issuing.KeySpec{Bits: 2048})
	if err != nil {
		return a, err
	}
	if a.root, err = b.certify(caTemplate(rootName, b.today), nil, a.rootKey.Public(), a.rootKey); err != nil {
		return a, err
	}
	return b.under(a, middleName)
}

// under is another intermediate of the same root.
func (b *builder) under(a authority, name string) (authority, error) {
	key, err := b.takeKey(issuing.KeySpec{Bits: 2048})
	if err != nil {
		return a, err
	}
	a.key = key
	a.middle, err = b.certify(caTemplate(name, b.today), a.root, key.Public(), a.rootKey)
	return a, err
}

func caTemplate(name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{Country: []string{"BE"}, CommonName: name},
		NotBefore:             now.Add(-1500 * day),
		NotAfter:              now.Add(2500 * day),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
}

// certify signs with an RSA key, which needs no randomness: the same clock gives the same bytes.
func (b *builder) certify(t, parent *x509.Certificate, pub crypto.PublicKey,
	signer crypto.Signer) (*x509.Certificate, error) {
	if parent == nil {
		parent = t
	}
	t.NotBefore, t.NotAfter = t.NotBefore.UTC().Truncate(time.Second), t.NotAfter.UTC().Truncate(time.Second)
	t.SerialNumber, _ = b.nextSerial()
	der, err := x509.CreateCertificate(rand.Reader, t, parent, pub, signer)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// answer is what the CA makes of a request, as the story wants it.
func (b *builder) answer(w bought, request []byte) (*x509.Certificate, error) {
	r, err := x509.ParseCertificateRequest(request)
	if err != nil {
		return nil, err
	}
	return b.certify(&x509.Certificate{
		RawSubject:            r.RawSubject,
		DNSNames:              r.DNSNames,
		NotBefore:             b.today.Add(w.from),
		NotAfter:              b.today.Add(w.to + 6*time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  w.ca,
		CRLDistributionPoints: w.lists,
	}, w.by.middle, r.PublicKey, w.by.key)
}
