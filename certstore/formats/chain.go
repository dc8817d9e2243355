package formats

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/x509"
	"slices"

	"certdesk/certstore/fail"
)

// maxChain is the longest chain that is followed; real ones have three to five certificates.
const maxChain = 16

// maxIssuers is how many certificates of the issuer's name are tried; a cross-signed CA has two or three.
const maxIssuers = 8

const hintOneLeaf = "import them one at a time"

// FindLeaf picks the certificate an import is about: the one whose private key is held (has), else the one
// that is no CA and issued none of the others. The order of certs never counts. Errors: UnsupportedFormat if
// there is none, Ambiguous if there are several.
func FindLeaf(certs []*x509.Certificate, has func(pub crypto.PublicKey) bool) (*x509.Certificate, error) {
	certs = unique(certs)
	if len(certs) == 0 {
		return nil, unsupported("", "there is no certificate in it")
	}
	if has == nil {
		has = func(crypto.PublicKey) bool { return false }
	}
	held := filter(certs, func(c *x509.Certificate) bool { return c.PublicKey != nil && has(c.PublicKey) })
	if len(held) > 0 {
		return one(held, "%d certificates have a private key here")
	}
	return one(certs, "%d certificates could be the one to import")
}

// Leaves is FindLeaf where several may be imported: held are those whose private key is held, others those that are
// no CA and none of the issuers.
func Leaves(certs []*x509.Certificate, issuers Issuers, has func(pub crypto.PublicKey) bool) (held,
	others []*x509.Certificate) {
	for _, c := range unique(certs) {
		switch {
		case c.PublicKey != nil && has(c.PublicKey):
			held = append(held, c)
		case !isCA(c) && !issuers.Have(c):
			others = append(others, c)
		}
	}
	return narrowed(held), others
}

// one is what is left when certificates are narrowed down, if it is one.
func one(certs []*x509.Certificate, text string) (*x509.Certificate, error) {
	certs = narrowed(certs)
	if len(certs) > 1 {
		return nil, fail.New(fail.Ambiguous, hintOneLeaf, text, len(certs))
	}
	return certs[0], nil
}

// narrowed keeps what is a leaf: no CA, and not the issuer of another one; all of them where none is.
func narrowed(certs []*x509.Certificate) []*x509.Certificate {
	rest := filter(certs, func(c *x509.Certificate) bool { return !isCA(c) })
	if len(rest) > 0 {
		certs = rest
	}
	issuers := IssuersOf(certs)
	rest = filter(certs, func(c *x509.Certificate) bool { return !issuers.Have(c) })
	if len(rest) > 0 {
		certs = rest
	}
	return certs
}

func isCA(c *x509.Certificate) bool { return c.BasicConstraintsValid && c.IsCA }

// Issuers are the names that issued some certificates other than their own.
type Issuers map[string]bool

// IssuersOf collects the issuers of certificates.
func IssuersOf(certs []*x509.Certificate) Issuers {
	issuers := Issuers{}
	for _, c := range certs {
		if !selfIssued(c) {
			issuers[string(c.RawIssuer)] = true
		}
	}
	return issuers
}

// Have says whether a certificate is, by name, one of the issuers.
func (i Issuers) Have(c *x509.Certificate) bool { return i[string(c.RawSubject)] }

// SortChain orders others above leaf, issuer after issued, whatever order they came in. signed[i] says that the
// key of chain[i] was seen to have signed the certificate below it; false where the names fit but the signature
// is of a kind nobody here can verify, or of another key. unrelated are those no path from the leaf reaches: if
// the chain does not end in a self-signed certificate, there is a gap. Duplicates and the leaf itself are
// dropped. At most 16 links are followed.
func SortChain(leaf *x509.Certificate, others []*x509.Certificate) (chain []*x509.Certificate, signed []bool,
	unrelated []*x509.Certificate) {
	left := filter(unique(others), func(c *x509.Certificate) bool { return !bytes.Equal(c.Raw, leaf.Raw) })
	for at := leaf; len(chain) < maxChain && !SelfSigned(at); {
		next, good := issuerOf(at, left)
		if next == nil {
			break
		}
		chain, signed = append(chain, next), append(signed, good)
		left = filter(left, func(c *x509.Certificate) bool { return c != next })
		at = next
	}
	return chain, signed, left
}

// issuerOf picks the issuer of c: one that signed it before one that only has the name. Where several have the name,
// the key identifiers say which are looked at first, and which of them clients accept. Of cross-signed ones it takes
// the one whose own issuer is there as well, so that the chain gets as far as it can.
func issuerOf(c *x509.Certificate, from []*x509.Certificate) (issuer *x509.Certificate, signed bool) {
	best := -1
	named := filter(from, func(p *x509.Certificate) bool { return bytes.Equal(p.RawSubject, c.RawIssuer) })
	slices.SortStableFunc(named, func(p, q *x509.Certificate) int { return cmp.Compare(kinship(c, q), kinship(c, p)) })
	for _, p := range named[:min(len(named), maxIssuers)] {
		score := rank(c, p, from)
		if score > best || score == best && p.NotAfter.After(issuer.NotAfter) {
			best, issuer = score, p
		}
	}
	return issuer, best >= rankSigned
}

// What makes one issuer better than another; each weighs more than all below it together.
const (
	rankSelfIssued = 1 << iota
	rankNamedByKey
	rankGoesOn
	rankNotAtOdds
	rankUnchecked
	rankSigned
)

func rank(c, p *x509.Certificate, from []*x509.Certificate) (score int) {
	switch {
	case Signed(c, p):
		score += rankSigned
	case Unchecked(c, p) != "":
		score += rankUnchecked
	}
	switch kinship(c, p) {
	case 1:
		score += rankNotAtOdds + rankNamedByKey
	case 0:
		score += rankNotAtOdds
	}
	if !selfIssued(p) && slices.ContainsFunc(from, func(g *x509.Certificate) bool {
		return g != p && bytes.Equal(g.RawSubject, p.RawIssuer)
	}) {
		score += rankGoesOn
	}
	if selfIssued(p) {
		score += rankSelfIssued
	}
	return score
}

// kinship compares c's authority key identifier with p's own: 1 the same, 0 one of them is silent, -1 at odds, which
// openssl and GnuTLS take for another issuer whatever the signature says.
func kinship(c, p *x509.Certificate) int {
	switch {
	case len(c.AuthorityKeyId) == 0 || len(p.SubjectKeyId) == 0:
		return 0
	case bytes.Equal(c.AuthorityKeyId, p.SubjectKeyId):
		return 1
	}
	return -1
}

func selfIssued(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, c.RawIssuer) }

func unique(certs []*x509.Certificate) (out []*x509.Certificate) {
	seen := map[string]bool{}
	for _, c := range certs {
		if !seen[string(c.Raw)] {
			seen[string(c.Raw)] = true
			out = append(out, c)
		}
	}
	return out
}

func filter(certs []*x509.Certificate, keep func(*x509.Certificate) bool) (out []*x509.Certificate) {
	for _, c := range certs {
		if keep(c) {
			out = append(out, c)
		}
	}
	return out
}
