package ui

import (
	"strconv"
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// header is the desk's first line, the same on every page: the host first, then its role and the store where that is
// not the default one; on the right what must not be overlooked and the badges. These have their words where there is
// room.
func (a *App) header(w int) string {
	room := w - 2
	short := a.badges(false)
	right := a.badges(true)
	if kit.Width(right)+2+kit.Width(a.place(0)) > room {
		right = short
	}
	others := kit.Width(a.place(0)) + 3
	left := a.place(max(0, room-kit.Width(right)-2-others))
	return " " + kit.Sides(left, right, room, a.d.Styles.Glyphs.Ellipsis) + " "
}

// minNote is the least of a path that says anything.
const minNote = 12

// place is where one is: host, role, and the store's path cut to note cells at its beginning, if that leaves enough.
func (a *App) place(note int) string {
	s, d := a.d.Styles, a.d
	parts := words.PlainWords("", d.Server, d.Role)
	if len(parts) == 0 {
		parts = []string{"certdesk"}
	}
	parts[0] = s.Title.Render(parts[0])
	if path := kit.Printable(d.StoreNote); path != "" && (note >= minNote || note >= kit.Width(path)) {
		parts = append(parts, kit.CutLeft(path, note, s.Glyphs.Ellipsis))
	}
	return strings.Join(parts, s.Muted.Render(" "+s.Glyphs.Dot+" "))
}

// badges are always in one order, each with its sign and number; named says that their words stand there too.
func (a *App) badges(named bool) string {
	s, list := &a.d.Styles, a.states()
	for _, b := range a.rows.Badges() {
		glyph, style := words.LookOfWord(s, b.Word)
		text := glyph + " " + strconv.Itoa(b.Count)
		if named {
			text += " " + b.Label()
		}
		list = append(list, kit.Zone("badge:"+string(b.Verb().ID), style.Render(text)))
	}
	if ports := a.portsCount(); ports != "" {
		list = append(list, kit.Zone("badge:"+string(screen.Keys.Ports.ID), ports))
	}
	return strings.Join(list, "  ")
}

// states are what holds of the desk itself: that it is a demo, that it only reads, what is marked and what a filter
// hides.
func (a *App) states() (list []string) {
	s := a.d.Styles
	if a.d.Demo {
		list = append(list, s.Warn.Render("DEMO"))
	}
	if a.d.ReadOnly {
		list = append(list, s.Warn.Render("read-only"))
	}
	if n := a.rows.Marked; n > 0 {
		list = append(list, s.Accent.Render(strconv.Itoa(n)+" marked"))
	}
	if n := a.rows.Hidden; n > 0 {
		list = append(list, kit.Zone("badge:"+string(screen.Keys.Clear.ID), s.Warn.Render(strconv.Itoa(n)+" hidden")))
	}
	return list
}
