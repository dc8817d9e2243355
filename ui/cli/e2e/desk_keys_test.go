//go:build linux

package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// TestAnswersAreThereAgain leaves the form by esc and comes back to every answer; only "Start over" and quitting
// lose them, and both are asked.
func TestAnswersAreThereAgain(t *testing.T) {
	t.Parallel()
	s := screensSite(t)
	p := newTmux(t).desk(s, "admin")
	wizardPage(2)(p, s)
	p.paste("second.example.org\n")
	p.shows("Names (2 of 2 on)")
	p.does("Whose certificate", "C-n")
	p.typed("ProExchange")
	p.shows("O=ProExchange")
	p.does("What key?", "C-n")
	p.goTo("may be exported", "Tab")
	p.does("[x] may be exported", "Space")
	p.escapes()

	p.does("Resume the unfinished form?", "n")
	p.choose("Resume")
	p.shows("What do you need?", "Friendly name made")
	p.does("Names (2 of 2 on)", "C-n")
	p.shows("made.example.org common name", "second.example.org")
	p.does("O=ProExchange", "C-n")
	p.does("[x] may be exported", "C-n")
	p.escapes()

	p.does("Quit with an unfinished form?", "q")
	p.choose("Cancel")
	p.until("the table", isTable)
	p.does("Resume the unfinished form?", "n")
	p.choose("Start over")
	p.shows("What do you need?", "the common name")
	p.escapes()
	p.keys("q")
	p.until("the end", func(string) bool { return p.ask("#{pane_dead}") == "1" })
}

// TestBackFromAnInvalidField goes back from fields with wrong answers, which stay as they are.
func TestBackFromAnInvalidField(t *testing.T) {
	t.Parallel()
	s := screensSite(t)
	p := newTmux(t).desk(s, "admin")
	p.does("What do you need?", "n")
	p.does("Valid for days", "Down", "Space")
	p.goTo("Valid for days", "Tab")
	p.keys("C-u")
	p.typed("a year")
	p.does("type a number of days", "C-n")
	p.onto("Valid for days ► a year")
	p.keys("BTab")
	p.onto("Friendly name")
	p.keys("BTab")
	p.onto("(o) A self-signed")
	p.does("(o) A request for a CA", "Up", "Space")
	p.does("Which names", "C-n")
	p.typed("good.example.org, not_a_name")
	p.does("not_a_name", "C-n")
	p.onto("not_a_name")
	p.shows("2 of 7", "good.example.org common name")
	p.does("What do you need?", "Escape")
	p.does("Which names", "C-n")
	p.onto("not_a_name")
	p.escapes()
}

// TestARemoveDialogIsNotAnsweredByHaste presses enter when the dialog has only just opened, and before it has.
func TestARemoveDialogIsNotAnsweredByHaste(t *testing.T) {
	t.Parallel()
	s := screensSite(t)
	p := newTmux(t).desk(s, "admin")
	p.goTo("second", "j")
	before := s.rows()
	for _, haste := range [][]string{{"Enter"}, {"Tab", "Enter"}, {"Right", "Enter", "Enter"}} {
		p.does("Remove second?", "D")
		p.keys(haste...)
		p.escapes()
		p.keys(append([]string{"D"}, haste...)...)
		p.shows("second")
		p.escapes()
	}
	p.goTo("waiting", "k")
	p.does(`Type "lose the key"`, "D")
	p.keys("Tab", "Enter")
	p.paste("lose the key\n")
	p.keys("Enter")
	p.escapes()
	if after := s.rows(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("haste removed something: %v, had %v", after, before)
	}
	p.does(`Type "lose the key"`, "D")
	p.until("the dialog to hear", func(screen string) bool {
		if !strings.Contains(screen, "to go on: lose") {
			p.keys("BSpace", "BSpace", "BSpace", "BSpace")
			p.typed("lose")
		}
		return strings.Contains(screen, "to go on: lose")
	})
	p.typed(" the key")
	p.shows("to go on: lose the key")
	p.choose("Remove the request")
	p.shows("waiting is removed")
	p.hides("pending")
	p.goTo("second", "j")
	p.does("Remove second?", "D")
	p.choose("Remove")
	p.shows("second is removed")
	if after := s.rows(); len(after) != 1 || after[0].FriendlyName != "first" {
		t.Errorf("left: %+v", after)
	}
}

// TestAPastedListSubmitsNothing pastes 300 names in 300 lines, and 20 on a terminal that sends a paste as keys.
func TestAPastedListSubmitsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ok(s.request("waiting")[4:]...)
	p := newTmux(t).desk(s, "admin")
	p.does("What do you need?", "n")
	p.does("Which names", "C-n")
	var list strings.Builder
	for i := range 300 {
		fmt.Fprintf(&list, "host%03d.example.org\n", i)
	}
	p.paste(list.String())
	p.shows("Names (300 of 300 on)", "2 of 7", "host000.example.org common name")
	p.onto("Add a name")
	var keys []string
	for i := range 20 {
		keys = append(keys, fmt.Sprintf("key%02d.example.org", i), "C-m")
	}
	p.keys(keys...)
	p.shows("Names (320 of 320 on)", "2 of 7")
	p.onto("Add a name")
	p.paste(list.String() + "another.example.org, HOST000.example.org\r\n\r\n")
	p.shows("Names (321 of 321 on)")
	p.escapes()
	p.paste("q\nn\ni\n")
	p.does("Quit with an unfinished form?", "q")
	p.choose("Quit")
	p.until("the end", func(string) bool { return p.ask("#{pane_dead}") == "1" })
	if rows := s.rows(); len(rows) != 1 {
		t.Errorf("something was made: %+v", rows)
	}
}
