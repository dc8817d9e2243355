package ledger

import (
	"slices"
	"testing"
	"time"

	"certdesk/certstore/trust"
)

// bought is a certificate of a CA that lasts so many days.
func bought(days int, names ...string) Entry {
	return Entry{ID: 1, Kind: Certificate, Names: names, Issuer: "CN=CA", SPKI: "one", KeyAlgorithm: "RSA", KeySize: 2048,
		HasKey: true, Exportable: true, Wanted: SMTP, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(0, 0).AddDate(0, 0, days),
		Verdict: trust.Verdict{Status: trust.Valid}}
}

func TestEachLossIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		change func(e *Entry)
		want   []Loss
	}{
		"nothing":               {func(*Entry) {}, nil},
		"a name":                {func(e *Entry) { e.Names = e.Names[:1] }, []Loss{LostNames}},
		"self-signed":           {func(e *Entry) { e.SelfSigned = true }, []Loss{LostTrust}},
		"untrusted":             {func(e *Entry) { e.Verdict.Status = trust.Untrusted }, []Loss{LostTrust}},
		"expiring is accepted":  {func(e *Entry) { e.Verdict.Status = trust.Expiring }, nil},
		"no key":                {func(e *Entry) { e.HasKey, e.Exportable = false, false }, []Loss{LostKey}},
		"a service":             {func(e *Entry) { e.Wanted = IMAP }, []Loss{LostServices}},
		"in use is as wanted":   {func(e *Entry) { e.Wanted, e.Services = 0, SMTP }, nil},
		"it ends sooner":        {func(e *Entry) { e.NotAfter = e.NotAfter.AddDate(0, 0, -1) }, []Loss{LostTime}},
		"a shorter key":         {func(e *Entry) { e.KeySize = 1024 }, []Loss{LostStrength}},
		"a key of another kind": {func(e *Entry) { e.KeyAlgorithm, e.KeySize = "ECDSA", 256 }, nil},
		"a key that stays":      {func(e *Entry) { e.Exportable = false }, []Loss{LostExport}},
		"a request has no dates": {func(e *Entry) {
			e.Kind, e.NotAfter, e.Verdict.Status = PendingReq, time.Time{}, trust.PendingRequest
		}, nil},
		"the worst first": {func(e *Entry) { e.Names, e.NotAfter, e.Exportable = nil, e.NotBefore, false },
			[]Loss{LostNames, LostTime, LostExport}},
	} {
		old := bought(90, "mail.a.test", "imap.a.test")
		next := old
		next.Names = slices.Clone(old.Names)
		c.change(&next)
		if got := Compare(old, next).Losses; !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestANameIsLostThatNothingInTheOtherCovers(t *testing.T) {
	for _, c := range []struct{ old, next, lost, gained []string }{
		{[]string{"a.test", "b.test"}, []string{"B.test", "c.test"}, []string{"a.test"}, []string{"c.test"}},
		{[]string{"a.x.test", "b.y.x.test"}, []string{"*.x.test"}, []string{"b.y.x.test"}, []string{"*.x.test"}},
		{[]string{"*.x.test"}, []string{"a.x.test", "*.X.test"}, nil, nil},
		{[]string{"me@x.test"}, []string{"*.test"}, []string{"me@x.test"}, []string{"*.test"}},
		{[]string{"192.0.2.1"}, []string{"*.0.2.1"}, []string{"192.0.2.1"}, []string{"*.0.2.1"}},
	} {
		got := Compare(bought(1, c.old...), bought(1, c.next...))
		if !slices.Equal(got.Lost, c.lost) || !slices.Equal(got.Gained, c.gained) {
			t.Errorf("%q to %q: lost %q, gained %q", c.old, c.next, got.Lost, got.Gained)
		}
	}
	byCommonName := Entry{Common: "mail.a.test"}
	if got := Compare(byCommonName, bought(1, "mail.a.test")); got.Lost != nil {
		t.Errorf("lost %q, which is the common name", got.Lost)
	}
}

func TestTheOldOneComesFirst(t *testing.T) {
	old, later := bought(90), bought(90)
	later.ID, later.NotBefore = 2, old.NotBefore.AddDate(0, 0, 1)
	request := Entry{ID: 3, Kind: PendingReq}
	renewal := bought(90) // which began before what it renews
	renewal.ID, renewal.RenewalOf, renewal.NotBefore = 4, 2, old.NotBefore
	for _, pair := range [][2]Entry{{old, later}, {later, request}, {later, renewal}} {
		for _, given := range [][2]Entry{pair, {pair[1], pair[0]}} {
			if first, second := OldFirst(given[0], given[1]); first.ID != pair[0].ID || second.ID != pair[1].ID {
				t.Errorf("%d and %d came as %d, %d", pair[0].ID, pair[1].ID, first.ID, second.ID)
			}
		}
	}
}
