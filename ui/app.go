// Package ui is the desk as a whole: which screens are open and which has the keys, where a verb leads, header, footer,
// help and palette, and the terminal they are painted on.
//
// Its promise: the model does whatever takes time in a command of its own and never waits; nothing is changed before a
// person has said so in a dialog that tells what will happen; text from files and servers reaches the terminal
// printable alone.
package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/importing"
	"certdesk/ui/kit"
	"certdesk/ui/request"
	"certdesk/ui/screen"
	"certdesk/ui/table"
)

// App is the root model: a stack of screens, of which the table is the lowest and never leaves.
type App struct {
	d         *screen.Desk
	rows      *table.Rows       // of the table
	forms     *request.Memory   // what the form for a new certificate remembers
	imports   *importing.Memory // what the import remembers
	layers    []layer
	lastID    int64
	chosen    *kit.Verb // in the palette, to be pressed before the next message
	notice    string    // in the footer
	toast     toast
	leaving   bool  // ctrl+c was pressed: again quits
	left      bool  // a screen was left by q just now: one q too many does not quit
	clickedOn int64 // the layer that was pressed with the mouse just now, or 0
	live      live
	trace     string // of a panic
}

// layer is one open screen; its id is what answers are addressed to.
type layer struct {
	id     int64
	screen screen.Screen
}

// leaveWindow is how long ctrl+c waits for its second press.
const leaveWindow = 2 * time.Second

// DisarmMsg ends leaveWindow.
type DisarmMsg struct{}

// LeftLongAgoMsg ends the moment after a screen was left by q.
type LeftLongAgoMsg struct{}

// New is the app of a desk, the table open.
func New(d *screen.Desk) *App {
	a := &App{d: d, rows: &table.Rows{}, forms: &request.Memory{}, imports: &importing.Memory{}}
	d.ScreenOf = a.screenOf
	a.open(func(d *screen.Desk) screen.Screen { return table.New(d, a.rows) })
	return a
}

// Init starts the first listing and follows the store from then on.
func (a *App) Init() tea.Cmd {
	return tea.Batch(a.follow(), a.Start())
}

// View draws header, screen and footer, exactly as large as the terminal; nothing before the size is known.
func (a *App) View() string { return kit.Unzoned(a.drawn()) }

// drawn is the frame with its zones.
func (a *App) drawn() string {
	w, h := a.d.Width, a.d.Height
	if w == 0 || h == 0 {
		return ""
	}
	if small, is := kit.TooSmall(w, h); is {
		return small
	}
	top := []string{a.header(w)}
	if a.d.Banner != "" {
		text := " " + a.d.Styles.Glyphs.Warn + " " + a.d.Banner
		top = append(top, a.d.Styles.Warn.Render(kit.Pad(kit.Cut(text, w, a.d.Styles.Glyphs.Ellipsis), w)))
	}
	body := a.body(w, a.d.BodyHeight())
	return strings.Join(top, "\n") + "\n" + body + "\n" + a.footer(w)
}

func (a *App) body(w, h int) string {
	under := len(a.layers) - 1
	for under > 0 {
		if _, ok := a.layers[under].screen.(screen.Floating); !ok {
			break
		}
		under--
	}
	view := a.page(a.layers[under].screen, w, h)
	if under < len(a.layers)-1 {
		view = kit.Unlit(a.d.Styles, kit.Unzoned(view)) // one thing alone is lit, and pressed: the box above
	}
	for _, f := range a.layers[under+1:] {
		view = kit.Overlay(view, f.screen.(screen.Floating).Box(w, h), w, h)
	}
	return view
}

// paneFrom is the least width of a terminal in which a list stands in a pane.
const paneFrom = 100

// page draws a page under its title; the table has none. A list stands in a pane where there is room for one; what is
// read does not, since what is copied from it must not stand between edges, nor does a form, which is a card itself.
func (a *App) page(s screen.Screen, w, h int) string {
	title, st := kit.Printable(s.Title()), a.d.Styles
	_, list := s.(screen.Rowed)
	switch {
	case title == "":
		return kit.Fit(s.View(w, h), w, h)
	case list && w >= paneFrom:
		p := kit.Pane{Title: title, Body: s.View(w-kit.PaneCells, h-kit.PaneLines), Focus: true}
		return p.View(st, w, h)
	}
	return kit.Headline(st, title, w) + "\n" + kit.Fit(s.View(w, a.d.PageHeight()), w, a.d.PageHeight())
}

func (a *App) footer(w int) string {
	s := a.d.Styles
	if a.notice != "" {
		return s.Accent.Render(kit.Pad(" "+kit.Cut(a.notice, w-2, s.Glyphs.Ellipsis), w))
	}
	next := ""
	if top, ok := a.Top().(screen.Remarking); ok {
		_, next = top.Remark()
	}
	return kit.Footer(s, screen.Grouped(screen.VerbsOf(a.Top().Verbs())), a.helpKey(), next, w)
}

// helpKey is "?", or "f1" where "?" is a letter.
func (a *App) helpKey() kit.Verb {
	if a.Top().Typing() {
		return screen.Keys.Help.On("f1")
	}
	return screen.Keys.Help
}

// paletteKey is ":", or "ctrl+p" where ":" is a letter.
func (a *App) paletteKey() kit.Verb {
	if a.Top().Typing() {
		return screen.Keys.Palette.On("ctrl+p")
	}
	return screen.Keys.Palette
}

// Top is the screen that has the keys.
func (a *App) Top() screen.Screen { return a.layers[len(a.layers)-1].screen }

// LayerID is the id of the screen on top.
func (a *App) LayerID() int64 { return a.layers[len(a.layers)-1].id }

// Depth is how many screens are open; the table, which never leaves, is the first.
func (a *App) Depth() int { return len(a.layers) }

// Table is the lowest screen.
func (a *App) Table() screen.Screen { return a.layers[0].screen }

// Rows are the table's.
func (a *App) Rows() *table.Rows { return a.rows }

// TakeNotice is what the footer would say, once.
func (a *App) TakeNotice() string {
	text := a.notice
	a.notice = ""
	return text
}

func (a *App) open(s screen.Make) {
	a.lastID++
	a.layers = append(a.layers, layer{id: a.lastID, screen: s(a.d.In(a.lastID))})
}

func (a *App) resize(msg tea.WindowSizeMsg) tea.Cmd {
	a.d.Width, a.d.Height = msg.Width, msg.Height
	return a.toAll(msg)
}
