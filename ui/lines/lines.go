// Package lines is the desk line by line, for a screen reader, a plain console and a pipe. It drives the same screens:
// what is made, checked and stored is decided by them.
//
// Its promise: no byte moves a cursor; a secret is never written out; the same answers give the same result as on the
// desk.
package lines

import (
	"context"
	"io"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
)

// IO is what the desk in lines talks through.
type IO struct {
	In         io.Reader // one answer a line
	Out        io.Writer
	Echo       bool             // answers are written out too: nobody sees them being typed
	Width      int              // of Out, in cells, where a person sees it; 0: no limit
	Height     int              // of Out, in lines; 0: no limit
	Interrupts <-chan os.Signal // ctrl+c; nil for none

	// Secret asks for a line that must not show; nil where nobody sees what comes in: then it is a line like any other.
	Secret func(ctx context.Context, prompt string) ([]byte, error)
}

// lineDesk is a second driver of the desk's screens: it asks for each field and each action by a line, presses the
// keys that the answer stands for, and prints what the screens then say. No cursor moves and nothing is painted. What
// is made, checked and stored is decided by the screens, so the same answers give the same result as on the desk.
type lineDesk struct {
	app  *ui.App
	d    *screen.Desk
	io   IO
	in   *lineReader
	ctx  context.Context
	err  error // why it ended before the person left
	quit bool

	form     *form.Form        // that was introduced last
	formOf   int64             // the frame it is of
	told     map[string]bool   // what was said of it already
	offered  offered           // the list that was printed last
	silent   int               // turns since something was asked
	page     int64             // the frame whose text was printed last
	text     []string          // that text
	rest     []string          // of it, not yet printed
	rows     []int64           // the rows as numbered last
	upTo     int               // how many of them were printed
	listed   int64             // the frame they are of
	situated string            // what was said of the selected one
	entries  []certstore.Entry // the list as the person knows it
	taught   bool              // how forms are answered was said
	fired    map[string]bool   // the timers since the last answer
}

// offered is a field's list as it was printed.
type offered struct {
	id    string
	lines []string
}

// The size of the frames nobody sees: wide enough that little is cut, narrow enough that nothing stands side by side.
const (
	lineWidth  = 110
	lineHeight = 2000
)

// Run is Run where a full screen is of no use: on a plain console, for a screen reader, and through a pipe. It
// ends when the person leaves or the input ends, then without error, or when ctx ends.
func Run(ctx context.Context, c screen.Config, talk IO) error {
	if c.Now == nil {
		c.Now = time.Now
	}
	l := newLineDesk(ctx, c, talk)
	l.run()
	return ui.Outcome(ctx, l.app, l.err, os.Stderr)
}

func newLineDesk(ctx context.Context, c screen.Config, talk IO) *lineDesk {
	l := &lineDesk{io: talk, in: newLineReader(talk.In), ctx: ctx, fired: map[string]bool{}}
	d := screen.NewDesk(ctx, c, theme.Plain())
	d.Clock = l.after
	l.app, l.d = ui.New(d), d
	return l
}

func (l *lineDesk) run() {
	l.send(tea.WindowSizeMsg{Width: lineWidth, Height: lineHeight})
	l.settle(l.app.Start())
	l.relist()
	l.greet()
	for !l.quit && l.ctx.Err() == nil {
		l.turn()
	}
}

// turn prints what the screen on top has to say, asks one thing and does what is answered.
func (l *lineDesk) turn() {
	l.notices()
	top := l.app.Top()
	if q, ok := top.(screen.Questioner); ok {
		l.dialog(q.Asked())
		return
	}
	if s, ok := top.(screen.Asking); ok {
		if question, form, problem := s.InLines(); form != nil {
			l.field(question, form, problem)
			return
		}
	}
	l.form = nil
	if s, ok := top.(screen.Rowed); ok && s.IDs() != nil {
		l.list(s)
		return
	}
	l.tell(top)
}

// notices prints what the footer would say.
func (l *lineDesk) notices() {
	if text := l.app.TakeNotice(); text != "" {
		l.say(text + ".")
	}
}

// end is what the end of the input means: to leave, and to say what that loses.
func (l *lineDesk) end() {
	l.quit = true
	if l.app.Unfinished() {
		l.say("The input has ended. The unfinished form is lost: nothing was made of it.")
	}
}
