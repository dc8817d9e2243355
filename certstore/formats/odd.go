package formats

import (
	"bytes"
	"crypto/dsa"
	"crypto/x509"
	"net"
	"strings"
	"time"

	"certdesk/certstore/printable"
)

// ParseCertificate reads a certificate. One that crypto/x509 refuses, as it does explicit curves, negative serials and
// encodings that bend the rules, comes back with what can be read of it: its bytes, names, dates, serial and public key.
// Oddity tells such a one. Errors: Damaged for what is no certificate at all.
func ParseCertificate(der []byte) (*x509.Certificate, error) {
	c, err := x509.ParseCertificate(der)
	if err == nil {
		return c, nil
	}
	return reduced(der)
}

// Oddity says in a sentence why certdesk can show a certificate and not use it: the library that every handshake needs
// refuses it, or its key. It is "" for all others.
func Oddity(c *x509.Certificate) string {
	if kind := oddKeyKind(c); kind != "" {
		return "its key is of a kind that certdesk cannot use (" + kind + ")"
	}
	if c.Version > 0 || len(c.Raw) == 0 { // a reduced one has none
		return ""
	}
	_, err := x509.ParseCertificate(c.Raw)
	if err == nil {
		return ""
	}
	return "it breaks the rules for certificates: " + strings.TrimPrefix(printable.Text(err.Error()), "x509: ")
}

// oddKeyKind names a public key that no server here can use, "" for all others.
func oddKeyKind(c *x509.Certificate) string {
	if _, old := c.PublicKey.(*dsa.PublicKey); c.PublicKey != nil && !old || len(c.RawSubjectPublicKeyInfo) == 0 {
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

// reduced reads a certificate without judging it (RFC 5280, 4.1).
func reduced(der []byte) (*x509.Certificate, error) {
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

// readExtensions reads the names and whether it is a CA; a fault in one of them leaves out what follows.
func readExtensions(out *x509.Certificate, in *cursor) {
	for in.more() {
		extension := in.enter(tagSequence)
		oid := extension.oid()
		extension.skip(tagBoolean)
		value := readBER(extension.octets(tagOctets))
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
	layouts := []string{"20060102150405Z0700", "20060102150405.999999999Z0700", "200601021504Z0700", "20060102150405", "20060102150405Z07"}
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
