package due

import (
	"slices"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// NoteFailing notes on each certificate of a list, judged, that what renews it fails, in its verdict too; and on each
// request which certificate it is to renew. The caller owns the list.
func NoteFailing(list []ledger.Entry, st *ledger.State, now time.Time) {
	failing := Failures(st, now)
	for i := range list {
		e := &list[i]
		if e.Removed.IsZero() && e.RenewalOf != 0 && e.Kind == ledger.PendingReq {
			e.Renewing = liveAt(st, e.RenewalOf)
		}
		noteRefused(e)
		f := failing[e.ID]
		if f == nil || e.Settled() {
			continue
		}
		e.Failing = f
		text := f.Words(now)
		if e.Verdict.Reason != "" {
			e.Verdict.Reason += "; "
		}
		e.Verdict.Reason += text
		e.Verdict.Findings = append(slices.Clone(e.Verdict.Findings),
			trust.Finding{Code: "renewal-failing", Severity: trust.Warning, Text: text})
	}
}

// noteRefused has a request that an authority refused for good say so: nobody is waited for.
func noteRefused(e *ledger.Entry) {
	if !e.Refused() || !e.Removed.IsZero() {
		return
	}
	f := e.Automatic.Failed()
	e.Verdict.Word, e.Verdict.Reason = WordRefused, "refused by "+f.CA+": "+f.Why
	e.Verdict.Findings = append(slices.Clone(e.Verdict.Findings),
		trust.Finding{Code: "order-refused", Severity: trust.Error, Text: e.Verdict.Reason})
}

// WordRefused is what a request is called that an authority refused for good; Exchange knows it as pending.
const WordRefused = "refused"

// Failures are by id the certificates whose renewal fails: what is in use tells of it, whatever the failure was written
// down on, and tells of it once.
func Failures(st *ledger.State, now time.Time) map[int64]*ledger.Failing {
	all, renewed := map[int64]*ledger.Failing{}, map[int64]bool{}
	for _, r := range st.Rows {
		if !r.Removed.IsZero() {
			continue
		}
		if r.Kind == ledger.Certificate && r.RenewalOf != 0 {
			renewed[r.RenewalOf] = true
		}
		id, f := failure(st, r, now)
		if other := all[id]; f != nil && (other == nil || !f.Last.At.Before(other.Last.At)) {
			all[id] = f
		}
	}
	for id := range renewed { // what went wrong before it was issued is over
		if f := all[id]; f != nil && f.By == nil {
			delete(all, id)
		}
	}
	return all
}

// failure is what an entry's failures say, and of which certificate; nil for nothing.
func failure(st *ledger.State, r *ledger.Row, now time.Time) (about int64, f *ledger.Failing) {
	if r.Automatic.Failed() == nil {
		return 0, nil
	}
	f = &ledger.Failing{}
	list, about := r.Automatic.Failures, r.ID
	switch old := waiting(st, r); {
	case old != nil:
		e := r.Entry
		about, f.By = old.ID, &e
	case r.Kind != ledger.Certificate:
		return 0, nil
	default:
		list = ofRenewal(&r.Entry, r.Wanted&^st.InUse[r.ID] != 0, now)
	}
	if len(list) == 0 {
		return 0, nil
	}
	f.Since, f.Times, f.Last = list[0].At, len(list), list[len(list)-1]
	return about, f
}

// waiting is the live certificate that an entry was made to renew and has not taken the place of yet; nil for none.
func waiting(st *ledger.State, r *ledger.Row) *ledger.Row {
	old := st.ByID[r.RenewalOf]
	if r.RenewalOf == 0 || old == nil || !old.Removed.IsZero() || old.Kind != ledger.Certificate {
		return nil
	}
	if r.Kind == ledger.Certificate && st.InUse[old.ID] == 0 {
		return nil
	}
	return old
}

func liveAt(st *ledger.State, id int64) *ledger.Entry {
	if r := st.ByID[id]; r != nil && r.Removed.IsZero() && r.Kind == ledger.Certificate {
		e := r.Entry
		return &e
	}
	return nil
}

// ofRenewal leaves out what went wrong when a certificate that is wanted for more was to be enabled, which says nothing
// of its renewal.
func ofRenewal(e *ledger.Entry, wanted bool, now time.Time) []ledger.Failure {
	if !wanted {
		return e.Automatic.Failures
	}
	from := Renewal(e, now).At
	return slices.DeleteFunc(slices.Clone(e.Automatic.Failures), func(f ledger.Failure) bool { return f.At.Before(from) })
}
