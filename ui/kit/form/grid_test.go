package form

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// aGrid has two rows and two columns; one cell suggests something.
func aGrid() (*Form, *Grid) {
	g := NewGrid("g", "Hosts", []string{"web", "mail"}, []string{"outside", "inside"}).With(
		func(row, column int) string { return "hint " + string(rune('0'+row)) + string(rune('0'+column)) },
		func(text string) string {
			if strings.Contains(text, "_") {
				return "no underscore"
			}
			return ""
		})
	g.SetCell(0, 0, "", "")
	g.SetCell(0, 1, "", "srv.example.org")
	g.SetCell(1, 0, "mx.example.org", "")
	f := New(g)
	f.Focus("g")
	return f, g
}

func TestAGridIsWalkedCellByCellAndThenLeft(t *testing.T) {
	f, g := aGrid()
	typeKeys(f, "a", "enter", "tab", "x")
	if g.Cell(0, 0) != "a" || g.Cell(1, 0) != "mx.example.orgx" {
		t.Fatalf("%q %q", g.Cell(0, 0), g.Cell(1, 0))
	}
	if typeKeys(f, "shift+tab", "up", "down", "b"); g.Cell(1, 1) != "b" {
		t.Fatalf("up and down keep the column: %q", g.Cell(1, 1))
	}
	if typeKeys(f, "enter") != Next {
		t.Fatal("enter in the last cell does not go on")
	}
}

func TestLeftAndRightLeaveACellAtItsEnds(t *testing.T) {
	f, g := aGrid()
	press := func(k tea.KeyType) { f.Update(tea.KeyMsg{Type: k}) }
	press(tea.KeyRight)
	press(tea.KeyLeft)
	typeKeys(f, "ab")
	press(tea.KeyLeft)
	typeKeys(f, "x")
	if g.Cell(0, 0) != "axb" || g.Cell(0, 1) != "" {
		t.Fatalf("%q %q", g.Cell(0, 0), g.Cell(0, 1))
	}
}

func TestASuggestionIsInTheCellOnlyOnceTaken(t *testing.T) {
	f, g := aGrid()
	if got := draw(g, 60, 10); g.Cell(0, 1) != "" || !strings.Contains(got, "(srv.example.org)") {
		t.Fatalf("%q\n%s", g.Cell(0, 1), got)
	}
	typeKeys(f, "space", "tab", "space")
	if g.Cell(0, 0) != "" || g.Cell(0, 1) != "srv.example.org" {
		t.Fatalf("space in a blank cell: %q and %q", g.Cell(0, 0), g.Cell(0, 1))
	}
	f, g = aGrid()
	f.Update(tea.KeyMsg{Type: tea.KeyCtrlF})
	if g.Cell(0, 1) != "srv.example.org" || g.Cell(1, 0) != "mx.example.org" || g.Cell(0, 0) != "" {
		t.Fatal("take all fills what it should not, or not what it should")
	}
	for _, b := range g.Verbs() {
		if b.Is(KeyTakeAll) {
			t.Fatal("take all is offered with nothing left to take")
		}
	}
}

func TestAGridSpeaksForwardsAndGoesToTheWrongCell(t *testing.T) {
	f, g := aGrid()
	typeKeys(f, "a_b", "tab", "shift+tab")
	if got := formText(f, 60, 14); !strings.Contains(got, "web outside: no underscore") {
		t.Fatalf("leaving a wrong cell says nothing:\n%s", got)
	}
	typeKeys(f, "down")
	if typeKeys(f, "ctrl+n") == Next || g.row != 0 || g.column != 0 {
		t.Fatalf("at %d,%d", g.row, g.column)
	}
	typeKeys(f, "backspace")
	if got := formText(f, 60, 14); strings.Contains(got, "no underscore") {
		t.Fatalf("it is said while it is put right:\n%s", got)
	}
	f, _ = aGrid()
	typeKeys(f, "down", "a_b", "up")
	if got := formText(f, 60, 14); strings.Contains(got, "no underscore") {
		t.Fatalf("going back is not silent:\n%s", got)
	}
}

func TestAPasteIntoACellLeavesItThere(t *testing.T) {
	f, g := aGrid()
	if pasteInto(f, "a.org\nb.org\n") != Stay || g.Cell(0, 0) != "a.org b.org" {
		t.Fatalf("%q", g.Cell(0, 0))
	}
}

func TestADoorOpensOnSpaceAndEnterPassesIt(t *testing.T) {
	opened := 0
	d := NewDoor("d", "More", "all of it", "", func() tea.Cmd { opened++; return nil })
	f := New(d, NewText("t", "Next", ""))
	f.Focus("d")
	if typeKeys(f, "space"); opened != 1 {
		t.Fatal("space does not open it")
	}
	if typeKeys(f, "enter"); opened != 1 || f.Field().ID() != "t" {
		t.Fatal("enter opens it, or stays")
	}
}

func TestALineOfATickListMovesButNotPastTheMarkedOne(t *testing.T) {
	moved := ""
	ticks := NewTicks("t", "List", "", "none").Moving(func(t Tick, by int) { moved += t.Key + string(rune('0'+by)) })
	ticks.SetItems([]Tick{{Key: "a", On: true, Marked: true}, {Key: "b", On: true}, {Key: "c", On: true}})
	f := New(ticks)
	f.Focus("t")
	offered := func() (out string) {
		for _, b := range ticks.Verbs() {
			out += b.Shown + " "
		}
		return out
	}
	for _, want := range []string{"space ", "space J ", "space K "} {
		if got := offered(); got != want {
			t.Errorf("offered %q, want %q", got, want)
		}
		typeKeys(f, "down")
	}
	typeKeys(f, "K")
	f.Update(tea.KeyMsg{Type: tea.KeyShiftDown})
	if moved != "c/c1" {
		t.Fatal(moved)
	}
}

func TestAFieldWithoutHelpGivesItsHint(t *testing.T) {
	f := New(NewText("a", "A", "").With("the hint", ""), NewText("b", "B", "").With("a hint", "")).Explain(map[string]string{"b": "all about b"})
	f.Focus("a")
	if got := f.Field().Help(); got != "the hint" {
		t.Error(got)
	}
	f.Focus("b")
	if got := f.Field().Help(); got != "all about b" {
		t.Error(got)
	}
}
