package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// Adder is a line whose text becomes items of a list. Enter adds what was typed and stays; a paste is added
// at once, newlines and all. What the list refuses stays in the line, to be put right.
type Adder struct {
	Text
	add     func(text string) (rest, problem string)
	problem string
	added   bool // since the focus came: empty lines of a paste that the terminal does not bracket must not walk on
}

// NewAdder makes an empty adder. add takes text and gives back what it refused and one sentence that says what
// to type instead; both empty when all went in.
func NewAdder(id, label string, add func(text string) (rest, problem string)) *Adder {
	a := &Adder{Text: *NewText(id, label, ""), add: add}
	a.in.CharLimit = 0 // what the list refuses of a long paste stays whole
	return a
}

// With sets the hint, and what is shown while nothing is typed.
func (a *Adder) With(hint, empty string) *Adder {
	a.Text.With(hint, empty)
	return a
}

// Takes enter while there is text, which it adds, and afterwards: once something was added only tab leaves the line.
func (a *Adder) Takes(k tea.KeyMsg) bool {
	return kit.Pressed(k, KeyAdd) && (a.Value() != "" || a.added)
}

// Focus takes the cursor.
func (a *Adder) Focus() tea.Cmd {
	a.added = false
	return a.Text.Focus()
}

// Verbs of an adder.
func (a *Adder) Verbs() []kit.Verb {
	if a.Value() == "" {
		return nil
	}
	return []kit.Verb{KeyAdd}
}

// Update edits the line, or adds.
func (a *Adder) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case ok && k.Paste:
		a.Add(a.Value() + string(k.Runes))
		return nil
	case ok && kit.Pressed(k, KeyAdd):
		a.Add(a.Value())
		return nil
	case ok:
		a.problem = ""
	}
	return a.Text.Update(msg)
}

// Add adds text as if it had been typed and entered.
func (a *Adder) Add(text string) {
	a.added = true
	rest, problem := a.add(text)
	a.problem = problem
	a.SetValue(cleanTyped(rest))
}

// Problem is what the list said about what it refused last, or "".
func (a *Adder) Problem() string { return a.problem }

// Validate adds what is still in the line, and says what was refused.
func (a *Adder) Validate() string {
	if a.Value() != "" {
		a.Add(a.Value())
	}
	if a.problem != "" {
		return a.problem
	}
	return a.base.Validate()
}

// Prompt asks for the next text to add.
func (a *Adder) Prompt() kit.Prompt {
	return kit.Prompt{Ask: a.label, How: "such as " + a.empty +
		"; several at once with commas; an empty line when done", Again: true}
}

// Answer pastes the line into an emptied one: it is added at once.
func (a *Adder) Answer(line string) ([]tea.KeyMsg, string) {
	if line == Nothing {
		return instead(""), ""
	}
	return instead(literal(line)), ""
}
