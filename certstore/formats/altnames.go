package formats

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"net"

	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

var oidAltNames = asn1.ObjectIdentifier{2, 5, 29, 17}

// The tags of a GeneralName (RFC 5280 4.2.1.6) that certdesk writes and shows.
const (
	tagEmail = 1
	tagDNS   = 2
	tagIP    = 7
)

// AltNames is the subject alternative name extension with the names in their order: crypto/x509 writes them kind by
// kind, and a person who put an address between two names would find it elsewhere.
func AltNames(list []names.Name) (pkix.Extension, error) {
	var values []asn1.RawValue
	for _, n := range list {
		v := asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tagDNS, Bytes: []byte(n.Value)}
		switch n.Kind {
		case names.IP:
			v.Tag, v.Bytes = tagIP, addressBytes(n.Value)
		case names.Email:
			v.Tag = tagEmail
		}
		values = append(values, v)
	}
	der, err := asn1.Marshal(values)
	return pkix.Extension{Id: oidAltNames, Value: der}, err
}

func addressBytes(text string) []byte {
	ip := net.ParseIP(text)
	if four := ip.To4(); four != nil {
		return four
	}
	return ip
}

// AlternativeNames lists what certdesk shows as certificateDomains, in the certificate's order.
func AlternativeNames(extensions []pkix.Extension) []string {
	var all []string
	for _, e := range extensions {
		var values []asn1.RawValue
		if !e.Id.Equal(oidAltNames) {
			continue
		}
		if _, err := asn1.Unmarshal(e.Value, &values); err != nil {
			return nil // crypto/x509 has parsed it already
		}
		for _, v := range values {
			switch {
			case v.Class != asn1.ClassContextSpecific:
			case v.Tag == tagDNS, v.Tag == tagEmail:
				all = append(all, printable.Text(string(v.Bytes)))
			case v.Tag == tagIP:
				all = append(all, net.IP(v.Bytes).String())
			}
		}
	}
	return all
}
