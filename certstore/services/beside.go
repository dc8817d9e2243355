package services

import (
	"crypto/x509"
	"path/filepath"
	"slices"
	"time"
)

// Beside is a certificate with a key of another type than the new one's, at a place that changes.
type Beside struct {
	Installed
	Leaf  *x509.Certificate
	Where string
}

// beside finds what is served with keys of other types beside the certificate that is replaced: a binding is for one
// key type, so files of others stay named where the daemon can have both; drops are those that cannot stay. Files of
// our own that are not among the pairs were given up before.
func (s *Service) beside(sites []Site, leaves []*x509.Certificate) (kept, drops []Beside) {
	for i, site := range sites {
		others := s.others(site, leaves)
		if i == 0 {
			kept = others
		}
		drops = append(drops, others...)
		if !slices.EqualFunc(kept, others, func(a, b Beside) bool { return a.Installed == b.Installed }) {
			kept = nil
		}
	}
	// Postfix wants a key and its chain in one file where it has several.
	kept = slices.DeleteFunc(slices.Clone(kept), func(b Beside) bool { return s.in.Driver == "postfix" && b.Cert != b.Key })
	return kept, slices.DeleteFunc(drops, func(d Beside) bool {
		return slices.ContainsFunc(kept, func(k Beside) bool { return k.Installed == d.Installed })
	})
}

// others are the pairs of a site with keys of other types, in date, beside one whose type is that of a new one.
func (s *Service) others(site Site, leaves []*x509.Certificate) (list []Beside) {
	replaced := false
	for _, pair := range site.Pairs {
		leaf, err := pair.Leaf()
		switch {
		case err != nil:
		case slices.ContainsFunc(leaves, func(l *x509.Certificate) bool { return algorithm(l.PublicKey) == algorithm(leaf.PublicKey) }):
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

// named are files of others as an edit names them.
func named(kept []Beside) (files []versionFiles) {
	for _, k := range kept {
		files = append(files, versionFiles{k.Cert, k.Key, k.Cert})
	}
	return files
}

// share adds sites to a plan that change because they have the same directives as one that is meant: they are proven
// as well, and no longer among those left alone.
func (p *Plan) share(sites []Site) {
	for _, s := range sites {
		p.Left = slices.DeleteFunc(p.Left, func(l Site) bool { return l.index == s.index && l.Slot() == s.Slot() })
		c := choice{}
		c.prove(p.Instance, s, nil, nil)
		fresh := slices.DeleteFunc(c.proofs, func(proof Proof) bool { return slices.Contains(p.Prove, proof) })
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
