package daemon

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Site is one place of a configuration that decides what some clients are served.
type Site struct {
	Listen []Listener  // the ports it is for
	Names  []string    // the names a client asks for, lower case; none: for whoever asks for no other's
	Pairs  []Installed // what is effective there; several for several key types
	Chain  string      // a file of intermediates that are sent with each of Pairs, whatever those files hold; ""
	Around bool        // where it has no Chain of its own, it gets that of the block around it
	Own    []string    // of a default: what the daemon calls itself there (myhostname), lower case
	Where  string      // "main.cf", "sites-enabled/mail:12", for people
	Index  int         // the driver's own number of it; -1 for one it does not change
	Fixed  string      // why certdesk does not change it; "" where it can

	Unlisted string // why nobody can tell the names it is for, where they are in a table; "" where they are known
	Amiss    bool   // what Unlisted says is a fault of the table

	Activate string // what makes new files behind this site live, beside a reload: "postmap -F hash:/etc/postfix/sni"; ""
	Outage   Outage // why clients that send a name get no TLS here at all; none where they get it

	Wait time.Duration // how long the daemon lets a client wait for its greeting, on purpose (postscreen_greet_wait)

	Proxied []Listener     // those of its ports that expect a header of the PROXY protocol before anything else
	Heeds   []netip.Prefix // the addresses whose header they take (haproxy_trusted_networks); nil: everybody's

	// Follows are ports whose named sites count as if they were on this site's ports too: one for whose clients the daemon
	// tells no names apart (Dovecot's LMTP) is no default of its own, but follows the daemon's.
	Follows []Listener

	// What a plan decides about it.
	Offered bool        // it is left, and would be changed if a person named its slot
	Borne   []string    // names of the certificate that a wildcard of the site stands for
	Beside  []Installed // of one that is changed: what stays there, with keys of other types
	Chained bool        // Chain stays, for a certificate that stays
}

// DefaultSlot is the slot of clients that ask for no other site's name.
const DefaultSlot = "default"

// Slot is what a binding, --slot and the table call a site: DefaultSlot, or its names with commas between.
func (s Site) Slot() string {
	if len(s.Names) == 0 {
		return DefaultSlot
	}
	return strings.Join(s.Names, ",")
}

// Outage is why a daemon answers nobody at a site, whatever the files hold that it names, and what ends that.
type Outage struct{ Why, Do string }

// InSlot says whether a word of --slot means the site: its slot's whole name, or one of its names.
func (s Site) InSlot(word string) bool {
	return word == s.Slot() || slices.Contains(s.Names, strings.ToLower(word))
}

// Leaf is the certificate that a site's first file holds, nil where it cannot be read or is out of date: clients then
// have nothing to lose.
func (s Site) Leaf() *x509.Certificate {
	if len(s.Pairs) == 0 {
		return nil
	}
	leaf, err := s.Pairs[0].Leaf()
	if err != nil || time.Now().After(leaf.NotAfter) {
		return nil
	}
	return leaf
}

// AnyAt says whether a URL of the configuration means one of these listeners.
func AnyAt(have, asked []Listener) bool {
	for _, l := range have {
		for _, a := range asked {
			if l.at(a) {
				return true
			}
		}
	}
	return false
}

// Has says whether the site is for a name, with one wildcard label as all daemons know it.
func (s Site) Has(name string) bool {
	for _, n := range s.Names {
		suffix, wild := strings.CutPrefix(n, "*")
		if n == name || wild && strings.HasSuffix(name, suffix) && len(name) > len(suffix) {
			return true
		}
	}
	return false
}

// Beaten says whether another site of the same ports has the name itself, which wins over a wildcard.
func (s Site) Beaten(name string, all []Site) bool {
	for _, other := range all {
		if slices.Contains(other.Names, name) && AnyAt(other.Listen, s.Listen) {
			return true
		}
	}
	return false
}

// Named says whether another site of the same ports is for the name.
func (s Site) Named(name string, all []Site) bool {
	for _, other := range all {
		if other.Has(name) && (AnyAt(other.Listen, s.Listen) || AnyAt(other.Listen, s.Follows)) {
			return true
		}
	}
	return false
}

// First says whether the site is what clients get whom no other site is for, on one of its ports at least; one whose
// ports nobody knows is.
func (s Site) First(all []Site) bool {
	if len(s.Listen) == 0 {
		return true
	}
	for _, l := range s.Listen {
		for _, other := range all {
			if slices.ContainsFunc(other.Listen, func(o Listener) bool { return o.Port == l.Port && o.Host == l.Host }) {
				if other.Index == s.Index {
					return true
				}
				break
			}
		}
	}
	return false
}

// Ports are those to ask: those the instance lists, else those the configuration has.
func (s Site) Ports(asked []Listener) (all []Listener) {
	if len(asked) == 0 {
		return s.Listen
	}
	for _, a := range asked {
		if AnyAt(s.Listen, []Listener{a}) || !AnyAt(s.Listen, asked) {
			all = append(all, a)
		}
	}
	return all
}

// With are all files that an edit names at a site: the new ones, and those of others that stay. A key and a chain of
// others that lie apart are combined in no file.
func (s Site) With(files []Files) []Files {
	all := slices.Clone(files)
	for _, b := range s.Beside {
		f := Files{Cert: b.Cert, Key: b.Key}
		if b.Cert == b.Key {
			f.Combined = b.Cert
		}
		all = append(all, f)
	}
	return all
}

// ApartPairs are files as a daemon names them that has key and chain apart.
func ApartPairs(files []Files) (pairs []Installed, certs, keys []string) {
	for _, f := range files {
		pairs, certs, keys = append(pairs, Installed{f.Cert, f.Key}), append(certs, f.Cert), append(keys, f.Key)
	}
	return pairs, certs, keys
}

// Trusts says whether the site takes the header of a proxy at this address.
func (s Site) Trusts(from netip.Addr) bool {
	return s.Heeds == nil || slices.ContainsFunc(s.Heeds, func(p netip.Prefix) bool { return p.Contains(from) })
}
