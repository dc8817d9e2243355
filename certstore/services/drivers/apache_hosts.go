package drivers

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// The directives that decide which certificate a host has.
const (
	certName   = "sslcertificatefile"
	keyName    = "sslcertificatekeyfile"
	chainName  = "sslcertificatechainfile"
	engineName = "sslengine"
)

// apacheSet is what a context says of its certificates. Those of the server's are a host's as well: as many of them as
// the host has itself are replaced, the rest stays (mod_ssl's modssl_ctx_cfg_merge_certkeys_array).
type apacheSet struct {
	certs, keys, chains []*apacheNode
	engine              string // "" if it is not said
}

func setOf(context *apacheNode) apacheSet {
	var s apacheSet
	for _, n := range context.children {
		switch n.name {
		case certName:
			s.certs = append(s.certs, n)
		case keyName:
			s.keys = append(s.keys, n)
		case chainName:
			s.chains = append(s.chains, n)
		case engineName:
			s.engine = strings.ToLower(n.first())
		}
	}
	return s
}

// onto gives what is effective for a host whose server says base.
func (s apacheSet) onto(base apacheSet) apacheSet {
	s.certs = append(slices.Clip(s.certs), base.certs[min(len(s.certs), len(base.certs)):]...)
	s.keys = append(slices.Clip(s.keys), base.keys[min(len(s.keys), len(base.keys)):]...)
	if len(s.chains) == 0 {
		s.chains = base.chains
	}
	if s.engine == "" {
		s.engine = base.engine
	}
	return s
}

// nodes are the directives of the set.
func (s apacheSet) nodes() []*apacheNode { return slices.Concat(s.certs, s.keys, s.chains) }

// pairs are the files the set names; a certificate without a key directive has its key with it.
func (s apacheSet) pairs(root string) []daemon.Installed {
	var all []daemon.Installed
	for i, c := range s.certs {
		p := daemon.Installed{Cert: daemon.Below(root, c.first()), Key: daemon.Below(root, c.first())}
		if i < len(s.keys) {
			p.Key = daemon.Below(root, s.keys[i].first())
		}
		all = append(all, p)
	}
	return all
}

// chain is the file of intermediates that are sent with each certificate of the set, "" for none: the last one that is
// named. What the certificates' own files hold beside the leaf is not sent then (measured, 2.4.71).
func (s apacheSet) chain(root string) string {
	if len(s.chains) == 0 {
		return ""
	}
	return daemon.Below(root, s.chains[len(s.chains)-1].first())
}

// virtualHost is a <VirtualHost> or, without a place, the server around them.
type virtualHost struct {
	spot
	node    *apacheNode
	own     apacheSet
	set     apacheSet // what is effective
	names   []string
	machine string // for one without a name: what Apache calls it
	listen  []daemon.Listener
	tls     bool
	fixed   string
}

func (h *virtualHost) where() string {
	at := h.spot
	if used, ok := h.node.used(); ok {
		at = used
	}
	return fmt.Sprintf("%s:%d", at.path, at.line)
}

type apacheConf struct {
	texts  *texts
	dump   apacheDump
	lines  map[string][]apacheLine
	brings []inclusion
	hosts  []*virtualHost // the server around them is the last one
	aside  []string
}

// understand reads the files and finds the hosts in what is active.
func (a *apacheConf) understand() error {
	a.lines = map[string][]apacheLine{}
	a.dump.onePaths()
	for _, path := range a.files() {
		if err := a.load(path); err != nil {
			return err
		}
	}
	a.include()
	base := setOf(a.dump.active)
	for _, n := range a.dump.active.children {
		if n.name == "<virtualhost" && !a.has(n.spot) { // a file may be included twice
			h := &virtualHost{spot: n.spot, node: n, own: setOf(n)}
			h.set = h.own.onto(base)
			a.hosts = append(a.hosts, h)
		}
	}
	ports := a.ports()
	a.address(ports)
	a.hosts = append(a.hosts, a.server(base, ports))
	a.judge(ports)
	return nil
}

func (a *apacheConf) has(at spot) bool {
	return slices.ContainsFunc(a.hosts, func(h *virtualHost) bool { return h.spot == at })
}

// files are those that Apache read.
func (a *apacheConf) files() []string {
	var all []string
	for _, f := range a.dump.files {
		all = append(all, f.path)
	}
	a.dump.active.walk(func(n *apacheNode) {
		if !n.macro() && n.path != all[len(all)-1] {
			all = append(all, n.path)
		}
	})
	return all
}

func (a *apacheConf) load(path string) error {
	if _, ok := a.lines[path]; ok {
		return nil
	}
	data, err := daemon.ReadFile(path)
	if err != nil {
		return daemon.Cannot("read", path, err)
	}
	a.texts.was[path] = string(data)
	a.lines[path] = parseApache(path, string(data))
	return nil
}

// judge finds who speaks TLS, and who cannot be changed and why.
func (a *apacheConf) judge(ports []apachePort) {
	for _, h := range a.hosts {
		switch h.set.engine {
		case "on":
			h.tls = true
		case "":
			h.tls = len(h.set.certs) > 0 && a.byPort(h, ports)
		case "optional":
			a.aside = append(a.aside, "the host at "+printable.Text(h.where())+
				" upgrades from HTTP to TLS (SSLEngine optional): it is left alone")
		}
		if h.tls {
			h.fixed = a.obstacle(h)
		}
	}
	for _, h := range a.hosts {
		if h.tls && h.fixed == "" {
			h.fixed = a.stuck(h)
		}
	}
	a.compare()
}

// byPort says whether a host without SSLEngine speaks TLS, for a Listen of just its address is for https. It does so
// where the server around the hosts says anything of mod_ssl (measured, 2.4.71).
func (a *apacheConf) byPort(h *virtualHost, ports []apachePort) bool {
	around := func(n *apacheNode) bool { return strings.HasPrefix(n.name, "ssl") }
	if h.node == a.dump.active || !slices.ContainsFunc(a.dump.active.children, around) {
		return false
	}
	return slices.ContainsFunc(ports, func(p apachePort) bool {
		return p.tls && slices.ContainsFunc(a.dump.hosts, func(v vhost) bool {
			return v.spot == h.spot && v.host == p.Host && v.port == p.Port
		})
	})
}

// obstacle says why certdesk does not change a host, "" if it can.
func (a *apacheConf) obstacle(h *virtualHost) string {
	if h.node.macro() {
		return "it comes from a " + a.macroOf(h.node) + ": change it by hand"
	}
	if len(h.set.certs) == 0 {
		return "no SSLCertificateFile is active for it: another module (mod_md) keeps its certificate"
	}
	for _, n := range h.set.nodes() {
		if strings.HasPrefix(n.first(), "pkcs11:") {
			return "its certificate or key is on a token (" + printable.Text(n.first()) + "), not in a file"
		}
		if n.macro() {
			return "its certificate comes from a " + a.macroOf(n) + ": change it by hand"
		}
		if l, ok := a.lineOf(n); !ok || l.name != n.name {
			return fmt.Sprintf("%s is not in line %d of %s, where Apache says it is", n.name, n.line, printable.Text(n.path))
		}
	}
	return a.scattered(h.own)
}

// macroOf names the Use that brought a directive.
func (a *apacheConf) macroOf(n *apacheNode) string {
	used, _ := n.used()
	name := "?"
	if l, ok := a.lineOf(&apacheNode{spot: used}); ok {
		name = l.value
	}
	return fmt.Sprintf("macro (Use %s in line %d of %s)", printable.Text(name), used.line, printable.Text(used.path))
}

// scattered refuses certificates that stand in several active places, since a change of one would leave the other.
func (a *apacheConf) scattered(own apacheSet) string {
	var first apacheLine
	for i, n := range slices.Concat(own.certs, own.keys) {
		l, _ := a.lineOf(n)
		if i == 0 {
			first = l
		}
		if l.path != first.path || l.section != first.section {
			return fmt.Sprintf("its certificates are set in several active sections (%s:%d and %s:%d): put them into one",
				printable.Text(first.path), first.line, printable.Text(l.path), l.line)
		}
	}
	return ""
}

func (a *apacheConf) lineOf(n *apacheNode) (apacheLine, bool) {
	lines := a.lines[n.path]
	i, ok := slices.BinarySearchFunc(lines, n.line, func(l apacheLine, line int) int { return l.line - line })
	if !ok {
		return apacheLine{}, false
	}
	return lines[i], true
}

// sites lists the hosts with TLS that are reached. Apache names the first one of each port first.
func (a *apacheConf) sites() []daemon.Site {
	var all []daemon.Site
	for i, h := range a.hosts {
		if h.tls && len(h.listen) > 0 {
			all = append(all, daemon.Site{
				Listen: h.listen, Names: h.names, Pairs: h.set.pairs(a.dump.root), Chain: h.set.chain(a.dump.root),
				Around: len(a.hosts[len(a.hosts)-1].own.chains) > 0, Where: h.where(), Fixed: h.fixed, Index: i,
			})
		}
	}
	return a.unnamed(all)
}

// unnamed gives a host without a ServerName what Apache knows it by. Where it is not the first of a port, only that
// name leads to it, or nothing.
func (a *apacheConf) unnamed(sites []daemon.Site) []daemon.Site {
	first := func(s daemon.Site) bool { return s.First(sites) }
	var all []daemon.Site
	for _, s := range sites {
		machine := strings.ToLower(a.hosts[s.Index].machine)
		switch {
		case len(s.Names) > 0:
		case first(s) && isHostName(machine):
			s.Own = []string{machine}
		case first(s):
		case !isHostName(machine) || slices.ContainsFunc(all, func(o daemon.Site) bool { return o.Has(machine) }):
			continue
		default:
			s.Names = []string{machine}
		}
		all = append(all, s)
	}
	return all
}
