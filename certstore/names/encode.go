package names

import (
	"crypto/x509/pkix"
	"encoding/asn1"

	"certdesk/certstore/fail"
)

// RDN is the subject as an RDNSequence, one attribute a set, ready for asn1.Marshal: the country as a
// PrintableString (RFC 5280 appendix A.1), everything else as a UTF8String.
func (s Subject) RDN() pkix.RDNSequence {
	out := make(pkix.RDNSequence, 0, len(s))
	for _, a := range s {
		i := rank(a.Type)
		if i < 0 {
			continue
		}
		tag := asn1.TagUTF8String
		if a.Type == "C" {
			tag = asn1.TagPrintableString
		}
		value := asn1.RawValue{Tag: tag, Bytes: []byte(a.Value)}
		out = append(out, pkix.RelativeDistinguishedNameSET{{Type: subjectTypes[i].oid, Value: value}})
	}
	return out
}

// DER is the encoded subject, for x509's RawSubject. Errors: InvalidSubject, as Validate.
func (s Subject) DER() ([]byte, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	der, err := asn1.Marshal(s.RDN())
	if err != nil {
		return nil, fail.New(fail.InvalidSubject, "", "cannot encode the subject: %w", err)
	}
	return der, nil
}
