package ui_test

import (
	"strings"
	"testing"

	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// A press selects a row, a second one opens it; keys of the footer, actions of the palette, badges of the header and
// buttons are pressed where they are drawn.
func TestThePressOfTheMouse(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 30)
	first := r.UnderCursor()
	r.Click("partner")
	r.Wait()
	if r.Depth() != 1 || r.UnderCursor() == first {
		t.Fatalf("a press does not select:\n%s", r.Screen())
	}
	r.Sees("partner is not trusted")
	r.Click("partner")
	r.Wait()
	r.Sees("Chain", "q leave")
	r.Click("q leave")
	r.Wait()
	if r.Depth() != 1 {
		t.Fatalf("the footer is not pressed:\n%s", r.Screen())
	}
	r.Click("1 expiring")
	r.Wait()
	r.Sees("secure_smtp", "hidden")
	r.SeesNot("webmail 2025")
	r.Click("hidden")
	r.Wait()
	r.Sees("webmail 2025")
	r.Keys(":")
	r.Wait()
	r.Click("only pending")
	r.Wait()
	r.Sees("/ is:pending", "7 hidden")
}

// From a page that q leaves a badge goes back to the table; what a person is at in a form is not lost by it.
func TestABadgeIsPressedFromAnotherPage(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 30)
	r.Keys("enter")
	r.Click("4 faults")
	r.Wait()
	r.Sees("partner", "hidden")
	r.Click("hidden")
	r.Wait()
	r.Keys("n")
	r.Click("4 faults")
	r.Wait()
	if r.Depth() == 1 {
		t.Fatalf("a badge leaves a form:\n%s", r.Screen())
	}
}

// A dialog that has just opened answers a press as little as a key, and its buttons are what is pressed, not what the
// focus is on.
func TestAButtonIsPressedOnceItIsLive(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 30)
	store := r.UnderCursor()
	r.Keys("D")
	r.Click("( Remove )")
	r.Sees("one moment")
	r.Wait()
	r.Click("[ Cancel ]")
	r.Wait()
	if r.Depth() != 1 || r.UnderCursor() != store {
		t.Fatalf("Cancel is not pressed:\n%s", r.Screen())
	}
}

// Each option, tick and switch of a form is answered by one press, wherever the cursor is.
func TestAnOptionIsPressed(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 30)
	press := func(text string) {
		r.Click(text)
		r.Wait()
	}
	r.Keys("n", "tab")
	r.Wait()
	press("( ) A self-signed certificate")
	r.Sees("( ) A request for a CA", "(o) A self-signed certificate")
	press("(o) A self-signed certificate")
	r.Sees("(o) A self-signed certificate")
	r.Keys("ctrl+n")
	r.Wait()
	r.Typing("web.example.org mail.example.org")
	r.Keys("enter")
	press("[x] mail.example.org")
	press("[ ] autodiscover names")
	r.Sees("[ ] mail.example.org", "[x] autodiscover names", "[x] autodiscover.example.org")
	press("[ ] mail.example.org")
	r.Sees("[x] mail.example.org")
}

// The second half of a double press is not for the page that the first half has opened.
func TestADoublePressIsOne(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 30)
	r.Click("n new")
	r.Click("esc back")
	if r.Depth() == 1 {
		t.Error("what just opened is pressed already")
	}
	r.Wait()
	r.Click("esc back")
	if r.Depth() != 1 {
		t.Errorf("it is never pressed:\n%s", r.Screen())
	}
}

// The wheel moves texts and rows, and answers nothing.
func TestTheWheelScrolls(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("enter")
	before := r.Screen()
	if r.Wheel(2); r.Screen() == before {
		t.Error("a page is not scrolled")
	}
	if r.Wheel(-2); r.Screen() != before {
		t.Error("it does not come back")
	}
	r.Keys("esc")
	first := r.UnderCursor()
	if r.Wheel(1); r.UnderCursor() == first {
		t.Error("the rows do not move")
	}
	r.Keys("D")
	r.Wait()
	before = r.Screen()
	if r.Wheel(1); r.Screen() != before {
		t.Error("the wheel moves the focus of a question")
	}
}

// Whatever the mouse does a key does, and a key gives the mouse back to the terminal and takes it again.
func TestAKeyGivesTheMouseBack(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("M")
	r.Sees("the mouse selects text now")
	if !r.Desk.NoMouse {
		t.Error("the mouse is still taken")
	}
	r.Keys("f9")
	r.Sees("lets it select text again")
	for _, v := range screen.Globals() {
		if v.Is(screen.Keys.Mouse) && strings.Contains(v.Says(), "mouse") {
			return
		}
	}
	t.Error("the palette does not have it")
}
