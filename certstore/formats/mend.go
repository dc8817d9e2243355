package formats

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"time"
)

// mend says what of a certificate is written anew in a copy, so that the library reads the rest of it.
type mend int

const (
	mendSerial     mend = 1 << iota // a negative one, or one that is too long (RFC 5280, 4.1.2.2)
	mendDates                       // forms of time that DER does not allow
	mendKey                         // a key of a kind the library refuses gives way to one of a kind it passes over
	mendExtensions                  // a second one of a kind is left out, and TRUE is the byte that DER has for it
)

// mendedCopy parses a copy of a certificate in which what stands in the library's way is mended, and nothing else; nil
// where that is not enough. Its signature is that of the original, whose bytes the caller puts back.
func mendedCopy(der []byte, what mend) *x509.Certificate {
	in := readBER(der)
	whole := in.enter(tagSequence)
	tbs := what.body(whole.enter(tagSequence))
	parts := [][]byte{tbs}
	for whole.more() {
		parts = append(parts, whole.next().raw)
	}
	if in.err() != nil || tbs == nil {
		return nil
	}
	c, err := x509.ParseCertificate(sequence(parts...))
	if err != nil {
		return nil
	}
	return c
}

// body writes the part of a certificate that is signed (RFC 5280, 4.1).
func (m mend) body(c *cursor) []byte {
	var parts [][]byte
	keep := func(e element) { parts = append(parts, e.raw) }
	if c.peek() == tagExplicit0 {
		keep(c.next())
	}
	parts = append(parts, m.serial(c.take(tagInteger)))
	keep(c.take(tagSequence)) // signature algorithm
	keep(c.take(tagSequence)) // issuer
	parts = append(parts, m.dates(c.take(tagSequence)))
	keep(c.take(tagSequence)) // subject
	parts = append(parts, m.key(c.take(tagSequence)))
	for c.more() {
		e := c.next()
		if e.tag == tagExplicit0+3 && m&mendExtensions != 0 {
			parts = append(parts, encode(e.tag, onceEach(c.within(e).enter(tagSequence))))
			continue
		}
		keep(e)
	}
	if c.err() != nil || parts[len(parts)-1] == nil {
		return nil
	}
	return sequence(parts...)
}

func (m mend) serial(e element) []byte {
	if m&mendSerial == 0 {
		return e.raw
	}
	return encode(tagInteger, []byte{1})
}

func (m mend) dates(e element) []byte {
	if m&mendDates == 0 {
		return e.raw
	}
	c := (&cursor{fault: new(error)}).within(e)
	from, to := lenientTime(c.next()), lenientTime(c.next())
	return sequence(generalTime(from), generalTime(to))
}

func generalTime(t time.Time) []byte { return encode(tagTime, []byte(t.Format("20060102150405Z"))) }

// key keeps a key that the library parses. 2.999 is the arc of examples, which names no kind of key.
func (m mend) key(e element) []byte {
	if _, err := x509.ParsePKIXPublicKey(e.raw); m&mendKey == 0 || err == nil {
		return e.raw
	}
	return sequence(sequence(encode(tagOID, []byte{0x88, 0x37})), encode(tagBits, []byte{0}))
}

// onceEach writes the first extension of each kind.
func onceEach(in *cursor) []byte {
	var parts [][]byte
	seen := map[string]bool{}
	for in.more() {
		e := readExtension(in)
		if !seen[e.oid] {
			parts = append(parts, e.encode())
		}
		seen[e.oid] = true
	}
	return sequence(parts...)
}

func (e extension) encode() []byte {
	parts := [][]byte{e.named}
	if e.Critical {
		parts = append(parts, encode(tagBoolean, []byte{0xff}))
	}
	value := e.Value
	if e.oid == oidConstraint {
		value = trueAsDER(value)
	}
	return sequence(append(parts, octets(value))...)
}

// trueAsDER writes basic constraints whose first byte for true is another than DER's.
func trueAsDER(value []byte) []byte {
	c := readBER(value).enter(tagSequence)
	if c.peek() != tagBoolean {
		return value
	}
	flag := c.next().body
	if len(flag) != 1 || flag[0] == 0 {
		return sequence(c.rest)
	}
	return sequence(encode(tagBoolean, []byte{0xff}), c.rest)
}

// readPSSKey reads the RSA key out of one that may be used with PSS alone (RFC 4055, 1.2), so that signatures made with
// it can be verified. The library leaves it out, and no handshake here can use it: Oddity says so.
func readPSSKey(c *x509.Certificate) {
	if c.PublicKey != nil || len(c.RawSubjectPublicKeyInfo) == 0 {
		return
	}
	var info struct {
		Algorithm asn1.RawValue
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.RawSubjectPublicKeyInfo, &info); err != nil {
		return
	}
	if oid, _ := readBER(info.Algorithm.FullBytes).algorithm(); oid != oidPSS {
		return
	}
	key, err := x509.ParsePKCS1PublicKey(bytes.Clone(info.Key.Bytes))
	if err == nil {
		c.PublicKey, c.PublicKeyAlgorithm = key, x509.RSA
	}
}
