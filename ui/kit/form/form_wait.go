package form

import tea "github.com/charmbracelet/bubbletea"

// settling is a field whose answer cannot be judged yet.
type settling interface {
	Settling() bool
}

// heard gives a message to every field, and goes on to the next page where that was all a person waited for.
func (f *Form) heard(msg tea.Msg) (tea.Cmd, Outcome) {
	cmd := f.broadcast(msg)
	if !f.asked || f.settling() {
		return cmd, Stay
	}
	next, outcome := f.next()
	return tea.Batch(cmd, next), outcome
}

func (f *Form) settling() bool {
	field, ok := f.Field().(settling)
	return ok && field.Settling()
}
