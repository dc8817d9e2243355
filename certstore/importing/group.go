package importing

import (
	"cmp"
	"crypto"
	"crypto/x509"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
)

// Held is what the store has.
type Held struct {
	judging.Judge
	HasKey func(spki string) bool // the file of a private key is on the disk
}

// Group is one certificate of an import with all that belongs to it, or sources that give none, and why. It is what is
// imported.
type Group struct {
	From  []string  // the labels of the sources it was put together from
	Holds []Holding // what each that could be read was found to hold
	Options
	Found Found // what becomes of it
	Err   error // why it cannot be imported; nil if it can

	part     Part
	paired   string // the public key of the one that has made a test signature already
	linkOnly bool   // complete a chain, and do nothing else
}

func groupOf(p Part, o Options) Group {
	g := Group{Options: o, Err: p.err, part: p}
	for _, h := range p.holds {
		g.From = append(g.From, h.From)
	}
	if p.err == nil {
		g.Holds = p.holds
	}
	return g
}

// Link is a group of CA certificates that completes the chain of one entry, the next that lacks them, or nothing.
func Link(cas []*x509.Certificate) Group {
	return Group{Options: Options{Attach: true}, part: Part{Bundle: formats.Bundle{Certs: cas}}, linkOnly: true}
}

// Certs are all the certificates of the group.
func (g Group) Certs() []*x509.Certificate { return g.part.Certs }

// Fetchable are the addresses of what the group's chain lacks.
func (g Group) Fetchable() (list []string) {
	for _, gap := range g.Found.Gaps {
		list = append(list, gap.Fetchable()...)
	}
	return list
}

// With is the group with one more certificate, and a note on it.
func (g Group) With(c *x509.Certificate, note string) Group {
	g.part.Certs = append(slices.Clone(g.part.Certs), c)
	g.part.Notes = append(slices.Clone(g.part.Notes), note)
	return g
}

// Sort puts parts, which may be about several certificates, together by leaf: each certificate whose key is in the
// parts or in the store becomes a group with its key and its chain, whichever part these are in, and with what would
// become of it. Parts of one leaf, or of none, are one group. What cannot be read, or gives nothing, is a group with
// its reason.
func Sort(parts []Part, h Held, o Options) []Group {
	var read, list []Part
	for _, p := range parts {
		if p.err != nil {
			list = append(list, p)
		} else {
			read = append(read, p)
		}
	}
	list = append(list, h.byLeaf(read)...)
	slices.SortStableFunc(list, func(a, b Part) int { return cmp.Compare(a.sources[0], b.sources[0]) })
	groups := make([]Group, len(list))
	for i, p := range list {
		groups[i] = groupOf(p, o)
		h.look(&groups[i])
	}
	return groups
}

// look says what would become of a group.
func (h Held) look(g *Group) {
	if g.Err != nil {
		return
	}
	m, err := h.Match(*g)
	if err == nil {
		if m.Key != nil {
			g.paired = m.Entry.SPKI
		}
		g.Found, err = h.Plan(m, g.Options)
	}
	g.Err = err
}

// byLeaf puts parts together by leaf. Of one leaf, or none, they belong together as they are.
func (h Held) byLeaf(parts []Part) []Part {
	if len(parts) == 0 {
		return nil
	}
	leaves := leavesOf(parts, h.keeps(parts))
	if len(leaves) < 2 {
		return []Part{merged(parts)}
	}
	sort := newSorter(parts, leaves)
	var out []Part
	used := map[int]bool{}
	for _, leaf := range leaves {
		p := sort.around(leaf)
		for _, i := range p.sources {
			used[i] = true
		}
		out = append(out, p)
	}
	return append(out, h.leftOver(parts, used)...)
}

// keeps says whether the private key of a certificate is in the parts or in the store.
func (h Held) keeps(parts []Part) func(crypto.PublicKey) bool {
	brought := map[string]bool{}
	for _, p := range parts {
		for _, spki := range p.spki {
			brought[spki] = true
		}
	}
	return func(pub crypto.PublicKey) bool {
		spki := spkiOf(pub)
		return brought[spki] || h.State.Keeps(spki)
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
func leavesOf(parts []Part, has func(crypto.PublicKey) bool) []*x509.Certificate {
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

// leftOver are the CA certificates that complete a chain which is here, and every part that went into no other.
func (h Held) leftOver(parts []Part, used map[int]bool) (out []Part) {
	var cas []Part
	for _, p := range parts {
		if p.onlyCAs() {
			cas = append(cas, p)
		}
	}
	link := merged(cas)
	if len(cas) > 0 && h.missingLink(link, anyRow) != nil {
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

func (p Part) onlyCAs() bool {
	return len(p.Certs) > 0 && len(p.Keys) == 0 &&
		!slices.ContainsFunc(p.Certs, func(c *x509.Certificate) bool { return !c.IsCA })
}
