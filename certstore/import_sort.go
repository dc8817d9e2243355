package certstore

import (
	"crypto"
	"crypto/x509"
	"maps"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
)

// sorter picks from parts about several leaves what belongs to each. All is found by maps, so that a thousand leaves
// take a thousand times as long as one.
type sorter struct {
	parts  []part
	leaf   map[string]bool                // the leaves, by their bytes
	issuer map[string][]*x509.Certificate // what is no leaf, once each, by its subject
	above  map[string]bool                // what is in the chain of some leaf
	keyed  map[string]bool                // the public keys of the leaves
	has    map[string][]int               // the parts that have a certificate
	keys   map[string][]partKey           // the private keys by SPKI
	stray  []strays                       // by part
}

// partKey is a private key and the part it came in.
type partKey struct {
	part int
	key  crypto.Signer
}

// strays are what belongs to no leaf. They go to the first leaf of their part, so that the import says that they are
// left out, and why.
type strays struct {
	certs []*x509.Certificate
	keys  []crypto.Signer
	given bool

	leaves bool // the part has some
}

func newSorter(parts []part, leaves []*x509.Certificate) *sorter {
	s := &sorter{parts: parts, leaf: map[string]bool{}, issuer: map[string][]*x509.Certificate{}, above: map[string]bool{},
		keyed: map[string]bool{}, has: map[string][]int{}, keys: map[string][]partKey{}, stray: make([]strays, len(parts))}
	for _, c := range leaves {
		s.leaf[string(c.Raw)], s.keyed[spkiOf(c.PublicKey)] = true, true
	}
	for i, p := range parts {
		s.take(i, p)
	}
	for _, leaf := range leaves {
		for _, c := range s.chain(leaf) {
			s.above[string(c.Raw)] = true
		}
	}
	for i, p := range parts {
		s.stray[i].certs = slices.DeleteFunc(slices.Clone(p.Certs), func(c *x509.Certificate) bool {
			return s.leaf[string(c.Raw)] || s.above[string(c.Raw)]
		})
	}
	return s
}

// take notes where the certificates and keys of a part are.
func (s *sorter) take(i int, p part) {
	for _, c := range p.Certs {
		raw := string(c.Raw)
		s.stray[i].leaves = s.stray[i].leaves || s.leaf[raw]
		if len(s.has[raw]) == 0 && !s.leaf[raw] {
			s.issuer[string(c.RawSubject)] = append(s.issuer[string(c.RawSubject)], c)
		}
		if !slices.Contains(s.has[raw], i) {
			s.has[raw] = append(s.has[raw], i)
		}
	}
	for _, key := range p.Keys {
		spki := spkiOf(key.Public())
		s.keys[spki] = append(s.keys[spki], partKey{i, key})
		if !s.keyed[spki] {
			s.stray[i].keys = append(s.stray[i].keys, key)
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
func (s *sorter) around(leaf *x509.Certificate) part {
	beside := s.has[string(leaf.Raw)]
	mine := map[int]*part{}
	at := func(i int) *part {
		if mine[i] == nil {
			mine[i] = &part{sources: s.parts[i].sources}
			mine[i].Notes = s.parts[i].Notes
		}
		return mine[i]
	}
	for _, i := range beside {
		at(i).Certs, at(i).FriendlyName = append(at(i).Certs, leaf), s.parts[i].FriendlyName
	}
	for _, c := range s.chain(leaf) {
		for _, i := range s.from(c, beside) {
			at(i).Certs = append(at(i).Certs, c)
		}
	}
	own := s.keys[spkiOf(leaf.PublicKey)]
	for _, k := range own {
		at(k.part).Keys, at(k.part).FriendlyName = append(at(k.part).Keys, k.key), s.parts[k.part].FriendlyName
	}
	for _, i := range beside {
		s.giveStrays(i, at(i), len(own) == 0)
	}
	var list []part
	for _, i := range slices.Sorted(maps.Keys(mine)) {
		list = append(list, *mine[i])
	}
	return merged(list)
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
func (s *sorter) giveStrays(i int, to *part, keyless bool) {
	if keyless {
		to.Keys = append(to.Keys, s.stray[i].keys...)
	}
	if !s.stray[i].given {
		s.stray[i].given = true
		to.Certs = append(to.Certs, s.stray[i].certs...)
	}
}
