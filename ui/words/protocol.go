package words

import (
	"slices"

	"certdesk/certstore/probe"
)

// Protocol is one that a port may speak.
type Protocol struct {
	Scheme probe.Scheme
	Name   string
	Over   probe.Scheme // the same from the first byte of TLS on, where it begins in plain text
}

// Protocols are all that can be asked, the usual ones of a mail host first.
var Protocols = []Protocol{
	{probe.SMTP, "SMTP", probe.SMTPS}, {probe.SMTPS, "SMTP", ""}, {probe.IMAP, "IMAP", probe.IMAPS},
	{probe.IMAPS, "IMAP", ""},
	{probe.POP3, "POP3", probe.POP3S}, {probe.POP3S, "POP3", ""}, {probe.HTTPS, "HTTPS", ""},
	{probe.Sieve, "ManageSieve", probe.TLS},
	{probe.LMTP, "LMTP", probe.TLS}, {probe.TLS, "unknown protocol", ""},
}

// Words say how it is spoken.
func (p Protocol) Words() string {
	if p.Scheme.StartTLS() {
		return p.Name + " with STARTTLS"
	}
	return p.Name + ", TLS from the first byte"
}

// ProtocolOf is the protocol of a scheme.
func ProtocolOf(s probe.Scheme) Protocol {
	i := slices.IndexFunc(Protocols, func(p Protocol) bool { return p.Scheme == s })
	return Protocols[max(i, 0)]
}
