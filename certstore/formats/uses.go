package formats

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
)

// Uses are the usages that a request asks for.
type Uses struct {
	Key      x509.KeyUsage
	Extended []x509.ExtKeyUsage // server and client authentication; others are left out
}

var (
	oidKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidExtUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
	extUsages   = map[string]x509.ExtKeyUsage{
		"1.3.6.1.5.5.7.3.1": x509.ExtKeyUsageServerAuth, "1.3.6.1.5.5.7.3.2": x509.ExtKeyUsageClientAuth}
)

// UsesAsked reads the usages of a request, which the library leaves as extensions.
func UsesAsked(r *x509.CertificateRequest) (u Uses) {
	for _, e := range r.Extensions {
		switch {
		case e.Id.Equal(oidKeyUsage):
			u.Key = keyUsage(e)
		case e.Id.Equal(oidExtUsage):
			u.Extended = extUsage(e)
		}
	}
	return u
}

// keyUsage reads the bits, the first of which is digitalSignature (RFC 5280, 4.2.1.3).
func keyUsage(e pkix.Extension) (usage x509.KeyUsage) {
	var bits asn1.BitString
	if _, err := asn1.Unmarshal(e.Value, &bits); err != nil {
		return 0
	}
	for i := range 9 {
		usage |= x509.KeyUsage(bits.At(i) << i)
	}
	return usage
}

func extUsage(e pkix.Extension) (list []x509.ExtKeyUsage) {
	var ids []asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(e.Value, &ids); err != nil {
		return nil
	}
	for _, id := range ids {
		if use, known := extUsages[id.String()]; known {
			list = append(list, use)
		}
	}
	return list
}
