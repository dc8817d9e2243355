package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// appOwner owns the calls that belong to no screen.
const appOwner = 0

// key gives a key to the app where it means the same everywhere, and else to the screen on top.
func (a *App) key(msg tea.KeyMsg) tea.Cmd {
	switch {
	case held(msg), chunk(msg) && (a.Top().Typing() || len(msg.Runes) <= maxChord):
		return a.repeated(msg)
	case chunk(msg) && string(msg.Runes[0]) == screen.Keys.Filter.Keys()[0]:
		return a.filterTyped(msg)
	case chunk(msg): // a paste that the terminal did not bracket: no key was meant
		a.notice = a.nothing(tea.KeyMsg{Paste: true})
		return nil
	}
	a.notice = ""
	switch {
	case !msg.Paste && key.Matches(msg, screen.Keys.Interrupt):
		return a.interrupt()
	case !msg.Paste && key.Matches(msg, screen.Keys.Suspend):
		return tea.Suspend
	case a.blind():
		return nil
	case msg.Paste:
		return a.answered(msg)
	case key.Matches(msg, a.helpKey()) && !a.helpIsOpen():
		return a.push(newHelp(a.d, a.Top(), a.Depth() == 1))
	case key.Matches(msg, a.paletteKey()) && !a.paletteIsOpen():
		return a.push(newPalette(a.d, a.Top()))
	}
	a.leaving = false
	return a.answered(msg)
}

// answered gives a key or a paste to the screen on top. What changes nothing there gets a word: else a person cannot
// tell a key that means nothing from a desk that hangs.
func (a *App) answered(msg tea.KeyMsg) tea.Cmd {
	if a.expected(msg) || a.d.Width == 0 {
		return a.toTop(msg)
	}
	depth, before := len(a.frames), a.body(a.d.Width, a.d.BodyHeight())
	cmd := a.toTop(msg)
	if cmd == nil && len(a.d.Pushed) == 0 && len(a.frames) == depth && a.body(a.d.Width, a.d.BodyHeight()) == before {
		a.notice = a.nothing(msg)
	}
	return cmd
}

// expected says that the screen on top has a use for the key, though it may be at an end of a list just now.
func (a *App) expected(msg tea.KeyMsg) bool {
	top := a.Top()
	return !msg.Paste && (key.Matches(msg, top.Keys()...) || key.Matches(msg, screen.Moves()...) ||
		top.Typing() && chars(msg))
}

func chars(msg tea.KeyMsg) bool {
	return msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace || msg.Type == tea.KeyBackspace ||
		msg.Type == tea.KeyDelete
}

// nothing says that a key or a paste does nothing here, and what would do something.
func (a *App) nothing(msg tea.KeyMsg) string {
	onTable := a.Depth() == 1
	switch {
	case screen.Offers(a.Top(), screen.Keys.CancelRun):
		return "not while this runs; esc cancels it"
	case msg.Paste && onTable:
		return "a paste does nothing here: i imports pasted text, / takes a filter"
	case msg.Paste:
		return "a paste does nothing here: it goes into a field for text"
	}
	return kit.Printable(msg.String()) + " does nothing here: " + a.helpKey().Help().Key + " shows the keys"
}

// blind says that the terminal is too small to show what a key would do.
func (a *App) blind() bool {
	_, small := kit.TooSmall(a.d.Width, a.d.Height)
	return small && a.d.Width > 0
}

// held says that a key which only moves, the cursor or a line, was held down on a slow line: its letters then come as
// one message.
func held(msg tea.KeyMsg) bool { return chunk(msg) && strings.Trim(string(msg.Runes), "jkJK") == "" }

// maxChord is how many keys, pressed one quickly after the other, are taken for keys where nothing is typed.
const maxChord = 3

// chunk says that several letters came in one message. Bubble Tea spells them as it spells its keys: a password "right"
// would be the arrow.
func chunk(msg tea.KeyMsg) bool {
	return msg.Type == tea.KeyRunes && !msg.Paste && !msg.Alt && len(msg.Runes) > 1
}

func (a *App) repeated(msg tea.KeyMsg) tea.Cmd {
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		cmds = append(cmds, a.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}), a.openPushed())
	}
	return tea.Batch(cmds...)
}

// filterTyped takes "/word" for what was typed where that opens a filter: on a slow line the letters come as one
// message, and in a filter none of them does anything else than to hide rows.
func (a *App) filterTyped(msg tea.KeyMsg) tea.Cmd {
	cmd := tea.Batch(a.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: msg.Runes[:1]}), a.openPushed())
	if !a.Top().Typing() {
		a.notice = a.nothing(tea.KeyMsg{Paste: true})
		return cmd
	}
	return tea.Batch(cmd, a.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: msg.Runes[1:]}))
}

func (a *App) helpIsOpen() bool {
	_, ok := a.Top().(*helpScreen)
	return ok
}

func (a *App) paletteIsOpen() bool {
	_, ok := a.Top().(*paletteScreen)
	return ok
}

// interrupt cancels what runs; with nothing running the second press within leaveWindow quits.
func (a *App) interrupt() tea.Cmd {
	if a.d.Cancel() {
		if s, ok := a.Top().(screen.Interruptible); !ok || !s.Interrupted() {
			a.notice = "cancelled"
		}
		return nil
	}
	if a.leaving {
		return a.quit()
	}
	a.leaving = true
	a.notice = "ctrl+c again to quit"
	a.d.Owner = appOwner
	return a.d.After(leaveWindow, DisarmMsg{})
}

// quit ends the desk, or asks first where a form would be lost; asked already, it ends.
func (a *App) quit() tea.Cmd {
	if _, asking := a.Top().(*screen.Dialog); !a.Unfinished() || asking {
		return tea.Quit
	}
	return a.push(askQuit(a.d))
}

func (a *App) push(s screen.Screen) tea.Cmd {
	a.open(s)
	return a.Start()
}

// Start starts the screen on top.
func (a *App) Start() tea.Cmd {
	top := a.frames[len(a.frames)-1]
	a.d.Owner = top.id
	return top.screen.Init()
}

// pop leaves the screen on top; the table stays.
func (a *App) pop() tea.Cmd {
	if len(a.frames) > 1 {
		a.d.Abandon(a.frames[len(a.frames)-1].id)
		a.frames = a.frames[:len(a.frames)-1]
	}
	return nil
}

// closeDialog closes a dialog and lets the screen that asked carry on.
func (a *App) closeDialog(msg screen.CloseMsg) tea.Cmd {
	a.pop()
	a.d.Owner = a.frames[len(a.frames)-1].id
	return msg.Then()
}

func (a *App) selectEntry(msg screen.SelectMsg) tea.Cmd {
	for len(a.frames) > 1 {
		a.pop()
	}
	return tea.Batch(a.toTop(msg), a.Relist())
}

func (a *App) reply(msg screen.ReplyMsg) tea.Cmd {
	owner, ok := a.d.Finish(msg.Seq)
	if !ok {
		return nil
	}
	return a.deliver(owner, msg.Msg)
}

// deliver gives a message to the frame it is for; a frame that has been left gets nothing.
func (a *App) deliver(owner int64, msg tea.Msg) tea.Cmd {
	if owner == appOwner {
		return a.own(msg)
	}
	for i := range a.frames {
		if a.frames[i].id == owner {
			return a.toFrame(i, msg)
		}
	}
	return nil
}

func (a *App) toTop(msg tea.Msg) tea.Cmd { return a.toFrame(len(a.frames)-1, msg) }

func (a *App) toFrame(i int, msg tea.Msg) tea.Cmd {
	a.d.Owner = a.frames[i].id
	var cmd tea.Cmd
	a.frames[i].screen, cmd = a.frames[i].screen.Update(msg)
	return cmd
}

func (a *App) toAll(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for i := range a.frames {
		cmds = append(cmds, a.toFrame(i, msg))
	}
	return tea.Batch(cmds...)
}

// askQuit is asked where a form was left unfinished.
func askQuit(d *screen.Desk) *screen.Dialog {
	lines := []string{"Quitting loses its answers. Nothing has been made or stored yet."}
	return screen.Confirm(d, "Quit with an unfinished form?", "Quit", lines, func() tea.Cmd { return tea.Quit })
}

// Unfinished says whether a form would lose its answers.
func (a *App) Unfinished() bool { return a.forms.Unfinished() || a.imports.Unfinished() }
