package ui_test

import (
	"context"
	"slices"
	"testing"

	"certdesk/ui"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// Removing asks the store, the row goes, and the notice says how to take it back.
func TestRemovingARequest(t *testing.T) {
	r := uitest.LiveDesk(t, "first.example.org", "second.example.org")
	r.Sees("first.example.org", "1 of 2")
	r.Keys("enter")
	r.Keys("end")
	r.Sees("Make another like it", "certdesk new", "New-ExchangeCertificate")
	r.Keys("D")
	r.Wait()
	r.Typing("lose the key")
	r.Keys("tab", "enter")
	r.Sees("first.example.org is removed", "certdesk restore", "1 of 1")
	if r.Depth() != 1 {
		t.Errorf("%d screens are open, want the table alone", r.Depth())
	}
}

// A details page follows the store: what another process removed is said to be removed, by whom, and can be restored
// there.
func TestDetailsOfWhatIsRemovedMeanwhile(t *testing.T) {
	r := uitest.LiveDesk(t, "first.example.org")
	r.Keys("enter")
	list, err := r.Desk.Store.List(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Desk.Store.Remove(context.Background(), list, true); err != nil {
		t.Fatal(err)
	}
	r.Run(r.App.Relist())
	r.Sees("removed", "first.example.org was removed on", "Next: r restores it", "r restore", "P purge")
	r.SeesNot("D remove")
	r.Keys("r")
	r.Sees("first.example.org is restored", "1 of 1")
	if r.Depth() != 1 {
		t.Errorf("%d screens are open, want the table alone", r.Depth())
	}
}

// What another process purged while its page is open is said to be gone, and nothing can be done with it.
func TestDetailsOfWhatIsPurgedMeanwhile(t *testing.T) {
	r := uitest.Binned(t, "first.example.org")
	r.Keys("enter")
	removed, err := r.Desk.Store.List(context.Background(), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Desk.Store.Purge(context.Background(), []int64{removed[0].ID}); err != nil {
		t.Fatal(err)
	}
	r.Run(r.App.Relist())
	r.Sees("This entry has been purged meanwhile")
	r.SeesNot("r restore", "y copy")
	r.Keys("esc")
	r.Sees("Nothing is removed.")
}

// Changes that come while a listing is under way cause one more listing, not one each; none is lost.
func TestListingsDoNotPileUp(t *testing.T) {
	r := uitest.LiveDesk(t, "first.example.org")
	under := r.App.Relist()
	for range 5 {
		if r.App.Relist() != nil {
			t.Fatal("a second listing was started beside the first")
		}
	}
	uitest.Request(context.Background(), t, r.Desk.Store, "second.example.org")
	r.Run(under)
	r.Sees("second.example.org")
	if r.App.Live().Listing() || r.App.Live().Again() {
		t.Error("a listing is still thought to be under way")
	}
}

// The minute's tick judges the list anew and sets the next one.
func TestEveryMinuteTheListIsJudgedAnew(t *testing.T) {
	r := uitest.LiveDesk(t, "first.example.org")
	r.Timers = []screen.TimerMsg{{Owner: ui.AppOwner, Msg: ui.MinuteMsg{}}}
	uitest.Request(context.Background(), t, r.Desk.Store, "second.example.org")
	r.Wait()
	r.Sees("second.example.org")
	if !slices.ContainsFunc(r.Timers, func(set screen.TimerMsg) bool { return set.Msg == ui.MinuteMsg{} }) {
		t.Errorf("of the timers %v none is the next minute's", r.Timers)
	}
}

// n resumes a form that was left, and offers to start over.
func TestNewResumesWhatWasLeft(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("n")
	r.Keys("tab")
	r.Typing("kept")
	for r.Depth() > 1 {
		r.Keys("esc")
	}
	r.Keys("n")
	r.Sees("Resume the unfinished form?", "( Resume )", "( Start over )")
	r.Wait()
	r.Keys("enter")
	r.Sees("kept")
	if r.Depth() != 2 {
		t.Errorf("%d screens are open", r.Depth())
	}
}
