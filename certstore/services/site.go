package services

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Installed names the files of one certificate in a configuration. Cert and Key may be the same file.
type Installed struct {
	Cert string `json:"cert"`
	Key  string `json:"key"`
}

// Site is one place of a configuration that decides what some clients are served.
type Site struct {
	offered bool // of one that a plan leaves: it is changed where a person says so
	chained bool // Chain stays, for a certificate that stays
	around  bool // where it has no Chain of its own, it gets that of the block around it

	Listen []Listener  // the ports it is for
	Names  []string    // the names a client asks for, lower case; none: for whoever asks for no other's
	Pairs  []Installed // what is effective there; several for several key types
	Chain  string      // a file of intermediates that are sent with each of Pairs, whatever those files hold; ""
	Own    []string    // of a default: what the daemon calls itself there (myhostname), lower case
	Where  string      // "main.cf", "sites-enabled/mail:12", for people
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

	borne []string // names of the certificate that a wildcard of the site stands for

	beside []Installed // of one that a plan changes: what stays there, with keys of other types

	index int // the driver's own number of it; -1 for one it does not change
}

// DefaultSlot is the slot of clients that ask for no other site's name.
const DefaultSlot = "default"

// Offered says of a site that a plan leaves whether it would be changed if a person named its slot.
func (s Site) Offered() bool { return s.offered }

// Slot is what a binding, --slot and the table call a site: DefaultSlot, or its names with commas between.
func (s Site) Slot() string {
	if len(s.Names) == 0 {
		return DefaultSlot
	}
	return strings.Join(s.Names, ",")
}

// Proof is one handshake that a switch must bring about.
type Proof struct {
	URL  string `json:"url"`  // scheme://host:port
	Name string `json:"name"` // to ask for; "" for none
}

// Place is a handshake that an instance is asked for, and the files that are configured for it.
type Place struct {
	Proof
	Slot     string
	Pairs    []Installed
	Where    string
	Activate string
	Outage   Outage // of who sends the name; none where none is sent
	Wait     time.Duration
	Proxy    bool // it is asked as a proxy asks
	Shut     bool // it answers its proxy alone: this host cannot ask it
}

// Places gives what clients can ask of an instance: every one of its ports, with each name its sites have. A site that
// no question reaches, for names that only a pattern knows, is none.
func (in Instance) Places(sites []Site) ([]Place, error) {
	asked, err := parseListeners(in.Listen)
	if err != nil {
		return nil, err
	}
	var places []Place
	c := choice{}
	here := onPorts(asked, sites, &c)
	for _, s := range here {
		if in.Name != "" && unasked(in, s, here) != "" || !reached(s, here) {
			continue
		}
		own := choice{proofs: slices.Clone(c.proofs)}
		own.prove(in, s, asked, nil)
		for _, p := range own.proofs[len(c.proofs):] {
			places = append(places, s.place(p, own))
		}
		for _, url := range own.shut {
			places = append(places, s.place(Proof{url, in.Name}, own))
		}
		c.proofs = own.proofs
	}
	return places, nil
}

func (s Site) place(p Proof, of choice) Place {
	place := Place{Proof: p, Slot: s.Slot(), Pairs: s.Pairs, Where: s.Where, Activate: s.Activate, Wait: s.Wait,
		Proxy: slices.Contains(of.proxied, p.URL), Shut: slices.Contains(of.shut, p.URL)}
	if p.Name != "" {
		place.Outage = s.Outage
	}
	return place
}

// onPorts keeps the sites of the ports asked for, all where none are. Where the daemon has none of them, something
// stands before it and all its sites are meant.
func onPorts(asked []Listener, sites []Site, c *choice) []Site {
	var here []Site
	for _, s := range sites {
		if len(asked) == 0 || anyAt(s.Listen, asked) {
			here = append(here, s)
		} else {
			c.leaveAlone(s, otherPorts)
		}
	}
	if len(here) == 0 && len(sites) > 0 {
		c.left = nil
		c.notes = append(c.notes, "the configuration has none of the ports to prove: something else is in front of this daemon")
		return sites
	}
	return here
}

func anyAt(have, asked []Listener) bool {
	for _, l := range have {
		for _, a := range asked {
			if l.at(a) {
				return true
			}
		}
	}
	return false
}

// has says whether the site is for a name, with one wildcard label as all daemons know it.
func (s Site) has(name string) bool {
	for _, n := range s.Names {
		suffix, wild := strings.CutPrefix(n, "*")
		if n == name || wild && strings.HasSuffix(name, suffix) && len(name) > len(suffix) {
			return true
		}
	}
	return false
}

// beaten says whether another site of the same ports has the name itself, which wins over a wildcard.
func (s Site) beaten(name string, all []Site) bool {
	for _, other := range all {
		if slices.Contains(other.Names, name) && anyAt(other.Listen, s.Listen) {
			return true
		}
	}
	return false
}

// named says whether another site of the same ports is for the name.
func (s Site) named(name string, all []Site) bool {
	for _, other := range all {
		if other.has(name) && (anyAt(other.Listen, s.Listen) || anyAt(other.Listen, s.Follows)) {
			return true
		}
	}
	return false
}

// first says whether the site is what clients get whom no other site is for, on one of its ports at least; one whose
// ports nobody knows is.
func (s Site) first(all []Site) bool {
	if len(s.Listen) == 0 {
		return true
	}
	for _, l := range s.Listen {
		for _, other := range all {
			if slices.ContainsFunc(other.Listen, func(o Listener) bool { return o.Port == l.Port && o.Host == l.Host }) {
				if other.index == s.index {
					return true
				}
				break
			}
		}
	}
	return false
}

// reached says whether a client can be told that asks for the site: one without names is reached where it is first,
// behind the first by a pattern alone.
func reached(s Site, all []Site) bool { return len(s.Names) > 0 || s.first(all) }

// prove adds the handshakes of a site: on each of its ports, for each name a client may ask for and the leaf has; for
// all names where there is no leaf.
func (c *choice) prove(in Instance, s Site, asked []Listener, leaf *x509.Certificate) {
	names := s.Names
	if in.Name != "" && (len(names) == 0 || s.has(in.Name)) || len(names) == 0 {
		names = []string{in.Name}
	}
	if leaf != nil {
		names = append(slices.Clip(names), s.borne...)
	}
	for _, l := range s.ports(asked) {
		if c.shuts(s, l) {
			continue
		}
		for _, name := range names {
			p := Proof{l.URL(), s.sample(name, leaf)}
			if !slices.Contains(c.proofs, p) && (leaf == nil || name == in.Name || covers(leaf, name)) {
				c.proofs = append(c.proofs, p)
			}
		}
	}
}

// sample is a name that a client can ask the site for: of a wildcard that the certificate there does not have, one that
// this has below it.
func (s Site) sample(name string, leaf *x509.Certificate) string {
	suffix, wild := strings.CutPrefix(name, "*")
	if !wild || leaf != nil {
		return sample(name)
	}
	now := s.leaf()
	if now == nil || covers(now, name) {
		return sample(name)
	}
	for _, own := range now.DNSNames {
		if strings.HasSuffix(own, suffix) && s.has(own) {
			return own
		}
	}
	return sample(name)
}

// sample is a name that a client can ask for, where the name of a site is a wildcard.
func sample(name string) string { return strings.Replace(name, "*", "any", 1) }

// covers says whether a certificate is for a name of a site.
func covers(leaf *x509.Certificate, name string) bool {
	return leaf.VerifyHostname(sample(name)) == nil
}

// ports are those to ask: those the instance lists, else those the configuration has.
func (s Site) ports(asked []Listener) (all []Listener) {
	if len(asked) == 0 {
		return s.Listen
	}
	for _, a := range asked {
		if anyAt(s.Listen, []Listener{a}) || !anyAt(s.Listen, asked) {
			all = append(all, a)
		}
	}
	return all
}
