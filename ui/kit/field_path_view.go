package kit

import (
	"github.com/charmbracelet/x/ansi"

	"certdesk/certstore/printable"
	"certdesk/ui/theme"
)

// Shape of a path field: what is in the directory lies below it.
func (p *Path) Shape() Shape { return Shape{Flex: true} }

// View is the line, with what tab would add, and below it what is in the directory.
func (p *Path) View(s theme.Styles, w, h int) ([]string, int) {
	if !p.focused && p.Text.Value() != "" {
		return []string{s.Text.Render(shortenLeft(printable.Text(p.Text.Value()), w, s))}, 0
	}
	line := p.line(s, w)
	if tail := p.completion(); p.focused && tail != "" && p.in.Position() == len([]rune(p.Text.Value())) {
		line += s.Muted.Render(shorten(printable.Text(tail), w-Width(line), s))
	}
	lines := []string{line}
	if !p.focused || h < 2 {
		return lines, 0
	}
	if p.fresh && p.listed.Problem != "" {
		return append(lines, s.Muted.Render(shorten(p.listed.Problem, w, s))), 0
	}
	found := p.matches()
	from, to := window(max(0, p.at), len(found), min(h-1, 12))
	for i := from; i < to && i < len(found); i++ {
		lines = append(lines, p.row(s, found[i], i == p.at, w))
	}
	return lines, max(0, p.at-from+1)
}

func (p *Path) row(s theme.Styles, e PathEntry, here bool, w int) string {
	name := printable.Text(e.Name)
	if e.Dir {
		name += "/"
	}
	if here {
		return s.Accent.Render(shorten(s.Glyphs.Cursor+" "+name, w, s))
	}
	return s.Muted.Render(shorten("  "+name, w, s))
}

// shortenLeft cuts plain text to w cells at its beginning: of a path the end matters.
func shortenLeft(text string, w int, s theme.Styles) string {
	if n := Width(text); n > w {
		return ansi.TruncateLeft(text, n-w+Width(s.Glyphs.Ellipsis), s.Glyphs.Ellipsis)
	}
	return text
}
