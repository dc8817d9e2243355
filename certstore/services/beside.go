package services

import (
	"crypto/x509"
	"path/filepath"
	"slices"
	"time"

	"certdesk/certstore/services/daemon"
)

// Beside is a certificate with a key of another type than the new one's, at a place that changes.
type Beside struct {
	daemon.Installed
	Leaf  *x509.Certificate
	Where string
}

// beside finds what is served with keys of other types beside the certificate that is replaced: a binding is for one
// key type, so at each site files of others stay named where the daemon can have both, and the site says so; drops are
// those that cannot stay. Files of our own that are not among the pairs were given up before.
func (s *Service) beside(r *daemon.Reading, sites []daemon.Site, leaves []*x509.Certificate) (kept, drops []Beside) {
	for i, site := range sites {
		sites[i].Beside = nil
		for _, b := range s.others(site, leaves) {
			if r.Keeps != nil && !r.Keeps(b.Installed) {
				drops = append(drops, b)
				continue
			}
			sites[i].Beside = append(sites[i].Beside, b.Installed)
			kept = append(kept, b)
		}
	}
	apart := func(site daemon.Site) bool { return !slices.Equal(site.Beside, sites[0].Beside) }
	if r.Alike && slices.ContainsFunc(sites, apart) {
		for i := range sites {
			sites[i].Beside = nil
		}
		return nil, append(drops, kept...)
	}
	return onceEach(kept), drops
}

// onceEach are certificates that several sites name, at the first of them.
func onceEach(all []Beside) (list []Beside) {
	for _, b := range all {
		if !slices.ContainsFunc(list, func(had Beside) bool { return had.Installed == b.Installed }) {
			list = append(list, b)
		}
	}
	return list
}

// others are the pairs of a site with keys of other types, in date, beside one whose type is that of a new one.
func (s *Service) others(site daemon.Site, leaves []*x509.Certificate) (list []Beside) {
	replaced := false
	for _, pair := range site.Pairs {
		leaf, err := pair.Leaf()
		switch {
		case err != nil:
		case slices.ContainsFunc(leaves, func(l *x509.Certificate) bool {
			return algorithm(l.PublicKey) == algorithm(leaf.PublicKey)
		}):
			replaced = true
		case !s.ours(pair.Cert) && time.Now().Before(leaf.NotAfter):
			list = append(list, Beside{pair, leaf, site.Where})
		}
	}
	if !replaced {
		return nil
	}
	return list
}

// ours says whether a file lies where certdesk installs certificates of this service.
func (s *Service) ours(path string) bool {
	resolved, err := filepath.EvalSymlinks(path)
	return err == nil && within(s.dir(), resolved)
}

// stays are the sets of what stays at the sites that a plan changes; none where nothing does.
func stays(sites []daemon.Site) (sets [][]daemon.Installed) {
	if !slices.ContainsFunc(sites, func(s daemon.Site) bool { return len(s.Beside) > 0 }) {
		return nil
	}
	for _, s := range sites {
		if !slices.ContainsFunc(sets, func(set []daemon.Installed) bool { return slices.Equal(set, s.Beside) }) {
			sets = append(sets, s.Beside)
		}
	}
	return sets
}

// share adds sites to a plan that change because they have the same directives as one that is meant: they are proven
// as well, and no longer among those left alone.
func (p *Plan) share(sites []daemon.Site) {
	for _, s := range sites {
		p.Left = slices.DeleteFunc(p.Left, func(l daemon.Site) bool { return l.Index == s.Index && l.Slot() == s.Slot() })
		c := choice{}
		c.prove(p.Instance, s, nil, nil)
		fresh := slices.DeleteFunc(c.proofs, func(proof daemon.Proof) bool { return slices.Contains(p.Prove, proof) })
		p.Prove, p.Proxied = append(p.Prove, fresh...), append(p.Proxied, c.proxied...)
		for _, note := range c.proxyNotes() {
			p.Warnings = addNew(p.Warnings, note)
		}
		i := slices.IndexFunc(p.Slots, func(t Taken) bool { return t.Slot == s.Slot() })
		if i < 0 {
			i, p.Slots = len(p.Slots), append(p.Slots, Taken{Slot: s.Slot()})
		}
		had := &p.Slots[i]
		had.Sites, had.Prove, had.Shut = append(had.Sites, s), append(had.Prove, fresh...), append(had.Shut, c.shut...)
	}
}
