package certstore

import (
	"context"

	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// checkChains judges the chains that were imported before faults in them were kept: the list takes them for good.
func (s *Store) checkChains(ctx context.Context, r *Report) {
	for _, row := range s.state.Rows {
		if row.Kind != ledger.Certificate || !row.Removed.IsZero() || len(row.Chain) == 0 || ctx.Err() != nil {
			continue
		}
		leaf, unreadable := s.objects.Certificate(row.SHA256)
		chain, err := s.chains().Linked(row.Chain)
		if unreadable != nil || err != nil {
			continue // told with the objects
		}
		now := s.o.Now()
		for i, link := range judging.Links(leaf, chain, signedAs(row.Chain)) {
			if row.Chain[i].Fault == "" && link.Fault != "" {
				r.add("chain", trust.Warning, "%s: clients refuse its chain, which the list does not know: %s",
					row.FriendlyName, link.Refused(now))
				break
			}
		}
	}
}

func signedAs(links []trust.Link) (signed []bool) {
	for _, link := range links {
		signed = append(signed, link.Signed)
	}
	return signed
}
