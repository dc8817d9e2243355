package lines

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// slowAfter is how long something may take before it is said what is waited for.
const slowAfter = time.Second

// press gives the keys of an answer to the desk.
func (l *lineDesk) press(keys ...tea.KeyMsg) {
	for _, k := range keys {
		l.send(k)
	}
}

// send gives the desk a message and waits for all that follows from it.
func (l *lineDesk) send(msg tea.Msg) {
	_, cmd := ui.Guard{App: l.app}.Update(msg)
	l.settle(cmd)
}

// settle carries out a command and all that follows. Nothing else is done meanwhile: a line is asked for only when
// nothing runs.
func (l *lineDesk) settle(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	w := waiting{l: l, answers: make(chan tea.Msg)}
	w.start(cmd)
	slow := time.NewTimer(slowAfter)
	defer slow.Stop()
	for w.running > 0 && l.ctx.Err() == nil {
		select {
		case msg := <-w.answers:
			w.running--
			w.take(msg)
		case <-l.io.Interrupts:
			w.take(kit.PressKey("ctrl+c"))
		case <-slow.C:
			l.say(l.Doing() + " ...")
		case <-l.ctx.Done():
		}
	}
}

// waiting is what runs.
type waiting struct {
	l       *lineDesk
	running int
	answers chan tea.Msg
}

func (w *waiting) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	w.running++
	go func() {
		msg := ui.Guarded(cmd)()
		select {
		case w.answers <- msg:
		case <-w.l.ctx.Done():
		}
	}()
}

func (w *waiting) take(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.QuitMsg:
		w.l.quit = true
	case tea.BatchMsg:
		for _, cmd := range msg {
			w.start(cmd)
		}
	default:
		_, cmd := ui.Guard{App: w.l.app}.Update(msg)
		if s, ok := w.l.app.Top().(screen.Stepper); ok {
			w.l.sayAll(s.Happened())
		}
		w.start(cmd)
	}
}

func (l *lineDesk) Doing() string {
	if s, ok := l.app.Top().(screen.Doer); ok && s.Doing() != "" {
		return s.Doing()
	}
	if l.d.Surveying {
		return screen.AskingPorts
	}
	return "working"
}

// after is the desk's clock: here nobody has to wait. A timer that sets itself anew, as a spinner's does, fires once
// an answer.
func (l *lineDesk) after(_ time.Duration, msg screen.TimerMsg) tea.Cmd {
	kind := fmt.Sprintf("%T", msg.Msg)
	switch msg.Msg.(type) {
	case ui.DisarmMsg: // two ctrl+c need not be quick where each makes a line
		return nil
	case ui.LeftLongAgoMsg: // nor is a line a key pressed once too often
		return func() tea.Msg { return msg }
	case ui.NoticeOverMsg: // a line that is written stays
		return nil
	case ui.SurveyDueMsg: // an answer would wait for every port, and no header counts them: whoever wants to know asks
		return nil
	case screen.WakeMsg:
	default:
		if l.fired[kind] {
			return nil
		}
		l.fired[kind] = true
	}
	return func() tea.Msg { return msg }
}
