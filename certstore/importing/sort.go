package importing

import (
	"crypto/x509"
	"maps"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
)

// sorter picks from parts about several leaves what belongs to each. All is found by maps, so that a thousand leaves
// take a thousand times as long as one.
type sorter struct {
	parts  []Part
	leaves map[string]leaf                // by their bytes
	keyed  map[string]bool                // the public keys of the leaves
	issuer map[string][]*x509.Certificate // what is no leaf, once each, by its subject
	above  map[string]bool                // what is in the chain of some leaf
	has    map[string][]int               // the parts that have a certificate
	keys   map[string][]partKey           // the private keys by SPKI
	stray  []strays                       // by part
}

// leaf is what is found out once about each leaf.
type leaf struct {
	spki  string
	chain []*x509.Certificate
}

// partKey is the place of a private key: its part, and its number there.
type partKey struct{ part, at int }

// strays are what belongs to no leaf. They go to the first leaf of their part, so that the import says that they are
// left out, and why.
type strays struct {
	certs []*x509.Certificate
	keys  []partKey
	given bool

	leaves bool // the part has some
}

func newSorter(parts []Part, leaves []*x509.Certificate) *sorter {
	s := &sorter{parts: parts, leaves: map[string]leaf{}, keyed: map[string]bool{},
		issuer: map[string][]*x509.Certificate{},
		above:  map[string]bool{}, has: map[string][]int{}, keys: map[string][]partKey{}, stray: make([]strays, len(parts))}
	for _, c := range leaves {
		spki := spkiOf(c.PublicKey)
		s.leaves[string(c.Raw)], s.keyed[spki] = leaf{spki: spki}, true
	}
	for i, p := range parts {
		s.take(i, p)
	}
	for _, c := range leaves {
		one := s.leaves[string(c.Raw)]
		one.chain = s.chain(c)
		s.leaves[string(c.Raw)] = one
		for _, c := range one.chain {
			s.above[string(c.Raw)] = true
		}
	}
	for i, p := range parts {
		s.stray[i].certs = slices.DeleteFunc(slices.Clone(p.Certs), func(c *x509.Certificate) bool {
			return s.isLeaf(c) || s.above[string(c.Raw)]
		})
	}
	return s
}

func (s *sorter) isLeaf(c *x509.Certificate) bool {
	_, is := s.leaves[string(c.Raw)]
	return is
}

// take notes where the certificates and keys of a part are.
func (s *sorter) take(i int, p Part) {
	for _, c := range p.Certs {
		raw := string(c.Raw)
		s.stray[i].leaves = s.stray[i].leaves || s.isLeaf(c)
		if len(s.has[raw]) == 0 && !s.isLeaf(c) {
			s.issuer[string(c.RawSubject)] = append(s.issuer[string(c.RawSubject)], c)
		}
		if !slices.Contains(s.has[raw], i) {
			s.has[raw] = append(s.has[raw], i)
		}
	}
	for at, spki := range p.spki {
		s.keys[spki] = append(s.keys[spki], partKey{i, at})
		if !s.keyed[spki] {
			s.stray[i].keys = append(s.stray[i].keys, partKey{i, at})
		}
	}
}

// chain is the chain of a leaf from all that could be in it: what has the name of its issuer, and so on upwards.
func (s *sorter) chain(leaf *x509.Certificate) []*x509.Certificate {
	var candidates []*x509.Certificate
	seen := map[string]bool{}
	for names := []string{string(leaf.RawIssuer)}; len(names) > 0; names = names[1:] {
		if seen[names[0]] {
			continue
		}
		seen[names[0]] = true
		for _, c := range s.issuer[names[0]] {
			candidates, names = append(candidates, c), append(names, string(c.RawIssuer))
		}
	}
	if judging.HaveTwins(candidates) {
		return candidates // which of them leads to a trusted root is found out with the store's roots
	}
	chain, _, _ := formats.SortChain(leaf, candidates)
	return chain
}

// around is a leaf with its key, its chain, and what else stands in the source it came in.
func (s *sorter) around(c *x509.Certificate) Part {
	beside := s.has[string(c.Raw)]
	mine := map[int]*Part{}
	at := func(i int) *Part {
		if mine[i] == nil {
			mine[i] = &Part{sources: s.parts[i].sources, holds: s.parts[i].holds}
			mine[i].Notes = s.parts[i].Notes
		}
		return mine[i]
	}
	for _, i := range beside {
		at(i).Certs, at(i).FriendlyName = append(at(i).Certs, c), s.parts[i].FriendlyName
	}
	for _, above := range s.leaves[string(c.Raw)].chain {
		for _, i := range s.from(above, beside) {
			at(i).Certs = append(at(i).Certs, above)
		}
	}
	own := s.keys[s.leaves[string(c.Raw)].spki]
	for _, k := range own {
		s.giveKey(k, at(k.part))
		at(k.part).FriendlyName = s.parts[k.part].FriendlyName
	}
	for _, i := range beside {
		s.giveStrays(i, at(i), len(own) == 0)
	}
	var list []Part
	for _, i := range slices.Sorted(maps.Keys(mine)) {
		list = append(list, *mine[i])
	}
	return merged(list)
}

func (s *sorter) giveKey(k partKey, to *Part) {
	from := s.parts[k.part]
	to.Keys, to.spki = append(to.Keys, from.Keys[k.at]), append(to.spki, from.spki[k.at])
}

// from are the parts a certificate of a chain is taken from: those of the leaf if they have it, else those without
// a leaf, else one of the others, since a thousand servers' files may all bring the same intermediate.
func (s *sorter) from(c *x509.Certificate, beside []int) []int {
	has := s.has[string(c.Raw)]
	for _, wanted := range []func(int) bool{
		func(i int) bool { return slices.Contains(beside, i) },
		func(i int) bool { return !s.stray[i].leaves },
	} {
		found := slices.DeleteFunc(slices.Clone(has), func(i int) bool { return !wanted(i) })
		if len(found) > 0 {
			return found
		}
	}
	return has[:1]
}

// giveStrays gives a part's strays to its first leaf. A key that stands beside a leaf without one and is nobody's is
// taken to be meant for it: the import then says that it is not.
func (s *sorter) giveStrays(i int, to *Part, keyless bool) {
	if keyless {
		for _, k := range s.stray[i].keys {
			s.giveKey(k, to)
		}
	}
	if !s.stray[i].given {
		s.stray[i].given = true
		to.Certs = append(to.Certs, s.stray[i].certs...)
	}
}
