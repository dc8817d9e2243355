package ui

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"certdesk/certstore"
)

// removedDesk is a desk with the removed entries open.
func removedDesk(t testing.TB, w, h int) *driver {
	t.Helper()
	r := articleDesk(t, w, h)
	r.keys("T")
	r.send(trashed(trash(), nil))
	return r
}

// The latest removal comes first, each says who and when, and the filter narrows.
func TestRemovedEntries(t *testing.T) {
	r := removedDesk(t, 80, 24)
	r.sees("1 of 2", "voice test was removed on 21 Nov 2026", "by root", "the CA's answer is refused until it is restored", "r restore", "P purge")
	r.keys("/")
	r.typing("webmail")
	r.sees("1 of 2", "webmail 2021 was removed on 14 Nov 2026")
	r.keys("esc", "esc")
	if r.depth() != 1 {
		t.Errorf("%d screens, want the table alone", r.depth())
	}
}

func TestNothingIsRemoved(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("T")
	r.sees("reading the removed entries")
	r.send(trashed(nil, nil))
	r.sees("Nothing is removed.")
	r.seesNot("r restore", "/ filter")
}

// A store that is only read shows what was removed, and none of the verbs.
func TestRemovedEntriesOfAStoreThatIsOnlyRead(t *testing.T) {
	r := removedDesk(t, 80, 24)
	r.app.d.ReadOnly = true
	r.seesNot("r restore", "P purge", "Next: r")
	r.keys("P")
	r.sees("read-only: nothing can be restored or purged here")
	if r.depth() != 2 {
		t.Error("P opened a dialog")
	}
}

// binned is a desk on a real store whose entries have all been removed, with the removed entries open.
func binned(t *testing.T, hosts ...string) *driver {
	t.Helper()
	r := liveDesk(t, hosts...)
	list, err := r.app.d.Store.List(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.app.d.Store.Remove(context.Background(), list, true); err != nil {
		t.Fatal(err)
	}
	r.run(r.app.relist())
	r.keys("T")
	return r
}

// r restores with one key and leads to the row.
func TestRestoringARemovedEntry(t *testing.T) {
	r := binned(t, "first.example.org", "second.example.org")
	r.keys("down")
	id := r.app.top().(*removedScreen).list.IDs[1]
	r.keys("r")
	r.sees("is restored: it is in the table again, as it was.", "1 of 1")
	if r.underCursor() != id || r.depth() != 1 {
		t.Errorf("the cursor is on %d, want %d; %d screens", r.underCursor(), id, r.depth())
	}
}

func keyFiles(t *testing.T, r *driver) int {
	t.Helper()
	list, err := os.ReadDir(filepath.Join(r.app.d.Store.Dir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// P destroys only after the digits were typed and the button pressed; esc, enter, a wrong word and a paste do not.
func TestPurgingTakesTheDigits(t *testing.T) {
	r := binned(t, "first.example.org")
	e := r.app.top().(*removedScreen).entries[r.app.top().(*removedScreen).list.IDs[0]]
	word := e.Thumbprint[len(e.Thumbprint)-purgeDigits:]
	r.keys("P")
	r.wait()
	r.sees("Purge first.example.org for good?", "This destroys 2 files, its private key among them", "The CA's answer to this request can never be used", word)
	r.keys("enter")
	r.keys("P")
	r.wait()
	r.keys("tab", "enter")
	r.sees("first")
	r.paste(word)
	r.keys("tab", "enter")
	r.typing("xxxxxx")
	r.keys("enter", "esc")
	if keyFiles(t, r) != 1 || r.depth() != 2 {
		t.Fatalf("%d keys are left, %d screens", keyFiles(t, r), r.depth())
	}
	r.keys("P")
	r.wait()
	r.typing(word)
	r.keys("tab", "enter")
	r.sees("first.example.org is purged: 2 files destroyed", "Nothing is removed.")
	if keyFiles(t, r) != 0 {
		t.Error("the key is still there")
	}
}

// What is typed before the question can be read does not answer it.
func TestAPurgeIsNotAnsweredByKeysThatOvertakeIt(t *testing.T) {
	r := binned(t, "first.example.org")
	e := r.app.top().(*removedScreen).entries[r.app.top().(*removedScreen).list.IDs[0]]
	r.keys("P")
	r.typing(e.Thumbprint[len(e.Thumbprint)-purgeDigits:])
	r.keys("tab", "enter")
	if keyFiles(t, r) != 1 || r.depth() != 3 {
		t.Errorf("%d keys, %d screens", keyFiles(t, r), r.depth())
	}
}

// The dialog says which key stays, and for whom.
func TestAPurgeNamesWhoHasTheSameKey(t *testing.T) {
	r := removedDesk(t, 80, 24)
	r.keys("down", "P")
	r.send(doomMsg{doom: certstore.Doom{Files: []string{"a.pem"}, Heirs: article()[2:3]}})
	r.sees("This destroys 1 file.", "Its private key stays: webmail 2025 has the same one.")
}
