package health

import (
	"time"

	"certdesk/certstore/acme/due"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// overdue is how long after its moment a renewal is missed: the timer that is shipped runs twice a day.
const overdue = 24 * time.Hour

// checkRenewals tells what was not issued by an ACME authority, what nobody has renewed in time, and what no authority
// of the configuration renews.
func (s Store) checkRenewals(r *Report) {
	waits := map[int64]bool{} // by what is renewed: a request for it is on order, or waits for a person
	renewed := map[int64]bool{}
	for _, row := range s.State.Rows {
		if row.RenewalOf != 0 && row.Removed.IsZero() {
			waits[row.RenewalOf] = row.Kind == ledger.PendingReq
			renewed[row.RenewalOf] = row.Kind == ledger.Certificate
		}
	}
	failing := due.Failures(s.State, s.Chains.Now)
	for _, row := range s.State.Rows {
		if !row.Removed.IsZero() {
			continue
		}
		f := failing[row.ID]
		if f != nil {
			r.Add("renewal-failed", trust.Warning, "%s: %s", ledger.Label(&row.Entry), f.Words(s.Chains.Now))
		}
		if row.Automatic != nil && !renewed[row.ID] {
			s.checkRenewal(r, &row.Entry, waits[row.ID] || f != nil, failing[row.RenewalOf] != nil)
		}
	}
}

// checkRenewal tells of one entry. seenTo says that its renewal is on order, or was told to fail; told that its own
// failure was, as that of what it is to renew.
func (s Store) checkRenewal(r *Report, e *ledger.Entry, seenTo, told bool) {
	now, ca := s.Chains.Now, e.Automatic.Order.CA
	if f := e.Automatic.Failed(); f != nil && e.Kind == ledger.PendingReq && !told {
		next := ""
		if f.Next.After(now) {
			next = "; it is tried again from " + when.Minute(f.Next.Local()) + " on"
		}
		r.Add("renewal-failed", trust.Warning, "%s was not issued by %s: %s%s", ledger.Label(e), f.CA, f.Why, next)
	}
	if ca != "" && !s.Authorities[ca] {
		r.Add("renewal-nobody", trust.Warning, "%s comes from %s, which no [[acme]] table of the configuration names",
			ledger.Label(e), ca)
		return
	}
	if e.Kind != ledger.Certificate || ca == "" || seenTo {
		return
	}
	if m := due.Renewal(e, now); now.Sub(m.At) > overdue {
		r.Add("renewal-missed", trust.Warning, "%s was to be renewed on %s and was not", ledger.Label(e),
			when.Minute(m.At.Local()))
	}
}
