package ui

import (
	"errors"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/fail"
)

// pressed is whether the remove dialog has called the store; without a store the call itself is looked at.
func (r *driver) removing() bool {
	s, ok := r.app.top().(*removeScreen)
	return ok && s.working
}

// onto moves the cursor to an entry.
func (r *driver) onto(id int64) {
	r.t.Helper()
	r.keys("home")
	for range len(r.app.d.Entries) {
		if r.underCursor() == id {
			return
		}
		r.keys("down")
	}
	r.t.Fatalf("entry %d is not listed", id)
}

// A dialog that has just opened removes nothing, whatever keys were in flight; enter on it is Cancel.
func TestEnterOnAJustOpenedRemoveDialogRemovesNothing(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("D")
	r.sees("Remove broken?", "( Cancel )")
	r.keys("tab", "enter", "enter")
	if r.removing() || r.depth() != 2 {
		t.Fatal("a key in flight answered the dialog")
	}
	r.wait()
	r.keys("enter")
	if r.depth() != 1 {
		t.Error("enter is not Cancel")
	}
}

// A pending request goes only for the typed words.
func TestAPendingRequestWantsTheWords(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.onto(2)
	r.keys("D")
	r.sees("Remove the pending request secure_client?", "Type \"lose the key\"")
	r.wait()
	r.typing("lose the keys")
	r.keys("tab", "enter")
	if r.removing() || r.depth() != 2 {
		t.Fatal("the wrong words were taken")
	}
	r.keys("backspace")
	r.app.top().(*removeScreen).D.Store = nil
	next, answer := r.app.top().(*removeScreen).Question.Update(press("enter"))
	if answer == 0 {
		t.Errorf("the right words were not taken: %+v", next)
	}
}

// A refusal stays on the screen, with the reason and the way out.
func TestARefusalIsShown(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("D")
	e, _ := r.app.d.Entry(8)
	err := fail.New(fail.Locked, "try again in a moment", "%w", errors.New("another writer holds the store (process 4711)"))
	r.send(removedMsg{results: certstore.Results{Refused: []certstore.Refusal{{Entry: e, Err: err}}}})
	r.sees("broken was not removed", "process 4711", "try again in a moment", "[ Close ]")
	r.keys("enter")
	if r.depth() != 1 {
		t.Error("Close does not close")
	}
}
