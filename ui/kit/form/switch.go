package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Switch is one thing that is on or off.
type Switch struct {
	base
	on      bool
	text    string // what is on or off
	note    string // beside it, muted
	changed func(on bool)
}

// NewSwitch makes a switch. Several with one label look like a group when only the first has it.
func NewSwitch(id, label, text, note string, on bool) *Switch {
	return &Switch{base: base{id: id, label: label}, text: text, note: note, on: on}
}

// With sets the hint, and what to do when the switch was turned; either may be empty.
func (f *Switch) With(hint string, changed func(on bool)) *Switch {
	f.hint, f.changed = hint, changed
	return f
}

// SetNote sets what stands beside it.
func (f *Switch) SetNote(note string) { f.note = note }

// On says how it stands.
func (f *Switch) On() bool { return f.on }

// Takes space alone.
func (f *Switch) Takes(k tea.KeyMsg) bool { return k.String() == " " }

// Verbs of a switch.
func (f *Switch) Verbs() []kit.Verb { return []kit.Verb{KeyToggle} }

// Update turns it on space.
func (f *Switch) Update(msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyMsg); ok && kit.Pressed(k, KeyToggle) {
		f.on = !f.on
		if f.changed != nil {
			f.changed(f.on)
		}
	}
	return nil
}

// View is a box, its text and its note.
func (f *Switch) View(s theme.Styles, w, _ int) ([]string, int) {
	return []string{pressable(f.id, yesNo(!f.on), boxed(s, box(f.on), f.text, f.note, w, f.focused))}, 0
}

func box(on bool) string {
	if on {
		return "[x] "
	}
	return "[ ] "
}

// boxed is one line: a mark, a text, and a muted note where room is left.
func boxed(s theme.Styles, mark, text, note string, w int, focused bool) string {
	style := s.Text
	if focused {
		style = s.Accent
	}
	text = shorten(mark+text, w, s)
	room := w - kit.Width(text) - 2
	if note == "" || room < 6 {
		return style.Render(text)
	}
	return style.Render(text) + "  " + s.Muted.Render(shorten(note, room, s))
}

// Prompt asks yes or no.
func (f *Switch) Prompt() kit.Prompt {
	ask := besides(f.text, f.note)
	if f.label != "" {
		ask = f.label + ": " + ask
	}
	return kit.Prompt{Ask: ask, How: "yes or no", Now: yesNo(f.on)}
}

// Answer turns the switch where it stands otherwise.
func (f *Switch) Answer(line string) ([]tea.KeyMsg, string) {
	on, known := kit.YesNo(line)
	if line == Nothing {
		on, known = false, true
	}
	if !known {
		return nil, "answer yes or no"
	}
	if on == f.on {
		return nil, ""
	}
	return []tea.KeyMsg{kit.PressKey(" ")}, ""
}
