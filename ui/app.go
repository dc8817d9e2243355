// Package ui is the desk: full-screen dialogs over one store, and the same dialogs line by line for a screen reader.
//
// Its promise: the model does whatever takes time in a command of its own and never waits; nothing is changed before a
// person has said so in a dialog that tells what will happen; text from files and servers reaches the terminal
// printable alone.
package ui

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// app is the root model: a stack of screens, of which the table is the lowest and never leaves.
type app struct {
	d       *desk
	rows    *rows         // of the table
	forms   *formMemory   // what the form for a new certificate remembers
	imports *importMemory // what the import remembers
	frames  []frame
	lastID  int64
	notice  string
	leaving bool // ctrl+c was pressed: again quits
	live    live
	trace   string // of a panic
}

// frame is one open screen; its id is what answers are addressed to.
type frame struct {
	id     int64
	screen screen
}

// leaveWindow is how long ctrl+c waits for its second press.
const leaveWindow = 2 * time.Second

// disarmMsg ends leaveWindow.
type disarmMsg struct{}

func newApp(d *desk) *app {
	a := &app{d: d, rows: &rows{}, forms: &formMemory{}, imports: &importMemory{}}
	d.screenOf = a.screenOf
	a.open(newTable(d, a.rows))
	return a
}

// Init starts the first listing and follows the store from then on.
func (a *app) Init() tea.Cmd {
	a.d.owner = appOwner
	follow := a.follow()
	return tea.Batch(follow, a.initTop())
}

// Update routes a message to whom it concerns, and opens what that asked for.
func (a *app) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	return a, tea.Batch(a.route(msg), a.pressChosen(), a.openPushed())
}

// pressChosen closes the palette and gives the key that was chosen there to the screen below.
func (a *app) pressChosen() tea.Cmd {
	if a.d.chosen == nil {
		return nil
	}
	key := *a.d.chosen
	a.d.chosen = nil
	a.pop()
	return a.key(key)
}

// openPushed opens the screens that a message asked for.
func (a *app) openPushed() (cmd tea.Cmd) {
	for len(a.d.pushed) > 0 {
		next := a.d.pushed[0]
		a.d.pushed = a.d.pushed[1:]
		cmd = tea.Batch(cmd, a.push(next))
	}
	return cmd
}

func (a *app) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return a.resize(msg)
	case tea.KeyMsg:
		return a.key(msg)
	case tea.ResumeMsg:
		return a.relist()
	case popMsg:
		return a.pop()
	case closeMsg:
		return a.closeDialog(msg)
	case selectMsg:
		return a.selectEntry(msg)
	case askPortsMsg:
		return a.survey()
	case sortMsg:
		a.rows.sort = msg.by
		return a.resort()
	case noticeMsg:
		a.notice = kit.Printable(msg.text)
		return nil
	case replyMsg:
		return a.reply(msg)
	case timerMsg:
		return a.deliver(msg.owner, msg.msg)
	case quitMsg:
		return a.quit()
	case panicMsg:
		a.trace = msg.trace
		return tea.Quit
	}
	return a.toTop(msg)
}

// View draws header, screen and footer, exactly as large as the terminal; nothing before the size is known.
func (a *app) View() string {
	w, h := a.d.w, a.d.h
	if w == 0 || h == 0 {
		return ""
	}
	if small, is := kit.TooSmall(w, h); is {
		return small
	}
	top := []string{a.header(w)}
	if a.d.banner != "" {
		text := " " + a.d.styles.Glyphs.Warn + " " + a.d.banner
		top = append(top, a.d.styles.Warn.Render(kit.Pad(kit.Cut(text, w, a.d.styles.Glyphs.Ellipsis), w)))
	}
	body := a.body(w, a.d.bodyHeight())
	return strings.Join(top, "\n") + "\n" + body + "\n" + a.footer(w)
}

func (a *app) body(w, h int) string {
	under := len(a.frames) - 1
	for under > 0 {
		if _, ok := a.frames[under].screen.(floating); !ok {
			break
		}
		under--
	}
	view := kit.Fit(a.frames[under].screen.View(w, h), w, h)
	if under < len(a.frames)-1 {
		view = kit.Unlit(view) // one thing alone is lit: the box above
	}
	for _, f := range a.frames[under+1:] {
		view = kit.Overlay(view, f.screen.(floating).Box(w, h), w, h)
	}
	return view
}

func (a *app) footer(w int) string {
	s := a.d.styles
	if a.notice != "" {
		return s.Accent.Render(kit.Pad(" "+kit.Cut(a.notice, w-2, s.Glyphs.Ellipsis), w))
	}
	return kit.Footer(s, verbsOf(a.top().Keys()), a.helpKey(), w)
}

// verbsOf leaves out the keys that only move: everybody tries those, and help lists them.
func verbsOf(list []key.Binding) []key.Binding {
	return slices.DeleteFunc(slices.Clone(list), func(b key.Binding) bool {
		return slices.ContainsFunc(moves(), func(m key.Binding) bool { return m.Help() == b.Help() })
	})
}

// helpKey is "?", or "f1" where "?" is a letter.
func (a *app) helpKey() key.Binding {
	if a.top().Typing() {
		return bind("f1", "help", "f1")
	}
	return keys.Help
}

// paletteKey is ":", or "ctrl+p" where ":" is a letter.
func (a *app) paletteKey() key.Binding {
	if a.top().Typing() {
		return bind("ctrl+p", "actions", "ctrl+p")
	}
	return keys.Palette
}

func (a *app) top() screen { return a.frames[len(a.frames)-1].screen }

func (a *app) open(s screen) {
	a.lastID++
	a.frames = append(a.frames, frame{id: a.lastID, screen: s})
}

func (a *app) resize(msg tea.WindowSizeMsg) tea.Cmd {
	a.d.w, a.d.h = msg.Width, msg.Height
	return a.toAll(msg)
}
