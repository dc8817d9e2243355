package formats

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"unicode/utf8"

	"certdesk/certstore/fail"

	"github.com/smallstep/pkcs7"
	"golang.org/x/text/unicode/norm"
	"software.sslmate.com/src/go-pkcs12"
)

// CertPEM encodes a certificate's DER as PEM.
func CertPEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// RequestPEM encodes a PKCS#10 request's DER as PEM, 64 columns wide (RFC 7468).
func RequestPEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

// EncodePKCS12 makes a PKCS#12 file of a key, its certificate and its chain, leaf first, for whom p says. The
// password is taken as UTF-8 in normal form C. Errors: KeyMismatch, UnsupportedFormat, and Usage for an unknown
// profile or a password PKCS#12 cannot carry.
func EncodePKCS12(p Profile, key crypto.Signer, leaf *x509.Certificate, chain []*x509.Certificate, password []byte) ([]byte, error) {
	encoder, err := encoderFor(p)
	if err != nil {
		return nil, err
	}
	if err := CheckPair(key, leaf.PublicKey); err != nil {
		return nil, err
	}
	if err := checkPassword(password); err != nil {
		return nil, err
	}
	data, err := encoder.Encode(key, leaf, chain, norm.NFC.String(string(password)))
	if err != nil {
		return nil, fail.New(fail.Failed, "", "the PKCS#12 file cannot be made: %w", shown{err})
	}
	return data, nil
}

func encoderFor(p Profile) (*pkcs12.Encoder, error) {
	switch p {
	case Modern:
		return pkcs12.Modern2023, nil
	case Windows2016:
		return pkcs12.LegacyDES, nil
	}
	return nil, fail.New(fail.Usage, "use modern or windows-2016", "%q is no profile", string(p))
}

// checkPassword refuses what RFC 7292 appendix B.1 cannot encode: it counts in UCS-2, ended by a NUL.
func checkPassword(password []byte) error {
	if !utf8.Valid(password) {
		return fail.New(fail.Usage, "save the password as UTF-8", "the password is not UTF-8 text")
	}
	for _, r := range string(password) {
		if r > 0xffff || r == 0 {
			return fail.New(fail.Usage, "use letters, digits and signs, no emoji", "the password holds a character a PKCS#12 file cannot carry")
		}
	}
	return nil
}

// EncodePKCS7 makes a PKCS#7 file that holds certificates and signs nothing, leaf first (RFC 5652, 5.1). Errors: Failed.
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
