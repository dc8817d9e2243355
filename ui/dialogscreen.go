package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// dialogScreen is a question above the screen that asked it. Choosing a button closes it and runs that
// button's effect as the screen below; esc only closes it.
type dialogScreen struct {
	d       *desk
	dialog  kit.Dialog
	effects []func() tea.Cmd // one a button; nil: just close
}

var (
	_ floating   = (*dialogScreen)(nil)
	_ questioner = (*dialogScreen)(nil)
)

// wakeMsg ends a dialog's grace period.
type wakeMsg struct{}

// closeMsg closes the dialog on top and carries on as the screen that asked: calls that then starts answer it.
type closeMsg struct{ then func() tea.Cmd }

// ask is a dialog to push; effects has one function a button, nil for a button that only closes it. An effect
// runs in Update, after the dialog has gone, and may start calls: the screen that asked gets their answers.
func ask(d *desk, dialog kit.Dialog, effects ...func() tea.Cmd) *dialogScreen {
	return &dialogScreen{d: d, dialog: dialog, effects: effects}
}

// confirm asks before something is done: Cancel has the focus, verb is the other button.
func confirm(d *desk, title, verb string, lines []string, yes func() tea.Cmd) *dialogScreen {
	return ask(d, kit.Dialog{Title: title, Lines: lines, Buttons: []string{"Cancel", verb}, Danger: true}, nil, yes)
}

func (s *dialogScreen) Init() tea.Cmd { return s.d.after(kit.Grace, wakeMsg{}) }

func (s *dialogScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case wakeMsg:
		s.dialog = s.dialog.Wake()
	case tea.KeyMsg:
		return s.key(msg)
	}
	return s, nil
}

func (s *dialogScreen) key(msg tea.KeyMsg) (screen, tea.Cmd) {
	next, answer := s.dialog.Update(msg)
	s.dialog = next
	switch {
	case answer == kit.Open:
		return s, nil
	case answer == kit.Closed:
		return s, pop
	}
	if i := int(answer - kit.Chosen); i < len(s.effects) && s.effects[i] != nil {
		then := s.effects[i]
		return s, func() tea.Msg { return closeMsg{then} }
	}
	return s, pop
}

// Box draws the dialog alone.
func (s *dialogScreen) Box(w, h int) string { return s.dialog.View(s.d.styles, w, h) }

func (s *dialogScreen) View(w, h int) string {
	return kit.Overlay("", s.Box(w, h), w, h)
}

func (s *dialogScreen) Keys() []key.Binding { return []key.Binding{keys.Turn, keys.Press, keys.Back} }
func (s *dialogScreen) Typing() bool        { return s.dialog.Typing() }
func (s *dialogScreen) Title() string       { return "" }

func (s *dialogScreen) asked() kit.Dialog { return s.dialog }
