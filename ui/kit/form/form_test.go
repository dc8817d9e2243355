package form

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

func formStyles() theme.Styles { return theme.New("dark", func(string) string { return "" }) }

// typeKeys gives keys to a form by name or, for any other text, rune by rune.
func typeKeys(f *Form, names ...string) (last Outcome) {
	types := map[string]tea.KeyType{
		"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp,
		"down": tea.KeyDown, "space": tea.KeySpace, "backspace": tea.KeyBackspace, "ctrl+n": tea.KeyCtrlN, "delete": tea.KeyDelete, "pgdown": tea.KeyPgDown,
	}
	for _, name := range names {
		if t, ok := types[name]; ok {
			k := tea.KeyMsg{Type: t}
			if name == "space" {
				k.Runes = []rune{' '}
			}
			_, last = f.Update(k)
			continue
		}
		for _, r := range name {
			_, last = f.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
	return last
}

func pasteInto(f *Form, text string) Outcome {
	_, o := f.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
	return o
}

func formText(f *Form, w, h int) string {
	return ansi.Strip(strings.Join(f.View(formStyles(), w, h), "\n"))
}

func nonEmpty(v string) string {
	if v == "" {
		return "type something"
	}
	return ""
}

func TestValidationSpeaksForwardsAndNeverBackwards(t *testing.T) {
	f := New(NewText("a", "First", "x"), NewText("b", "Second", "").Checked(nonEmpty), NewText("c", "Third", ""))
	f.Focus("b")
	typeKeys(f, "shift+tab")
	if f.Field().ID() != "a" || strings.Contains(formText(f, 60, 12), "type something") {
		t.Fatalf("going back from an invalid field is not silent:\n%s", formText(f, 60, 12))
	}
	typeKeys(f, "tab", "tab")
	if f.Field().ID() != "c" || !strings.Contains(formText(f, 60, 12), "type something") {
		t.Fatalf("leaving an invalid field says nothing, or holds one:\n%s", formText(f, 60, 12))
	}
	if typeKeys(f, "ctrl+n") == Next || f.Field().ID() != "b" {
		t.Fatal("Next with an invalid field goes on, or does not show which")
	}
	if typeKeys(f, "esc") != Back {
		t.Fatal("esc in an invalid field does not go back")
	}
	typeKeys(f, "y")
	if strings.Contains(formText(f, 60, 12), "type something") {
		t.Fatal("the message stays while the field is put right")
	}
	if typeKeys(f, "ctrl+n") != Next {
		t.Fatal("a valid form does not go on")
	}
}

func TestEnterGoesFieldByFieldAndThenOn(t *testing.T) {
	f := New(NewText("a", "First", ""), NewSwitch("b", "Second", "on", "", false), NewText("c", "Third", ""))
	f.Focus("a")
	if typeKeys(f, "enter", "enter") != Stay || f.Field().ID() != "c" {
		t.Fatalf("two enters lead to %s", f.Field().ID())
	}
	if typeKeys(f, "enter") != Next {
		t.Fatal("enter on the last field is not Next")
	}
}

func TestAButtonIsPressedOnlyWhileFocused(t *testing.T) {
	f := New(NewText("a", "First", ""), NewButton("do", "Do it", ""))
	f.Focus("a")
	if typeKeys(f, "enter") == Pressed {
		t.Fatal("enter in a field pressed the button")
	}
	if typeKeys(f, "enter") != Pressed {
		t.Fatal("enter on the button did not press it")
	}
}

func TestHiddenFieldsAreNeitherVisitedNorJudged(t *testing.T) {
	f := New(NewText("a", "First", ""), NewText("b", "Second", "").Checked(nonEmpty), NewText("c", "Third", "")).
		Hide(func(id string) bool { return id == "b" })
	f.Focus("b")
	typeKeys(f, "tab")
	if f.Field().ID() != "c" || strings.Contains(formText(f, 60, 12), "Second") {
		t.Fatalf("at %s:\n%s", f.Field().ID(), formText(f, 60, 12))
	}
	if typeKeys(f, "ctrl+n") != Next {
		t.Fatal("a hidden field blocks")
	}
}

func TestAPasteOfManyLinesAddsAllAndSubmitsNothing(t *testing.T) {
	var added []string
	a := NewAdder("names", "Add", func(text string) (string, string) {
		added = append(added, strings.Fields(text)...)
		return "", ""
	})
	f := New(a)
	f.Focus("names")
	var lines []string
	for i := range 300 {
		lines = append(lines, fmt.Sprintf("host%d.example.org", i))
	}
	if o := pasteInto(f, strings.Join(lines, "\r")+"\r"); o != Stay {
		t.Fatalf("the paste was a %v", o)
	}
	if len(added) != 300 {
		t.Fatalf("%d names of 300", len(added))
	}
	if typeKeys(f, "x.example.org", "enter") != Stay || len(added) != 301 || a.Value() != "" {
		t.Fatal("enter with text does not add it and stay")
	}
	if typeKeys(f, "enter") == Next {
		t.Fatal("an empty line of a paste walks on")
	}
	if f.Focus("names"); typeKeys(f, "enter") != Next {
		t.Fatal("enter on a line to which nothing was added does not go on")
	}
}

func TestWhatAListRefusesStaysInTheLine(t *testing.T) {
	a := NewAdder("names", "Add", func(text string) (string, string) { return "foo_bar", "no underscore" })
	f := New(a, NewText("b", "Next", ""))
	f.Focus("names")
	typeKeys(f, "foo_bar", "tab")
	if a.Value() != "foo_bar" || !strings.Contains(formText(f, 60, 12), "no underscore") {
		t.Fatalf("%q:\n%s", a.Value(), formText(f, 60, 12))
	}
}

func TestAFormNeverExceedsItsRoomAndShowsTheFocus(t *testing.T) {
	var fields []Field
	for i := range 30 {
		fields = append(fields, NewText(fmt.Sprint(i), fmt.Sprintf("Field number %d", i), strings.Repeat("värdé ", 40)).
			With(strings.Repeat("a hint of many words ", 9), "").Checked(func(string) string { return strings.Repeat("it is wrong ", 20) }))
	}
	f := New(fields...)
	f.Focus("0")
	for w := 40; w < 130; w += 7 {
		for h := 6; h < 40; h += 5 {
			typeKeys(f, "tab")
			lines := f.View(formStyles(), w, h)
			if len(lines) != h {
				t.Fatalf("%d lines for %d", len(lines), h)
			}
			for _, line := range lines {
				if kit.Width(line) > w {
					t.Fatalf("%d cells for %d: %q", kit.Width(line), w, line)
				}
			}
			if strings.Count(formText(f, w, h), " > ") != 1 {
				t.Fatalf("%dx%d: the focused field does not show:\n%s", w, h, formText(f, w, h))
			}
		}
	}
}

func TestViewChangesNothing(t *testing.T) {
	f := New(NewText("a", "First", strings.Repeat("long ", 50)), NewTicks("t", "List", "", "none"), NewNote("n", "", "", func(theme.Styles, int) []string { return []string{"a", "b"} }))
	f.Focus("a")
	first := formText(f, 80, 24)
	formText(f, 30, 6)
	formText(f, 200, 60)
	if formText(f, 80, 24) != first {
		t.Fatal("drawing at another size changed the form")
	}
}

// What the footer says of ctrl+n is what it does: on a form with a button it goes there, and there it is not shown.
func TestTheFooterSaysWhereNextLeads(t *testing.T) {
	word := func(f *Form) string {
		for _, v := range f.Verbs() {
			if v.Is(KeyNextPage) {
				return v.Word
			}
		}
		return ""
	}
	f := New(NewText("a", "A", ""), NewText("b", "B", ""), NewButton("do", "Do it", ""))
	f.Focus("a")
	if got := word(f); got != "the button" {
		t.Errorf("with a button: %q", got)
	}
	if f.Focus("do"); word(f) != "" {
		t.Errorf("on the button: %q", word(f))
	}
	f = New(NewText("a", "A", ""), NewText("b", "B", ""))
	f.Focus("a")
	if got := word(f); got != "next page" {
		t.Errorf("with none: %q", got)
	}
}
