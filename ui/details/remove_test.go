package details_test

import (
	"errors"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/details"
	"certdesk/ui/uitest"
)

// removing is whether the remove dialog has called the store; without a store the call itself is looked at.
func removing(r *uitest.Driver) bool {
	s, ok := r.App.Top().(*details.RemoveScreen)
	return ok && s.Working()
}

// A dialog that has just opened removes nothing, whatever keys were in flight; enter on it is Cancel.
func TestEnterOnAJustOpenedRemoveDialogRemovesNothing(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("D")
	r.Sees("Remove broken?", "( Cancel )")
	r.Keys("tab", "enter", "enter")
	if removing(r) || r.Depth() != 2 {
		t.Fatal("a key in flight answered the dialog")
	}
	r.Wait()
	r.Keys("enter")
	if r.Depth() != 1 {
		t.Error("enter is not Cancel")
	}
}

// A pending request goes only for the typed words.
func TestAPendingRequestWantsTheWords(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Onto(2)
	r.Keys("D")
	r.Sees("Remove the pending request secure_client?", "Type \"lose the key\"")
	r.Wait()
	r.Typing("lose the keys")
	r.Keys("tab", "enter")
	if removing(r) || r.Depth() != 2 {
		t.Fatal("the wrong words were taken")
	}
	r.Keys("backspace")
	r.App.Top().(*details.RemoveScreen).D.Store = nil
	next, answer := r.App.Top().(*details.RemoveScreen).Question.Update(uitest.Press("enter"))
	if answer == 0 {
		t.Errorf("the right words were not taken: %+v", next)
	}
}

// A refusal stays on the screen, with the reason and the way out.
func TestARefusalIsShown(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("D")
	e, _ := r.Desk.Entry(8)
	err := fail.New(fail.Locked, "try again in a moment", "%w", errors.New("another writer holds the store (process 4711)"))
	r.Send(details.MakeRemovedMsg(certstore.Results{Refused: []certstore.Refusal{{Entry: e, Err: err}}}))
	r.Sees("broken was not removed", "process 4711", "Try again in a moment.", "[ Close ]")
	r.Keys("enter")
	if r.Depth() != 1 {
		t.Error("Close does not close")
	}
}
