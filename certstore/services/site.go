package services

import (
	"crypto/x509"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Installed names the files of one certificate in a configuration. Cert and Key may be the same file.
type Installed struct {
	Cert string `json:"cert"`
	Key  string `json:"key"`
}

// Site is one place of a configuration that decides what some clients are served.
type Site struct {
	Listen []Listener  // the ports it is for
	Names  []string    // the names a client asks for, lower case; none: for whoever asks for no other's
	Pairs  []Installed // what is effective there; several for several key types
	Own    []string    // of a default: what the daemon calls itself there (myhostname), lower case
	Where  string      // "main.cf", "sites-enabled/mail:12", for people
	Fixed  string      // why certdesk does not change it; "" where it can

	index int // the driver's own number of it; -1 for one it does not change
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

// Proof is one handshake that a switch must bring about.
type Proof struct {
	URL  string `json:"url"`  // scheme://host:port
	Name string `json:"name"` // to ask for; "" for none
}

// Place is a handshake that an instance is asked for, and the files that are configured for it.
type Place struct {
	Proof
	Pairs []Installed
	Where string
}

// Places gives what clients can ask of an instance: every one of its ports, with each name its sites have.
func (in Instance) Places(sites []Site) ([]Place, error) {
	asked, err := parseListeners(in.Listen)
	if err != nil {
		return nil, err
	}
	var places []Place
	c := choice{}
	here := onPorts(asked, sites, &c)
	for _, s := range here {
		if in.Name != "" && unmeant(in, s, here, nil) != "" {
			continue
		}
		had := len(c.proofs)
		c.prove(in, s, asked)
		for _, p := range c.proofs[had:] {
			places = append(places, Place{p, s.Pairs, s.Where})
		}
	}
	return places, nil
}

// choice is which sites an instance and a certificate mean.
type choice struct {
	sites  []Site
	left   []Site // on the same ports, and not meant; why is in Fixed
	proofs []Proof
	notes  []string
}

// choose picks the sites to change. With a name, the site a client that asks for it gets; without one, every site
// whose names the certificate covers, and the one for clients that ask for none. Ports that the instance does not
// list are left alone.
func choose(in Instance, sites []Site, leaf *x509.Certificate) (choice, error) {
	asked, err := parseListeners(in.Listen)
	if err != nil {
		return choice{}, err
	}
	c := choice{}
	here := onPorts(asked, sites, &c)
	for _, s := range here {
		switch why := unmeant(in, s, here, leaf); {
		case why != "":
			s.Fixed = why
			c.left = append(c.left, s)
		case s.Fixed != "" && in.Name != "" && len(s.Names) > 0:
			return c, fail.New(fail.Failed, "change it by hand, or leave name out", "%s", s.Fixed)
		case s.Fixed != "":
			c.left = append(c.left, s)
		default:
			c.sites = append(c.sites, s)
			c.prove(in, s, asked)
		}
	}
	if len(c.sites) == 0 {
		return c, none(in, c.left)
	}
	return c, nil
}

// onPorts keeps the sites of the ports asked for, all where none are. Where the daemon has none of them, something
// stands before it and all its sites are meant.
func onPorts(asked []Listener, sites []Site, c *choice) []Site {
	var here []Site
	for _, s := range sites {
		if len(asked) == 0 || anyAt(s.Listen, asked) {
			here = append(here, s)
		} else {
			s.Fixed = "its ports are not among those of this service"
			c.left = append(c.left, s)
		}
	}
	if len(here) == 0 && len(sites) > 0 {
		c.left = nil
		c.notes = append(c.notes, "the configuration has none of the ports to prove: something stands before this daemon")
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

// unmeant gives the reason why a site is not for this instance and certificate, or "".
func unmeant(in Instance, s Site, all []Site, leaf *x509.Certificate) string {
	if in.Name != "" {
		exact := slices.Contains(s.Names, in.Name)
		if exact || s.has(in.Name) && !s.beaten(in.Name, all) || !s.named(in.Name, all) && s.first(all) {
			return ""
		}
		return "it is not for the name " + in.Name
	}
	for _, name := range s.Names {
		if leaf.VerifyHostname(strings.Replace(name, "*", "any", 1)) != nil {
			return "the certificate does not have its name " + name
		}
	}
	return ""
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
		if other.has(name) && anyAt(other.Listen, s.Listen) {
			return true
		}
	}
	return false
}

// first says whether the site is what clients get whom no other site is for, on one of its ports at least.
func (s Site) first(all []Site) bool {
	for _, l := range s.Listen {
		for _, other := range all {
			if anyAt(other.Listen, []Listener{l}) {
				if other.index == s.index {
					return true
				}
				break
			}
		}
	}
	return false
}

// prove adds the handshakes of a site: on each of its ports, for each name a client may ask for.
func (c *choice) prove(in Instance, s Site, asked []Listener) {
	names := []string{in.Name}
	if in.Name == "" && len(s.Names) > 0 {
		names = s.Names
	}
	for _, url := range urls(s, asked) {
		for _, name := range names {
			p := Proof{url, strings.Replace(name, "*", "any", 1)}
			if !c.proves(p) {
				c.proofs = append(c.proofs, p)
			}
		}
	}
}

func (c *choice) proves(p Proof) bool {
	for _, have := range c.proofs {
		if have == p {
			return true
		}
	}
	return false
}

// urls are the addresses to ask: those the instance lists, else those the configuration has.
func urls(s Site, asked []Listener) []string {
	var all []string
	for _, l := range s.Listen {
		if len(asked) == 0 {
			all = append(all, l.URL())
		}
	}
	for _, a := range asked {
		if anyAt(s.Listen, []Listener{a}) || !anyAt(s.Listen, asked) {
			all = append(all, a.URL())
		}
	}
	return all
}

func none(in Instance, left []Site) error {
	if len(left) == 0 {
		return fail.New(fail.NotFound, "switch TLS on in its configuration first", "%s has no port with TLS for %s", in.Driver, in.Use)
	}
	last := left[len(left)-1] // those of other ports come first
	why := printable.Text(last.Where) + ": " + last.Fixed
	return fail.New(fail.NotFound, "give the service the name its clients ask for", "nothing in the configuration of %s is for this certificate (%s)", in.Driver, why)
}
