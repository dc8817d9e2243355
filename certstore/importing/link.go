package importing

import (
	"crypto/x509"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// BringsNewCA says whether a match has a CA that no row has yet: only that can be missing elsewhere, since whoever
// lacked the others was given them when they came.
func (h Held) BringsNewCA(m *Match) bool {
	return slices.ContainsFunc(m.Authorities(), func(c *x509.Certificate) bool {
		known := h.State.Index.CAs[names.FromDER(c.RawSubject)]
		return !slices.ContainsFunc(known, func(ca ledger.CARef) bool { return ca.Sum == judging.Sum(c.Raw) })
	})
}

// lackedBy is the next entry whose chain reaches no trusted root and gets further with these. Errors: NotFound.
func (h Held) lackedBy(cas Part) (*Match, error) {
	m := h.missingLink(cas, func(r *ledger.Row) bool { return h.Row(r).Verdict.Root == "" })
	if m == nil {
		return nil, fail.New(fail.NotFound, "", "no chain needs these certificates")
	}
	return m, nil
}

func anyRow(*ledger.Row) bool { return true }

// missingLink finds the entry whose chain CA certificates alone complete, the oldest first: what an admin brings who
// was told that an intermediate is missing. Nil if the sources hold anything else, or complete none of the entries
// asked about.
func (h Held) missingLink(p Part, ask func(*ledger.Row) bool) *Match {
	if len(p.Keys) > 0 || slices.ContainsFunc(p.Certs, func(c *x509.Certificate) bool { return !c.IsCA }) {
		return nil
	}
	for _, r := range h.endingAt(p.Certs) {
		if !r.Removed.IsZero() || !ask(r) {
			continue
		}
		chain, err := h.Linked(r.Chain)
		leaf, missing := h.Certificate(r.SHA256)
		if err != nil || missing != nil {
			continue
		}
		m, err := matchOf(leaf, h.BestPath(leaf, slices.Concat(chain, p.Certs, h.KnownAbove(p.Certs))))
		if err == nil && m.Entry.Reach() > r.Reach() {
			m.notes, m.Link = p.Notes, true
			return m
		}
	}
	return nil
}

// endingAt are the certificates, in order of id, whose chains end at the subject of one of these CAs and do not have
// that CA itself.
func (h Held) endingAt(cas []*x509.Certificate) (rows []*ledger.Row) {
	for _, ca := range cas {
		sum := judging.Sum(ca.Raw)
		for _, r := range h.State.Index.Above[names.FromDER(ca.RawSubject)] {
			if !chainHas(r, sum) {
				rows = append(rows, r)
			}
		}
	}
	return slices.Compact(ledger.ByID(rows))
}

// chainHas says whether the chain of a row has a certificate.
func chainHas(r *ledger.Row, sum string) bool {
	return slices.ContainsFunc(r.Chain, func(link trust.Link) bool { return link.SHA256 == sum })
}
