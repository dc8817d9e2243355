package daemon

import (
	"net"
	"strconv"

	"certdesk/certstore/fail"
	"certdesk/certstore/port"
	"certdesk/certstore/printable"
)

// Demo is the driver of what the demo plays itself. No configuration can name it.
const Demo = "demo"

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

// By names the daemon for people: by its driver, or where that says nothing by what it is.
func (in Instance) By() string {
	switch in.Driver {
	case "command":
		return in.Install
	case Demo:
		return "of the demo"
	}
	return in.Driver
}

// Listener is a port of a daemon's configuration.
type Listener struct {
	Scheme string `json:"scheme"` // one of package port
	Host   string `json:"host"`   // "" for every address, "::" for every one of IPv6
	Port   int    `json:"port"`
}

// URL is where this machine reaches the listener, in the form of Instance.Listen.
func (l Listener) URL() string {
	host := l.Host
	switch host {
	case "":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	return l.Scheme + "://" + net.JoinHostPort(host, strconv.Itoa(l.Port))
}

// at says whether a URL of the configuration means this listener. A host name may be any address of this machine.
func (l Listener) at(asked Listener) bool {
	if l.Port != asked.Port {
		return false
	}
	mine, theirs := net.ParseIP(l.Host), net.ParseIP(asked.Host)
	if mine != nil && theirs != nil && (mine.IsUnspecified() || theirs.IsUnspecified()) {
		return (mine.To4() == nil) == (theirs.To4() == nil)
	}
	return mine == nil || theirs == nil || mine.Equal(theirs)
}

// ParseListener is port.Parse for the configuration. Errors: InvalidConfig.
func ParseListener(text string) (Listener, error) {
	t, err := port.Parse(text)
	if err != nil {
		return Listener{}, fail.New(fail.InvalidConfig, "write scheme://host:port; the schemes are "+port.Schemes,
			"listen %q cannot be asked: %w", printable.Text(text), err)
	}
	number, err := strconv.Atoi(t.Port)
	return Listener{Scheme: string(t.Scheme), Host: t.Host, Port: number}, err
}

// ParseListeners is ParseListener for each of Instance.Listen.
func ParseListeners(texts []string) ([]Listener, error) {
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
