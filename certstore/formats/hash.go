package formats

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
)

// SPKI is the lower-case hex SHA-256 of the SubjectPublicKeyInfo DER of a public key, or a certificate or
// request, whose own bytes count where the key is of a type unknown here. Errors: UnsupportedFormat.
func SPKI(of any) (string, error) {
	pub, raw := of, []byte(nil)
	switch p := of.(type) {
	case *x509.Certificate:
		pub, raw = p.PublicKey, p.RawSubjectPublicKeyInfo
	case *x509.CertificateRequest:
		pub, raw = p.PublicKey, p.RawSubjectPublicKeyInfo
	}
	der, err := x509.MarshalPKIXPublicKey(pub)
	if c, ok := of.(*x509.Certificate); err != nil || ok && oddKeyKind(c) != "" {
		der = raw
	}
	if der == nil {
		return "", unsupported("", "this type of public key is not known: %w", shown{err})
	}
	return fmt.Sprintf("%x", sha256.Sum256(der)), nil
}

// Thumbprint is the upper-case hex SHA-1 of a certificate's or request's DER, as Windows shows it.
func Thumbprint(der []byte) string {
	sum := sha1.Sum(der)
	return fmt.Sprintf("%X", sum[:])
}

// SHA256 is the lower-case hex SHA-256 of DER: an object's name in the store.
func SHA256(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}
