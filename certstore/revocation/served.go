package revocation

import (
	"context"
	"crypto/x509"

	"certdesk/certstore/formats"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
)

// Served asks about what ports serve, whoever's it is, and puts into each report what its CA says. A staple that
// counts is an answer; what is known and not due is not asked again. What is learned is noted.
func (c Checker) Served(ctx context.Context, roots *trust.Roots, known *Known, reports ...*probe.Report) {
	var subjects []Subject
	asked := map[string]bool{}
	for _, r := range reports {
		if !r.Served() || asked[r.SHA256] || c.Now().After(r.Leaf.NotAfter) {
			continue
		}
		asked[r.SHA256] = true
		issuer := issuerOf(*r, roots, c)
		if issuer == nil {
			continue
		}
		c.Staple(*r, issuer, known)
		if said := known.Of(r.SHA256); Due(said, c.Now(), true) {
			subjects = append(subjects, Subject{Cert: r.Leaf, Issuer: issuer, Known: said})
		}
	}
	c.Ask(ctx, subjects, func(i int, r trust.Revocation) { known.Note(formats.SHA256(subjects[i].Cert.Raw), r) })
	for _, r := range reports {
		if r.Served() {
			r.Revocation = known.Of(r.SHA256).Judged(c.Now())
		}
	}
}

// issuerOf is who issued what a port serves, from what it sends, else from the roots; nil where that is not known.
func issuerOf(r probe.Report, roots *trust.Roots, c Checker) *x509.Certificate {
	if formats.SelfSigned(r.Leaf) {
		return nil
	}
	for _, sent := range r.Sent[1:] {
		if formats.Signed(r.Leaf, sent) {
			return sent
		}
	}
	if roots == nil {
		return nil
	}
	return roots.Anchor(r.Leaf, c.Now()).Certificate()
}

// Staple notes the answer that a port sent along about a certificate of this issuer, if it counts; it says whether it
// did.
func (c Checker) Staple(r probe.Report, issuer *x509.Certificate, known *Known) (noted bool) {
	if r.Staple == nil || issuer == nil {
		return false
	}
	said, err := Response(r.Staple, r.Leaf, issuer, c.Now())
	if err != nil {
		return false
	}
	said.Source, said.Tried = trust.Stapled, c.Now().UTC()
	said, noted = Newer(known.Of(r.SHA256), said)
	if noted {
		known.Note(r.SHA256, said)
	}
	return noted
}
