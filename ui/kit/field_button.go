package kit

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/theme"
)

// Button is what must be focused for enter to carry something out.
type Button struct{ base }

// NewButton makes a button.
func NewButton(id, text, hint string) *Button {
	return &Button{base{id: id, label: text, hint: hint}}
}

// Shape of a button: it carries its own text.
func (b *Button) Shape() Shape { return Shape{Bare: true} }

// Keys of a button.
func (b *Button) Keys() []key.Binding {
	k := KeyPress
	k.SetHelp("enter", b.label)
	return []key.Binding{k}
}

// Update does nothing: the form tells that it was pressed.
func (b *Button) Update(tea.Msg) tea.Cmd { return nil }

// View is the button; focused it is reversed and pointed at, so that it shows without colour too.
func (b *Button) View(s theme.Styles, w, _ int) ([]string, int) {
	text := shorten("[ "+b.label+" ]", w, s)
	if b.focused {
		return []string{s.Selected.Render(text)}, 0
	}
	return []string{s.Text.Render(text)}, 0
}
