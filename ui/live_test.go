package ui

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/ui/screen"
)

// liveDesk is a desk on a real store with one pending request for each host.
func liveDesk(t *testing.T, hosts ...string) *driver {
	t.Helper()
	ctx := context.Background()
	store, err := certstore.Open(ctx, certstore.Options{Dir: filepath.Join(t.TempDir(), "store")})
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range hosts {
		request(ctx, t, store, host)
	}
	return liveOn(t, store.Dir())
}

// liveOn is a desk on the store of a directory.
func liveOn(t *testing.T, dir string) *driver {
	t.Helper()
	store, err := certstore.Open(context.Background(), certstore.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	c := hub()
	c.Store, c.Now = store, time.Now
	return drive(t, c, 80, 24)
}

// request makes a pending request in the store.
func request(ctx context.Context, t *testing.T, store *certstore.Store, host string) {
	t.Helper()
	_, err := store.New(ctx, certstore.Request{
		Subject: names.Subject{{Type: "CN", Value: host}}, Names: []names.Name{{Kind: names.DNS, Value: host}},
		Key: certstore.KeySpec{Algorithm: "ecdsa-p256"},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Removing asks the store, the row goes, and the notice says how to take it back.
func TestRemovingARequest(t *testing.T) {
	r := liveDesk(t, "first.example.org", "second.example.org")
	r.sees("first.example.org", "1 of 2")
	r.keys("enter")
	r.keys("end")
	r.sees("Make another like it", "certdesk new", "New-ExchangeCertificate")
	r.keys("D")
	r.wait()
	r.typing(loseKey)
	r.keys("tab", "enter")
	r.sees("first.example.org is removed", "certdesk restore", "1 of 1")
	if r.depth() != 1 {
		t.Errorf("%d screens are open, want the table alone", r.depth())
	}
}

// A details page follows the store: what another process removed is said to be removed, by whom, and can be restored there.
func TestDetailsOfWhatIsRemovedMeanwhile(t *testing.T) {
	r := liveDesk(t, "first.example.org")
	r.keys("enter")
	list, err := r.app.d.Store.List(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.app.d.Store.Remove(context.Background(), list, true); err != nil {
		t.Fatal(err)
	}
	r.run(r.app.relist())
	r.sees("removed", "first.example.org was removed on", "Next: r restores it", "r restore", "P purge")
	r.seesNot("D remove")
	r.keys("r")
	r.sees("first.example.org is restored", "1 of 1")
	if r.depth() != 1 {
		t.Errorf("%d screens are open, want the table alone", r.depth())
	}
}

// What another process purged while its page is open is said to be gone, and nothing can be done with it.
func TestDetailsOfWhatIsPurgedMeanwhile(t *testing.T) {
	r := binned(t, "first.example.org")
	r.keys("enter")
	id := r.app.top().(*detailsScreen).entry.ID
	if _, err := r.app.d.Store.Purge(context.Background(), []int64{id}); err != nil {
		t.Fatal(err)
	}
	r.run(r.app.relist())
	r.sees("This entry has been purged meanwhile")
	r.seesNot("r restore", "y copy")
	r.keys("esc")
	r.sees("Nothing is removed.")
}

// Changes that come while a listing is under way cause one more listing, not one each; none is lost.
func TestListingsDoNotPileUp(t *testing.T) {
	r := liveDesk(t, "first.example.org")
	under := r.app.relist()
	for range 5 {
		if r.app.relist() != nil {
			t.Fatal("a second listing was started beside the first")
		}
	}
	request(context.Background(), t, r.app.d.Store, "second.example.org")
	r.run(under)
	r.sees("second.example.org")
	if r.app.live.listing || r.app.live.again {
		t.Error("a listing is still thought to be under way")
	}
}

// The minute's tick judges the list anew and sets the next one.
func TestEveryMinuteTheListIsJudgedAnew(t *testing.T) {
	r := liveDesk(t, "first.example.org")
	r.timers = []screen.TimerMsg{{Owner: appOwner, Msg: minuteMsg{}}}
	request(context.Background(), t, r.app.d.Store, "second.example.org")
	r.wait()
	r.sees("second.example.org")
	if len(r.timers) != 1 {
		t.Errorf("%d timers are set, want the next minute's", len(r.timers))
	}
}

// n resumes a form that was left, and offers to start over.
func TestNewResumesWhatWasLeft(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("n")
	draft := r.app.forms.draft
	if draft == nil {
		draft = &wizardDraft{}
		r.app.forms.draft = draft
	}
	for r.depth() > 1 {
		r.keys("esc")
	}
	r.app.forms.draft = draft
	r.keys("n")
	r.sees("Resume the unfinished form?", "( Resume )", "( Start over )")
	r.wait()
	r.keys("enter")
	if r.depth() != 2 || r.app.forms.draft != draft {
		t.Errorf("%d screens; the draft was lost: %v", r.depth(), r.app.forms.draft != draft)
	}
}
