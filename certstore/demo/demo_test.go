package demo

import (
	"os"
	"testing"
	"time"

	"certdesk/certstore/trust"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func open(t *testing.T) Desk {
	t.Helper()
	d, err := New(t.Context(), noon, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func TestAnEntryInEveryState(t *testing.T) {
	list, err := open(t).Store.List(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	roots := map[trust.RootType]bool{}
	for _, e := range list {
		t.Logf("%-14s %-22s %-12s %s", e.Verdict.Word, e.FriendlyName, e.Verdict.RootType, e.Verdict.Reason)
		words[e.Verdict.Word], roots[e.Verdict.RootType] = true, true
	}
	for _, word := range []string{"pending", "invalid", "expired", "not yet valid", "untrusted", "expiring", "valid", "unknown",
		"revoked", "unchecked"} {
		if !words[word] {
			t.Errorf("no entry is %s", word)
		}
	}
	for _, root := range []trust.RootType{trust.RootNone, trust.RootThirdParty, trust.RootEnterprise, trust.RootUnknown} {
		if !roots[root] {
			t.Errorf("no entry has the root type %s", root)
		}
	}
	removed, err := open(t).Store.List(t.Context(), true)
	if err != nil || len(removed) != 1 {
		t.Errorf("removed: %v %v", removed, err)
	}
}

func TestTheSameClockGivesTheSameThumbprints(t *testing.T) {
	a, err := open(t).Store.List(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	b, err := open(t).Store.List(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a {
		if a[i].Thumbprint != b[i].Thumbprint {
			t.Errorf("%s: %s and %s", a[i].FriendlyName, a[i].Thumbprint, b[i].Thumbprint)
		}
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	d := open(t)
	dir := d.Store.Dir()
	d.Close()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", dir, err)
	}
}

func BenchmarkDemo(b *testing.B) {
	for b.Loop() {
		d, err := New(b.Context(), noon, false)
		if err != nil {
			b.Fatal(err)
		}
		d.Close()
	}
}

// One certificate has one verdict: the list's, which reads the journal, and that of its details, which read the bytes.
func TestTheDetailsSayWhatTheListSays(t *testing.T) {
	d := open(t)
	list, err := d.Store.List(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		shown, err := d.Store.Show(t.Context(), e.ID)
		if err != nil || shown.Entry.Verdict.Status != e.Verdict.Status || shown.Entry.Verdict.Reason != e.Verdict.Reason {
			t.Errorf("%s: listed as %s (%s), shown as %s (%s), %v", e.FriendlyName, e.Verdict.Status, e.Verdict.Reason,
				shown.Entry.Verdict.Status, shown.Entry.Verdict.Reason, err)
		}
	}
}
