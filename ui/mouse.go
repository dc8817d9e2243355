package ui

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
)

// The mouse does what keys do: what is pressed becomes the keys that a person would press for it, so that nothing is
// done by a press that a key would not do, and a dialog that has just opened answers neither.

// wheelLines is how far a notch of the wheel moves rows and texts.
const wheelLines = 3

// SettledMsg ends the time in which a second press is taken for half of a double one.
type SettledMsg struct{}

// pointed takes a press or a turn of the wheel.
func (a *App) pointed(msg tea.MouseMsg) tea.Cmd {
	if a.blind() || msg.Action != tea.MouseActionPress {
		return nil
	}
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		return a.wheel(-1)
	case tea.MouseButtonWheelDown:
		return a.wheel(1)
	case tea.MouseButtonLeft:
		return a.clicked(kit.ZoneAt(a.drawn(), msg.X, msg.Y))
	}
	return nil
}

// clicked presses what was drawn in a zone. The second half of a double press is not for the page that the first half
// has opened: nobody has seen that yet.
func (a *App) clicked(zone string) tea.Cmd {
	kind, name, _ := strings.Cut(zone, ":")
	if kind == "" || a.clickedOn != 0 && a.clickedOn != a.LayerID() {
		return nil
	}
	a.clickedOn = a.LayerID()
	return tea.Batch(a.pressZone(kind, name), a.d.After(kit.Grace, SettledMsg{}))
}

func (a *App) pressZone(kind, name string) tea.Cmd {
	switch kind {
	case "key":
		return a.key(kit.PressKey(name))
	case "badge":
		return a.pressBadge(kit.VerbID(name))
	}
	a.leaving = false
	a.clearNotice()
	number, _ := strconv.Atoi(name)
	if top, is := a.Top().(screen.Questioner); is && kind == "button" {
		return a.keys(top.Asked().PressButton(number))
	}
	if f := a.form(); f != nil {
		return a.clickedForm(f, kind, name)
	}
	if rows, is := a.Top().(screen.Rowed); is && kind == "row" {
		return a.clickedRow(rows, int64(number))
	}
	return a.toTop(kit.ClickMsg{Zone: kind + ":" + name})
}

// clickedRow goes to a row, which is near since it is seen, and opens the one that is selected already.
func (a *App) clickedRow(s screen.Rowed, id int64) tea.Cmd {
	switch to := slices.Index(s.IDs(), id); to {
	case -1:
		return nil
	case s.At():
		return a.key(kit.PressKey("enter"))
	default:
		return a.keys(kit.Way(s.At(), to, "up", "down"))
	}
}

// clickedForm goes to a field, and presses it where it is a button; or to a row of the field that has the focus.
func (a *App) clickedForm(f *form.Form, kind, name string) tea.Cmd {
	if rows, is := f.Field().(*form.Rows); is && kind == "row" {
		to, _ := strconv.Atoi(name)
		return a.keys(kit.Way(rows.At(), to, "up", "down"))
	}
	if kind == "answer" {
		return a.clickedAnswer(f, name)
	}
	if !f.Has(name) {
		return nil
	}
	focus := f.Focus(name)
	if f.Field().ID() != name || !f.Field().Shape().Button {
		return focus
	}
	return tea.Batch(focus, a.key(kit.PressKey("enter")))
}

// clickedAnswer goes to a field and gives it the answer that was pressed, as a line of the plain desk would.
func (a *App) clickedAnswer(f *form.Form, name string) tea.Cmd {
	id, answer, _ := strings.Cut(name, ":")
	focus := f.Focus(id)
	asked, is := f.Field().(form.Asked)
	if !is || f.Field().ID() != id {
		return focus
	}
	keys, _ := asked.Answer(answer)
	return tea.Batch(focus, a.keys(keys))
}

// pressBadge does on the table what a badge of the header is for. Pages that q leaves are left for it; others keep what
// a person is at.
func (a *App) pressBadge(id kit.VerbID) tea.Cmd {
	for _, l := range a.layers[1:] {
		if !screen.Offers(l.screen, screen.Keys.Leave) {
			a.notice = "this page first: " + a.helpKey().Shown + " shows the key that leaves it"
			return nil
		}
	}
	for a.Depth() > 1 {
		a.pop()
	}
	for _, v := range a.Top().Verbs() {
		if v.ID == id {
			return a.press(v)
		}
	}
	return nil
}

// keys presses keys one after the other, each on the screen that the one before has left.
func (a *App) keys(list []tea.KeyMsg) tea.Cmd {
	var cmds []tea.Cmd
	for _, k := range list {
		cmds = append(cmds, a.key(k), a.openPushed())
	}
	return tea.Batch(cmds...)
}

// wheel turns rows and texts; in a list of actions, and in a form's field of several lines, it moves the cursor.
func (a *App) wheel(by int) tea.Cmd {
	arrow := kit.PressKey("down")
	if by < 0 {
		arrow = kit.PressKey("up")
	}
	if f := a.form(); f != nil {
		return a.wheelForm(f, arrow)
	}
	switch a.Top().(type) {
	case screen.Questioner:
		return nil
	case screen.Rowed:
		return a.toTop(kit.WheelMsg{By: by * wheelLines})
	case screen.Floating:
		return a.toTop(arrow)
	}
	return a.turned(arrow)
}

// form is what the screen on top asks, nil where that asks nothing now.
func (a *App) form() *form.Form {
	asking, is := a.Top().(screen.Asking)
	if !is {
		return nil
	}
	_, f, _ := asking.InLines()
	return f
}

func (a *App) turned(arrow tea.KeyMsg) tea.Cmd {
	var cmds []tea.Cmd
	for range wheelLines {
		cmds = append(cmds, a.toTop(arrow))
	}
	return tea.Batch(cmds...)
}

func (a *App) wheelForm(f *form.Form, arrow tea.KeyMsg) tea.Cmd {
	switch {
	case !f.Field().Shape().Flex || !f.Field().Takes(arrow):
		return nil
	case f.Field().Shape().Read:
		return a.turned(arrow)
	}
	return a.toTop(arrow)
}

// turnMouse gives the presses of the mouse to the terminal, which selects text with them, or takes them back.
func (a *App) turnMouse() tea.Cmd {
	a.d.NoMouse = !a.d.NoMouse
	if a.d.NoMouse {
		a.notice = "the mouse selects text now; " + a.mouseKey().Shown + " gives it back to the desk"
		return tea.DisableMouse
	}
	a.notice = "the mouse presses what is shown; " + a.mouseKey().Shown + " lets it select text again"
	return tea.EnableMouseCellMotion
}

// mouseKey is "M", or "f9" where "M" is a letter.
func (a *App) mouseKey() kit.Verb {
	if a.Top().Typing() {
		return screen.Keys.Mouse.On("f9")
	}
	return screen.Keys.Mouse
}

// resumed takes the mouse again after a suspension, which gave it back.
func (a *App) resumed() tea.Cmd {
	if a.d.NoMouse {
		return a.Relist()
	}
	return tea.Batch(tea.EnableMouseCellMotion, a.Relist())
}

// heard leaves out what the mouse does beside pressing and turning: of a drag there are hundreds of messages, and each
// that is let in has a frame drawn.
func heard(_ tea.Model, msg tea.Msg) tea.Msg {
	if mouse, is := msg.(tea.MouseMsg); is && (mouse.Action != tea.MouseActionPress ||
		!slices.Contains([]tea.MouseButton{tea.MouseButtonLeft, tea.MouseButtonWheelUp, tea.MouseButtonWheelDown},
			mouse.Button)) {
		return nil
	}
	return msg
}
