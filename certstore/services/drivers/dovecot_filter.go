package drivers

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"certdesk/certstore/services/daemon"
)

// dovecotFilter is what Dovecot knows of all blocks with one and the same condition: for which clients, and which
// settings. The first one of a configuration has no condition.
type dovecotFilter struct {
	local    netip.Prefix // of the addresses that clients connect to
	remote   netip.Prefix // of clients' own addresses
	name     string       // of local_name, as it is written, lower case
	names    []string     // in it
	protocol string       // "imap", "!pop3"
	where    string       // where it first stands, for people
	set      map[string]*assignment
	end      blockEnd // of its last block
	order    int      // in which Dovecot first met it
}

// blockEnd is the line that closes a block.
type blockEnd struct {
	path string // "" where there is none
	at   int
}

// assignment is a setting in a block.
type assignment struct {
	name, raw string // raw as it is written, "<" included
	path      string // the file it stands in; "" where certdesk did not find it
	dir       string // where its relative paths begin
	from, to  int    // of raw
	end       int    // of the line
	filter    *dovecotFilter
}

// tlsSettings are those that decide what a client is served.
var tlsSettings = []string{"ssl_cert", "ssl_key", "ssl_alt_cert", "ssl_alt_key"}

// narrowed is the condition of a block within f's. ok is false for what is no condition.
func (f *dovecotFilter) narrowed(kind, value string) (n *dovecotFilter, ok bool) {
	n = &dovecotFilter{local: f.local, remote: f.remote, name: f.name, names: f.names, protocol: f.protocol}
	n.set = map[string]*assignment{}
	switch kind {
	case "protocol":
		n.protocol = value
	case "local":
		n.local, ok = readNet(value)
		return n, ok
	case "local_name":
		n.name = strings.ToLower(value)
		n.names = strings.Fields(n.name)
	case "remote":
		n.remote, ok = readNet(value)
		return n, ok
	default:
		return nil, false
	}
	return n, true
}

// readNet reads an address or a network. Host names are Dovecot's own to resolve: of those doveconf tells alone.
func readNet(value string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(value); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(value)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// key is equal for two conditions that Dovecot takes for one.
func (f *dovecotFilter) key() string {
	return fmt.Sprintf("%v|%v|%s|%s", f.local, f.remote, f.name, f.protocol)
}

// head names the condition for people, as one would write it.
func (f *dovecotFilter) head() string {
	var parts []string
	heads := [][2]string{{"local", netWords(f.local)}, {"remote", netWords(f.remote)}, {"local_name", f.name},
		{"protocol", f.protocol}}
	for _, p := range heads {
		if p[1] != "" {
			parts = append(parts, p[0]+" "+p[1])
		}
	}
	return strings.Join(parts, " / ")
}

func netWords(p netip.Prefix) string {
	switch {
	case !p.IsValid():
		return ""
	case p.IsSingleIP():
		return p.Addr().String()
	}
	return p.String()
}

// dovecotClient is what Dovecot chooses settings by.
type dovecotClient struct {
	protocol string
	addr     netip.Addr // the one it connects to; none for one that no local block is for
	remote   netip.Addr // the one it has; none for one that no remote block is for
	name     string     // it asks for
}

func (f *dovecotFilter) matches(c dovecotClient) bool {
	if !f.speaks(c.protocol) || !inNet(f.local, c.addr) || !inNet(f.remote, c.remote) {
		return false
	}
	named := func(mask string) bool { return matchesName(c.name, mask) }
	return f.name == "" || c.name != "" && slices.ContainsFunc(f.names, named)
}

// inNet says whether an address is one that a condition is for.
func inNet(net netip.Prefix, addr netip.Addr) bool {
	return !net.IsValid() || addr.IsValid() && net.Contains(addr)
}

func (f *dovecotFilter) speaks(protocol string) bool {
	not, negated := strings.CutPrefix(f.protocol, "!")
	if negated {
		return protocol != not
	}
	return f.protocol == "" || f.protocol == protocol
}

// matchesName is dns_match_wildcard: label by label, where * stands for one.
func matchesName(name, mask string) bool {
	if !strings.Contains(mask, "*") {
		return name == mask
	}
	a, b := strings.Split(name, "."), strings.Split(mask, ".")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if b[i] != "*" && b[i] != a[i] {
			return false
		}
	}
	return true
}

// byRank is the order that Dovecot takes filters in: the narrower first; of equals, the one that it met first.
func byRank(a, b *dovecotFilter) int { return cmp.Or(rank(a, b), a.order-b.order) }

// rank is config_filter_parser_cmp: below 0 where a is the narrower.
func rank(a, b *dovecotFilter) int {
	return cmp.Or(
		flag(b.name != "")-flag(a.name != ""),
		bits(b.local)-bits(a.local),
		bits(b.remote)-bits(a.remote),
		flag(b.protocol != "")-flag(a.protocol != ""),
	)
}

func bits(p netip.Prefix) int { return max(0, p.Bits()) } // -1 for none

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

// wider is config_filter_is_superset: whether f may come behind the narrower one without a conflict.
func (f *dovecotFilter) wider(narrow *dovecotFilter) bool {
	return bits(f.local) <= bits(narrow.local) && bits(f.remote) <= bits(narrow.remote) &&
		(f.name == "" || narrow.name != "") && (f.protocol == "" || narrow.protocol != "")
}

// decision is what is effective for a client, and which assignment makes it so.
type decision struct {
	by       map[string]*assignment
	conflict []*assignment // two of one setting, of blocks neither of which is the narrower: Dovecot refuses the client
}

// decide is config_filter_parsers_get: filters are taken from the narrowest on, the first that has a setting decides,
// and one behind it that has it as well is an error where it is not wider than its neighbour.
func (s *dovecotSource) decide(c dovecotClient) decision {
	var found []*dovecotFilter
	for _, f := range append(slices.Clone(s.broad), s.byName[c.name]...) {
		if f.matches(c) {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, byRank)
	d := decision{by: map[string]*assignment{}}
	for i, f := range found {
		odd := i > 0 && !f.wider(found[i-1])
		for name, a := range f.set {
			had := d.by[name]
			if had == nil {
				d.by[name] = a
			} else if odd && len(d.conflict) == 0 {
				d.conflict = []*assignment{had, a}
			}
		}
	}
	return d
}

// pairs are the certificates that the decision gives.
func (d decision) pairs() (pairs []daemon.Installed) {
	for _, prefix := range []string{"ssl_", "ssl_alt_"} {
		p := daemon.Installed{Cert: d.by[prefix+"cert"].file(), Key: d.by[prefix+"key"].file()}
		if p.Cert != "" {
			pairs = append(pairs, p)
		}
	}
	return pairs
}
