package ui

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// desk is what all screens share. Only Update touches it; a command gets what it needs by value.
type desk struct {
	Config
	styles      theme.Styles
	entries     []certstore.Entry      // the latest list, in order of id; never changed in place
	exportPaths map[int64]string       // where an entry was about to be exported to
	readOnly    bool                   // the verbs are hidden and no writer is reachable
	banner      string                 // what must be said about the store, or ""
	survey      *certstore.Survey      // what the ports served when they were asked last; nil: not yet
	surveying   bool                   // they are being asked
	dead        []certstore.Unfinished // changes of services whose process is gone
	w, h        int                    // the terminal's size in cells
	clip        clipboard              // the terminal's
	screenOf    func(place) screen     // makes the screen of a place; the app's
	pushed      []screen               // to be opened before the next message
	chosen      *tea.KeyMsg            // in the palette, to be pressed before the next message

	// after gives msg to the screen that asked once d has passed; a driver of tests replaces it.
	after func(d time.Duration, msg tea.Msg) tea.Cmd

	ctx   context.Context
	seq   int64          // of the last call
	owner int64          // the frame that is being updated: replies go to it
	calls map[int64]call // what runs
}

// call is one command that has not answered yet.
type call struct {
	owner      int64
	cancel     context.CancelFunc
	background bool // ctrl+c does not end it and the person does not wait for it
}

// replyMsg carries an answer back to the frame that asked; one whose call is forgotten is stale.
type replyMsg struct {
	seq int64
	msg tea.Msg
}

// timerMsg carries a timer's message back to the frame that set it.
type timerMsg struct {
	owner int64
	msg   tea.Msg
}

// panicMsg is a command that panicked: the desk ends, and the trace is printed once the terminal is restored.
type panicMsg struct{ trace string }

func newDesk(ctx context.Context, c Config, styles theme.Styles) *desk {
	d := &desk{Config: c, styles: styles, ctx: ctx, calls: map[int64]call{}, exportPaths: map[int64]string{}, clip: clipboard{out: io.Discard}}
	d.after = d.tick
	d.readOnly = c.Store != nil && c.Store.ReadOnly() != ""
	return d
}

// push opens a screen above this one. It is there before the next message: a key typed right behind the one that opens
// a dialog must reach the dialog, not what lies below.
func (d *desk) push(s screen) tea.Cmd {
	d.pushed = append(d.pushed, s)
	return nil
}

// run makes a command of work a person waits for: ctrl+c cancels its context, and so does leaving the screen,
// whose answer is then dropped. The message that work gives comes to the screen that asked.
func (d *desk) run(work func(ctx context.Context) tea.Msg) tea.Cmd { return d.start(work, false) }

// behind is run for work nobody waits for, such as following the journal.
func (d *desk) behind(work func(ctx context.Context) tea.Msg) tea.Cmd { return d.start(work, true) }

func (d *desk) start(work func(ctx context.Context) tea.Msg, background bool) tea.Cmd {
	d.seq++
	seq := d.seq
	ctx, cancel := context.WithCancel(d.ctx)
	d.calls[seq] = call{owner: d.owner, cancel: cancel, background: background}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = traced(r)
			}
		}()
		return replyMsg{seq, work(ctx)}
	}
}

// finish forgets a call and says whose it was; false for a stale reply.
func (d *desk) finish(seq int64) (owner int64, ok bool) {
	c, ok := d.calls[seq]
	if ok {
		c.cancel()
		delete(d.calls, seq)
	}
	return c.owner, ok
}

// cancel ends what a person waits for and says whether there was anything. The calls answer with their
// context's error, so the screen that asked learns of it.
func (d *desk) cancel() bool {
	any := false
	for _, c := range d.calls {
		if !c.background {
			c.cancel()
			any = true
		}
	}
	return any
}

// waiting is how many commands have not answered yet.
func (d *desk) waiting() int { return len(d.calls) }

// abandon ends the calls of a frame that was left and forgets them.
func (d *desk) abandon(owner int64) {
	for seq, c := range d.calls {
		if c.owner == owner {
			c.cancel()
			delete(d.calls, seq)
		}
	}
}

func (d *desk) tick(wait time.Duration, msg tea.Msg) tea.Cmd {
	owner := d.owner
	return tea.Tick(wait, func(time.Time) tea.Msg { return timerMsg{owner, msg} })
}

// bodyHeight is how many lines a screen has between header and footer.
func (d *desk) bodyHeight() int {
	if d.banner != "" {
		return d.h - 3
	}
	return d.h - 2
}

// entry finds an entry of the latest list by id.
func (d *desk) entry(id int64) (certstore.Entry, bool) {
	if e := d.find(id); e != nil {
		return *e, true
	}
	return certstore.Entry{}, false
}

// find is entry without a copy, for drawing; nil if there is none.
func (d *desk) find(id int64) *certstore.Entry { return words.FindIn(d.entries, id) }

// Ports draws ports as the list names what they serve.
func (d *desk) portTable() words.Ports { return words.Ports{Styles: d.styles, Entries: d.entries} }

func traced(r any) panicMsg { return panicMsg{fmt.Sprintf("panic: %v\n\n%s", r, debug.Stack())} }
