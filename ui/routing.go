package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/table"
)

// appOwner owns the calls that belong to no screen.
const appOwner = 0

// Update routes a message to whom it concerns, and opens what that asked for.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	return a, tea.Batch(a.route(msg), a.pressChosen(), a.openPushed(), a.fade())
}

// pressChosen closes the palette and presses what was chosen there on the screen below.
func (a *App) pressChosen() tea.Cmd {
	if a.chosen == nil {
		return nil
	}
	chosen := *a.chosen
	a.chosen = nil
	a.pop()
	return a.press(chosen)
}

// openPushed opens the screens that a message asked for.
func (a *App) openPushed() (cmd tea.Cmd) {
	for len(a.d.Pushed) > 0 {
		next := a.d.Pushed[0]
		a.d.Pushed = a.d.Pushed[1:]
		cmd = tea.Batch(cmd, a.push(next))
	}
	return cmd
}

// route gives a message to the app where it is for it, and else to the screen on top.
func (a *App) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return a.resize(msg)
	case tea.KeyMsg:
		return a.key(msg)
	case tea.MouseMsg:
		return a.pointed(msg)
	case tea.ResumeMsg:
		return a.resumed()
	case screen.PopMsg:
		return a.pop()
	case screen.CloseMsg:
		return a.closeDialog(msg)
	case screen.SelectMsg:
		return a.selectEntry(msg)
	case screen.RelistMsg:
		return a.Relist()
	case screen.ReopenedMsg:
		return a.reopened(msg)
	case screen.AskPortsMsg:
		return a.survey()
	case table.SortMsg:
		a.rows.Sort = msg.By
		return a.resort()
	case screen.NoticeMsg:
		return a.tell(msg)
	case screen.ReplyMsg:
		return a.reply(msg)
	case screen.TimerMsg:
		return a.deliver(msg.Owner, msg.Msg)
	case screen.QuitMsg:
		return a.quitByKey()
	case screen.PanicMsg:
		a.trace = msg.Trace
		return tea.Quit
	}
	return a.toTop(msg)
}

// key gives a key to the app where it means the same everywhere, and else to the screen on top.
func (a *App) key(msg tea.KeyMsg) tea.Cmd {
	switch {
	case held(msg), chunk(msg) && (a.Top().Typing() || len(msg.Runes) <= maxChord):
		return a.repeated(msg)
	case chunk(msg) && string(msg.Runes[0]) == screen.Keys.Filter.Keys[0]:
		return a.filterTyped(msg)
	case chunk(msg): // a paste that the terminal did not bracket: no key was meant
		a.notice = a.nothing(tea.KeyMsg{Paste: true})
		return nil
	}
	a.clearNotice()
	switch {
	case !msg.Paste && kit.Pressed(msg, screen.Keys.Interrupt):
		return a.interrupt()
	case !msg.Paste && kit.Pressed(msg, screen.Keys.Suspend):
		return tea.Suspend
	case a.blind():
		return nil
	case msg.Paste:
		return a.answered(msg)
	case kit.Pressed(msg, a.helpKey()) && !a.helpIsOpen():
		return a.push(a.help)
	case kit.Pressed(msg, a.paletteKey()) && !a.paletteIsOpen():
		return a.push(a.palette)
	case kit.Pressed(msg, a.mouseKey()):
		return a.turnMouse()
	}
	a.leaving = false
	return tea.Batch(a.leftBy(msg), a.answered(msg))
}

// leftBy notes that q leaves a screen: on the table below the same key quits, and whoever presses it once too often
// would lose the desk.
func (a *App) leftBy(msg tea.KeyMsg) tea.Cmd {
	q := kit.Pressed(msg, screen.Keys.Quit)
	switch {
	case !q:
		a.left = false
	case a.Depth() > 1 && !a.Top().Typing():
		a.left = true
		return a.d.After(leaveWindow, LeftLongAgoMsg{})
	}
	return nil
}

// quitByKey quits, but not within a moment after a screen was left by the same key.
func (a *App) quitByKey() tea.Cmd {
	if a.left {
		a.left = false
		a.notice = screen.Keys.Quit.Shown + " again to quit"
		return nil
	}
	return a.quit()
}

// answered gives a key or a paste to the screen on top. What changes nothing there gets a word: else a person cannot
// tell a key that means nothing from a desk that hangs.
func (a *App) answered(msg tea.KeyMsg) tea.Cmd {
	if a.expected(msg) || a.d.Width == 0 {
		return a.toTop(msg)
	}
	depth, before := len(a.layers), a.body(a.d.Width, a.d.BodyHeight())
	cmd := a.toTop(msg)
	if cmd == nil && len(a.d.Pushed) == 0 && len(a.layers) == depth && a.body(a.d.Width, a.d.BodyHeight()) == before {
		a.notice = a.nothing(msg)
	}
	return cmd
}

// expected says that the screen on top has a use for the key, though it may be at an end of a list just now; a field
// that tells why a key does nothing in it has none.
func (a *App) expected(msg tea.KeyMsg) bool {
	top := a.Top()
	return !msg.Paste && a.whyNot(msg) == "" && (kit.Pressed(msg, top.Verbs()...) || kit.Pressed(msg, screen.Moves()...) ||
		top.Typing() && chars(msg))
}

func chars(msg tea.KeyMsg) bool {
	return msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace || msg.Type == tea.KeyBackspace ||
		msg.Type == tea.KeyDelete
}

// nothing says that a key or a paste does nothing here, and what would do something.
func (a *App) nothing(msg tea.KeyMsg) string {
	onTable := a.Depth() == 1
	switch why := a.whyNot(msg); {
	case why != "":
		return why
	case screen.Offers(a.Top(), screen.Keys.CancelRun):
		return "not while this runs; esc cancels it"
	case msg.Paste && onTable:
		return "a paste does nothing here: i imports pasted text, / takes a filter"
	case msg.Paste:
		return "a paste does nothing here: it goes into a field for text"
	}
	return kit.Printable(msg.String()) + " does nothing here: " + a.helpKey().Shown + " shows the keys"
}

// whyNot is what the focused field of a form says of a key that does nothing in it, or "".
func (a *App) whyNot(msg tea.KeyMsg) string {
	s, ok := a.Top().(screen.Asking)
	if !ok {
		return ""
	}
	_, form, _ := s.InLines()
	if form == nil {
		return ""
	}
	return form.Field().Why(msg)
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
	cancelled := a.d.Cancel()
	s, ok := a.Top().(screen.Interruptible)
	switch {
	case ok && s.Interrupted():
		return nil
	case cancelled:
		a.notice = "cancelled"
		return nil
	}
	if a.leaving {
		return a.quit()
	}
	a.leaving = true
	a.notice = "ctrl+c again to quit"
	return a.d.After(leaveWindow, DisarmMsg{})
}

// quit ends the desk, or asks first where a form would be lost; asked already, it ends.
func (a *App) quit() tea.Cmd {
	_, asking := a.Top().(*screen.Dialog)
	switch {
	case asking:
		return tea.Quit
	case a.forms.Ordering() != "":
		return a.push(askStop(a.forms.Ordering()))
	case a.Unfinished():
		return a.push(askQuit())
	}
	return tea.Quit
}

func (a *App) push(s screen.Make) tea.Cmd {
	a.open(s)
	return a.Start()
}

// Start starts the screen on top.
func (a *App) Start() tea.Cmd { return a.Top().Init() }

// pop leaves the screen on top; the table stays.
func (a *App) pop() tea.Cmd {
	if len(a.layers) > 1 {
		a.d.Abandon(a.layers[len(a.layers)-1].id)
		a.layers = a.layers[:len(a.layers)-1]
	}
	return nil
}

// closeDialog closes a dialog and lets what asked carry on.
func (a *App) closeDialog(msg screen.CloseMsg) tea.Cmd {
	a.pop()
	return msg.Then()
}

func (a *App) selectEntry(msg screen.SelectMsg) tea.Cmd {
	for len(a.layers) > 1 {
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
	for i := range a.layers {
		if a.layers[i].id == owner {
			return a.toLayer(i, msg)
		}
	}
	return nil
}

func (a *App) toTop(msg tea.Msg) tea.Cmd { return a.toLayer(len(a.layers)-1, msg) }

func (a *App) toLayer(i int, msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	a.layers[i].screen, cmd = a.layers[i].screen.Update(msg)
	return cmd
}

func (a *App) toAll(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for i := range a.layers {
		cmds = append(cmds, a.toLayer(i, msg))
	}
	return tea.Batch(cmds...)
}

// askQuit is asked where a form was left unfinished.
func askQuit() screen.Make {
	lines := []string{"Quitting loses its answers. Nothing has been made or stored yet."}
	return screen.Confirm("Quit with an unfinished form?", "Quit", lines, func() tea.Cmd { return tea.Quit })
}

// askStop is asked where an order runs.
func askStop(name string) screen.Make {
	lines := []string{name + " is being ordered. Quitting stops that; nothing is lost, and enter on its page goes on with " +
		"it. So does certdesk renew --due."}
	return screen.Confirm("Quit while an order runs?", "Quit", lines, func() tea.Cmd { return tea.Quit })
}

// Unfinished says whether a form would lose its answers.
func (a *App) Unfinished() bool { return a.forms.Unfinished() || a.imports.Unfinished() }
