package importing

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"fmt"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

// Match is the certificate that a group is about, with its key and its chain.
type Match struct {
	Leaf  *x509.Certificate
	Chain []*x509.Certificate // in signature order
	Key   crypto.Signer       // of the leaf, nil if the sources bring none
	Entry ledger.Entry        // as the certificates alone make it
	Link  bool                // the sources hold CA certificates alone, and complete this entry's chain

	notes []string
	name  string // the PFX's own friendly name
}

// Match finds the leaf of a group and its key, among what it holds and what the store has.
func (h Held) Match(g Group) (*Match, error) {
	if g.linkOnly {
		return h.lackedBy(g.part)
	}
	p := g.part
	if len(p.Certs) == 0 {
		return nil, noCertificate(p.Bundle)
	}
	if m := h.missingLink(p, anyRow); m != nil {
		return m, nil
	}
	kept := func(c *x509.Certificate) bool { return h.State.Keeps(spkiOf(c.PublicKey)) }
	if p.onlyCAs() && len(p.OddKeys) == 0 && !slices.ContainsFunc(p.Certs, kept) {
		return nil, h.completesNothing(p.Certs)
	}
	return h.matchLeaf(p, g.paired)
}

// matchLeaf finds the leaf: the certificate whose private key the sources or the store have. The key of the public key
// paired is known to be sound.
func (h Held) matchLeaf(p Part, paired string) (*Match, error) {
	brought := map[string]crypto.Signer{}
	for i, spki := range p.spki {
		brought[spki] = p.Keys[i]
	}
	leaf, err := formats.FindLeaf(p.Certs, func(pub crypto.PublicKey) bool {
		spki := spkiOf(pub)
		return spki != "" && (brought[spki] != nil || h.State.Keeps(spki))
	})
	if err != nil {
		return nil, err
	}
	m, err := matchOf(leaf, h.BestPath(leaf, slices.Concat(p.Certs, h.KnownAbove(p.Certs))))
	if err != nil {
		return nil, err
	}
	m.notes, m.name = append(slices.Clone(p.Notes), m.strangers(p.Certs)...), p.FriendlyName
	m.Key = brought[m.Entry.SPKI]
	switch {
	case m.Key == nil && len(p.OddKeys) > 0 && !h.State.Keeps(m.Entry.SPKI):
		return nil, oddKey(p.Bundle)
	case m.Key == nil && len(brought) > 0:
		return nil, fail.New(fail.KeyMismatch, "give the key that was made with this certificate's request",
			"the private key in the file does not belong to %s", m.Entry.Subject)
	case m.Key == nil || m.Entry.SPKI == paired:
		return m, nil
	}
	if err := formats.CheckPair(m.Key, leaf.PublicKey); err != nil {
		return nil, err
	}
	return m, nil
}

// matchOf describes a leaf with the chain that the others make.
func matchOf(leaf *x509.Certificate, others []*x509.Certificate) (m *Match, err error) {
	m = &Match{Leaf: leaf}
	m.Chain, _, _ = formats.SortChain(leaf, others)
	m.Entry, err = judging.Describe(leaf, others)
	return m, err
}

// Certs are the leaf and its chain.
func (m *Match) Certs() []*x509.Certificate {
	return append([]*x509.Certificate{m.Leaf}, m.Chain...)
}

// Authorities are the CAs of the chain, which may be missing elsewhere.
func (m *Match) Authorities() []*x509.Certificate {
	return slices.DeleteFunc(slices.Clone(m.Chain), func(c *x509.Certificate) bool { return !c.IsCA })
}

// maxStrangers is how many certificates that were left out are named one by one.
const maxStrangers = 5

// strangers are notes on the certificates that do not belong to the leaf.
func (m *Match) strangers(certs []*x509.Certificate) (notes []string) {
	mine := map[string]bool{}
	for _, c := range m.Certs() {
		mine[string(c.Raw)] = true
	}
	for _, c := range certs {
		if !mine[string(c.Raw)] {
			notes = append(notes, m.whyLeftOut(c)+": "+names.FromDER(c.RawSubject))
		}
		mine[string(c.Raw)] = true
	}
	if n := len(notes) - maxStrangers; n > 1 {
		notes = append(notes[:maxStrangers], fmt.Sprintf("left out for the same reason: %d more", n))
	}
	return notes
}

// whyLeftOut tells a CA's other certificate, as of a root that is cross-signed, from one that has nothing to do with
// it.
func (m *Match) whyLeftOut(c *x509.Certificate) string {
	for _, below := range m.Certs() {
		if bytes.Equal(below.RawIssuer, c.RawSubject) && (formats.Signed(below, c) || formats.Unchecked(below, c) != "") {
			return "left out, since another certificate of the same CA is in the chain"
		}
	}
	return "left out, since it signed nothing here"
}
