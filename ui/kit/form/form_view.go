package form

import (
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// minFlex is the least height a field of flexible height is given; the form scrolls rather than give less.
const minFlex = 4

// View draws the form in exactly h lines of at most w cells: the fields, scrolled so that the focused line
// shows, and at the bottom the focused field's hint.
func (f *Form) View(s theme.Styles, w, h int) []string {
	hint := f.hintLines(s, w, h)
	body := max(1, h-len(hint))
	blocks := f.blocks(s, w, body)
	lines, at := join(blocks, body)
	if len(lines) > body {
		from, to := kit.Window(at, len(lines), body)
		lines = lines[from:to]
	}
	for len(lines) < body {
		lines = append(lines, "")
	}
	return append(lines, hint...)[:h]
}

func (f *Form) hintLines(s theme.Styles, w, h int) []string {
	room := 2
	if h < 12 {
		room = 1
	}
	text := kit.Wrap(f.Field().Hint(), w-3)
	if len(text) > room {
		text[room-1] += s.Glyphs.Ellipsis
	}
	lines := make([]string, room)
	for i := range min(room, len(text)) {
		lines[i] = "  " + s.Muted.Render(text[i])
	}
	if h >= 10 {
		lines = append([]string{""}, lines...)
	}
	return lines
}

// block is one field as drawn.
type block struct {
	lines []string
	at    int  // the line to keep visible; -1 if the field is not focused
	apart bool // wants a blank line around it
}

// height is how many lines blocks take, with the blank lines between those that want to stand apart.
func height(blocks []block) (lines, gaps int) {
	for i, b := range blocks {
		lines += len(b.lines)
		if i > 0 && (b.apart || blocks[i-1].apart) {
			gaps++
		}
	}
	return lines, gaps
}

// join puts blocks below each other, with the blank lines if all fits.
func join(blocks []block, h int) (lines []string, at int) {
	total, gaps := height(blocks)
	for i, b := range blocks {
		if i > 0 && total+gaps <= h && (b.apart || blocks[i-1].apart) {
			lines = append(lines, "")
		}
		if b.at >= 0 {
			at = len(lines) + b.at
		}
		lines = append(lines, b.lines...)
	}
	return lines, at
}

// blocks draws every shown field; the flexible one that matters most takes the height the others leave.
func (f *Form) blocks(s theme.Styles, w, h int) []block {
	grow, label, remarks := f.grower(), f.labelWidth(w), f.remarks()
	var out []block
	place := -1
	for i := range f.fields {
		switch {
		case !f.shown(i):
		case i == grow:
			place = len(out)
			out = append(out, block{apart: true})
		default:
			out = append(out, f.block(s, i, remarks, label, w, minFlex))
		}
	}
	for _, b := range []block{f.lower(s, w), f.loose(s, remarks, w)} {
		if len(b.lines) > 0 {
			out = append(out, b)
		}
	}
	if list := f.list(s, w, heightLeft(append(out, block{apart: true}), h)); len(list.lines) > 0 {
		if list.at >= 0 {
			for i := range out {
				out[i].at = -1
			}
		}
		out = append(out, list)
	}
	if place >= 0 {
		out[place] = f.block(s, grow, remarks, label, w, heightLeft(out, h))
	}
	return out
}

// heightLeft is what blocks leave of h lines for a flexible one among them, blank lines kept if that is not too little.
func heightLeft(blocks []block, h int) int {
	lines, gaps := height(blocks)
	if left := h - lines - gaps; left >= minFlex {
		return left
	}
	return max(minFlex, h-lines)
}

// grower is the flexible field to give the height: the focused one, else the last; -1 for none.
func (f *Form) grower() int {
	if f.Field().Shape().Flex {
		return f.at
	}
	for i := len(f.fields) - 1; i >= 0; i-- {
		if f.shown(i) && f.fields[i].Shape().Flex {
			return i
		}
	}
	return -1
}

func (f *Form) labelWidth(w int) int {
	n := 0
	for _, field := range f.fields {
		if shape := field.Shape(); !shape.Wide && !shape.Bare { // hidden ones too: nothing moves when they appear
			n = max(n, kit.Width(field.Label()))
		}
	}
	return min(n, w/3)
}

// block draws a field with its label, and below it what is wrong or worth knowing.
func (f *Form) block(s theme.Styles, i int, remarks []Remark, label, w, h int) block {
	field, focused := f.fields[i], i == f.at
	indent := 2 + label + 2
	switch shape := field.Shape(); {
	case shape.Wide:
		indent, h = 2, h-1
	case shape.Bare:
		indent = 2
	}
	said := said(s, remarks, field.ID(), w-indent-1)
	lines, at := field.View(s, max(1, w-indent-1), max(1, h-len(said)))
	apart := len(lines) > 1 && !field.Shape().Folds || field.Shape().Wide || field.Shape().Bare
	for j, line := range lines {
		lines[j] = f.margin(s, i, j, label) + line
	}
	if field.Shape().Wide {
		lines = append([]string{f.heading(s, i)}, lines...)
		at++
	}
	for _, line := range said {
		lines = append(lines, strings.Repeat(" ", indent)+line)
	}
	if !focused {
		at = -1
	}
	return block{lines, at, apart}
}

// margin is what stands left of a field's line j: the focus mark and, on the first line, the label.
func (f *Form) margin(s theme.Styles, i, j, label int) string {
	field := f.fields[i]
	mark := "  "
	if i == f.at && j == 0 && !field.Shape().Read {
		mark = s.Accent.Render(s.Glyphs.Cursor) + " "
	}
	switch shape := field.Shape(); {
	case shape.Wide:
		return "  "
	case shape.Bare:
		return mark
	case j > 0:
		return strings.Repeat(" ", 2+label+2)
	}
	return mark + f.labelStyle(s, i, kit.Pad(shorten(field.Label(), label, s), label)) + "  "
}

func (f *Form) heading(s theme.Styles, i int) string {
	if i == f.at {
		return s.Accent.Render(s.Glyphs.Cursor + " " + f.fields[i].Label())
	}
	return "  " + f.labelStyle(s, i, f.fields[i].Label())
}

func (f *Form) labelStyle(s theme.Styles, i int, text string) string {
	if i == f.at {
		return s.Accent.Render(text)
	}
	return s.Label.Render(text)
}

// remarks are what is wrong by field, then what the owner says of the answers where nothing is wrong.
func (f *Form) remarks() []Remark {
	var out []Remark
	for i, field := range f.fields {
		text := f.wrong[field.ID()]
		if text == "" {
			text = field.Problem()
		}
		if text != "" && f.shown(i) {
			out = append(out, Remark{Field: field.ID(), Text: text, Bad: true})
		}
	}
	if f.remark != nil {
		out = append(out, f.remark()...)
	}
	return out
}

// said are the lines of what is said of a field, at most three for each remark.
func said(s theme.Styles, remarks []Remark, id string, w int) []string {
	var lines []string
	for _, r := range remarks {
		if r.Field == id {
			lines = append(lines, remarkLines(s, r, w)...)
		}
	}
	return lines
}

func remarkLines(s theme.Styles, r Remark, w int) []string {
	style, glyph := s.Warn, s.Glyphs.Warn
	switch {
	case r.Bad:
		style, glyph = s.Error, s.Glyphs.Bad
	case r.Mild:
		style, glyph = s.Muted, s.Glyphs.Dot
	}
	var lines []string
	for i, line := range kit.Wrap(r.Text, w-2) {
		if i == 3 {
			break
		}
		lead := "  "
		if i == 0 {
			lead = glyph + " "
		}
		lines = append(lines, style.Render(lead+line))
	}
	return lines
}

// loose are the remarks that belong to no shown field.
func (f *Form) loose(s theme.Styles, remarks []Remark, w int) block {
	var lines []string
	for _, r := range remarks {
		if f.Has(r.Field) {
			continue
		}
		for _, line := range remarkLines(s, r, w-4) {
			lines = append(lines, "  "+line)
		}
	}
	return block{lines, -1, true}
}

// lower is what stands below the fields.
func (f *Form) lower(s theme.Styles, w int) block {
	if f.below == nil {
		return block{at: -1}
	}
	var lines []string
	for _, line := range f.below(s, w-4) {
		lines = append(lines, "  "+line)
	}
	return block{lines, -1, true}
}

func (f *Form) list(s theme.Styles, w, h int) block {
	indent := 2 + f.labelWidth(w) + 2
	lines, at := f.Field().List(s, w-indent-1, h)
	for i := range lines {
		lines[i] = strings.Repeat(" ", indent) + lines[i]
	}
	return block{lines, at, true}
}
