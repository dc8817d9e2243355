package details_test

import (
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/ui/uitest"
)

// asked is a desk on a store with two pending requests, the cursor on the first.
func asked(t *testing.T) (r *uitest.Driver, first certstore.Entry) {
	t.Helper()
	r = uitest.LiveDesk(t, "first.example.org", "second.example.org")
	return r, r.OnName("first.example.org")
}

func TestAnEntryIsRenamedInOneField(t *testing.T) {
	r, first := asked(t)
	r.Keys("N", "ctrl+u")
	r.Wait()
	r.Typing("the front door")
	r.Keys("enter")
	r.Sees("first.example.org ("+first.Short()+") is now called the front door", "pending  the front door")
	if e := r.OnName("the front door"); e.ID != first.ID || r.Depth() != 1 {
		t.Errorf("entry %d of %d screens", e.ID, r.Depth())
	}
	r.Keys("enter", "N")
	r.Wait()
	r.Typing(" 2")
	r.Keys("enter")
	r.Sees("called the front door 2")
	r.Keys("down", "down")
	r.Sees("Friendly name  the front door 2")
	if r.Depth() != 2 {
		t.Error("the details were left")
	}
	d, err := r.Desk.Store.Show(t.Context(), first.ID)
	if err != nil || len(d.History) != 3 || d.History[2].Text != "renamed the front door ("+first.Short()+") to the front door 2" {
		t.Errorf("%v: %+v", err, d.History)
	}
}

func TestANameThatCannotBeGivenIsRefusedAtItsField(t *testing.T) {
	r, first := asked(t)
	for name, want := range map[string]string{"": "the friendly name is empty", strings.Repeat("x", 65): "is 65 characters long"} {
		r.Keys("N", "ctrl+u")
		r.Wait()
		r.Paste(name)
		r.Keys("enter")
		r.Sees(want)
		r.Keys("esc")
	}
	r.Keys("N", "enter")
	r.Sees("one moment")
	r.Wait()
	r.Keys("enter")
	r.Sees("is called that already")
	r.Keys("N", "ctrl+u")
	r.Typing("SECOND.example.org")
	r.Sees("second.example.org", "name too: commands then want a thumbprint")
	r.Keys("esc")
	if e := r.OnName("first.example.org"); e.ID != first.ID {
		t.Error("it was renamed")
	}
}

// What goes wrong in the store stays in the dialog until it is read.
func TestARenameThatFailsSaysWhy(t *testing.T) {
	r, first := asked(t)
	r.Keys("N")
	r.Wait()
	if _, err := r.Desk.Store.Remove(t.Context(), []certstore.Entry{first}, true); err != nil {
		t.Fatal(err)
	}
	r.Typing("x")
	r.Keys("enter")
	r.Sees("Rename first.example.org", "was removed", "r among the removed entries (T)")
	r.Keys("esc")
	if r.Depth() != 1 {
		t.Error("esc does not close it")
	}
}
