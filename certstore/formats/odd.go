package formats

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// ParseCertificate reads a certificate. Of one that crypto/x509 refuses, as it does explicit curves, negative serials
// and encodings that bend the rules, it gives what can be read: all of it where a mended copy can be parsed, else its
// names, dates, serial and public key. Oddity and BrokenRule tell such a one. Errors: Damaged for what is no
// certificate at all.
func ParseCertificate(der []byte) (*x509.Certificate, error) {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		c, err = reduced(der)
	}
	if err != nil {
		return nil, err
	}
	readPSSKey(c)
	return c, nil
}

// Oddity says in a sentence why certdesk can show a certificate and not use or judge it; "" for all others. It says
// nothing of other programs, which may well take it.
func Oddity(c *x509.Certificate) string {
	if kind := oddKeyKind(c); kind != "" {
		return "its key is of a kind that certdesk cannot use (" + kind + "); other programs may"
	}
	if rule := BrokenRule(c); rule != "" && !isWhole(c) {
		return "certdesk cannot read all of it (" + rule + "); other programs may"
	}
	return ""
}

// BrokenRule names the rule for certificates that one breaks, for which Go programs refuse it, as "negative serial
// number"; "" for all others, and where it is the key alone that is not known.
func BrokenRule(c *x509.Certificate) string {
	if c.Version > 0 || len(c.Raw) == 0 || oddKeyKind(c) != "" { // Version is what reduced leaves at zero
		return ""
	}
	if c.SerialNumber != nil && c.SerialNumber.Sign() < 0 {
		return "negative serial number"
	}
	_, err := x509.ParseCertificate(c.Raw)
	if err == nil {
		return ""
	}
	return fail.Plain(printable.Text(err.Error()))
}

// isWhole says whether all of a reduced certificate could be read, so that it is judged as any other: its serial alone,
// which no verdict depends on, was in the library's way.
func isWhole(c *x509.Certificate) bool {
	mended := mendedCopy(c.Raw, mendSerial)
	return mended != nil
}

// oddKeyKind names a public key that no server here can use, "" for all others.
func oddKeyKind(c *x509.Certificate) string {
	if len(c.RawSubjectPublicKeyInfo) == 0 {
		return ""
	}
	switch c.PublicKey.(type) {
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return ""
	}
	oid, params := readBER(c.RawSubjectPublicKeyInfo).enter(tagSequence).algorithm()
	if oid == oidEC {
		return curveName(params)
	}
	if oid == oidRSA || oid == oidEd25519 || oid == "" {
		return ""
	}
	return objectName(oid)
}

// reduced is what can be read of a certificate that the library refuses. Its Version is zero.
func reduced(der []byte) (*x509.Certificate, error) {
	bare, err := bareFields(der)
	if err != nil {
		return nil, err
	}
	out := mendedCopy(der, mendSerial|mendDates|mendKey|mendExtensions)
	if out == nil {
		return bare, nil
	}
	out.Version = 0
	out.Raw, out.RawTBSCertificate = bare.Raw, bare.RawTBSCertificate
	out.RawSubjectPublicKeyInfo, out.PublicKey = bare.RawSubjectPublicKeyInfo, bare.PublicKey
	out.SerialNumber, out.NotBefore, out.NotAfter = bare.SerialNumber, bare.NotBefore, bare.NotAfter
	return out, nil
}

// bareFields reads a certificate without judging it (RFC 5280, 4.1).
func bareFields(der []byte) (*x509.Certificate, error) {
	in := readBER(der)
	whole := in.take(tagSequence)
	body := in.within(whole)
	tbs := body.take(tagSequence)
	c := body.within(tbs)
	out := &x509.Certificate{Raw: whole.raw, RawTBSCertificate: tbs.raw}
	c.skip(tagExplicit0)
	out.SerialNumber = c.integer()
	c.take(tagSequence)
	out.RawIssuer = c.take(tagSequence).raw
	dates := c.enter(tagSequence)
	out.NotBefore, out.NotAfter = lenientTime(dates.next()), lenientTime(dates.next())
	out.RawSubject = c.take(tagSequence).raw
	out.RawSubjectPublicKeyInfo = c.take(tagSequence).raw
	if in.err() != nil {
		return nil, in.err()
	}
	if key, err := x509.ParsePKIXPublicKey(out.RawSubjectPublicKeyInfo); err == nil {
		out.PublicKey = key
	}
	for c.more() {
		if e := c.next(); e.tag == tagExplicit0+3 {
			readExtensions(out, c.within(e).enter(tagSequence))
		}
	}
	return out, nil
}

// extension is one extension of a certificate, with its identifier as text.
type extension struct {
	pkix.Extension
	oid   string
	named []byte // the identifier as it was written
}

// readExtension reads one, whatever byte stands for true.
func readExtension(in *cursor) (e extension) {
	c := in.enter(tagSequence)
	e.named = (&cursor{rest: c.rest, depth: c.depth, fault: c.fault}).next().raw
	e.oid = c.oid()
	_, _ = asn1.Unmarshal(e.named, &e.Id) // one with arcs too large for it has no meaning here
	if c.peek() == tagBoolean {
		flag := c.next().body
		e.Critical = len(flag) == 1 && flag[0] != 0
	}
	e.Value = c.octets(tagOctets)
	return e
}

// readExtensions reads the names and whether it is a CA; a fault in one of them leaves out what follows.
func readExtensions(out *x509.Certificate, in *cursor) {
	for in.more() {
		e := readExtension(in)
		out.Extensions = append(out.Extensions, e.Extension)
		value, oid := readBER(e.Value), e.oid
		switch oid {
		case oidNames:
			readNames(out, value.enter(tagSequence))
		case oidConstraint:
			c := value.enter(tagSequence)
			if c.peek() == tagBoolean {
				flag := c.next().body
				out.IsCA = len(flag) == 1 && flag[0] != 0
			}
			out.BasicConstraintsValid = value.err() == nil
		}
	}
}

// readNames reads the kinds of GeneralName that certdesk shows.
func readNames(out *x509.Certificate, in *cursor) {
	for in.more() {
		switch e := in.next(); e.tag {
		case 0x81:
			out.EmailAddresses = append(out.EmailAddresses, string(e.body))
		case 0x82:
			out.DNSNames = append(out.DNSNames, string(e.body))
		case 0x87:
			if len(e.body) == net.IPv4len || len(e.body) == net.IPv6len {
				out.IPAddresses = append(out.IPAddresses, bytes.Clone(e.body))
			}
		}
	}
}

// lenientTime reads a UTCTime or GeneralizedTime in the forms openssl reads beside the one that is allowed; the zero
// time for any other.
func lenientTime(e element) time.Time {
	layouts := []string{"20060102150405Z0700", "20060102150405.999999999Z0700", "200601021504Z0700", "20060102150405",
		"20060102150405Z07"}
	if e.tag == tagUTCTime {
		layouts = []string{"060102150405Z0700", "0601021504Z0700"}
	}
	for _, layout := range layouts {
		t, err := time.Parse(layout, string(e.body))
		if err != nil {
			continue
		}
		if e.tag == tagUTCTime && t.Year() >= 2050 { // X.509 counts from 1950, the library from 1969
			t = t.AddDate(-100, 0, 0)
		}
		return t.UTC()
	}
	return time.Time{}
}
