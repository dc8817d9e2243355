package services

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Instance is one daemon in one use: a [[service]] of the configuration, or one that Discover found.
type Instance struct {
	Use    string   `json:"use"`              // IIS, SMTP, POP, IMAP or UM
	Driver string   `json:"driver"`           // postfix, dovecot, nginx, apache or command
	Config string   `json:"config,omitempty"` // the directory or file the daemon is started with; "" for its default
	Listen []string `json:"listen,omitempty"` // scheme://host:port; none for all that the configuration has
	Name   string   `json:"name,omitempty"`   // the name a client asks for; "" for every name of the certificate

	// For the command driver alone.
	Install string   `json:"install,omitempty"` // the directory of fullchain.pem, key.pem and combined.pem
	Owner   string   `json:"owner,omitempty"`   // user:group that reads the key
	Check   []string `json:"check,omitempty"`   // argv
	Reload  []string `json:"reload,omitempty"`  // argv
}

// Listener is a port of a daemon's configuration.
type Listener struct {
	Scheme string `json:"scheme"` // smtp imap pop3 (STARTTLS), smtps imaps pop3s https tls (TLS from the first byte)
	Host   string `json:"host"`   // "" for every address
	Port   int    `json:"port"`
}

// URL is where this machine reaches the listener, in the form of Instance.Listen.
func (l Listener) URL() string {
	host := l.Host
	if host == "" {
		host = "127.0.0.1"
	}
	return l.Scheme + "://" + net.JoinHostPort(host, strconv.Itoa(l.Port))
}

// at says whether a URL of the configuration means this listener. A host name may be any address of this machine.
func (l Listener) at(asked Listener) bool {
	if l.Port != asked.Port {
		return false
	}
	mine, theirs := net.ParseIP(l.Host), net.ParseIP(asked.Host)
	return mine == nil || theirs == nil || mine.Equal(theirs)
}

var schemes = []string{"smtp", "imap", "pop3", "smtps", "imaps", "pop3s", "https", "tls"}

// ParseListener reads scheme://host:port. Errors: InvalidConfig.
func ParseListener(text string) (Listener, error) {
	u, err := url.Parse(text)
	if err == nil {
		l := Listener{Scheme: u.Scheme, Host: u.Hostname()}
		l.Port, err = strconv.Atoi(u.Port())
		if err == nil && l.Port > 0 && l.Port < 1<<16 && l.Host != "" && slices.Contains(schemes, l.Scheme) {
			return l, nil
		}
	}
	return Listener{}, fail.New(fail.InvalidConfig, "write scheme://host:port; the schemes are "+strings.Join(schemes, " "), "listen %q names no port", printable.Text(text))
}

func parseListeners(texts []string) ([]Listener, error) {
	var all []Listener
	for _, text := range texts {
		l, err := ParseListener(text)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}
