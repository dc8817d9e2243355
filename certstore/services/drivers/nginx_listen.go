package drivers

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore/services/daemon"
)

// nginxListener is a listen directive for one address.
type nginxListener struct {
	address string
	options []string
}

func (l nginxListener) has(option string) bool { return slices.Contains(l.options, option) }

// listens are a server's; one without has port 80.
func listens(block *nginxNode) []nginxListener {
	var all []nginxListener
	for _, d := range block.named("listen") {
		for _, address := range portsOf(d.arg(0)) {
			all = append(all, nginxListener{address, d.args[min(1, len(d.args)):]})
		}
	}
	if len(all) == 0 {
		return []nginxListener{{address: "80"}}
	}
	return all
}

// portsOf makes HOST:8443-8445 three addresses.
func portsOf(address string) []string {
	at := strings.LastIndexByte(address, ':') + 1
	first, last, isRange := strings.Cut(address[at:], "-")
	from, to := portNumber(first), portNumber(last)
	if !isRange || !isDigits(first) || !isDigits(last) || from == 0 || to < from || strings.HasPrefix(address, "unix:") {
		return []string{address}
	}
	var all []string
	for p := from; p <= to && p-from < 256; p++ {
		all = append(all, address[:at]+strconv.Itoa(p))
	}
	return all
}

// key tells sockets apart.
func (l nginxListener) key() string {
	at, ok := nginxListen(l.address)
	if !ok {
		return l.address
	}
	return fmt.Sprint(at)
}

func (l nginxListener) note(s *nginxServer, sockets map[string]*nginxSocket) {
	if l.has("quic") {
		return // of UDP
	}
	so := sockets[l.key()]
	if so == nil {
		so = &nginxSocket{def: s}
		sockets[l.key()] = so
	}
	so.tls = so.tls || l.has("ssl")
	so.proxy = so.proxy || l.has("proxy_protocol")
	if chosen := l.has("default_server") || l.has("default"); chosen && !so.chosen {
		so.def, so.chosen = s, true
	}
}

// take adds a listen directive to its server's ports.
func (s *nginxServer) take(l nginxListener, sockets map[string]*nginxSocket) {
	so := sockets[l.key()]
	if l.has("quic") {
		s.tls = true
		return
	}
	if !so.tls && !s.says("ssl", "on") {
		return
	}
	s.tls = true
	at, ok := nginxListen(l.address)
	if !ok {
		return
	}
	if at.Host == "::" && l.has("ipv6only=off") {
		at.Host = ""
	}
	if so.def == s {
		s.first = append(s.first, at)
	}
	if hasListener(s.listen, at) {
		return
	}
	s.listen = append(s.listen, at)
	if so.proxy {
		s.proxied = append(s.proxied, at)
	}
}

func hasListener(all []daemon.Listener, l daemon.Listener) bool {
	for _, have := range all {
		if have == l || have.Port == l.Port && have.Host == "" && l.Host == "::" {
			return true
		}
	}
	return false
}

// nginxListen reads the address of a listen directive: PORT, HOST, HOST:PORT, [V6]:PORT; not unix sockets.
func nginxListen(text string) (daemon.Listener, bool) {
	if strings.HasPrefix(text, "unix:") || text == "" {
		return daemon.Listener{}, false
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		if n := portNumber(text); n > 0 && isDigits(text) {
			return daemon.Listener{Scheme: "https", Host: "", Port: n}, true
		}
		host, port = strings.Trim(text, "[]"), "80"
	}
	if host == "*" || host == "0.0.0.0" {
		host = ""
	}
	number := portNumber(port)
	return daemon.Listener{Scheme: "https", Host: host, Port: number}, number > 0
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
