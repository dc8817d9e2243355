package kit

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

var enter = tea.KeyMsg{Type: tea.KeyEnter}

func question() Dialog {
	return Dialog{Title: "Remove it?", Lines: []string{"It goes."}, Buttons: []string{"Cancel", "Remove"}, Danger: true}
}

func letters(d Dialog, text string) Dialog {
	for _, r := range text {
		msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}
		if r == ' ' {
			msg.Type = tea.KeySpace
		}
		d, _ = d.Update(msg)
	}
	return d
}

// Keys that were in flight when the dialog opened do not answer it; esc always closes it.
func TestADialogThatJustOpenedAnswersNothing(t *testing.T) {
	d := question()
	for _, msg := range []tea.KeyMsg{{Type: tea.KeyTab}, enter, {Type: tea.KeyRunes, Runes: []rune("y")}, enter} {
		var answer Answer
		if d, answer = d.Update(msg); answer != Open {
			t.Fatalf("%s answered with %d", msg, answer)
		}
	}
	if d.focus != 0 {
		t.Error("the focus has moved to the dangerous button")
	}
	if _, answer := d.Update(tea.KeyMsg{Type: tea.KeyEsc}); answer != Closed {
		t.Errorf("esc answered with %d", answer)
	}
}

// Enter on a dialog nobody moved in is Cancel.
func TestEnterIsCancel(t *testing.T) {
	if _, answer := question().Wake().Update(enter); answer != Chosen {
		t.Errorf("enter answered with %d, want the first button", answer)
	}
}

func TestTheOtherButtonIsReached(t *testing.T) {
	d, _ := question().Wake().Update(tea.KeyMsg{Type: tea.KeyTab})
	if _, answer := d.Update(enter); answer != Chosen+1 {
		t.Errorf("enter answered with %d, want the second button", answer)
	}
}

// Without the exact word the other button does nothing; a paste of it, newline included, submits nothing.
func TestTheWordMustBeTyped(t *testing.T) {
	typed := question().Wake()
	typed.Word = "lose the key"
	for _, test := range []struct {
		name string
		d    Dialog
		want Answer
	}{
		{"nothing typed", typed, Open},
		{"another word", letters(typed, "lose the keys"), Open},
		{"the word", letters(typed, "lose the key"), Chosen + 1},
	} {
		d := test.d
		d, _ = d.Update(tea.KeyMsg{Type: tea.KeyTab})
		if _, answer := d.Update(enter); answer != test.want {
			t.Errorf("%s: %d, want %d", test.name, answer, test.want)
		}
	}
	pasted, answer := typed.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("lose the key\r"), Paste: true})
	if answer != Open || pasted.typed != "" {
		t.Errorf("a paste typed %q and answered %d", pasted.typed, answer)
	}
}

// Enter in the field, the word right, goes to the button; only enter there acts.
func TestEnterAfterTheWordOnlyMoves(t *testing.T) {
	d := question().Wake()
	d.Word = "lose the key"
	d, answer := letters(d, "lose the key").Update(enter)
	if answer != Open || d.focus != 1 {
		t.Errorf("enter answered %d, focus %d", answer, d.focus)
	}
}

func TestDialogFitsItsScreen(t *testing.T) {
	d := question()
	d.Lines = []string{strings.Repeat("a long explanation ", 60)}
	for w := MinWidth; w < 120; w++ {
		for h := MinHeight - 2; h < 30; h++ {
			box := strings.Split(d.View(plain(), w, h), "\n")
			if len(box) > h || ansi.StringWidth(box[0]) > w {
				t.Fatalf("%dx%d: the box has %dx%d", w, h, ansi.StringWidth(box[0]), len(box))
			}
		}
	}
}

// The footer shows what fits, in groups, the way out behind the rest, ends in help, and each verb is pressed where it
// stands.
func TestFooterEndsInHelp(t *testing.T) {
	help, seen := NewVerb("help", "help", "?"), NewVerb("filter", "filter", "/")
	seen.Group = Views
	list := []Verb{NewVerb("new", "new", "n"), NewVerb("quit", "quit", "q").Leaving(), seen, NewVerb("import", "import", "i")}
	for w := 9; w < 80; w++ {
		line := Footer(plain(), list, help, "", w)
		text := ansi.Strip(line)
		if ansi.StringWidth(line) != w || !strings.HasSuffix(strings.TrimRight(text, " "), "? help") {
			t.Fatalf("%d cells: %q", w, text)
		}
		for _, v := range append(list, help) {
			at := strings.Index(text, v.Shown+" "+v.Word)
			for x := at; at >= 0 && x < at+len(v.Shown+" "+v.Word); x++ {
				if got := ZoneAt(line, x, 0); got != "key:"+v.Keys[0] {
					t.Fatalf("%d cells: at %d %q is pressed, not %s: %q", w, x, got, v.Word, text)
				}
			}
		}
	}
	if text := ansi.Strip(Footer(plain(), list, help, "", 80)); !strings.Contains(text, "n new  i import | / filter | q quit  ? help") {
		t.Errorf("%q", text)
	}
}

// The key that the sentence names is in the footer, however narrow that is.
func TestTheFooterHasTheKeyThatIsNamed(t *testing.T) {
	help := NewVerb("help", "help", "?")
	list := []Verb{NewVerb("new", "new", "n"), NewVerb("import", "import", "i"), NewVerb("adopt", "adopt", "a"),
		NewVerb("remove", "remove", "D", "delete")}
	next := "Next: D removes a thing of no use, ! shows more."
	if text := ansi.Strip(Footer(plain(), list, help, next, 22)); !strings.Contains(text, "D remove") {
		t.Errorf("%q", text)
	}
	for _, v := range list {
		if got := v.In(next); got != (v.ID == "remove") {
			t.Errorf("%s is named: %v", v.Word, got)
		}
	}
}

// A wrong or missing word is answered with what to type.
func TestAWrongWordIsAnswered(t *testing.T) {
	asked := question().Wake()
	asked.Word = "lose the key"
	d, answer := letters(asked, "yes").Update(enter)
	if answer != Open || d.said != `that is not "lose the key": type these words, or press esc` {
		t.Errorf("%d %q", answer, d.said)
	}
	d, _ = asked.Update(tea.KeyMsg{Type: tea.KeyTab})
	if d, answer = d.Update(enter); answer != Open || d.said != `type "lose the key" first` {
		t.Errorf("%d %q", answer, d.said)
	}
}
