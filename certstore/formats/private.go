package formats

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
)

// OddKey is a private key that was read and that certdesk cannot use: of a kind or curve that its library does not
// know, or one whose numbers do not fit together.
type OddKey struct {
	Reason string // a sentence
}

// pkcs8 reads PrivateKeyInfo (RFC 5208) out of a file that says it is one.
func (r *reader) pkcs8(der []byte, l Label) error {
	der, err := toDER(der)
	if err != nil {
		return err
	}
	return r.privateKey(kindPKCS8, der, l)
}

// privateKey adds an unencrypted key.
func (r *reader) privateKey(k kind, der []byte, l Label) error {
	if len(der) > maxShrouded || isTooLong(k, der) {
		return tooMuch("", "the key is longer than %d bits", maxKeyBits)
	}
	key, err := parseKey(k, der)
	if err == nil {
		r.Keys, r.KeyLabels = append(r.Keys, key), append(r.KeyLabels, l)
		return nil
	}
	if name := kindOfKey(k, der); name != "" {
		err = unsupported("make a new request: certdesk keeps RSA, ECDSA and Ed25519 keys",
			"the private key is of a kind that certdesk cannot use (%s)", name)
	} else {
		err = badKey(err)
	}
	r.OddKeys = append(r.OddKeys, OddKey{err.Error()})
	r.leaveOut(err)
	return nil
}

// parseKey reads a key that can sign.
func parseKey(k kind, der []byte) (crypto.Signer, error) {
	switch k {
	case kindPKCS1:
		return x509.ParsePKCS1PrivateKey(der)
	case kindSEC1:
		return x509.ParseECPrivateKey(der)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, unsupported("", "it cannot sign for a certificate")
}

// kindOfKey names a key that is none of the three kinds certdesk uses, or "" if it is one.
func kindOfKey(k kind, der []byte) string {
	c := readBER(der).enter(tagSequence)
	switch k {
	case kindDSA:
		return "DSA"
	case kindPKCS1:
		return ""
	case kindSEC1:
		c.take(tagInteger)
		c.take(tagOctets)
		if c.peek() != tagExplicit0 {
			return "elliptic curve, its curve not said"
		}
		return curveName(c.enter(tagExplicit0))
	}
	c.take(tagInteger)
	oid, params := c.algorithm()
	switch {
	case oid == oidEC:
		return curveName(params)
	case c.err() != nil, oid == oidRSA, oid == oidEd25519:
		return ""
	}
	return objectName(oid)
}

// curveName names a curve that is not one of the library's.
func curveName(c *cursor) string {
	if c.peek() == tagSequence {
		return "elliptic curve, its numbers written out"
	}
	oid := c.oid()
	switch oid {
	case "", "1.3.132.0.33", "1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35":
		return ""
	}
	return "elliptic curve, " + objectName(oid)
}

// isTooLong looks for a number beyond maxKeyBits, which would be checked for minutes, also within the OCTET STRING that
// holds the key proper.
func isTooLong(k kind, der []byte) bool {
	c := readBER(der).enter(tagSequence)
	if k == kindPKCS8 {
		c.take(tagInteger)
		c.take(tagSequence)
		c = readBER(c.octets(tagOctets))
		if c.peek() != tagSequence {
			return false
		}
		c = c.enter(tagSequence)
	}
	for c.more() {
		if e := c.next(); e.tag == tagInteger && len(e.body) > maxKeyBits/8+1 {
			return true
		}
	}
	return false
}
