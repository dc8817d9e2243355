package form

import (
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// minFlex is the least height a field of flexible height is given; the form scrolls rather than give less.
const minFlex = 4

// page draws the fields in exactly h lines of at most w cells, scrolled so that the focused line shows. The focused
// field's hint stands below it where all hints have room, so that nothing moves when the focus does; else at the
// bottom.
func (f *Form) page(s theme.Styles, w, h int) []string {
	l := f.layout(s, w, h)
	lines, at := l.join()
	if len(lines) > l.body {
		from, to := kit.Window(at, len(lines), l.body)
		lines = lines[from:to]
	}
	for len(lines) < l.body {
		lines = append(lines, "")
	}
	return append(lines, l.foot...)[:h]
}

// hintLines is the focused field's hint at the bottom of h lines.
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
	at    int      // the line to keep visible; -1 if the field is not focused
	apart bool     // wants a blank line around it
	hint  []string // below it: of the focused field, or as many blank lines
}

// height is how many lines blocks take with their hints, and how many blank ones stand between those that want to be
// apart.
func height(blocks []block) (lines, gaps int) {
	for i, b := range blocks {
		lines += len(b.lines) + len(b.hint)
		if i > 0 && len(blocks[i-1].hint) == 0 && (b.apart || blocks[i-1].apart) {
			gaps++
		}
	}
	return lines, gaps
}

// layout is the blocks of a page, one below the other.
type layout struct {
	blocks []block
	body   int      // the lines they have
	foot   []string // the hint, where it stands at the bottom
	grown  int      // the lines of the field that takes what the others leave
}

// join puts blocks below each other, with the blank lines if all fits.
func (l layout) join() (lines []string, at int) {
	total, gaps := height(l.blocks)
	fits := total+gaps <= l.body
	for i, b := range l.blocks {
		if i > 0 && fits && len(l.blocks[i-1].hint) == 0 && (b.apart || l.blocks[i-1].apart) {
			lines = append(lines, "")
		}
		if b.at >= 0 {
			at = len(lines) + b.at
		}
		lines = append(append(lines, b.lines...), b.hint...)
	}
	return lines, at
}

// layout draws every shown field; the flexible one that matters most takes the height the others leave.
func (f *Form) layout(s theme.Styles, w, h int) layout {
	fields, grow := f.drawn(s, w)
	l := layout{blocks: append(fields, f.lower(s, w)...), body: h}
	l.blocks = append(l.blocks, f.loose(s, f.remarks(), w)...)
	var flexible block
	if grow >= 0 {
		flexible = f.block(s, f.grower(), f.remarks(), f.labelWidth(w), w, h)
	}
	if !f.hinted(s, l.blocks, len(fields), len(flexible.lines), w, h) {
		l.foot = f.hintLines(s, w, h)
		l.body = max(1, h-len(l.foot))
	}
	list := f.list(s, w, heightLeft(append(l.blocks, block{apart: true}), l.body))
	if len(list.lines) > 0 {
		l.take(list)
	}
	if grow >= 0 {
		l.grown = heightLeft(l.blocks, l.body)
		if l.grown < len(flexible.lines) {
			flexible = f.block(s, f.grower(), f.remarks(), f.labelWidth(w), w, l.grown)
		}
		flexible.hint = l.blocks[grow].hint
		l.blocks[grow] = flexible
	}
	return l
}

// take puts a list below all blocks; where the cursor is in it, it is nowhere else.
func (l *layout) take(list block) {
	for i := range l.blocks {
		if list.at >= 0 {
			l.blocks[i].at = -1
		}
	}
	l.blocks = append(l.blocks, list)
}

// drawn are the shown fields but the flexible one, whose place among them is kept free; -1 for none.
func (f *Form) drawn(s theme.Styles, w int) (out []block, place int) {
	grow, label, remarks := f.grower(), f.labelWidth(w), f.remarks()
	place = -1
	for i := range f.fields {
		switch {
		case !f.shown(i):
		case i == grow:
			place = len(out)
			out = append(out, block{at: -1, apart: true})
			if i == f.at {
				out[place].at = 0
			}
		default:
			out = append(out, f.block(s, i, remarks, label, w, minFlex))
		}
	}
	return out, place
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

// indent is where the value of a field begins, behind its label and the mark.
func indent(shape Shape, label int) int {
	switch {
	case shape.Wide, shape.Bare && !shape.Button, label == 0:
		return 2
	}
	return 2 + label + 3
}

// block draws a field with its label, and below it what is wrong or worth knowing.
func (f *Form) block(s theme.Styles, i int, remarks []Remark, label, w, h int) block {
	field, shape := f.fields[i], f.fields[i].Shape()
	left := indent(shape, label)
	if shape.Wide {
		h--
	}
	said := said(s, remarks, field.ID(), w-left-1)
	lines, at := field.View(s, max(1, w-left-1), max(1, h-len(said)))
	for j, line := range lines {
		lines[j] = f.margin(s, i, j, left, i == f.at && j == at) + line
	}
	apart := len(lines) > 1 && !shape.Folds || shape.Wide || shape.Bare
	if shape.Wide {
		lines = append([]string{f.heading(s, i)}, lines...)
		at++
	}
	for _, line := range said {
		lines = append(lines, strings.Repeat(" ", left)+line)
	}
	for j := range lines {
		lines[j] = kit.Zone("field:"+field.ID(), lines[j])
	}
	if i != f.at {
		at = -1
	}
	return block{lines: lines, at: at, apart: apart}
}

// margin is what stands left of a field's line j: on the first one the label, and where the cursor is the mark.
func (f *Form) margin(s theme.Styles, i, j, left int, here bool) string {
	shape, label, mark := f.fields[i].Shape(), "", "  "
	if here && !shape.Read && !shape.Points {
		mark = s.Accent.Render(s.Glyphs.Cursor) + " "
	}
	if j == 0 && !shape.Wide && !shape.Bare {
		label = f.labelStyle(s, i, shorten(f.fields[i].Label(), left-5, s))
	}
	if left == 2 {
		return mark
	}
	return "  " + kit.Pad(label, left-4) + mark
}

// heading is the label of a field that has a width of its own; of a text that is read it has the mark.
func (f *Form) heading(s theme.Styles, i int) string {
	mark := "  "
	if i == f.at && f.fields[i].Shape().Read {
		mark = s.Accent.Render(s.Glyphs.Cursor) + " "
	}
	return mark + f.labelStyle(s, i, f.fields[i].Label())
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
func (f *Form) loose(s theme.Styles, remarks []Remark, w int) []block {
	var lines []string
	for _, r := range remarks {
		if f.Has(r.Field) {
			continue
		}
		for _, line := range remarkLines(s, r, w-4) {
			lines = append(lines, "  "+line)
		}
	}
	return apart(lines)
}

// lower is what stands below the fields.
func (f *Form) lower(s theme.Styles, w int) []block {
	var lines []string
	for _, line := range f.Under(s, w-4) {
		lines = append(lines, "  "+line)
	}
	return apart(lines)
}

// apart is a block of lines that belong to no field; none where there are no lines.
func apart(lines []string) []block {
	if len(lines) == 0 {
		return nil
	}
	return []block{{lines: lines, at: -1, apart: true}}
}

func (f *Form) list(s theme.Styles, w, h int) block {
	left := indent(Shape{}, f.labelWidth(w))
	lines, at := f.Field().List(s, w-left-1, h)
	for i := range lines {
		lines[i] = strings.Repeat(" ", left) + lines[i]
	}
	return block{lines: lines, at: at, apart: true}
}
