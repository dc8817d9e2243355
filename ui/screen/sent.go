package screen

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// SentMsg is what became of a password that was sent to the terminal's clipboard.
type SentMsg struct{ Err error }

// CopyPassword is the verb that sends a password certdesk made up to the terminal's clipboard.
func CopyPassword(d *Desk, password string) kit.Verb {
	clip := d.Clip
	return Keys.Copy.Called("copy the password").Does(func() tea.Cmd {
		return d.Run(func(context.Context) tea.Msg { return SentMsg{clip.Send(password)} })
	})
}

// Said tells a person.
func (m SentMsg) Said() tea.Cmd {
	if m.Err != nil {
		problem, _ := words.Failure(m.Err)
		return Notice("the password was not sent: " + problem)
	}
	return Notice("the password was sent to the terminal: paste it where you need it")
}
