package form

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// Keys are those of the focused field, then those of the form.
func (f *Form) Keys() []key.Binding {
	enter, next, field := KeyEnter, KeyNextPage, f.Field()
	enter.SetHelp("enter", f.leads)
	next.SetHelp("ctrl+n", f.leads)
	if !f.last() {
		enter.SetHelp("enter", "next field")
	}
	own := field.Keys()
	first := min(1, len(own))
	keys := append([]key.Binding{}, own[:first]...)
	_, button := field.(*Button)
	enters := !button && !field.Takes(tea.KeyMsg{Type: tea.KeyEnter})
	if !button && (!f.last() || !enters) {
		keys = append(keys, next)
	}
	keys = append(keys, KeyBack)
	if enters {
		keys = append(keys, enter)
	}
	return append(append(keys, own[first:]...), f.moves(enters)...)
}

// moves are the keys that go to another field, where there is one; enters says that enter does so too.
func (f *Form) moves(enters bool) []key.Binding {
	switch {
	case f.step(f.at, 1) == f.at:
		return nil
	case f.Field().Takes(tea.KeyMsg{Type: tea.KeyTab}), enters && !f.last():
		return []key.Binding{KeyPrevField}
	}
	return []key.Binding{KeyNextField, KeyPrevField}
}
