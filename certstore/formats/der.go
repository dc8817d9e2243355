package formats

import (
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// maxDepth is how deep a file's elements may nest; certificates and PKCS#12 need about 12.
const maxDepth = 32

var (
	errTruncated  = errors.New("the file ends in the middle")
	errIndefinite = errors.New("the file is BER with indefinite lengths, not DER")
	errDepth      = errors.New("the file nests too deep")
)

// checkDER walks all elements of der before any parser sees them: every length within its parent, definite,
// no constructed strings, at most maxDepth levels. It allocates nothing.
func checkDER(der []byte) error { return checkLevel(der, 0) }

func checkLevel(der []byte, depth int) error {
	if depth > maxDepth {
		return errDepth
	}
	for len(der) > 0 {
		tag, body, rest, err := element(der)
		if err != nil {
			return err
		}
		if tag&0x20 != 0 {
			if err := checkLevel(body, depth+1); err != nil {
				return err
			}
		}
		der = rest
	}
	return nil
}

// element splits off the first element of der. Only the first octet of a tag is told.
func element(der []byte) (tag byte, body, rest []byte, err error) {
	at, err := skipTag(der)
	if err != nil {
		return 0, nil, nil, err
	}
	tag = der[0]
	n := int(der[at])
	at++
	switch {
	case n == 0x80 || tag == 0x24 || tag == 0x23: // constructed OCTET and BIT STRING are BER's
		return 0, nil, nil, errIndefinite
	case n > 0x84:
		return 0, nil, nil, errTruncated
	case n > 0x80:
		octets := n & 0x7f
		if len(der)-at < octets {
			return 0, nil, nil, errTruncated
		}
		n = 0
		for _, c := range der[at : at+octets] {
			n = n<<8 | int(c)
		}
		at += octets
	}
	if n < 0 || n > len(der)-at {
		return 0, nil, nil, errTruncated
	}
	return tag, der[at : at+n], der[at+n:], nil
}

// skipTag gives where the length begins, which is within der.
func skipTag(der []byte) (int, error) {
	if len(der) < 2 {
		return 0, errTruncated
	}
	if der[0]&0x1f != 0x1f {
		return 1, nil
	}
	for at := 1; at < len(der)-1 && at < 6; at++ {
		if der[at]&0x80 == 0 {
			return at + 1, nil
		}
	}
	return 0, errTruncated
}

// kind is what a DER structure is.
type kind int

const (
	kindUnknown kind = iota
	kindCertificate
	kindRequest
	kindCRL
	kindPKCS7
	kindPKCS12
	kindPKCS8
	kindPKCS1
	kindSEC1
	kindEncryptedKey
	kindPublicKey
	kindDSA
	kindParameters
)

// sniff tells the kind of a well-formed DER element by the tags of its first children.
func sniff(der []byte) kind {
	outer, inner := childTags(der)
	switch {
	case matches(outer, "\x30\x30\x03"):
		return sniffSigned(inner)
	case matches(outer, "\x06\xa0"), string(outer) == "\x06":
		if string(outer) == "\x06" && !isPKCS7(der) {
			return kindParameters
		}
		return kindPKCS7
	case matches(outer, "\x02\x30\x04"):
		return kindPKCS8
	case matches(outer, "\x02\x30") && len(outer) <= 3:
		return kindPKCS12
	case string(outer) == "\x02\x02\x02\x02\x02\x02\x02\x02\x02":
		return kindPKCS1
	case string(outer) == "\x02\x02\x02\x02\x02\x02":
		return kindDSA
	case matches(outer, "\x02\x04"):
		return kindSEC1
	case string(outer) == "\x30\x04":
		return kindEncryptedKey
	case string(outer) == "\x30\x03", string(outer) == "\x02\x02":
		return kindPublicKey
	}
	return kindUnknown
}

// sniffSigned tells what was signed by the tags of its fields.
func sniffSigned(fields []byte) kind {
	switch {
	case matches(fields, "\xa0\x02\x30\x30\x30\x30\x30"), matches(fields, "\x02\x30\x30\x30\x30\x30"):
		return kindCertificate
	case matches(fields, "\x02\x30\x30\xa0"), string(fields) == "\x02\x30\x30":
		return kindRequest
	case matches(fields, "\x02\x30\x30\x17"), matches(fields, "\x02\x30\x30\x18"),
		matches(fields, "\x30\x30\x17"), matches(fields, "\x30\x30\x18"):
		return kindCRL
	}
	return kindUnknown
}

func matches(tags []byte, prefix string) bool {
	return len(tags) >= len(prefix) && string(tags[:len(prefix)]) == prefix
}

// childTags gives the tags of the first children of der, and of the first child's own.
func childTags(der []byte) (outer, inner []byte) {
	_, body, _, err := element(der)
	if err != nil || der[0] != 0x30 {
		return nil, nil
	}
	return tagsOf(body, true)
}

func tagsOf(body []byte, within bool) (tags, inner []byte) {
	for n := 0; len(body) > 0 && n < 12; n++ {
		tag, child, rest, err := element(body)
		if err != nil {
			return tags, inner
		}
		if n == 0 && within && tag == 0x30 {
			inner, _ = tagsOf(child, false)
		}
		tags, body = append(tags, tag), rest
	}
	return tags, inner
}

func isPKCS7(der []byte) bool {
	in := cryptobyte.String(der)
	oid, _, err := readAlgorithm(&in)
	return err == nil && (oid == oidSignedData || oid == oidData || oid == oidEnvelopedData || oid == oidEncryptedData)
}

// tooLong refuses an INTEGER beyond maxKeyBits anywhere in der: checking such a key would take minutes.
func tooLong(der []byte) bool {
	for len(der) > 0 {
		tag, body, rest, err := element(der)
		if err != nil {
			return false
		}
		if tag == byte(cbasn1.INTEGER) && len(body) > maxKeyBits/8+1 {
			return true
		}
		if tag&0x20 != 0 && tooLong(body) {
			return true
		}
		der = rest
	}
	return false
}
