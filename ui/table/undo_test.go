package table_test

import (
	"context"
	"testing"

	"certdesk/certstore"
	"certdesk/ui/uitest"
)

// removeByKeys removes the marked requests of the desk, or the one under the cursor.
func removeByKeys(r *uitest.Driver) {
	r.Keys("D")
	r.Wait()
	r.Typing("lose the key")
	r.Keys("enter", "enter")
}

func TestOneKeyTakesBackARemove(t *testing.T) {
	r := uitest.LiveDesk(t, "first.example.org", "second.example.org")
	r.Keys("u")
	r.Sees("nothing to undo")
	e := r.OnName("second.example.org")
	removeByKeys(r)
	r.Sees("second.example.org is removed; u takes it back", "u undo")
	r.Keys("u")
	r.Sees("second.example.org is restored: it is in the table again, as it was.")
	if r.UnderCursor() != e.ID || len(r.Desk.Entries) != 2 {
		t.Errorf("the cursor is on %d of %d", r.UnderCursor(), len(r.Desk.Entries))
	}
	r.Keys("u")
	r.Sees("nothing to undo")
}

// What was removed together comes back together; before that the one before.
func TestRemovesAreTakenBackTheLatestFirst(t *testing.T) {
	r := uitest.LiveDesk(t, "a.example.org", "b.example.org", "c.example.org")
	r.OnName("a.example.org")
	removeByKeys(r)
	r.Keys("*")
	removeByKeys(r)
	r.Keys("enter")
	r.Sees("No certificate is here yet", "u undo")
	r.Keys("u")
	r.Sees("2 are restored: b.example.org, c.example.org.")
	r.Keys("u")
	r.Sees("a.example.org is restored")
	if len(r.Desk.Entries) != 3 {
		t.Errorf("%d are listed", len(r.Desk.Entries))
	}
}

// Somebody else was faster: by command, or in another window.
func TestAnUndoThatComesTooLateSaysSo(t *testing.T) {
	r := uitest.LiveDesk(t, "a.example.org", "b.example.org")
	store := r.Desk.Store
	e := r.OnName("a.example.org")
	removeByKeys(r)
	if _, err := store.Restore(context.Background(), []int64{e.ID}); err != nil {
		t.Fatal(err)
	}
	r.Keys("u")
	r.Sees("nothing to undo: a.example.org was not removed.")
	list, err := store.List(context.Background(), false)
	if err != nil || len(list) != 2 || list[0].Kind != certstore.PendingReq {
		t.Errorf("%d, %v", len(list), err)
	}
}
