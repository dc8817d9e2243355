package screen

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// Dialog is a question above the screen that asked it. Choosing a button closes it and runs that
// button's effect as the screen below; esc only closes it.
type Dialog struct {
	D        *Desk
	Question kit.Dialog
	Effects  []func() tea.Cmd // one a button; nil: just close
}

var (
	_ Floating   = (*Dialog)(nil)
	_ Questioner = (*Dialog)(nil)
)

// WakeMsg ends a dialog's grace period.
type WakeMsg struct{}

// CloseMsg closes the dialog on top, and then carries on.
type CloseMsg struct{ Then func() tea.Cmd }

// Ask is a dialog to push; effects has one function a button, nil for a button that only closes it. An effect
// runs in Update, after the dialog has gone: it may start calls with the handle of the screen that asked.
func Ask(dialog kit.Dialog, effects ...func() tea.Cmd) Make {
	return func(d *Desk) Screen { return &Dialog{D: d, Question: dialog, Effects: effects} }
}

// Confirm asks before something is done: Cancel has the focus, verb is the other button.
func Confirm(title, verb string, lines []string, yes func() tea.Cmd) Make {
	return Ask(kit.Dialog{Title: title, Lines: lines, Buttons: []string{"Cancel", verb}, Danger: true}, nil, yes)
}

func (s *Dialog) Init() tea.Cmd { return s.D.After(kit.Grace, WakeMsg{}) }

func (s *Dialog) Update(msg tea.Msg) (Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case WakeMsg:
		s.Question = s.Question.Wake()
	case tea.KeyMsg:
		return s.key(msg)
	}
	return s, nil
}

func (s *Dialog) key(msg tea.KeyMsg) (Screen, tea.Cmd) {
	next, answer := s.Question.Update(msg)
	s.Question = next
	switch {
	case answer == kit.Open:
		return s, nil
	case answer == kit.Closed:
		return s, Pop
	}
	if i := int(answer - kit.Chosen); i < len(s.Effects) && s.Effects[i] != nil {
		then := s.Effects[i]
		return s, func() tea.Msg { return CloseMsg{then} }
	}
	return s, Pop
}

// Box draws the dialog alone.
func (s *Dialog) Box(w, h int) string { return s.Question.View(s.D.Styles, w, h) }

func (s *Dialog) View(w, h int) string {
	return kit.Overlay("", s.Box(w, h), w, h)
}

func (s *Dialog) Verbs() []kit.Verb { return []kit.Verb{Keys.Turn, Keys.Press, Keys.Back} }
func (s *Dialog) Typing() bool      { return s.Question.Typing() }
func (s *Dialog) Title() string     { return "" }

func (s *Dialog) Asked() kit.Dialog { return s.Question }
