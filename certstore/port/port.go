// Package port reads how a port is written, on the command line and in the configuration: HOST:PORT, or a URL.
//
// Its promise: what one of them takes the other takes, and means the same by it.
package port

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"certdesk/certstore/names"
)

// Scheme is what a port speaks before a certificate is seen.
type Scheme string

// The schemes of the configuration's listen.
const (
	SMTP  Scheme = "smtp" // STARTTLS
	LMTP  Scheme = "lmtp"
	IMAP  Scheme = "imap"
	POP3  Scheme = "pop3"
	Sieve Scheme = "sieve" // ManageSieve
	SMTPS Scheme = "smtps" // TLS from the first byte
	IMAPS Scheme = "imaps"
	POP3S Scheme = "pop3s"
	HTTPS Scheme = "https"
	TLS   Scheme = "tls" // anything else
)

// usual is the port a scheme is at; tls has none.
var usual = map[Scheme]string{SMTP: "25", LMTP: "24", IMAP: "143", POP3: "110", Sieve: "4190",
	SMTPS: "465", IMAPS: "993", POP3S: "995", HTTPS: "443", TLS: ""}

// Schemes names them all, for a person.
const Schemes = "smtp, lmtp, imap, pop3, sieve (STARTTLS), smtps, imaps, pop3s, https, tls"

// Known says whether there is such a scheme.
func (s Scheme) Known() bool {
	_, known := usual[s]
	return known
}

// StartTLS says whether a scheme begins in plain text.
func (s Scheme) StartTLS() bool {
	switch s {
	case SMTP, LMTP, IMAP, POP3, Sieve:
		return true
	}
	return false
}

// Target is one listener: how it is spoken to, and where it is.
type Target struct {
	Scheme     Scheme
	Host, Port string
}

// String is the target as the configuration's listen has it: smtp://mail.example.org:25.
func (t Target) String() string { return string(t.Scheme) + "://" + t.Address() }

// Address is host and port, as a dialer takes them.
func (t Target) Address() string { return net.JoinHostPort(t.Host, t.Port) }

// Parse reads HOST:PORT, whose scheme is then the usual one of that port, or scheme://HOST[:PORT]. The error says in
// half a sentence what is wrong.
func Parse(text string) (Target, error) {
	if !strings.Contains(text, "://") {
		host, port, err := net.SplitHostPort(text)
		if err != nil {
			return Target{}, errors.New("it has no port")
		}
		return checked(Target{guess(port), host, port})
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return Target{}, errors.New("it is more than scheme, host and port")
	}
	t := Target{Scheme(u.Scheme), u.Hostname(), u.Port()}
	if !t.Scheme.Known() {
		return Target{}, errors.New("the scheme must be one of " + Schemes)
	}
	if t.Port == "" {
		t.Port = usual[t.Scheme]
	}
	if t.Port == "" {
		return Target{}, errors.New("it has no port, and " + string(t.Scheme) + " has no usual one")
	}
	return checked(t)
}

// guess is what usually speaks at a port: TLS from the first byte where nothing else is known.
func guess(port string) Scheme {
	if port == "587" {
		return SMTP
	}
	for scheme, at := range usual {
		if at == port {
			return scheme
		}
	}
	return TLS
}

// checked brings host and port into the form they are asked for and shown in.
func checked(t Target) (Target, error) {
	n, err := strconv.ParseUint(t.Port, 10, 16)
	if err != nil || n == 0 {
		return Target{}, errors.New("the port must be a number from 1 to 65535")
	}
	t.Port = strconv.FormatUint(n, 10)
	if _, err := netip.ParseAddr(t.Host); err == nil { // with its zone, if it has one
		return t, nil
	}
	t.Host, err = hostName(t.Host)
	return t, err
}

// hostName takes what can be looked up. That is more than can stand in a certificate: an underscore is in the names of
// many machines.
func hostName(text string) (string, error) {
	n, err := names.Normalize(strings.ReplaceAll(text, "_", "a"))
	switch {
	case text == "":
		return "", errors.New("it has no host")
	case err != nil || n.Kind != names.DNS || strings.HasPrefix(n.Value, "*"):
		return "", errors.New("that is not a host")
	case !strings.Contains(text, "_"):
		return n.Value, nil
	case len(n.Value) != len(strings.TrimSuffix(text, ".")):
		return "", errors.New("a host name with an underscore must be plain ASCII")
	}
	return strings.ToLower(strings.TrimSuffix(text, ".")), nil
}
