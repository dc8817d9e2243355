package records_test

import (
	"os"
	"path/filepath"
	"testing"

	"certdesk/certstore"
	"certdesk/ui/details"
	"certdesk/ui/records"
	"certdesk/ui/uitest"
)

// removedDesk is a desk with the removed entries open.
func removedDesk(t testing.TB, w, h int) *uitest.Driver {
	t.Helper()
	r := uitest.ArticleDesk(t, w, h)
	r.Keys("T")
	r.Send(records.Trashed(trash(), nil))
	return r
}

// The latest removal comes first, each says who and when, and the filter narrows.
func TestRemovedEntries(t *testing.T) {
	r := removedDesk(t, 80, 24)
	r.Sees("1 of 2", "voice test was removed on 21 Nov 2026", "by root", "the CA's answer is refused until it is restored", "r restore", "P purge")
	r.Keys("/")
	r.Typing("webmail")
	r.Sees("1 of 2", "webmail 2021 was removed on 14 Nov 2026")
	r.Keys("esc", "esc")
	if r.Depth() != 1 {
		t.Errorf("%d screens, want the table alone", r.Depth())
	}
}

func TestNothingIsRemoved(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("T")
	r.Sees("reading the removed entries")
	r.Send(records.Trashed(nil, nil))
	r.Sees("Nothing is removed.")
	r.SeesNot("r restore", "/ filter")
}

// A store that is only read shows what was removed, and none of the verbs.
func TestRemovedEntriesOfAStoreThatIsOnlyRead(t *testing.T) {
	r := removedDesk(t, 80, 24)
	r.Desk.ReadOnly = true
	r.SeesNot("r restore", "P purge", "Next: r")
	r.Keys("P")
	r.Sees("read-only: nothing can be restored or purged here")
	if r.Depth() != 2 {
		t.Error("P opened a dialog")
	}
}

// r restores with one key and leads to the row.
func TestRestoringARemovedEntry(t *testing.T) {
	r := uitest.Binned(t, "first.example.org", "second.example.org")
	r.Keys("down")
	id := r.App.Top().(*records.RemovedScreen).IDs()[1]
	r.Keys("r")
	r.Sees("is restored: it is in the table again, as it was.", "1 of 1")
	if r.UnderCursor() != id || r.Depth() != 1 {
		t.Errorf("the cursor is on %d, want %d; %d screens", r.UnderCursor(), id, r.Depth())
	}
}

func keyFiles(t *testing.T, r *uitest.Driver) int {
	t.Helper()
	list, err := os.ReadDir(filepath.Join(r.Desk.Store.Dir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// P destroys only after the digits were typed and the button pressed; esc, enter, a wrong word and a paste do not.
func TestPurgingTakesTheDigits(t *testing.T) {
	r := uitest.Binned(t, "first.example.org")
	e := r.App.Top().(*records.RemovedScreen).Entries()[r.App.Top().(*records.RemovedScreen).IDs()[0]]
	word := e.Thumbprint[len(e.Thumbprint)-6:]
	r.Keys("P")
	r.Wait()
	r.Sees("Purge first.example.org for good?", "This destroys 2 files, its private key among them", "The CA's answer to this request can never be used", word)
	r.Keys("enter")
	r.Keys("P")
	r.Wait()
	r.Keys("tab", "enter")
	r.Sees("first")
	r.Paste(word)
	r.Keys("tab", "enter")
	r.Typing("xxxxxx")
	r.Keys("enter", "esc")
	if keyFiles(t, r) != 1 || r.Depth() != 2 {
		t.Fatalf("%d keys are left, %d screens", keyFiles(t, r), r.Depth())
	}
	r.Keys("P")
	r.Wait()
	r.Typing(word)
	r.Keys("tab", "enter")
	r.Sees("first.example.org is purged: 2 files destroyed", "Nothing is removed.")
	if keyFiles(t, r) != 0 {
		t.Error("the key is still there")
	}
}

// What is typed before the question can be read does not answer it.
func TestAPurgeIsNotAnsweredByKeysThatOvertakeIt(t *testing.T) {
	r := uitest.Binned(t, "first.example.org")
	e := r.App.Top().(*records.RemovedScreen).Entries()[r.App.Top().(*records.RemovedScreen).IDs()[0]]
	r.Keys("P")
	r.Typing(e.Thumbprint[len(e.Thumbprint)-6:])
	r.Keys("tab", "enter")
	if keyFiles(t, r) != 1 || r.Depth() != 3 {
		t.Errorf("%d keys, %d screens", keyFiles(t, r), r.Depth())
	}
}

// The dialog says which key stays, and for whom.
func TestAPurgeNamesWhoHasTheSameKey(t *testing.T) {
	r := removedDesk(t, 80, 24)
	r.Keys("down", "P")
	r.Send(details.DoomMsg{Doom: certstore.Doom{Files: []string{"a.pem"}, Heirs: uitest.Article()[2:3]}})
	r.Sees("This destroys 1 file.", "Its private key stays: webmail 2025 has the same one.")
}

func TestTheFilterOfWhatWasRemovedHasNoFields(t *testing.T) {
	r := removedDesk(t, 100, 24)
	r.Keys("/")
	r.Typing("status:expired")
	r.Sees("filtered by words alone, not by status:")
}
