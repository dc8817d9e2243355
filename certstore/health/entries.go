package health

import (
	"context"
	"errors"
	"io/fs"

	"certdesk/certstore/fail"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// checkEntries looks at every object an entry refers to, once each, until ctx ends.
func (s Store) checkEntries(ctx context.Context, r *Report) {
	seen := map[ledger.Object]bool{}
	for _, row := range s.State.Rows {
		for _, o := range row.Objects() {
			if seen[o] || ctx.Err() != nil {
				continue
			}
			seen[o] = true
			if err := s.Objects.Check(o); err != nil {
				reportObject(r, row, err)
			}
		}
	}
}

func reportObject(r *Report, row *ledger.Row, err error) {
	switch {
	case errors.Is(err, fs.ErrPermission) || fail.Is(err, fail.NotPermitted):
		return // said once for the folder, by checkObjects
	case errors.Is(err, fs.ErrNotExist):
		r.Add("missing", trust.Error, "%s: a file is missing: %s", row.FriendlyName, fail.Sentence(err))
	default:
		r.Add("damaged", trust.Error, "%s: %s", row.FriendlyName, fail.Sentence(err))
	}
}

// checkChains judges the chains that were imported before faults in them were kept: the list takes them for good.
func (s Store) checkChains(ctx context.Context, r *Report) {
	for _, row := range s.State.Rows {
		if row.Kind != ledger.Certificate || !row.Removed.IsZero() || len(row.Chain) == 0 || ctx.Err() != nil {
			continue
		}
		leaf, unreadable := s.Objects.Certificate(row.SHA256)
		chain, err := s.Chains.Linked(row.Chain)
		if unreadable != nil || err != nil {
			continue // told with the objects
		}
		now := s.Chains.Now
		for i, link := range judging.Links(leaf, chain, signedAs(row.Chain)) {
			if row.Chain[i].Fault == "" && link.Fault != "" {
				r.Add("chain", trust.Warning, "%s: clients refuse its chain, which the list does not know: %s",
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
