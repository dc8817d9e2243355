package formats

import (
	"github.com/smallstep/pkcs7"
	"golang.org/x/crypto/cryptobyte"
)

// pkcs7 takes the certificates of a signed or degenerate PKCS#7 message (RFC 5652). Nothing is verified: what a
// chain is worth, its certificates' own signatures say.
func (r *reader) pkcs7(der []byte) error {
	in := cryptobyte.String(der)
	oid, _, err := readAlgorithm(&in)
	if err != nil {
		return err
	}
	switch oid {
	case oidEncryptedData, oidEnvelopedData:
		return unsupported("ask its sender for the certificates in clear", "this is an encrypted PKCS#7 message")
	case oidSignedData:
	default:
		return unsupported("", "this PKCS#7 file holds no certificates")
	}
	p7, err := pkcs7.Parse(der)
	if err != nil {
		return unsupported(recipePKCS7, "the PKCS#7 file cannot be read: %w", shown{err})
	}
	if len(p7.Certificates) == 0 {
		r.leaveOut(unsupported("", "this PKCS#7 file holds no certificates"))
	}
	r.note("format: PKCS#7")
	return r.addCerts(p7.Certificates...)
}
