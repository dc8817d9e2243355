package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Button is what must be focused for enter to carry something out.
type Button struct {
	base
	says  func() (text, hint string) // nil: what it was made with
	ready func() bool                // nil: it always is
}

// NewButton makes a button.
func NewButton(id, text, hint string) *Button {
	return &Button{base: base{id: id, label: text, hint: hint}}
}

// Saying sets what the button is called and does, where that follows from other answers.
func (b *Button) Saying(says func() (text, hint string)) *Button { b.says = says; return b }

// Ready sets when the button answers; until then it looks as if it did not.
func (b *Button) Ready(ready func() bool) *Button { b.ready = ready; return b }

// Label is what it is called.
func (b *Button) Label() string {
	if b.says == nil {
		return b.label
	}
	text, _ := b.says()
	return text
}

// Hint is what it does.
func (b *Button) Hint() string {
	if b.says == nil {
		return b.hint
	}
	_, hint := b.says()
	return hint
}

// Shape of a button: it carries its own text.
func (b *Button) Shape() Shape { return Shape{Bare: true, Button: true} }

// Verbs of a button.
func (b *Button) Verbs() []kit.Verb { return []kit.Verb{KeyPress.Called(b.Label())} }

// Update does nothing: the form tells that it was pressed.
func (b *Button) Update(tea.Msg) tea.Cmd { return nil }

// View is the button; focused it is reversed and pointed at, so that it shows without colour too.
func (b *Button) View(s theme.Styles, w, _ int) ([]string, int) {
	text := shorten("[ "+b.Label()+" ]", w, s)
	if b.ready != nil && !b.ready() {
		return []string{s.Muted.Render(shorten("( "+b.Label()+" )  one moment", w, s))}, 0
	}
	if b.focused {
		return []string{s.Selected.Render(text)}, 0
	}
	return []string{s.Text.Render(text)}, 0
}

// Prompt asks whether to do it.
func (b *Button) Prompt() kit.Prompt { return kit.Prompt{Ask: b.Label() + "?", How: "y or N"} }

// Answer presses the button for a yes.
func (b *Button) Answer(line string) ([]tea.KeyMsg, string) {
	switch yes, known := kit.YesNo(line); {
	case yes:
		return []tea.KeyMsg{kit.PressKey("enter")}, ""
	case !known:
		return nil, "answer y to do it, n to do nothing"
	}
	return nil, ""
}
