package health

import (
	"context"

	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// mostAhead is how many certificates are named of one kind of finding.
const mostAhead = 5

// checkAhead tells what certificates will run into, or meet with some clients. It is information: the store is none the
// worse for it, and the table cries where somebody has to act now.
func (s Store) checkAhead(ctx context.Context, r *Report) {
	judge := judging.Judge{Chains: s.Chains, State: s.State}
	var list []ledger.Entry
	for _, row := range s.State.Rows {
		if row.Removed.IsZero() && ctx.Err() == nil {
			list = append(list, judge.Row(row))
		}
	}
	judge.NoteSuccessors(list)
	count := map[string]int{}
	for i := range list {
		e := &list[i]
		for _, f := range e.Verdict.Findings {
			if !trust.KindOf(f.Code).Ahead || e.Settled() {
				continue
			}
			if count[f.Code]++; count[f.Code] <= mostAhead {
				r.Add(f.Code, trust.Info, "%s: %s", ledger.Label(e), f.Text)
			}
		}
	}
	for _, k := range trust.Kinds {
		if n := count[k.Code] - mostAhead; n > 0 {
			r.Add(k.Code, trust.Info, "and %d more", n)
		}
	}
}
