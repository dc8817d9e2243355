package kit

import (
	"slices"
	"strconv"
	"strings"

	"certdesk/ui/theme"
)

// Column says how wide a column may be, in cells, and when it goes.
type Column struct {
	Title string
	Min   int    // it is never narrower
	Want  int    // it gets this before any column grows; more than Max: it goes before others get less than they want
	Grow  int    // its share of what is left over; 0: none
	Max   int    // it never grows beyond; 0: no limit
	Room  int    // it gets this where all have what they want, and else no more than that; 0: Grow decides
	First int    // so many cells more than Want are counted for it when columns go: it is whole before they stay
	Right bool   // numbers
	Drop  int    // columns go in this order, 1 first; 0: never
	Late  bool   // it goes only after all others have shrunk to Min
	Sign  string // behind the title: which way the rows are sorted by it, or ""
}

// Cell is one cell of a row. Its text must have passed Printable; a nil style is plain.
type Cell struct {
	Text  string
	Style *theme.Style
	Lit   [][2]int // bytes of the text that stand out, in order: bold and underlined, since colours are not always seen
}

// Table is a window over rows that are known by id: what a row shows is asked for when it is drawn, so the
// cost of a frame does not depend on the number of rows. The cursor belongs to an id, not to a place.
type Table struct {
	Columns []Column
	Marked  func(id int64) bool // draws a sign before a row; nil: no row is marked
	Changed func(id int64) bool // draws another; nil: no row has just changed

	ids    []int64
	cursor int
	home   int64 // the id that the cursor was put on last, 0 for none: it returns there when that is shown again
	top    int   // the first row seen
	rows   int   // how many are seen, as Resize was told
}

const (
	TableLead = 3 // the signs of a marked row, of the cursor, and of a row that has just changed
	tableGap  = 2
)

// Len is the number of rows.
func (t Table) Len() int { return len(t.ids) }

// IDs are the rows in their order; they are the table's own and not to be changed.
func (t Table) IDs() []int64 { return t.ids }

// Position is the place of the cursor, 0 for the first row.
func (t Table) Position() int { return t.cursor }

// Selected is the id under the cursor; false in an empty table.
func (t Table) Selected() (int64, bool) {
	if len(t.ids) == 0 {
		return 0, false
	}
	return t.ids[t.cursor], true
}

// SetIDs gives the table its rows, which it keeps and does not change. The cursor stays on the id it was put on; while
// that is no row it stays near its place, and returns when it is one again. What comes or goes above does not move what
// is looked at; the list's beginning stays in sight.
func (t Table) SetIDs(ids []int64) Table {
	here, _ := t.Selected()
	before := t.cursor
	t.ids = ids
	for _, id := range []int64{t.home, here} {
		if i := slices.Index(ids, id); i >= 0 {
			if t.cursor = i; t.top > 0 {
				t.top += i - before
			}
			return t.scrolled()
		}
	}
	t.cursor = t.near(t.cursor)
	if t.home == 0 {
		t.home, _ = t.Selected()
	}
	return t.scrolled()
}

// Select puts the cursor on an id; false if it is no row, and nothing changes.
func (t Table) Select(id int64) (Table, bool) {
	i := slices.Index(t.ids, id)
	if i < 0 {
		return t, false
	}
	return t.To(i), true
}

// To puts the cursor at a place, or as near to it as there are rows.
func (t Table) To(i int) Table {
	t.cursor = t.near(i)
	t.home, _ = t.Selected()
	return t.scrolled()
}

func (t Table) near(i int) int { return max(0, min(i, len(t.ids)-1)) }

// Move moves the cursor by a number of rows and stops at the ends.
func (t Table) Move(by int) Table { return t.To(t.cursor + by) }

// Resize tells the table the height that View is given. Between two calls the rows stay where they are on the screen
// while the cursor moves among them: on a slow line a key press then sends two lines and not all of them.
func (t Table) Resize(h int) Table {
	t.rows = max(0, h-1)
	return t.scrolled()
}

func (t Table) scrolled() Table {
	t.top = t.window(t.rows)
	return t
}

// window is the first of the rows that are seen: the one it was while the cursor is among them; where the cursor would
// leave them it comes to the middle, so that the next key presses find it among them again.
func (t Table) window(rows int) int {
	top := min(t.top, len(t.ids)-rows)
	if t.cursor < top || t.cursor >= top+rows {
		top = min(t.cursor-rows/2, len(t.ids)-rows)
	}
	return max(0, top)
}

// View draws the column titles and h-1 rows, exactly w×h cells, the cursor always among them. cell gives what a row
// shows in the column with that number, given its width in cells.
func (t Table) View(s theme.Styles, w, h int, cell func(id int64, column, width int) Cell) string {
	widths := layout(t.Columns, w-TableLead)
	lines := make([]string, 0, h)
	lines = append(lines, t.head(s, widths, w))
	rows := h - 1
	top := t.window(rows)
	for i := top; i < min(top+rows, len(t.ids)); i++ {
		lines = append(lines, Zone(RowZone(t.ids[i]), t.row(s, widths, w, i, cell)))
	}
	for len(lines) < h {
		lines = append(lines, strings.Repeat(" ", w))
	}
	return strings.Join(lines[:h], "\n")
}

// RowZone is the name of a row's zone.
func RowZone(id int64) string { return "row:" + strconv.FormatInt(id, 10) }

// Wheel moves the rows by a number of lines; the cursor goes along where they would leave it. Where all are seen, or
// nobody told how many are, it is the cursor that moves.
func (t Table) Wheel(by int) Table {
	if t.rows == 0 || len(t.ids) <= t.rows {
		return t.Move(by)
	}
	t.top = max(0, min(t.top+by, len(t.ids)-t.rows))
	return t.To(max(t.top, min(t.cursor, t.top+t.rows-1)))
}

func (t Table) head(s theme.Styles, widths []int, w int) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", TableLead))
	for i, c := range t.Columns {
		if widths[i] > 0 {
			b.WriteString(align(c, c.heading(widths[i]), widths[i]))
			b.WriteString("  ")
		}
	}
	return s.Label.Render(Pad(b.String(), w))
}

// heading is the title with the sign of the order, which is seen however narrow the column.
func (c Column) heading(w int) string {
	if c.Sign == "" {
		return Cut(c.Title, w, "")
	}
	return Cut(c.Title, w-1-Width(c.Sign), "") + " " + c.Sign
}

// lead is what stands before a row: the sign of a marked one, the cursor, and the sign of one that has just changed.
func (t Table) lead(s *theme.Styles, i int) (mark, cursor, changed string) {
	mark, cursor, changed = " ", " ", " "
	if t.Marked != nil && t.Marked(t.ids[i]) {
		mark = s.Accent.Render(s.Glyphs.Mark)
	}
	switch {
	case i == t.cursor && s.Row.On != "":
		cursor = s.Accent.Render(s.Glyphs.Bar)
	case i == t.cursor:
		cursor = s.Accent.Render(s.Glyphs.Cursor)
	}
	if t.Changed != nil && t.Changed(t.ids[i]) {
		changed = s.Accent.Render(s.Glyphs.Changed)
	}
	return mark, cursor, changed
}

// row draws a row. Under the cursor it keeps its colours on a quiet background; where there is none it is reversed and
// has none.
func (t Table) row(s theme.Styles, widths []int, w, i int, cell func(int64, int, int) Cell) string {
	var r runs
	r.done.Grow(w)
	mark, cursor, changed := t.lead(&s, i)
	if i == t.cursor && s.Row.On == "" {
		selected := s.Selected // its address alone, or all styles would be copied to the heap for each row
		r.base = &selected
		r.wait.Grow(w)
	}
	r.add(changed, nil, false)
	used := TableLead
	for c, width := range widths {
		if width == 0 {
			continue
		}
		if used > TableLead {
			r.add("  ", nil, false)
			used += tableGap
		}
		r.cell(cell(t.ids[i], c, width), t.Columns[c], width, s.Glyphs.Ellipsis)
		used += width
	}
	r.add(strings.Repeat(" ", max(0, w-used)), nil, false)
	line := mark + cursor + r.text()
	if i == t.cursor && s.Row.On != "" {
		return Lit(s, line)
	}
	return line
}

// Lit lays the background of the row under the cursor behind a line, whose parts keep their styles.
func Lit(s theme.Styles, line string) string {
	return s.Row.On + strings.ReplaceAll(line, theme.StyleEnd, s.Row.Back) + theme.StyleEnd
}

func align(c Column, text string, w int) string {
	if c.Right {
		return PadLeft(text, w)
	}
	return Pad(text, w)
}

// layout gives each column its width in w cells, 0 for one that had to go.
func layout(columns []Column, w int) []int {
	gone := make([]bool, len(columns))
	want := func(c Column) int { return c.Want + c.First }
	least := func(c Column) int { return c.Min }
	dropUntilFit(columns, gone, w, want, func(c Column) bool { return c.Drop > 0 && !c.Late })
	dropUntilFit(columns, gone, w, least, func(c Column) bool { return c.Drop > 0 })
	widths := make([]int, len(columns))
	for i, c := range columns {
		if !gone[i] {
			widths[i] = c.Min
		}
	}
	rest := w - total(columns, gone, least)
	rest = shrinkIfNeeded(widths, rest)
	return grow(columns, widths, rest)
}

// wanted is what a column has a use for.
func (c Column) wanted() int {
	if c.Max > 0 {
		return min(c.Want, c.Max)
	}
	return c.Want
}

func dropUntilFit(columns []Column, gone []bool, w int, size func(Column) int, may func(Column) bool) {
	for total(columns, gone, size) > w {
		next := -1
		for i, c := range columns {
			if !gone[i] && may(c) && (next < 0 || c.Drop < columns[next].Drop) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		gone[next] = true
	}
}

func total(columns []Column, gone []bool, size func(Column) int) int {
	sum := -tableGap
	for i, c := range columns {
		if !gone[i] {
			sum += size(c) + tableGap
		}
	}
	return sum
}

// shrinkIfNeeded takes cells from the widest column where not even the least widths fit.
func shrinkIfNeeded(widths []int, rest int) int {
	for ; rest < 0; rest++ {
		widest := 0
		for i := range widths {
			if widths[i] > widths[widest] {
				widest = i
			}
		}
		if len(widths) == 0 || widths[widest] <= 1 {
			return 0
		}
		widths[widest]--
	}
	return rest
}

// grow brings columns from left to right to what they want, gives room to those that have a use for it, and shares out
// what is left.
func grow(columns []Column, widths []int, rest int) []int {
	for i, c := range columns {
		if widths[i] > 0 {
			more := max(0, min(rest, c.wanted()-widths[i]))
			widths[i] += more
			rest -= more
		}
	}
	for i, c := range columns {
		if more := c.Room - widths[i]; widths[i] > 0 && more > 0 && more <= rest {
			widths[i] += more
			rest -= more
		}
	}
	for again := true; again && rest > 0; {
		again = false
		for i, c := range columns {
			for range c.Grow {
				if rest > 0 && widths[i] > 0 && (c.Max == 0 || widths[i] < c.Max) {
					widths[i]++
					rest--
					again = true
				}
			}
		}
	}
	return widths
}
