package drivers

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// dovecotClass is the clients of one protocol for whom the same settings decide: a site, seen from Dovecot's side.
type dovecotClass struct {
	protocol dovecotProtocol
	decision
	named   *dovecotFilter // of a class of clients that ask for a name: the block that is for it
	beaten  *dovecotFilter // a block that has the names and is never reached, since named stands before it
	names   []string
	ports   []dovecotPort
	clients []dovecotClient // one for each port and name
}

// classes finds what Dovecot distinguishes, the defaults of all protocols first.
func (d *dovecotConf) classes() []dovecotClass {
	var defaults, named []dovecotClass
	for _, p := range dovecotProtocols {
		mine, theirs := newClasses(p), newClasses(p)
		for _, listed := range d.ports(p) {
			for _, port := range d.spread(listed) {
				d.classify(mine, theirs, port)
			}
		}
		defaults, named = append(defaults, mine.list...), append(named, theirs.list...)
	}
	return append(defaults, named...)
}

// classify adds a port to the class of its default, and to those of the names that some block is for there.
func (d *dovecotConf) classify(defaults, named *classes, port dovecotPort) {
	c := dovecotClient{protocol: port.protocol, addr: port.addr}
	if got := d.decide(c); got.speaksTLS() {
		defaults.add(dovecotClass{decision: got}, c, port)
	}
	for _, f := range d.source.filters {
		if !defaults.protocol.login || f.name == "" || len(f.set) == 0 || !f.speaks(port.protocol) ||
			f.local.IsValid() && !f.local.Contains(port.addr) {
			continue
		}
		for _, name := range f.names {
			c.name = sampleName(name)
			got := d.decide(c)
			if by := got.namedBy(); by != nil && got.speaksTLS() {
				named.add(classOf(f, by, name, got), c, port)
			}
		}
	}
}

// decide is asked once for clients that differ in their port alone.
func (d *dovecotConf) decide(c dovecotClient) decision {
	got, ok := d.decided[c]
	if !ok {
		got = d.source.decide(c)
		d.decided[c] = got
	}
	return got
}

// sampleName is a name a client can ask for where a block has a wildcard.
func sampleName(name string) string { return strings.ReplaceAll(name, "*", "any") }

// classOf is the class of a name: that of the block which decides; of one beaten by a wildcard, a class of its own.
func classOf(f, by *dovecotFilter, name string, got decision) dovecotClass {
	c := dovecotClass{decision: got, named: by, names: []string{name}}
	if !slices.Contains(by.names, name) {
		c.beaten = f
	}
	return c
}

// namedBy is the block with names that decides about the certificate or its key.
func (d decision) namedBy() *dovecotFilter {
	for _, name := range tlsSettings {
		if a := d.by[name]; a != nil && a.filter.name != "" {
			return a.filter
		}
	}
	return nil
}

// speaksTLS says whether such clients are served a certificate.
func (d decision) speaksTLS() bool { return d.by["ssl"] == nil || d.by["ssl"].raw != "no" }

// classes puts together the ports and names for which the same settings decide.
type classes struct {
	protocol dovecotProtocol
	list     []dovecotClass
	at       map[string]int
}

func newClasses(p dovecotProtocol) *classes { return &classes{protocol: p, at: map[string]int{}} }

func (l *classes) add(c dovecotClass, client dovecotClient, port dovecotPort) {
	key := fmt.Sprintf("%p %p %v", c.named, c.beaten, len(c.conflict) > 0)
	for _, name := range tlsSettings {
		key += fmt.Sprintf(" %p", c.by[name])
	}
	i, ok := l.at[key]
	if !ok {
		i = len(l.list)
		l.at[key], l.list = i, append(l.list, dovecotClass{protocol: l.protocol, decision: c.decision, named: c.named,
			beaten: c.beaten})
	}
	had := &l.list[i]
	if !slices.Contains(had.clients, client) {
		had.clients = append(had.clients, client)
	}
	if !slices.Contains(had.ports, port) {
		had.ports = append(had.ports, port)
	}
	for _, name := range c.names {
		if !slices.Contains(had.names, name) {
			had.names = append(had.names, name)
		}
	}
}

// use is the one a protocol goes with: POP is by itself, and all others go with IMAP where Dovecot serves that.
func (d *dovecotConf) use(protocol string) string {
	if protocol == "pop3" || protocol != "imap" && len(d.ports(protocolNamed("imap"))) == 0 {
		return "POP"
	}
	return "IMAP"
}

// sites are the classes of this instance's protocols.
func (d *dovecotConf) sites() (sites []daemon.Site) {
	for i, c := range d.all {
		if d.use(c.protocol.name) == d.in.Use {
			sites = append(sites, d.site(i, c))
		}
	}
	return sites
}

func (d *dovecotConf) site(index int, c dovecotClass) daemon.Site {
	s := daemon.Site{Names: c.names, Pairs: c.pairs(), Where: "protocol " + c.protocol.name, Fixed: c.fixed(),
		Index: index}
	for _, p := range c.ports {
		s.Listen = append(s.Listen, p.Listener)
		if p.proxy {
			s.Proxied, s.Heeds = append(s.Proxied, p.Listener), d.proxies()
		}
	}
	if f := c.place(); f.name != "" || f.local.IsValid() {
		s.Where = f.head() + " (" + f.where + ")"
	}
	if c.beaten != nil {
		s.Where = c.beaten.head() + " (" + c.beaten.where + ")"
	}
	if s.Fixed == "" {
		s.Fixed = d.unseen(c)
	}
	if !c.protocol.login {
		s.Follows = d.loginPorts()
	}
	if own := d.root.get("hostname"); c.named == nil && own != "" {
		s.Own = []string{strings.ToLower(own)}
	}
	return s
}

// proxies are the addresses whose PROXY protocol header Dovecot takes: none but those that are listed.
func (d *dovecotConf) proxies() []netip.Prefix {
	all := []netip.Prefix{}
	for _, word := range fields(d.root.get("haproxy_trusted_networks")) {
		if p, err := netip.ParsePrefix(word); err == nil {
			all = append(all, p)
		} else if a, err := netip.ParseAddr(strings.Trim(word, "[]")); err == nil {
			all = append(all, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return all
}

// loginPorts are those where Dovecot tells names apart.
func (d *dovecotConf) loginPorts() (all []daemon.Listener) {
	for _, c := range d.all {
		for _, p := range c.ports {
			if c.protocol.login {
				all = append(all, p.Listener)
			}
		}
	}
	return all
}

// place is the block that decides about the certificate, else about the key.
func (c dovecotClass) place() *dovecotFilter {
	f := c.named
	for _, name := range []string{"ssl_key", "ssl_cert"} {
		if a := c.by[name]; a != nil && (f == nil || rank(a.filter, f) < 0) {
			f = a.filter
		}
	}
	if f == nil {
		f = &dovecotFilter{}
	}
	return f
}

// fixed is why a class cannot be changed by itself.
func (c dovecotClass) fixed() string {
	switch {
	case c.beaten != nil:
		return fmt.Sprintf("its name is served by %s (%s), which comes before it: Dovecot takes the first",
			printable.Text(c.named.head()), c.named.where)
	case len(c.conflict) > 0 && c.named != nil:
		return "Dovecot refuses clients that ask for it, since " + conflictWords(c.conflict)
	}
	for _, name := range tlsSettings {
		if a := c.by[name]; a != nil && a.path == "" && (a.filter.name != "" || a.filter.local.IsValid()) {
			return "certdesk cannot find the lines of " + printable.Text(a.filter.head()) + ", which doveconf shows"
		}
	}
	return ""
}

// refusals warn of clients that Dovecot refuses now.
func (d *dovecotConf) refusals() (said []string) {
	for _, c := range d.all {
		if len(c.conflict) == 0 {
			continue
		}
		text := "Dovecot refuses some clients, since " + conflictWords(c.conflict)
		if !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return said
}

func conflictWords(two []*assignment) string {
	return fmt.Sprintf("%s is set in %s and in %s, and neither is the narrower", two[0].name, two[0].filter.place(),
		two[1].filter.place())
}

// place is where a filter stands, for people.
func (f *dovecotFilter) place() string {
	switch {
	case f.head() == "":
		return "the settings for all"
	case f.where == "":
		return printable.Text(f.head())
	}
	return printable.Text(f.head() + " (" + f.where + ")")
}
