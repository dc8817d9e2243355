package trust

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"

	"certdesk/certstore/formats"
)

// Unfit says in a sentence why clients refuse a server that has this certificate, whatever its chain and its dates; ""
// if they need not.
func Unfit(leaf *x509.Certificate) string {
	unknown, _ := unhandled(leaf)
	switch {
	case len(unknown) > 0:
		return "it has a critical extension that clients do not know and must refuse: " + strings.Join(unknown, ", ")
	case !mayServe(leaf):
		return "it is not made for servers: its extended key usage lacks serverAuth"
	case !mayHandshake(leaf):
		return "it is not made for servers: its key usage allows neither signatures nor key encipherment"
	}
	return ""
}

// UnfitCA says the same of a certificate that stands above one in its chain.
func UnfitCA(c *x509.Certificate) string {
	if unknown, _ := unhandled(c); len(unknown) > 0 {
		return "a critical extension that clients do not know and must refuse: " + strings.Join(unknown, ", ")
	}
	return ""
}

// Unread says in a sentence what certdesk cannot read or judge in a certificate that other programs may; "" for
// nothing.
func Unread(c *x509.Certificate) string {
	if odd := formats.Oddity(c); odd != "" {
		return odd
	}
	return UnreadCA(c)
}

// UnreadCA says the same of a certificate that stands above one in its chain, whose key need only verify.
func UnreadCA(c *x509.Certificate) string {
	if _, known := unhandled(c); len(known) > 0 {
		return "certdesk cannot read all of its critical extension " + strings.Join(known, ", ") + "; other programs may"
	}
	return ""
}

// standard are the extensions that OpenSSL reads where they are critical (X509_supported_extension), and the TLS
// feature, which GnuTLS reads. The library knows them, but not every kind of value.
var standard = map[string]string{
	"2.5.29.15": "key usage", "2.5.29.17": "subject alternative name", "2.5.29.19": "basic constraints",
	"2.5.29.30": "name constraints",
	"2.5.29.31": "CRL distribution points", "2.5.29.32": "certificate policies", "2.5.29.33": "policy mappings",
	"2.5.29.36": "policy constraints", "2.5.29.37": "extended key usage", "2.5.29.54": "inhibit any policy",
	"2.16.840.1.113730.1.1": "Netscape certificate type", "1.3.6.1.5.5.7.1.7": "IP address blocks",
	"1.3.6.1.5.5.7.1.8": "AS numbers", "1.3.6.1.5.5.7.1.14": "proxy certificate information",
	"1.3.6.1.5.5.7.1.24": "TLS feature",
}

// unhandled are the critical extensions that the library did not read, told apart by whether other clients may.
func unhandled(c *x509.Certificate) (unknown, known []string) {
	for _, id := range c.UnhandledCriticalExtensions {
		if name := standard[id.String()]; name != "" {
			known = append(known, name)
			continue
		}
		unknown = append(unknown, id.String())
	}
	return unknown, known
}

// mayServe reads the extended key usage (RFC 5280, 4.2.1.12): none at all allows everything.
func mayServe(c *x509.Certificate) bool {
	if len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 {
		return true
	}
	return slices.ContainsFunc(c.ExtKeyUsage, func(u x509.ExtKeyUsage) bool {
		return u == x509.ExtKeyUsageServerAuth || u == x509.ExtKeyUsageAny
	})
}

// Doubtful says in a sentence why some clients refuse a certificate, of a server or a CA above it, for its extended key
// usage, and others do not; "" for nothing. RFC 5280 (4.2.1.12) lets each decide: of anyExtendedKeyUsage alone `openssl
// verify -purpose sslserver` says "unsuitable certificate purpose", and Go and GnuTLS take it.
func Doubtful(c *x509.Certificate) string {
	has := func(u x509.ExtKeyUsage) bool { return slices.Contains(c.ExtKeyUsage, u) }
	if !has(x509.ExtKeyUsageAny) || has(x509.ExtKeyUsageServerAuth) {
		return ""
	}
	return "its extended key usage is anyExtendedKeyUsage without serverAuth: some clients refuse it, those with " +
		"OpenSSL among them"
}

// mayHandshake reads the key usage: a handshake wants a signature, or of old that an RSA key opens what was enciphered.
func mayHandshake(c *x509.Certificate) bool {
	_, isRSA := c.PublicKey.(*rsa.PublicKey)
	switch {
	case c.KeyUsage == 0 || c.KeyUsage&x509.KeyUsageDigitalSignature != 0:
		return true
	case isRSA:
		return c.KeyUsage&x509.KeyUsageKeyEncipherment != 0
	}
	return !isSigningKey(c)
}

// isSigningKey is false where a key of a kind nobody here knows may be for another kind of handshake.
func isSigningKey(c *x509.Certificate) bool {
	switch c.PublicKey.(type) {
	case *ecdsa.PublicKey, ed25519.PublicKey, *rsa.PublicKey:
		return true
	}
	return false
}

// oidFeature is the TLS feature extension (RFC 7633); status_request is 5, and 17 for several (RFC 6961).
var oidFeature = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}

// MustStaple says whether a certificate demands an OCSP response in every handshake.
func MustStaple(c *x509.Certificate) bool {
	for _, e := range c.Extensions {
		var features []int
		if !e.Id.Equal(oidFeature) {
			continue
		}
		if rest, err := asn1.Unmarshal(e.Value, &features); err == nil && len(rest) == 0 {
			return slices.Contains(features, 5) || slices.Contains(features, 17)
		}
	}
	return false
}

// breaksRule is the code of what programs differ about, in a certificate or in one above it.
const breaksRule = "breaks-rule"

func ruleNote(rule string) string {
	return "breaks a rule for certificates (" + rule + "): programs in Go refuse it, OpenSSL and others may take it"
}

// remarksAbove are the findings that the bytes of the certificates above one give, up to its trusted root.
func remarksAbove(chain []Link) (list []Finding) {
	for _, link := range chain {
		if link.Signed && link.Rule != "" {
			list = append(list, Finding{breaksRule, Warning, "in its chain " + link.Subject + " " + ruleNote(link.Rule)})
		}
	}
	return list
}

// Remarks are the findings that a certificate's own bytes give, whatever the time and the roots.
func Remarks(c *x509.Certificate) (list []Finding) {
	add := func(holds bool, code, text string) {
		if holds {
			list = append(list, Finding{code, Warning, text})
		}
	}
	switch {
	case MustStaple(c) && len(c.OCSPServer) == 0:
		list = append(list, Finding{"must-staple", Error, "it demands an OCSP staple in each handshake (must-staple), and " +
			"names no OCSP responder that could give one: clients that mind it will refuse it"})
	case MustStaple(c):
		add(true, "must-staple", "it demands an OCSP staple in each handshake (must-staple): "+
			"clients that mind it refuse a server that sends none, and Postfix and Dovecot send none")
	}
	doubt := Doubtful(c)
	add(doubt != "", "any-usage", doubt)
	rule := formats.BrokenRule(c)
	add(rule != "", breaksRule, "it "+ruleNote(rule))
	_, isRSA := c.PublicKey.(*rsa.PublicKey)
	opensAlone := c.KeyUsage&(x509.KeyUsageKeyEncipherment|x509.KeyUsageDigitalSignature) == x509.KeyUsageKeyEncipherment
	add(isRSA && opensAlone, "usage-too-narrow",
		"its key usage lacks digitalSignature: current clients, which want a signature in the handshake, may refuse it")
	return list
}
