package ui

import (
	"fmt"
	"time"

	"github.com/charmbracelet/bubbles/spinner"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/theme"
)

// busy is work a person waits for: a spinner, what is done, and for how long.
type busy struct {
	text  string // "" while nothing runs
	since time.Time
	turn  int // of the spinner
}

// turnMsg turns the spinner.
type turnMsg struct{}

// spinnerTurn is how long one picture of the spinner stands.
const spinnerTurn = 120 * time.Millisecond

// start says what runs; the command keeps the spinner turning.
func (b *busy) start(d *desk, text string) tea.Cmd {
	*b = busy{text: text, since: d.Now()}
	return d.after(spinnerTurn, turnMsg{})
}

func (b *busy) stop() { b.text = "" }

func (b *busy) runs() bool { return b.text != "" }

func (b *busy) turned(d *desk) tea.Cmd {
	if !b.runs() {
		return nil
	}
	b.turn++
	return d.after(spinnerTurn, turnMsg{})
}

func (b *busy) line(st theme.Styles, now time.Time) string {
	frames := spinner.Line.Frames
	elapsed := now.Sub(b.since).Seconds()
	return "  " + st.Accent.Render(frames[b.turn%len(frames)]) + "  " + b.text + "  " + st.Muted.Render(fmt.Sprintf("%.1f s", elapsed))
}
