package form

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// between is a form with a choice of three between two lines; changes counts how often the answer became another.
func between(chosen string) (f *Form, c *Choice, changes *int) {
	changes = new(int)
	c = NewChoice("c", "Which", chosen, Option{Value: "a", Text: "A"}, Option{Value: "b", Text: "B"}, Option{Value: "c", Text: "C"}).
		With("", func(string) { *changes++ })
	f = New(NewText("above", "Above", ""), c, NewText("below", "Below", ""))
	f.Focus("c")
	return f, c, changes
}

func TestArrowsMoveAndNeverChoose(t *testing.T) {
	f, c, changes := between("a")
	typeKeys(f, "down", "down", "up", "j", "k")
	if c.Value() != "a" || *changes != 0 {
		t.Errorf("moving chose %s", c.Value())
	}
	if typeKeys(f, "space"); c.Value() != "b" || *changes != 1 {
		t.Errorf("space on B chose %s, %d changes", c.Value(), *changes)
	}
	if typeKeys(f, "space"); c.Value() != "b" || *changes != 1 {
		t.Errorf("space on what is chosen changed it to %s", c.Value())
	}
	if why := c.Why(kit.PressKey(" ")); !strings.Contains(why, "is chosen") {
		t.Errorf("space on what is chosen says %q", why)
	}
	if typeKeys(f, "down", "tab", "shift+tab"); c.Value() != "b" {
		t.Errorf("leaving chose %s", c.Value())
	}
}

func TestEnterChoosesAndGoesOn(t *testing.T) {
	f, c, _ := between("a")
	if typeKeys(f, "down", "enter"); c.Value() != "b" || f.Field().ID() != "below" {
		t.Errorf("enter chose %s and is at %s", c.Value(), f.Field().ID())
	}
}

func TestAGroupIsLeftAtItsEndsAndEnteredThere(t *testing.T) {
	for _, test := range []struct{ keys, at, cursor string }{
		{"down down down", "below", ""},
		{"up", "above", ""},
		{"down down down up", "c", "C"},
		{"up down", "c", "A"},
		{"tab shift+tab", "c", "B"},
	} {
		f, c, _ := between("a")
		if test.cursor == "B" {
			f, c, _ = between("b")
		}
		typeKeys(f, strings.Fields(test.keys)...)
		if f.Field().ID() != test.at || test.cursor != "" && c.options[c.at].Text != test.cursor {
			t.Errorf("%s: at %s, on %s; want %s, %s", test.keys, f.Field().ID(), c.options[c.at].Text, test.at, test.cursor)
		}
	}
	list := NewTicks("t", "List", "", "none")
	list.SetItems([]Tick{{Key: "a", Text: "a"}, {Key: "b", Text: "b"}})
	f := New(NewText("above", "Above", ""), list, NewText("below", "Below", ""))
	f.Focus("below")
	if typeKeys(f, "up"); list.at != 1 {
		t.Error("from below a list is not entered at its end")
	}
	if typeKeys(f, "up", "up"); f.Field().ID() != "above" {
		t.Errorf("a list is not left at its beginning, but at %s", f.Field().ID())
	}
}

// Wherever the focus is, and whatever is open there, one mark says so.
func TestThereIsOneMarkOnAPage(t *testing.T) {
	ticks := NewTicks("ticks", "Ticks", "", "none")
	ticks.SetItems([]Tick{{Key: "a", Text: "a"}, {Key: "b", Text: "b"}})
	pick := NewPick("pick", "Pick", "", []Option{{Value: "BE", Text: "Belgium"}, {Value: "BY", Text: "Belarus"}})
	grid := NewGrid("grid", "Grid", []string{"r"}, []string{"x", "y"}).
		With(func(int, int) string { return "" }, func(string) string { return "" })
	list, path, _ := listed("client.cer", "server.cer")
	choice := NewChoice("choice", "Choice", "a", Option{Value: "a", Text: "A"}, Option{Value: "b", Text: "B"})
	f := New(NewText("text", "Text", ""), choice, pick, ticks, grid, NewArea("area", "Area", "", 99), path,
		NewRow("row", "Row", "", []string{"x", "y"}, make([]bool, 2)), NewSwitch("switch", "Switch", "on", "", false), NewButton("do", "Do", ""))
	_ = list
	for i, keys := range []string{"", "", "down", "bel", "down", "", "", "/a/", "", "", ""} {
		f.Focus([]string{"text", "choice", "choice", "pick", "ticks", "grid", "area", "path", "row", "switch", "do"}[i])
		typeKeys(f, strings.Fields(keys)...)
		if n := strings.Count(formText(f, 90, 60), formStyles().Glyphs.Cursor); n != 1 {
			t.Errorf("%d marks on %s:\n%s", n, f.Field().ID(), formText(f, 90, 60))
		}
	}
}

// The hint stands below its field where all hints have room, and nothing moves when the focus does.
func TestTheHintIsBelowItsFieldAndMovesNothing(t *testing.T) {
	f := New(NewText("a", "First", "").With("about the first", ""), NewText("b", "Second", "").With("about the second", ""),
		NewText("c", "Third", "").With("about the third", ""))
	f.Focus("a")
	line := func(text string) int {
		for i, line := range strings.Split(formText(f, 80, 20), "\n") {
			if strings.Contains(line, text) {
				return i
			}
		}
		return -1
	}
	second := line("Second")
	for _, word := range []string{"First", "Second", "Third"} {
		if at := line(word); line("about the "+strings.ToLower(word)) != at+1 || line("Second") != second {
			t.Errorf("%s:\n%s", word, formText(f, 80, 20))
		}
		typeKeys(f, "tab")
	}
	if f.Focus("a"); !strings.Contains(formText(f, 80, 5), "about the first") {
		t.Errorf("in five lines the hint is lost:\n%s", formText(f, 80, 5))
	}
}

// A card is as wide as it may be and no wider, and what stands beside it does so from 140 cells on.
func TestTheCard(t *testing.T) {
	f := New(NewText("a", "First", "")).Titled(func() string { return "What is it?" }).
		Beside("So far", func(_ theme.Styles, w, h int) []string { return []string{strings.Repeat("x", w)} })
	f.Focus("a")
	for w := 60; w <= 220; w += 4 {
		text := formText(f, w, 24)
		if got, want := strings.Contains(text, "+-"), w >= cardLeastW; got != want {
			t.Errorf("%d: a card: %v", w, got)
		}
		if got, want := strings.Contains(text, "So far"), w >= besideFromW; got != want {
			t.Errorf("%d: beside it: %v", w, got)
		}
		for _, line := range strings.Split(text, "\n") {
			if kit.Width(line) > w || w < besideFromW && kit.Width(strings.TrimRight(line, " ")) > cardWidest+1 {
				t.Errorf("%d: %d cells", w, kit.Width(line))
			}
		}
		if !strings.Contains(text, "What is it?") {
			t.Errorf("%d: no question", w)
		}
	}
}

// What space does is said before the cursor has moved, at every width; and what stands below the list is said of what is
// chosen, or says that it is not.
func TestAChoiceSaysThatSpaceChooses(t *testing.T) {
	c := NewChoice("c", "Which", "a", Option{Value: "a", Text: "A", Hint: "Writes a."},
		Option{Value: "b", Text: "B", Hint: "Writes b."})
	f := New(c, NewText("below", "Below", ""))
	f.Focus("c")
	for _, hint := range []string{"Writes a.", "If chosen: Writes b."} {
		if c.Hint() != hint {
			t.Errorf("says %q, not %q", c.Hint(), hint)
		}
		for _, w := range []int{60, 80, 140} {
			got := kit.Footer(formStyles(), f.Verbs(), kit.NewVerb("help", "help", "?"), "", w)
			if !strings.HasPrefix(ansi.Strip(kit.Unzoned(got)), " space choose") {
				t.Errorf("%d: %q", w, got)
			}
		}
		typeKeys(f, "down")
	}
	if typeKeys(f, "up", "space"); c.Hint() != "Writes b." {
		t.Errorf("chosen, it says %q", c.Hint())
	}
}
