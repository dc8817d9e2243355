package health

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
)

// What automatic renewal worries about is told once: what failed, what nobody renewed, what no CA renews any more.
func TestWhatRenewalWorriesAboutIsTold(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	row := func(id int64, kind ledger.Kind, left int, a ledger.Automatic) *ledger.Row {
		e := ledger.Entry{ID: id, Kind: kind, FriendlyName: "mail", Thumbprint: "A1B2C3D4E5F60718", Automatic: &a,
			NotBefore: now.AddDate(0, 0, left-90), NotAfter: now.AddDate(0, 0, left)}
		return &ledger.Row{Entry: e}
	}
	le := ledger.Order{CA: "le"}
	failed := []ledger.Failure{{CA: "le", Why: "no answer", Next: now.Add(time.Hour)}}
	renewal := func(kind ledger.Kind) *ledger.Row {
		r := row(2, kind, 80, ledger.Automatic{Order: le})
		r.RenewalOf = 1
		return r
	}
	old, failingRenewal := row(1, ledger.Certificate, 20, ledger.Automatic{Order: le, Failures: failed}), renewal(ledger.PendingReq)
	failingRenewal.Automatic.Failures = failed
	for _, c := range []struct {
		name string
		rows []*ledger.Row
		want []string
	}{
		{"young", []*ledger.Row{row(1, ledger.Certificate, 80, ledger.Automatic{Order: le})}, nil},
		{"due since an hour ago", []*ledger.Row{row(1, ledger.Certificate, 30, ledger.Automatic{Order: le})}, nil},
		{"missed", []*ledger.Row{row(1, ledger.Certificate, 20, ledger.Automatic{Order: le})}, []string{"renewal-missed"}},
		{"failed", []*ledger.Row{row(1, ledger.Certificate, 20, ledger.Automatic{Order: le, Failures: failed})}, []string{"renewal-failed"}},
		{"an order failed", []*ledger.Row{row(1, ledger.PendingReq, 0, ledger.Automatic{Order: le, Failures: failed})}, []string{"renewal-failed"}},
		{"no CA", []*ledger.Row{row(1, ledger.Certificate, 80, ledger.Automatic{Order: ledger.Order{CA: "gone"}})}, []string{"renewal-nobody"}},
		{"its renewal is on order", []*ledger.Row{row(1, ledger.Certificate, 20, ledger.Automatic{Order: le}), renewal(ledger.PendingReq)}, nil},
		{"renewed", []*ledger.Row{row(1, ledger.Certificate, 20, ledger.Automatic{Order: le, Failures: failed}), renewal(ledger.Certificate)}, nil},
		{"its renewal fails", []*ledger.Row{old, failingRenewal}, []string{"renewal-failed"}},
		{"by hand", []*ledger.Row{{Entry: ledger.Entry{ID: 1, Kind: ledger.Certificate}}}, nil},
	} {
		var r Report
		byID := map[int64]*ledger.Row{}
		for _, row := range c.rows {
			byID[row.ID] = row
		}
		Store{State: &ledger.State{Rows: c.rows, ByID: byID}, Chains: judging.Chains{Now: now}, Authorities: map[string]bool{"le": true}}.checkRenewals(&r)
		var codes []string
		for _, f := range r.Findings {
			codes = append(codes, f.Code)
		}
		if strings.Join(codes, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: %+v", c.name, r.Findings)
		}
	}
}
