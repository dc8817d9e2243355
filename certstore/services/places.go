package services

import (
	"crypto/x509"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/services/daemon"
)

// Place is a handshake that an instance is asked for, and the files that are configured for it.
type Place struct {
	daemon.Proof
	Slot     string
	Pairs    []daemon.Installed
	Where    string
	Activate string
	Outage   daemon.Outage // of who sends the name; none where none is sent
	Wait     time.Duration
	Proxy    bool // it is asked as a proxy asks
	Shut     bool // it answers its proxy alone: this host cannot ask it
}

// Places gives what clients can ask of an instance: every one of its ports, with each name its sites have. A site that
// no question reaches, for names that only a pattern knows, is none.
func Places(in daemon.Instance, sites []daemon.Site) ([]Place, error) {
	asked, err := daemon.ParseListeners(in.Listen)
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
			places = append(places, own.place(s, p))
		}
		for _, url := range own.shut {
			places = append(places, own.place(s, daemon.Proof{URL: url, Name: in.Name}))
		}
		c.proofs = own.proofs
	}
	return places, nil
}

func (c choice) place(s daemon.Site, p daemon.Proof) Place {
	place := Place{Proof: p, Slot: s.Slot(), Pairs: s.Pairs, Where: s.Where, Activate: s.Activate, Wait: s.Wait,
		Proxy: slices.Contains(c.proxied, p.URL), Shut: slices.Contains(c.shut, p.URL)}
	if p.Name != "" {
		place.Outage = s.Outage
	}
	return place
}

// onPorts keeps the sites of the ports asked for, all where none are. Where the daemon has none of them, something
// stands before it and all its sites are meant.
func onPorts(asked []daemon.Listener, sites []daemon.Site, c *choice) []daemon.Site {
	var here []daemon.Site
	for _, s := range sites {
		if len(asked) == 0 || daemon.AnyAt(s.Listen, asked) {
			here = append(here, s)
		} else {
			c.leaveAlone(s, otherPorts)
		}
	}
	if len(here) == 0 && len(sites) > 0 {
		c.left = nil
		c.notes = append(c.notes, "the configuration has none of the ports to prove: something else is in front of this "+
			"daemon")
		return sites
	}
	return here
}

// reached says whether a client can be told that asks for the site: one without names is reached where it is first,
// behind the first by a pattern alone.
func reached(s daemon.Site, all []daemon.Site) bool { return len(s.Names) > 0 || s.First(all) }

// prove adds the handshakes of a site: on each of its ports, for each name a client may ask for and the leaf has; for
// all names where there is no leaf.
func (c *choice) prove(in daemon.Instance, s daemon.Site, asked []daemon.Listener, leaf *x509.Certificate) {
	names := s.Names
	if in.Name != "" && (len(names) == 0 || s.Has(in.Name)) || len(names) == 0 {
		names = []string{in.Name}
	}
	if leaf != nil {
		names = append(slices.Clip(names), s.Borne...)
	}
	for _, l := range s.Ports(asked) {
		if c.shuts(s, l) {
			continue
		}
		for _, name := range names {
			p := daemon.Proof{URL: l.URL(), Name: sampleAt(s, name, leaf)}
			if !slices.Contains(c.proofs, p) && (leaf == nil || name == in.Name || covers(leaf, name)) {
				c.proofs = append(c.proofs, p)
			}
		}
	}
}

// sampleAt is a name that a client can ask the site for: of a wildcard that the certificate there does not have, one
// that this has below it.
func sampleAt(s daemon.Site, name string, leaf *x509.Certificate) string {
	suffix, wild := strings.CutPrefix(name, "*")
	if !wild || leaf != nil {
		return sample(name)
	}
	now := s.Leaf()
	if now == nil || covers(now, name) {
		return sample(name)
	}
	for _, own := range now.DNSNames {
		if strings.HasSuffix(own, suffix) && s.Has(own) {
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
