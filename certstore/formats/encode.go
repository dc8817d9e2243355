package formats

import (
	"crypto/x509"
	"encoding/pem"

	"certdesk/certstore/fail"

	"github.com/smallstep/pkcs7"
)

// CertPEM encodes a certificate's DER as PEM.
func CertPEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// RequestPEM encodes a PKCS#10 request's DER as PEM, 64 columns wide (RFC 7468).
func RequestPEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

// EncodePKCS7 makes a PKCS#7 file that holds certificates and signs nothing, leaf first (RFC 5652, 5.1). Errors:
// Failed.
func EncodePKCS7(certs ...*x509.Certificate) ([]byte, error) {
	var all []byte
	for _, c := range certs {
		all = append(all, c.Raw...)
	}
	data, err := pkcs7.DegenerateCertificate(all)
	if err != nil {
		return nil, fail.New(fail.Failed, "", "the PKCS#7 file cannot be made: %w", shown{err})
	}
	return data, nil
}
