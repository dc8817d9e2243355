package directory

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/go-ldap/ldap/v3"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Explain says why a directory gave nothing, and what to do about it; table is where the configuration names it.
func (s Server) Explain(ctx context.Context, err error, table string) *fail.Error {
	var ours *fail.Error
	if errors.As(err, &ours) {
		return fail.Of(err)
	}
	if e := s.overNetwork(ctx, err); e != nil {
		return e
	}
	var said *ldap.Error
	if errors.As(err, &said) {
		return s.result(said, table)
	}
	return fail.New(fail.Failed, "look at "+table, "%s", Reason(err))
}

// overNetwork is about what happens before the directory is asked anything.
func (s Server) overNetwork(ctx context.Context, err error) *fail.Error {
	var dns *net.DNSError
	text := err.Error()
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fail.New(fail.Failed, "start the directory, or correct host and port of url", "nothing listens there")
	case errors.As(err, &dns) && dns.IsNotFound:
		return fail.New(fail.Failed, "correct url, or the DNS that this host asks", "no DNS knows %s", printable.Text(dns.Name))
	case waitedOut(ctx, err):
		return fail.New(fail.Failed, "look whether a firewall is in the way, or whether the port expects TLS (ldaps://)",
			"it does not answer in time")
	case strings.Contains(text, "certificate signed by unknown authority"):
		return fail.New(fail.Failed, "name the PEM file of its CA in ca_file", "its certificate is of a CA that is not trusted")
	case strings.Contains(text, "certificate is valid for"), strings.Contains(text, "not valid for any names"),
		strings.Contains(text, "legacy Common Name"), strings.Contains(text, "doesn't contain any IP SANs"):
		return fail.New(fail.Failed, "write url with a name of its certificate", "its certificate is for another name: %s",
			namesIn(text))
	case strings.Contains(text, "certificate has expired"):
		return fail.New(fail.Failed, "have its certificate renewed", "its certificate has expired, or is not valid yet")
	case strings.HasSuffix(text, "EOF"), errors.Is(err, syscall.ECONNRESET):
		return fail.New(fail.Failed, "look whether the port is the one of that kind: 636 for ldaps://, 389 for ldap:// "+
			"with start_tls = true", "it ended the connection without an answer")
	case strings.Contains(text, "does not look like a TLS handshake"):
		return fail.New(fail.Failed, "write ldap:// with start_tls = true, or the port of LDAPS", "it does not speak TLS there")
	}
	return nil
}

// waitedOut says whether time ran out; the library has a code of its own for that.
func waitedOut(ctx context.Context, err error) bool {
	var slow net.Error
	text := err.Error()
	return ctx.Err() != nil || errors.As(err, &slow) && slow.Timeout() || strings.Contains(text, "connection timed out") ||
		strings.Contains(text, "i/o timeout")
}

// namesIn are the names that a sentence of x509 says a certificate is for.
func namesIn(text string) string {
	_, list, ok := strings.Cut(text, "certificate is valid for ")
	if !ok {
		return "it has none"
	}
	list, _, _ = strings.Cut(list, ", not ")
	return printable.Text(list)
}

// result is what a directory answered.
func (s Server) result(e *ldap.Error, table string) *fail.Error {
	switch e.ResultCode {
	case ldap.LDAPResultInvalidCredentials:
		return fail.New(fail.WrongPassword, "correct bind_dn, or the password in "+printable.Text(s.PasswordFile),
			"it does not let %s in: %s", s.Account(), denial(e))
	case ldap.LDAPResultStrongAuthRequired, ldap.LDAPResultConfidentialityRequired:
		return fail.New(fail.NotPermitted, "write ldaps://, or add start_tls = true",
			"it takes no password over a connection without TLS")
	case ldap.LDAPResultReferral:
		return fail.New(fail.Failed, "write the server that it names into url", "it refers to another server: %s", Reason(e))
	case ldap.LDAPResultProtocolError, ldap.LDAPResultUnavailable, ldap.LDAPResultNotSupported:
		if s.StartTLS {
			return fail.New(fail.Failed, "write ldaps:// where it offers no StartTLS", "it refuses: %s", Reason(e))
		}
	}
	return fail.New(fail.Failed, "look at "+table, "it answers: %s", Reason(e))
}

// Account is as whom it is asked.
func (s Server) Account() string {
	if s.BindDN == "" {
		return "nobody"
	}
	return printable.Text(s.BindDN)
}

// denials are the reasons that Active Directory gives for not letting somebody in, in the text of its answer.
var denials = map[string]string{
	"525": "it knows no such user", "52e": "the password is wrong", "530": "not at this hour", "531": "not from this host",
	"532": "the password has expired", "533": "the account is disabled", "701": "the account has expired",
	"773": "the password must be changed first", "775": "the account is locked",
}

func denial(e *ldap.Error) string {
	_, data, ok := strings.Cut(fmt.Sprint(e.Err), "data ")
	code, _, _ := strings.Cut(data, ",")
	if why, known := denials[strings.ToLower(strings.TrimSpace(code))]; ok && known {
		return why
	}
	return "name or password is wrong"
}

// Reason is what a directory said, or the name of its code where it said nothing.
func Reason(err error) string {
	var e *ldap.Error
	text := err.Error()
	if errors.As(err, &e) {
		text = ldap.LDAPResultCodeMap[e.ResultCode]
		if e.Err != nil && e.Err.Error() != "" {
			text = e.Err.Error()
		}
	}
	return printable.Text(daemon.Shorten(text))
}
