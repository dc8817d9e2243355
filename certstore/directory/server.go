// Package directory opens a connection to an LDAP server, Active Directory or another, and says in a person's words why
// one cannot be used.
//
// Its promise: every step has a deadline, whatever a server does; no password crosses a network in the clear, or goes
// to a server that another one names.
package directory

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/url"
	"os"
	"time"

	"github.com/go-ldap/ldap/v3"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Server is a directory, and as whom it is asked.
type Server struct {
	URL          string `toml:"url"`
	StartTLS     bool   `toml:"start_tls"`
	BindDN       string `toml:"bind_dn"`
	PasswordFile string `toml:"password_file"`
	CAFile       string `toml:"ca_file"`
}

// Check refuses what cannot be asked, and a password that the network would show to everybody; table is where the
// configuration names it. Errors: InvalidConfig.
func (s Server) Check(table string) error {
	refuse := func(hint, format string, args ...any) error {
		return fail.New(fail.InvalidConfig, hint, table+": "+format, args...)
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "ldap" && u.Scheme != "ldaps" || u.Hostname() == "" {
		return refuse("write ldaps://dc01.example.org, or ldap:// with start_tls = true", "url %q is none of a directory",
			printable.Text(s.URL))
	}
	switch {
	case s.BindDN != "" && s.PasswordFile == "":
		return refuse("add password_file", "bind_dn is given, and no password")
	case u.Scheme == "ldap" && !s.StartTLS && s.BindDN != "" && !loopback(u.Hostname()):
		return refuse("write ldaps://, or add start_tls = true", "the password would cross the network for everybody to read")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// The library logs to standard error, which is the desk's screen.
func init() { ldap.Logger(log.New(io.Discard, "", 0)) }

// answerTime is how long one answer of a directory is waited for.
const answerTime = 5 * time.Second

// Open connects and binds. Explain puts an error into words.
func (s Server) Open(ctx context.Context) (*ldap.Conn, error) {
	password, err := s.password()
	if err != nil {
		return nil, err
	}
	conn, err := s.connect(ctx)
	if err != nil || s.BindDN == "" {
		return conn, err
	}
	if err := conn.Bind(s.BindDN, password); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// password is that of the file without the line end behind it.
func (s Server) password() (string, error) {
	if s.PasswordFile == "" {
		return "", nil
	}
	data, err := daemon.ReadFile(s.PasswordFile)
	if err != nil {
		return "", fail.New(fail.NotPermitted, "run certdesk as a user who may read it, or name another file",
			"its password file: %w", daemon.Cannot("read", s.PasswordFile, err))
	}
	data = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))
	if len(data) == 0 {
		return "", fail.New(fail.InvalidConfig, "write the password of "+printable.Text(s.BindDN)+" into it",
			"its password file %s is empty", printable.Text(s.PasswordFile))
	}
	return string(data), nil
}

// connect opens a connection on which every read and write ends with the context: the library itself waits for ever
// where a server accepts and says nothing.
func (s Server) connect(ctx context.Context) (*ldap.Conn, error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return nil, err
	}
	config, err := s.tls(u.Hostname())
	if err != nil {
		return nil, err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"ldap": "389", "ldaps": "636"}[u.Scheme]
	}
	raw, err := (&net.Dialer{Timeout: answerTime}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, err
	}
	if end, ok := ctx.Deadline(); ok {
		raw.SetDeadline(end)
	}
	context.AfterFunc(ctx, func() { raw.SetDeadline(time.Now()) })
	if u.Scheme == "ldaps" {
		return overTLS(ctx, raw, config)
	}
	conn := started(raw, false)
	if s.StartTLS {
		if err := conn.StartTLS(config); err != nil {
			conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

func overTLS(ctx context.Context, raw net.Conn, config *tls.Config) (*ldap.Conn, error) {
	ctx, end := context.WithTimeout(ctx, answerTime)
	defer end()
	secure := tls.Client(raw, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return started(secure, true), nil
}

func started(raw net.Conn, secure bool) *ldap.Conn {
	conn := ldap.NewConn(raw, secure)
	conn.SetTimeout(answerTime)
	conn.Start()
	return conn
}

// tls wants a certificate for the host of the URL; the CA file's roots are beside the system's.
func (s Server) tls(host string) (*tls.Config, error) {
	config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if s.CAFile == "" {
		return config, nil
	}
	data, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, fail.New(fail.NotFound, "name a PEM file of the directory's CA in ca_file", "its CA file: %w",
			daemon.Cannot("read", s.CAFile, err))
	}
	if config.RootCAs, err = x509.SystemCertPool(); err != nil {
		config.RootCAs = x509.NewCertPool()
	}
	if !config.RootCAs.AppendCertsFromPEM(data) {
		return nil, fail.New(fail.UnsupportedFormat, "name a PEM file of the directory's CA in ca_file",
			"its CA file %s has no certificate", printable.Text(s.CAFile))
	}
	return config, nil
}
