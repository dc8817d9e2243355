package screen

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// Desk is a screen's own handle of what all share: what it asks for comes back to it, and to nobody once it was left.
// Only Update touches it; a command gets what it needs by value.
type Desk struct {
	*Shared
	frame int64 // the screen's, or AppFrame
}

// AppFrame is the frame of the app: what is asked for on its handle goes on whichever screen is left.
const AppFrame = 0

// Make makes a screen on the handle that is its own.
type Make func(d *Desk) Screen

// Shared is what all screens share.
type Shared struct {
	Config
	Styles        theme.Styles
	Entries       []certstore.Entry         // the latest list, in order of id; never changed in place
	Removes       Removes                   // of this sitting
	ExportPaths   map[int64]string          // where an entry was about to be exported to
	ReadOnly      bool                      // the verbs are hidden and no writer is reachable
	Banner        string                    // what must be said about the store, or ""
	Survey        *enabling.Survey          // what the ports served when they were asked last; nil: not yet
	Surveying     bool                      // they are being asked
	Dead          []ledger.Unfinished       // changes of services whose process is gone
	Accepted      *domains.Listing          // what the sources of accepted domains gave last; nil: not yet
	Width, Height int                       // the terminal's size in cells
	Clip          Clipboard                 // the terminal's
	ScreenOf      func(*Desk, Place) Screen // makes the screen of a place; the app's
	Pushed        []Make                    // to be opened before the next message

	StylesOf func(theme string) theme.Styles // by the name of a theme; nil: they stay

	// Clock gives msg once d has passed; what drives the desk without a terminal replaces it.
	Clock func(d time.Duration, msg TimerMsg) tea.Cmd

	// Steady is how much time has passed, by a clock that nobody sets; likewise.
	Steady func() time.Duration

	Context context.Context
	seq     int64          // of the last call
	calls   map[int64]call // what runs
}

// call is one command that has not answered yet.
type call struct {
	owner      int64
	cancel     context.CancelFunc
	background bool // ctrl+c does not end it and the person does not wait for it
}

// ReplyMsg carries an answer back to the frame that asked; one whose call is forgotten is stale.
type ReplyMsg struct {
	Seq int64
	Msg tea.Msg
}

// TimerMsg carries a timer's message back to the frame that set it.
type TimerMsg struct {
	Owner int64
	Msg   tea.Msg
}

// PanicMsg is a command that panicked: the desk ends, and the trace is printed once the terminal is restored.
type PanicMsg struct{ Trace string }

// NewDesk is the app's handle of a desk on which nothing is open yet.
func NewDesk(ctx context.Context, c Config, styles theme.Styles) *Desk {
	began := time.Now()
	return &Desk{Shared: &Shared{Config: c, Styles: styles, Context: ctx, calls: map[int64]call{},
		ExportPaths: map[int64]string{}, Clip: Clipboard{Out: io.Discard}, Clock: tick,
		Steady:   func() time.Duration { return time.Since(began) },
		ReadOnly: c.Store != nil && c.Store.ReadOnly() != ""}}
}

// In is the handle of another screen.
func (d *Desk) In(frame int64) *Desk { return &Desk{d.Shared, frame} }

// Use has the desk go on with a changed configuration.
func (d *Desk) Use(c Config) {
	c.In, c.Out, c.Progress, c.Asks = d.Config.In, d.Out, d.Progress, d.Asks
	c.Env.Exchange = d.Env.Exchange
	d.Config, d.Accepted = c, nil
	d.ReadOnly = c.Store != nil && c.Store.ReadOnly() != ""
	if d.StylesOf != nil {
		d.Styles = d.StylesOf(c.Theme)
	}
}

// OlderExchange has the commands of the Exchange version before shown, on every screen, and says so: they may stand
// below what is seen.
func (d *Desk) OlderExchange() tea.Cmd {
	d.Env.Exchange = d.Env.Exchange.Older()
	return Notice("commands for Exchange " + d.Env.Exchange.String())
}

// Push opens a screen above this one. It is there before the next message: a key typed right behind the one that opens
// a dialog must reach the dialog, not what lies below.
func (d *Desk) Push(s Make) tea.Cmd {
	d.Pushed = append(d.Pushed, s)
	return nil
}

// Run makes a command of work a person waits for: ctrl+c cancels its context, and so does leaving the screen,
// whose answer is then dropped. The message that work gives comes to the screen that asked.
func (d *Desk) Run(work func(ctx context.Context) tea.Msg) tea.Cmd { return d.start(work, false) }

// Behind is Run for work nobody waits for, such as following the journal.
func (d *Desk) Behind(work func(ctx context.Context) tea.Msg) tea.Cmd { return d.start(work, true) }

func (d *Desk) start(work func(ctx context.Context) tea.Msg, background bool) tea.Cmd {
	d.seq++
	seq := d.seq
	ctx, cancel := context.WithCancel(d.Context)
	d.calls[seq] = call{owner: d.frame, cancel: cancel, background: background}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = Traced(r)
			}
		}()
		return ReplyMsg{seq, work(ctx)}
	}
}

// Finish forgets a call and says whose it was; false for a stale reply.
func (d *Desk) Finish(seq int64) (owner int64, ok bool) {
	c, ok := d.calls[seq]
	if ok {
		c.cancel()
		delete(d.calls, seq)
	}
	return c.owner, ok
}

// Cancel ends what a person waits for and says whether there was anything. The calls answer with their
// context's error, so the screen that asked learns of it.
func (d *Desk) Cancel() bool {
	ended := false
	for _, c := range d.calls {
		if !c.background {
			c.cancel()
			ended = true
		}
	}
	return ended
}

// Stop is Cancel as what a verb does.
func (d *Desk) Stop() tea.Cmd {
	d.Cancel()
	return nil
}

// Abandon ends the calls of a frame that was left and forgets them.
func (d *Desk) Abandon(owner int64) {
	for seq, c := range d.calls {
		if c.owner == owner {
			c.cancel()
			delete(d.calls, seq)
		}
	}
}

// After gives msg to this screen once the time has passed.
func (d *Desk) After(wait time.Duration, msg tea.Msg) tea.Cmd {
	return d.Clock(wait, TimerMsg{d.frame, msg})
}

func tick(wait time.Duration, msg TimerMsg) tea.Cmd {
	return tea.Tick(wait, func(time.Time) tea.Msg { return msg })
}

// BodyHeight is how many lines a screen has between header and footer.
func (d *Desk) BodyHeight() int {
	if d.Banner != "" {
		return d.Height - 3
	}
	return d.Height - 2
}

// PageHeight is how many lines a page has under its title.
func (d *Desk) PageHeight() int { return d.BodyHeight() - 1 }

// Entry finds an entry of the latest list by id.
func (d *Desk) Entry(id int64) (certstore.Entry, bool) {
	if e := d.Find(id); e != nil {
		return *e, true
	}
	return certstore.Entry{}, false
}

// Find is Entry without a copy, for drawing; nil if there is none.
func (d *Desk) Find(id int64) *certstore.Entry { return words.FindIn(d.Entries, id) }

// PortTable draws ports as the list names what they serve.
func (d *Desk) PortTable() words.Ports {
	return words.Ports{Styles: d.Styles, Entries: d.Entries, Now: d.Now(), ReadOnly: d.ReadOnly}
}

// Traced is the message of a panic, with where it happened.
func Traced(r any) PanicMsg { return PanicMsg{fmt.Sprintf("panic: %v\n\n%s", r, debug.Stack())} }
