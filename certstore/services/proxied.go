package services

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// shuts notes of a port that it is asked as a proxy asks. It says whether it cannot be asked at all: the daemon takes
// the header of its proxy's address, and none of ours.
func (c *choice) shuts(s daemon.Site, l daemon.Listener) bool {
	if !daemon.AnyAt(s.Proxied, []daemon.Listener{l}) {
		return false
	}
	from, to := route(l)
	here := from == to || to.IsLoopback()
	meant := here && daemon.AnyAt(s.Proxied, []daemon.Listener{{Scheme: l.Scheme, Host: to.String(), Port: l.Port}}) ||
		slices.Contains(s.Listen, l)
	switch url := l.URL(); {
	case !meant:
		return false // the proxy itself, at the same port of another address
	case s.Trusts(from):
		c.proxied = addNew(c.proxied, url)
		return false
	default:
		c.shut = addNew(c.shut, url)
		return true
	}
}

// route gives the two ends of a connection to a port; they are one where the port is this machine's own. Connecting a
// UDP socket asks the kernel's routes and sends nothing.
func route(l daemon.Listener) (from, to netip.Addr) {
	conn, err := (&net.Dialer{Timeout: 2 * time.Second}).Dial("udp", strings.TrimPrefix(l.URL(), l.Scheme+"://"))
	if err != nil {
		return netip.IPv4Unspecified(), netip.Addr{}
	}
	defer conn.Close()
	return address(conn.LocalAddr()), address(conn.RemoteAddr())
}

func address(end net.Addr) netip.Addr {
	at, _ := netip.ParseAddrPort(end.String())
	return at.Addr().Unmap().WithZone("")
}

// proxyNotes say how the ports of a choice are proven that expect the PROXY protocol.
func (c choice) proxyNotes() (said []string) {
	for _, url := range c.proxied {
		said = append(said, printable.Text(url)+" expects the PROXY protocol: it is asked as a proxy asks it; "+
			"clients reach it through their proxy, which may serve a certificate of its own")
	}
	for _, url := range c.shut {
		said = append(said, OnlyByProxy(url))
	}
	return said
}

// OnlyByProxy says of a port why nobody can ask it from here.
func OnlyByProxy(url string) string {
	return printable.Text(url) + " is not proven: it is reached only through its proxy, whose address alone it trusts; " +
		"name the proxy's port under listen"
}

// AsProxy says whether a port of the switch is asked as a proxy asks.
func (sw Switch) AsProxy(url string) bool { return slices.Contains(sw.Proxied, url) }

func addNew(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}
