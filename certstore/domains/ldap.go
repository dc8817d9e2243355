package domains

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

// LDAP is a directory to read accepted domains from: Active Directory with Exchange, or with a filter and an attribute
// of its own any other.
type LDAP struct {
	URL          string `toml:"url"`
	StartTLS     bool   `toml:"start_tls"`
	BindDN       string `toml:"bind_dn"`
	PasswordFile string `toml:"password_file"`
	CAFile       string `toml:"ca_file"`
	Base         string `toml:"base"`
	Filter       string `toml:"filter"`
	Attribute    string `toml:"attribute"`
}

// What Exchange has in Active Directory.
const (
	exchangeFilter    = "(objectClass=msExchAcceptedDomain)"
	exchangeAttribute = "msExchAcceptedDomainName"
	exchangeFlags     = "msExchAcceptedDomainFlags"
)

func (l LDAP) filter() string {
	if l.Filter == "" {
		return exchangeFilter
	}
	return l.Filter
}

func (l LDAP) attribute() string {
	if l.Attribute == "" {
		return exchangeAttribute
	}
	return l.Attribute
}

// check refuses what cannot be asked, and a password that the network would show to everybody.
func (l LDAP) check() error {
	if l.URL == "" {
		return nil
	}
	refuse := func(hint, format string, args ...any) error {
		return fail.New(fail.InvalidConfig, hint, "accepted_domains.ldap: "+format, args...)
	}
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "ldap" && u.Scheme != "ldaps" || u.Hostname() == "" {
		return refuse("write ldaps://dc01.example.org, or ldap:// with start_tls = true", "url %q is none of a directory",
			printable.Text(l.URL))
	}
	if _, err := ldap.CompileFilter(l.filter()); err != nil {
		return refuse("write it in brackets, such as (objectClass=mailDomain)", "filter %q is none: %s",
			printable.Text(l.Filter), reasonOf(err))
	}
	switch {
	case l.Filter != "" && l.Attribute == "":
		return refuse("add attribute, such as \"associatedDomain\"", "filter is given, and not which attribute has the domain")
	case l.BindDN != "" && l.PasswordFile == "":
		return refuse("add password_file", "bind_dn is given, and no password")
	case u.Scheme == "ldap" && !l.StartTLS && l.BindDN != "" && !loopback(u.Hostname()):
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

// source is what a directory is called.
func (l LDAP) source() string { return printable.Text(l.URL) }

// read gives the accepted domains of the directory.
func (l LDAP) read(ctx context.Context) Listing {
	found := &entries{source: l.source(), attribute: l.attribute()}
	if err := l.ask(ctx, found); err != nil {
		found.out.Remarks = append(found.out.Remarks,
			Remark{Source: found.source, Err: l.explain(ctx, err, found.count), Whole: true})
	}
	return found.listing()
}

// ask connects, binds and searches.
func (l LDAP) ask(ctx context.Context, found *entries) error {
	password, err := l.password()
	if err != nil {
		return err
	}
	conn, err := l.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	base := l.Base
	if base == "" {
		if base, err = defaultBase(conn); err != nil {
			return err
		}
	}
	if l.BindDN != "" {
		if err := conn.Bind(l.BindDN, password); err != nil {
			return err
		}
	}
	return l.search(conn, base, found)
}

// password is that of the file without the line end behind it.
func (l LDAP) password() (string, error) {
	if l.PasswordFile == "" {
		return "", nil
	}
	data, err := daemon.ReadFile(l.PasswordFile)
	if err != nil {
		return "", fail.New(fail.NotPermitted, "run certdesk as a user who may read it, or name another file",
			"its password file: %w", daemon.Cannot("read", l.PasswordFile, err))
	}
	data = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))
	if len(data) == 0 {
		return "", fail.New(fail.InvalidConfig, "write the password of "+printable.Text(l.BindDN)+" into it",
			"its password file %s is empty", printable.Text(l.PasswordFile))
	}
	return string(data), nil
}

// connect opens a connection on which every read and write ends with the context: the library itself waits for ever
// where a server accepts and says nothing.
func (l LDAP) connect(ctx context.Context) (*ldap.Conn, error) {
	u, err := url.Parse(l.URL)
	if err != nil {
		return nil, err
	}
	config, err := l.tls(u.Hostname())
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
	if l.StartTLS {
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
func (l LDAP) tls(host string) (*tls.Config, error) {
	config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if l.CAFile == "" {
		return config, nil
	}
	data, err := os.ReadFile(l.CAFile)
	if err != nil {
		return nil, fail.New(fail.NotFound, "name a PEM file of the directory's CA in ca_file", "its CA file: %w",
			daemon.Cannot("read", l.CAFile, err))
	}
	if config.RootCAs, err = x509.SystemCertPool(); err != nil {
		config.RootCAs = x509.NewCertPool()
	}
	if !config.RootCAs.AppendCertsFromPEM(data) {
		return nil, fail.New(fail.UnsupportedFormat, "name a PEM file of the directory's CA in ca_file",
			"its CA file %s has no certificate", printable.Text(l.CAFile))
	}
	return config, nil
}

// defaultBase is where Exchange keeps its configuration, else the first tree of the directory.
func defaultBase(conn *ldap.Conn) (string, error) {
	attributes := []string{"configurationNamingContext", "defaultNamingContext", "namingContexts"}
	result, err := conn.Search(ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 5, false,
		"(objectClass=*)", attributes, nil))
	if err != nil {
		return "", err
	}
	for _, entry := range result.Entries {
		for _, name := range attributes {
			if value := entry.GetAttributeValue(name); value != "" {
				return value, nil
			}
		}
	}
	return "", fail.New(fail.NotFound, "say in base below what to search, such as dc=example,dc=org",
		"it does not say where its entries are")
}
