package ordering

import (
	"context"

	"certdesk/certstore/ledger"
)

// sweep takes back the proofs that orders have left which nobody goes on with: answered by hand, removed, or not to be
// taken back at the time. Whoever calls holds the lock, so that nobody is proving anything. What cannot be taken back
// stays written down for the next one.
func (o *Orders) sweep(ctx context.Context, opt Options) {
	var left []ledger.Entry
	err := o.store.Read(ctx, func(st *ledger.State) {
		for _, r := range st.Rows {
			waits := r.Ordered() && r.Removed.IsZero()
			if r.Automatic != nil && len(r.Automatic.Order.Proofs) > 0 && !waits {
				left = append(left, r.Entry)
			}
		}
	})
	if err != nil {
		return
	}
	for _, e := range left {
		ca, err := o.CA(e.Automatic.Order.CA)
		if err != nil {
			continue // it is not configured any more: nobody knows how
		}
		r := &run{Orders: o, ca: ca, opt: opt, order: e.Automatic.Order, entry: e}
		r.takeBack(ctx)
		r.close()
		if len(r.order.Proofs) < len(e.Automatic.Order.Proofs) {
			_ = r.note(ctx, ledger.OpProofs) // the proofs are gone: whoever does not read so looks for them once more
		}
	}
}
