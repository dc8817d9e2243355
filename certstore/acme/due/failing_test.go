package due

import (
	"testing"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// What is in use tells that its renewal fails, whatever that was written down on, and tells it once.
func TestTheCertificateInUseTellsThatItsRenewalFails(t *testing.T) {
	now := start
	failure := func(hours int, why string) ledger.Failure {
		return ledger.Failure{CA: "le", Why: why, At: now.Add(-time.Duration(hours) * time.Hour), Next: now.Add(time.Hour)}
	}
	row := func(id, renews int64, kind ledger.Kind, failures ...ledger.Failure) *ledger.Row {
		e := lived(now, 70, 90, ledger.Automatic{Order: ledger.Order{CA: "le"}, Failures: failures})
		e.ID, e.RenewalOf, e.Kind, e.FriendlyName = id, renews, kind, "mail"
		e.Verdict.Status = trust.Valid
		return &ledger.Row{Entry: *e}
	}
	wanted := func(r *ledger.Row) *ledger.Row { r.Wanted = ledger.SMTP; return r }
	removed := func(r *ledger.Row) *ledger.Row { r.Removed = now; return r }
	for _, c := range []struct {
		name  string
		rows  []*ledger.Row
		inUse int64
		by    int64 // what is to take its place, 0 for nothing
		times int   // 0: nothing fails
		why   string
	}{
		{"no order could be begun", []*ledger.Row{row(1, 0, ledger.Certificate, failure(30, "a"), failure(3, "b"))}, 1, 0, 2, "b"},
		{"its request fails", []*ledger.Row{row(1, 0, ledger.Certificate, failure(30, "a")), row(2, 1, ledger.PendingReq, failure(2, "c"))}, 1, 2, 1, "c"},
		{"its request is removed", []*ledger.Row{row(1, 0, ledger.Certificate), removed(row(2, 1, ledger.PendingReq, failure(2, "c")))}, 1, 0, 0, ""},
		{"it is issued and not enabled", []*ledger.Row{row(1, 0, ledger.Certificate, failure(30, "a")), row(2, 1, ledger.Certificate, failure(2, "d"))}, 1, 2, 1, "d"},
		{"it is issued, and that went well", []*ledger.Row{row(1, 0, ledger.Certificate, failure(30, "a")), row(2, 1, ledger.Certificate)}, 1, 0, 0, ""},
		{"the other is in use", []*ledger.Row{row(1, 0, ledger.Certificate), row(2, 1, ledger.Certificate, failure(2, "d"))}, 2, 0, 0, ""},
		{"it could not be enabled at first", []*ledger.Row{wanted(row(1, 0, ledger.Certificate, failure(60*24, "e")))}, 0, 0, 0, ""},
		{"nor be renewed", []*ledger.Row{wanted(row(1, 0, ledger.Certificate, failure(60*24, "e"), failure(2, "f")))}, 0, 0, 1, "f"},
		{"an order for something new", []*ledger.Row{row(1, 0, ledger.PendingReq, failure(2, "g"))}, 0, 0, 0, ""},
	} {
		st := &ledger.State{Rows: c.rows, ByID: map[int64]*ledger.Row{}, InUse: map[int64]ledger.Services{c.inUse: ledger.SMTP}}
		list := []ledger.Entry{}
		for _, r := range c.rows {
			st.ByID[r.ID] = r
			list = append(list, r.Entry)
		}
		NoteFailing(list, st, now)
		f := list[0].Failing
		switch {
		case (f != nil) != (c.times > 0):
			t.Errorf("%s: %+v", c.name, f)
		case f != nil && (f.Times != c.times || f.Last.Why != c.why || (f.By == nil) != (c.by == 0) || len(list[0].Verdict.Findings) != 1):
			t.Errorf("%s: %+v", c.name, f)
		}
		if len(list) > 1 && (list[1].Failing != nil && c.inUse == 1 || list[1].Kind == ledger.PendingReq && list[1].Removed.IsZero() && list[1].Renewing == nil) {
			t.Errorf("%s: the other is told of as %+v", c.name, list[1])
		}
	}
}
