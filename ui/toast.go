package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// A notice stands over the footer and takes no key: the next one, or some seconds, clear it. What was done is kept for
// a moment even if keys follow, since those may have been on their way when it appeared.
const (
	noticeTime = 6 * time.Second
	noticeKept = 1200 * time.Millisecond
)

// NoticeOverMsg ends the time of a notice, by its number.
type NoticeOverMsg struct{ number int }

// noticeReadMsg says that it has been there long enough to be read.
type noticeReadMsg struct{ number int }

// toast is how the notice in the footer comes and goes.
type toast struct {
	number int    // of the latest
	timed  string // the notice whose end is awaited
	kept   bool   // a key does not clear it yet
}

// tell puts what was done into the footer.
func (a *App) tell(msg screen.NoticeMsg) tea.Cmd {
	a.notice = kit.Printable(msg.Text)
	fade := a.fade()
	a.toast.kept = true
	return tea.Batch(fade, a.d.After(noticeKept, noticeReadMsg{a.toast.number}))
}

// fade has a notice that has just appeared end after its time; of one that is there already the end is awaited.
func (a *App) fade() tea.Cmd {
	if a.notice == a.toast.timed {
		return nil
	}
	a.toast = toast{number: a.toast.number + 1, timed: a.notice}
	if a.notice == "" {
		return nil
	}
	return a.d.After(noticeTime, NoticeOverMsg{a.toast.number})
}

// clearNotice clears the notice for a key, unless it has to be read first.
func (a *App) clearNotice() {
	if !a.toast.kept {
		a.notice = ""
	}
}

func (a *App) noticeRead(msg noticeReadMsg) {
	if msg.number == a.toast.number {
		a.toast.kept = false
	}
}

func (a *App) noticeOver(msg NoticeOverMsg) {
	if msg.number == a.toast.number && !a.leaving {
		a.notice = ""
	}
}
