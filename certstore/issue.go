package certstore

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

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
)

// KeySpec says what key to make.
type KeySpec struct {
	Algorithm string // "rsa", "ecdsa-p256", "ecdsa-p384"
	Bits      int    // RSA: 1024, 2048, 3072, 4096; ignored otherwise
}

func (k KeySpec) validate() error {
	switch k.Algorithm {
	case "rsa":
		switch k.Bits {
		case 1024, 2048, 3072, 4096:
			return nil
		}
		return fail.New(fail.Usage, "use 2048; 3072 and 4096 are slower, 1024 is refused by public CAs", "an RSA key of %d bits cannot be made here", k.Bits)
	case "ecdsa-p256", "ecdsa-p384":
		return nil
	}
	return fail.New(fail.Usage, "use rsa, ecdsa-p256 or ecdsa-p384", "%q is not a key algorithm", k.Algorithm)
}

// GenerateKey makes a key from crypto/rand. It cannot be interrupted: RSA 4096 takes about a second.
func GenerateKey(spec KeySpec) (crypto.Signer, error) {
	switch spec.Algorithm {
	case "rsa":
		return rsa.GenerateKey(rand.Reader, spec.Bits)
	case "ecdsa-p256":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ecdsa-p384":
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	}
	return nil, spec.validate()
}

// The extension values of RFC 5280 4.2.1: the shape Exchange's own certificates have (facts of Exchange, 1.1).
var (
	oidKeyUsage         = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidBasicConstraints = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidExtKeyUsage      = asn1.ObjectIdentifier{2, 5, 29, 37}

	keyUsageRSA   = []byte{0x03, 0x02, 0x05, 0xa0}                                                 // digitalSignature, keyEncipherment
	keyUsageECDSA = []byte{0x03, 0x02, 0x07, 0x80}                                                 // digitalSignature: an EC key enciphers nothing
	notCA         = []byte{0x30, 0x00}                                                             // CA:FALSE
	serverAuth    = []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01} // id-kp-serverAuth
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

// randomSerial is 127 random bits, positive, at most 16 octets (RFC 5280 4.1.2.2 allows 20).
func randomSerial() (*big.Int, error) {
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
