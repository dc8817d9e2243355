package screen

import (
	"fmt"
	"time"

	"github.com/charmbracelet/bubbles/spinner"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/theme"
)

// Busy is work a person waits for: a spinner, what is done, and for how long.
type Busy struct {
	Text  string // "" while nothing runs
	since time.Time
	turn  int // of the spinner
}

// TurnMsg turns the spinner.
type TurnMsg struct{}

// spinnerTurn is how long one picture of the spinner stands.
const spinnerTurn = 120 * time.Millisecond

// Start says what runs; the command keeps the spinner turning.
func (b *Busy) Start(d *Desk, text string) tea.Cmd {
	*b = Busy{Text: text, since: d.Now()}
	return d.After(spinnerTurn, TurnMsg{})
}

// Stop says that nothing runs any more.
func (b *Busy) Stop() { b.Text = "" }

// Runs says whether something runs.
func (b *Busy) Runs() bool { return b.Text != "" }

// Turned turns the spinner, and sees to the next turn.
func (b *Busy) Turned(d *Desk) tea.Cmd {
	if !b.Runs() {
		return nil
	}
	b.turn++
	return d.After(spinnerTurn, TurnMsg{})
}

// Line is the spinner, what runs and for how long.
func (b *Busy) Line(st theme.Styles, now time.Time) string {
	frames := spinner.Line.Frames
	elapsed := now.Sub(b.since).Seconds()
	return "  " + st.Accent.Render(frames[b.turn%len(frames)]) + "  " + b.Text + "  " +
		st.Muted.Render(fmt.Sprintf("%.1f s", elapsed))
}
