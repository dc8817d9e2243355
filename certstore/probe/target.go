package probe

import (
	"certdesk/certstore/fail"
	"certdesk/certstore/port"
	"certdesk/certstore/printable"
)

// Scheme and Target are what a port is written as.
type (
	Scheme = port.Scheme
	Target = port.Target
)

// The schemes.
const (
	SMTP  = port.SMTP
	LMTP  = port.LMTP
	IMAP  = port.IMAP
	POP3  = port.POP3
	Sieve = port.Sieve
	SMTPS = port.SMTPS
	IMAPS = port.IMAPS
	POP3S = port.POP3S
	HTTPS = port.HTTPS
	TLS   = port.TLS
)

const hintTarget = "give HOST:PORT, or a URL such as smtp://mail.example.org:25"

// ParseTarget is port.Parse for the command line. Errors: Usage.
func ParseTarget(text string) (Target, error) {
	t, err := port.Parse(text)
	if err != nil {
		return Target{}, fail.New(fail.Usage, hintTarget, "%s cannot be asked: %w", printable.Text(text), err)
	}
	return t, nil
}
