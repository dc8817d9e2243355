package issuing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"

	"certdesk/certstore/formats"
)

// The extension values of RFC 5280 4.2.1: the shape Exchange's own certificates have (facts of Exchange, 1.1).
var (
	oidKeyUsage         = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidBasicConstraints = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidExtKeyUsage      = asn1.ObjectIdentifier{2, 5, 29, 37}

	keyUsageRSA   = []byte{0x03, 0x02, 0x05, 0xa0} // digitalSignature, keyEncipherment
	keyUsageECDSA = []byte{0x03, 0x02, 0x07, 0x80} // digitalSignature: an EC key enciphers nothing
	notCA         = []byte{0x30, 0x00}             // CA:FALSE

	// id-kp-serverAuth
	serverAuth = []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01}
)

func keyUsage(pub crypto.PublicKey) []byte {
	if _, ok := pub.(*rsa.PublicKey); ok {
		return keyUsageRSA
	}
	return keyUsageECDSA
}

// signRequest makes a PKCS#10 request: SAN, key usage, extended key usage, CA:FALSE, and nothing about this host.
func signRequest(r Request, key crypto.Signer) ([]byte, error) {
	subject, err := r.Subject.DER()
	if err != nil {
		return nil, err
	}
	alternatives, err := formats.AltNames(r.Names)
	if err != nil {
		return nil, err
	}
	template := &x509.CertificateRequest{
		RawSubject:         subject,
		SignatureAlgorithm: signatureFor(key),
		ExtraExtensions: []pkix.Extension{
			alternatives,
			{Id: oidKeyUsage, Critical: true, Value: keyUsage(key.Public())},
			{Id: oidExtKeyUsage, Value: serverAuth},
			{Id: oidBasicConstraints, Critical: true, Value: notCA},
		},
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	if err != nil {
		return nil, fmt.Errorf("sign the request: %w", err)
	}
	return der, nil
}

// selfSign makes a certificate that its own key signed, valid from now, SHA-256.
func selfSign(r Request, key crypto.Signer, serial *big.Int, now time.Time) ([]byte, error) {
	subject, err := r.Subject.DER()
	if err != nil {
		return nil, err
	}
	alternatives, err := formats.AltNames(r.Names)
	if err != nil {
		return nil, err
	}
	usage := x509.KeyUsageDigitalSignature
	if _, ok := key.Public().(*rsa.PublicKey); ok {
		usage |= x509.KeyUsageKeyEncipherment
	}
	template := &x509.Certificate{
		RawSubject:            subject,
		SerialNumber:          serial,
		NotBefore:             now.UTC().Truncate(time.Second),
		NotAfter:              now.UTC().Truncate(time.Second).AddDate(0, 0, r.ValidDays),
		SignatureAlgorithm:    signatureFor(key),
		KeyUsage:              usage,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		ExtraExtensions:       []pkix.Extension{alternatives},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign the certificate: %w", err)
	}
	return der, nil
}

// RandomSerial is 127 random bits, positive, at most 16 octets (RFC 5280 4.1.2.2 allows 20).
func RandomSerial() (*big.Int, error) {
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	raw[0] = raw[0]&0x7f | 0x40
	return new(big.Int).SetBytes(raw), nil
}

func signatureFor(key crypto.Signer) x509.SignatureAlgorithm {
	switch k := key.Public().(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P384() {
			return x509.ECDSAWithSHA384
		}
		return x509.ECDSAWithSHA256
	case *rsa.PublicKey:
		return x509.SHA256WithRSA
	}
	return x509.UnknownSignatureAlgorithm // Go chooses: a renewal may reuse an imported Ed25519 key
}
