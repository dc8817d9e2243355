package form

import (
	"fmt"

	"certdesk/certstore/printable"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// View is the line, with what tab would add.
func (p *Path) View(s theme.Styles, w, _ int) ([]string, int) {
	if !p.focused && p.Text.Value() != "" {
		return []string{s.Text.Render(kit.CutLeft(printable.Text(p.Text.Value()), w, s.Glyphs.Ellipsis))}, 0
	}
	return []string{p.lineWithTail(s, w)}, 0
}

// lineWithTail is the line, the cursor on the first sign of what tab would add.
func (p *Path) lineWithTail(s theme.Styles, w int) string {
	_, base := split(p.typed())
	value, tail := printable.Text(p.Text.Value()), ""
	if len(p.tab) > len(base) {
		tail = printable.Text(p.tab[len(base):])
	}
	room := w - kit.Width(value)
	if !p.focused || tail == "" || p.in.Position() != len([]rune(p.Text.Value())) || room < 2 {
		return p.line(s, w)
	}
	return s.Text.Render(value) + emptyLine(s, shorten(tail, room, s))
}

// Shape of a path: that of a text, whose list has a mark of its own while the cursor is in it.
func (p *Path) Shape() Shape {
	shape := p.Text.Shape()
	shape.Points = p.at >= 0
	return shape
}

// maxRows is how much of a directory is shown at once.
const maxRows = 12

// List is what is in the directory, at most h lines, and which of them must stay visible; -1 for none. A form
// draws it below all fields, so that no field moves when it opens.
func (p *Path) List(s theme.Styles, w, h int) ([]string, int) {
	if p.fresh && p.listed.Problem != "" {
		return []string{s.Muted.Render(shorten(p.listed.Problem, w, s))}, -1
	}
	h = min(h, maxRows)
	if p.listed.Partial && p.fresh {
		h--
	}
	from, to := kit.Window(max(0, p.at), len(p.found), h)
	var lines []string
	for i := from; i < to; i++ {
		lines = append(lines, p.row(s, p.listed.Entries[p.found[i]], i == p.at, w))
	}
	if p.listed.Partial && p.fresh {
		lines = append(lines, s.Muted.Render(shorten(fmt.Sprintf("there is more here than these %d: type the name",
			len(p.listed.Entries)), w, s)))
	}
	if p.at < 0 {
		return lines, -1
	}
	return lines, p.at - from
}

func (p *Path) row(s theme.Styles, e PathEntry, here bool, w int) string {
	name := printable.Text(e.Name)
	if e.Dir {
		name += "/"
	}
	if here {
		return s.Accent.Render(shorten(s.Glyphs.Cursor+" "+name, w, s))
	}
	if e.Dir || e.Likely {
		return s.Text.Render(shorten("  "+name, w, s))
	}
	return s.Muted.Render(shorten("  "+name, w, s))
}
