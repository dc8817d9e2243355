package certstore

import (
	"cmp"
	"context"
	"crypto"
	"crypto/x509"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// Group is one certificate of an import with all that belongs to it, or sources that give none, and why.
type Group struct {
	From    []string      // the labels of the sources it was put together from
	Holds   []Held        // what each that could be read was found to hold
	Request ImportRequest // imports this group and nothing else; names, services and the like may still be set
	Found   Found         // as of Inspect
	Err     error         // why it cannot be imported, as of Inspect; nil if it can
}

// Held is what a source was found to hold, in words.
type Held struct{ From, Words string }

// InspectAll says what the sources hold where they may be about several certificates: each certificate whose key is
// in the sources or in the store becomes a group with its key and its chain, whichever source these are in. A source
// that cannot be read, or gives nothing, is a group with its reason and stops no other. Sources about one certificate
// are one group, of which Inspect would say the same. Nothing is stored. Errors: what keeps the store from being read.
func (s *Store) InspectAll(ctx context.Context, r ImportRequest) ([]Group, error) {
	s.roots.Expect()
	parts, refused := decodeEach(ctx, r)
	holds := wordsOf(parts)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	type placed struct {
		at int
		Group
	}
	var list []placed
	for at, err := range refused {
		list = append(list, placed{at, Group{From: labelsOf(r.Sources[at : at+1]), Err: err}})
	}
	for _, p := range s.sorted(parts) {
		g := s.groupOf(p, r)
		for _, i := range p.sources {
			g.Holds = append(g.Holds, Held{r.Sources[i].Label, holds[i]})
		}
		list = append(list, placed{p.sources[0], g})
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	groups := make([]Group, len(list))
	for i, p := range list {
		groups[i] = p.Group
	}
	return groups, nil
}

// part is what was decoded of one source, or put together from several.
type part struct {
	sources []int // their numbers, ascending
	formats.Bundle
}

// decodeEach reads every source by itself; refused says by number why some could not be.
func decodeEach(ctx context.Context, r ImportRequest) (parts []part, refused map[int]error) {
	refused = map[int]error{}
	for i, src := range r.Sources {
		b, err := r.decode(ctx, src)
		if err != nil {
			refused[i] = err
			continue
		}
		parts = append(parts, part{[]int{i}, b})
	}
	return parts, refused
}

// wordsOf says by number what each source holds.
func wordsOf(parts []part) map[int]string {
	holds := map[int]string{}
	for _, p := range parts {
		holds[p.sources[0]] = p.Words()
	}
	return holds
}

func labelsOf(sources []Source) (list []string) {
	for _, src := range sources {
		list = append(list, src.Label)
	}
	return list
}

// groupOf is Inspect of one part. The caller holds s.mu and has refreshed.
func (s *Store) groupOf(p part, r ImportRequest) Group {
	var g Group
	for _, i := range p.sources {
		g.From = append(g.From, r.Sources[i].Label)
	}
	r.Sources, r.Passwords, r.decoded = nil, nil, &p.Bundle
	g.Request = r
	in, err := s.assemble(p.Bundle, "")
	if err == nil {
		if in.key != nil {
			g.Request.paired = in.entry.SPKI
		}
		g.Found, err = s.plan(in, r)
	}
	g.Err = err
	return g
}

// sorted puts parts together by leaf. Of one leaf, or none, they belong together as they are.
func (s *Store) sorted(parts []part) []part {
	if len(parts) == 0 {
		return nil
	}
	leaves := leavesOf(parts, s.holds(parts))
	if len(leaves) < 2 {
		return []part{merged(parts)}
	}
	sort := newSorter(parts, leaves)
	var out []part
	used := map[int]bool{}
	for _, leaf := range leaves {
		p := sort.around(leaf)
		for _, i := range p.sources {
			used[i] = true
		}
		out = append(out, p)
	}
	return append(out, s.leftOver(parts, used)...)
}

// holds says whether the private key of a certificate is in the parts or in the store.
func (s *Store) holds(parts []part) func(crypto.PublicKey) bool {
	brought := map[string]bool{}
	for _, p := range parts {
		for _, key := range p.Keys {
			brought[spkiOf(key.Public())] = true
		}
	}
	return func(pub crypto.PublicKey) bool {
		spki := spkiOf(pub)
		return brought[spki] || s.state.Keeps(spki)
	}
}

// spkiOf names a public key; "" for one of a kind nobody here knows, which is then nobody's.
func spkiOf(pub crypto.PublicKey) string {
	spki, err := formats.SPKI(pub)
	if err != nil {
		return ""
	}
	return spki
}

// leavesOf are the certificates that the parts are about: those whose key is held, and such as are nobody's CA. The
// latter do not count beside one of the former in the same source: there they have always been left out.
func leavesOf(parts []part, has func(crypto.PublicKey) bool) []*x509.Certificate {
	issuers := formats.IssuersOf(merged(parts).Certs)
	var leaves []*x509.Certificate
	seen := map[string]bool{}
	for _, p := range parts {
		held, others := formats.Leaves(p.Certs, issuers, has)
		if len(held) != 1 {
			held = append(held, others...)
		}
		for _, c := range held {
			if !seen[string(c.Raw)] {
				leaves = append(leaves, c)
			}
			seen[string(c.Raw)] = true
		}
	}
	issuers = formats.IssuersOf(leaves)
	return slices.DeleteFunc(leaves, func(c *x509.Certificate) bool { return c.IsCA && issuers.Have(c) })
}

// merged is several parts as one import.
func merged(parts []part) (all part) {
	for _, p := range parts {
		all.sources = append(all.sources, p.sources...)
		all.Certs = append(all.Certs, p.Certs...)
		all.Keys = append(all.Keys, p.Keys...)
		all.OddKeys = append(all.OddKeys, p.OddKeys...)
		all.Requests = append(all.Requests, p.Requests...)
		all.FriendlyName = cmp.Or(all.FriendlyName, p.FriendlyName)
		all.Notes = append(all.Notes, p.Notes...)
	}
	return all
}

// leftOver are the CA certificates that complete a chain which is here, and every part that went into no other.
func (s *Store) leftOver(parts []part, used map[int]bool) (out []part) {
	var cas []part
	for _, p := range parts {
		if onlyCAs(p) {
			cas = append(cas, p)
		}
	}
	if link := merged(cas); len(cas) > 0 && s.missingLink(link.Bundle, func(*ledger.Row) bool { return true }) != nil {
		out = append(out, link)
		for _, i := range link.sources {
			used[i] = true
		}
	}
	for _, p := range parts {
		if !used[p.sources[0]] {
			out = append(out, p)
		}
	}
	return out
}

func onlyCAs(p part) bool {
	return len(p.Certs) > 0 && len(p.Keys) == 0 && !slices.ContainsFunc(p.Certs, func(c *x509.Certificate) bool { return !c.IsCA })
}
