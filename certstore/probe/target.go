package probe

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// Scheme is what a port speaks before a certificate is seen.
type Scheme string

// The schemes of the configuration's listen.
const (
	SMTP  Scheme = "smtp" // STARTTLS
	IMAP  Scheme = "imap"
	POP3  Scheme = "pop3"
	SMTPS Scheme = "smtps" // TLS from the first byte
	IMAPS Scheme = "imaps"
	POP3S Scheme = "pop3s"
	HTTPS Scheme = "https"
	TLS   Scheme = "tls" // anything else
)

// usual is the port a scheme is at; tls has none.
var usual = map[Scheme]string{SMTP: "25", IMAP: "143", POP3: "110", SMTPS: "465", IMAPS: "993", POP3S: "995", HTTPS: "443", TLS: ""}

// StartTLS says whether a scheme begins in plain text.
func (s Scheme) StartTLS() bool { return s == SMTP || s == IMAP || s == POP3 }

// Target is one listener: how it is spoken to, and where it is.
type Target struct {
	Scheme     Scheme
	Host, Port string
}

// String is the target as the configuration's listen has it: smtp://mail.example.org:25.
func (t Target) String() string { return string(t.Scheme) + "://" + t.Address() }

// Address is host and port, as a dialer takes them.
func (t Target) Address() string { return net.JoinHostPort(t.Host, t.Port) }

const hintTarget = "give HOST:PORT, or a URL such as smtp://mail.example.org:25"

// ParseTarget reads HOST:PORT, whose scheme is then the usual one of that port, or scheme://HOST[:PORT].
func ParseTarget(text string) (Target, error) {
	if !strings.Contains(text, "://") {
		host, port, err := net.SplitHostPort(text)
		if err != nil {
			return Target{}, noTarget(text, "it has no port")
		}
		return checked(text, Target{guess(port), host, port})
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return Target{}, noTarget(text, "it is more than scheme, host and port")
	}
	t := Target{Scheme(u.Scheme), u.Hostname(), u.Port()}
	port, known := usual[t.Scheme]
	if !known {
		return Target{}, noTarget(text, "the scheme is none of smtp, imap, pop3 (STARTTLS), smtps, imaps, pop3s, https, tls")
	}
	if t.Port == "" {
		t.Port = port
	}
	return checked(text, t)
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
func checked(text string, t Target) (Target, error) {
	if n, err := strconv.ParseUint(t.Port, 10, 16); err != nil || n == 0 {
		return Target{}, noTarget(text, "the port must be a number from 1 to 65535")
	}
	if _, err := netip.ParseAddr(t.Host); err == nil { // with its zone, if it has one
		return t, nil
	}
	n, err := names.Normalize(t.Host)
	if err != nil || n.Kind != names.DNS || strings.HasPrefix(n.Value, "*") {
		return Target{}, noTarget(text, "that is no host")
	}
	t.Host = n.Value
	return t, nil
}

func noTarget(text, why string) error {
	return fail.New(fail.Usage, hintTarget, "%s cannot be asked: %s", printable.Text(text), why)
}
