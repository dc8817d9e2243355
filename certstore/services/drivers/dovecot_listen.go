package drivers

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// dovecotPort is a port where one of Dovecot's protocols speaks TLS, if that is switched on for it.
type dovecotPort struct {
	daemon.Listener
	protocol string
	proxy    bool       // clients send a PROXY header first
	addr     netip.Addr // of a local block, where this is the port on that address
}

// dovecotProtocol is a protocol that clients speak with Dovecot.
type dovecotProtocol struct {
	name, word      string
	service         string
	scheme, secured string // of a port with STARTTLS, and with TLS from the first byte; "" where that is not asked for
	// login says that a login process asks for the settings of each client. The others read theirs before a client is
	// there, so that no local or local_name block is for them (measured: LMTP serves its default to every name).
	login bool
}

// dovecotProtocols are told in this order.
var dovecotProtocols = []dovecotProtocol{
	{"imap", "IMAP", "imap-login", "imap", "imaps", true},
	{"pop3", "POP", "pop3-login", "pop3", "pop3s", true},
	{"sieve", "ManageSieve", "managesieve-login", "sieve", "tls", true},
	{"submission", "submission", "submission-login", "smtp", "smtps", true},
	{"lmtp", "LMTP", "lmtp", "lmtp", "tls", false},
	{"doveadm", "doveadm", "doveadm", "", "tls", false},
}

func protocolNamed(name string) dovecotProtocol {
	i := slices.IndexFunc(dovecotProtocols, func(p dovecotProtocol) bool { return p.name == name })
	return dovecotProtocols[i]
}

// ports are those of a protocol that is switched on; doveadm always is.
func (d *dovecotConf) ports(p dovecotProtocol) (all []dovecotPort) {
	on := p.name == "doveadm" || slices.Contains(strings.Fields(d.root.get("protocols")), p.name)
	service := d.root.child("service " + p.service)
	if !on || service == nil {
		return nil
	}
	for _, b := range service.blocks {
		scheme := p.scheme
		if b.get("ssl") == "yes" {
			scheme = p.secured
		}
		port := portNumber(b.get("port"))
		if !strings.HasPrefix(b.head, "inet_listener ") || port == 0 || scheme == "" {
			continue
		}
		for _, host := range d.hosts(b.get("address")) {
			l := daemon.Listener{Scheme: scheme, Host: host, Port: port}
			all = append(all, dovecotPort{Listener: l, protocol: p.name, proxy: b.get("haproxy") == "yes"})
		}
	}
	return all
}

// hosts are the addresses of a listener; those of all listeners where it has none. "*" and "::" together are one.
func (d *dovecotConf) hosts(addresses string) (hosts []string) {
	if addresses == "" {
		addresses = d.root.get("listen")
	}
	for _, a := range fields(addresses) {
		if a == "*" {
			a = ""
		}
		a = strings.Trim(a, "[]")
		if a != "::" || !strings.Contains(addresses, "*") {
			hosts = append(hosts, a)
		}
	}
	return hosts
}

// strangers are sentences about services beside those that certdesk can ask, with ports that speak TLS.
func (d *dovecotConf) strangers() (said []string) {
	for _, b := range d.root.blocks {
		name, ok := strings.CutPrefix(b.head, "service ")
		known := slices.ContainsFunc(dovecotProtocols, func(p dovecotProtocol) bool { return p.service == name })
		if !ok || known {
			continue
		}
		for _, l := range b.blocks {
			if port := portNumber(l.get("port")); l.get("ssl") == "yes" && port != 0 {
				said = append(said, fmt.Sprintf("Dovecot's service %s speaks TLS on port %d: certdesk does not check what it "+
					"serves",
					printable.Text(name), port))
			}
		}
	}
	return said
}

// spread gives a port that is for every address, or for a name, once for each address that a local block is for, and
// once for the rest.
func (d *dovecotConf) spread(p dovecotPort) (all []dovecotPort) {
	if !protocolNamed(p.protocol).login {
		return []dovecotPort{p}
	}
	if a, err := netip.ParseAddr(p.Host); err == nil && !a.IsUnspecified() {
		p.addr = a
		return []dovecotPort{p}
	}
	at := func(a netip.Addr) dovecotPort {
		one := p
		one.Host, one.addr = a.String(), a
		return one
	}
	if rest, ok := d.elsewhere(p); ok {
		all = append(all, rest)
	}
	for _, a := range d.here {
		if d.isLocal(a) && (p.Host != "::" || a.Is6()) {
			all = append(all, at(a))
		}
	}
	return all
}

// elsewhere is the port for who connects to an address that no local block is for.
func (d *dovecotConf) elsewhere(p dovecotPort) (dovecotPort, bool) {
	asked := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if p.Host == "::" {
		asked = netip.IPv6Loopback()
	}
	if !d.isLocal(asked) {
		return p, true
	}
	for _, a := range d.here {
		if !d.isLocal(a) && a.Is4() == asked.Is4() {
			p.Host = a.String()
			return p, true
		}
	}
	return p, false
}

// isLocal says whether some local block with a certificate is for the address.
func (d *dovecotConf) isLocal(a netip.Addr) bool {
	return slices.ContainsFunc(d.locals, func(p netip.Prefix) bool { return p.Contains(a) })
}

// findLocals gathers the networks of local blocks with TLS settings, and this machine's addresses in them and beside.
func (d *dovecotConf) findLocals(machine []netip.Addr) (said []string) {
	d.here = machine
	for _, f := range d.source.filters {
		if !f.local.IsValid() || len(f.set) == 0 || slices.Contains(d.locals, f.local) {
			continue
		}
		d.locals = append(d.locals, f.local)
		if one := f.local.Addr(); f.local.IsSingleIP() && one.IsLoopback() && !slices.Contains(d.here, one) {
			d.here = append(d.here, one)
		}
		if !slices.ContainsFunc(d.here, f.local.Contains) {
			said = append(said, fmt.Sprintf("this machine has no address of local %s (%s) now: that block keeps its certificate",
				netWords(f.local), printable.Text(f.where)))
		}
	}
	return said
}

// addresses are those of this machine, and those that the service is asked on.
func addresses(in daemon.Instance) (all []netip.Addr) {
	list, _ := net.InterfaceAddrs()
	for _, a := range list {
		if p, err := netip.ParsePrefix(a.String()); err == nil && !p.Addr().IsLinkLocalUnicast() {
			all = append(all, p.Addr().Unmap())
		}
	}
	asked, _ := daemon.ParseListeners(in.Listen)
	for _, l := range asked {
		if a, err := netip.ParseAddr(l.Host); err == nil && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}
