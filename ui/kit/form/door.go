package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Door leads to a page of its own. Space opens it; enter passes it by, as it does every other field.
type Door struct {
	base
	text, note string
	open       func() tea.Cmd
}

// NewDoor makes a door; text is what is behind it.
func NewDoor(id, label, text, hint string, open func() tea.Cmd) *Door {
	return &Door{base: base{id: id, label: label, hint: hint}, text: text, open: open}
}

// SetNote sets what stands beside it, muted.
func (f *Door) SetNote(note string) { f.note = note }

// Takes space alone.
func (f *Door) Takes(k tea.KeyMsg) bool { return kit.Pressed(k, KeyOpen) }

// Verbs of a door.
func (f *Door) Verbs() []kit.Verb { return []kit.Verb{KeyOpen} }

// Update opens it on space.
func (f *Door) Update(msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyMsg); ok && kit.Pressed(k, KeyOpen) {
		return f.open()
	}
	return nil
}

// View is a sign that there is more, the text and the note.
func (f *Door) View(s theme.Styles, w, _ int) ([]string, int) {
	return []string{boxed(s, "[+] ", f.text, f.note, w, f.focused)}, 0
}

// Prompt asks whether to go through the door.
func (f *Door) Prompt() kit.Prompt {
	return kit.Prompt{Ask: f.label + ": " + besides(f.text, f.note), How: "yes opens it", Now: yesNo(false)}
}

// Answer opens the door for a yes.
func (f *Door) Answer(line string) ([]tea.KeyMsg, string) {
	switch yes, known := kit.YesNo(line); {
	case yes:
		return []tea.KeyMsg{kit.PressKey(" ")}, ""
	case !known:
		return nil, "answer yes or no"
	}
	return nil, ""
}
