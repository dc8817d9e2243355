package form

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Rows is a table to look through, with all there is to say of the row under the cursor below it.
type Rows struct {
	base
	table kit.Table
	cell  func(row, column, width int) kit.Cell
	more  func(s theme.Styles, row, w int) []string
}

// NewRows makes a table of n rows. cell gives what a row shows in a column; more what is said of it, in lines of w
// cells.
func NewRows(id, label, hint string, n int, columns []kit.Column, cell func(row, column, width int) kit.Cell,
	more func(s theme.Styles, row, w int) []string) *Rows {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(i)
	}
	return &Rows{base: base{id: id, label: label, hint: hint}, table: kit.Table{Columns: columns}.SetIDs(ids),
		cell: cell, more: more}
}

// At is the number of the row under the cursor.
func (f *Rows) At() int { return f.table.Position() }

// Label counts, since not every row may be seen.
func (f *Rows) Label() string {
	if f.table.Len() < 2 {
		return f.label
	}
	return fmt.Sprintf("%s (%d of %d)", f.label, f.At()+1, f.table.Len())
}

// Takes what moves, as long as there is a row to move to.
func (f *Rows) Takes(k tea.KeyMsg) bool {
	switch k.String() {
	case "up", "k":
		return f.At() > 0
	case "down", "j":
		return f.At() < f.table.Len()-1
	case "pgup", "pgdown", "home", "end", "g", "G":
		return true
	}
	return false
}

// Verbs of rows, where there is more than one.
func (f *Rows) Verbs() []kit.Verb {
	if f.table.Len() < 2 {
		return nil
	}
	return []kit.Verb{KeyLook}
}

// Update moves.
func (f *Rows) Update(msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyMsg); ok {
		f.table = f.table.To(moved(k.String(), f.At(), f.table.Len()))
	}
	return nil
}

// Shape of rows: all the room there is.
func (f *Rows) Shape() Shape { return Shape{Wide: true, Flex: true, Points: f.table.Len() > 0} }

// leastMore is how many lines of what is said of a row are kept free, however many rows there are.
const leastMore = 5

// View is the part of the table around the cursor, and below it what is said of the row.
func (f *Rows) View(s theme.Styles, w, h int) ([]string, int) {
	rows := max(2, min(f.table.Len()+1, h-1-leastMore))
	if !f.focused {
		s.Selected = s.Text
	}
	lines := strings.Split(f.table.View(s, w, rows,
		func(id int64, column, width int) kit.Cell { return f.cell(int(id), column, width) }), "\n")
	if f.table.Len() == 0 {
		return lines[:1], 0
	}
	below := f.more(s, f.At(), w-kit.TableLead)
	if room := max(0, h-rows-1); len(below) > room {
		below = below[:room]
	}
	lines = append(lines, "")
	for _, line := range below {
		lines = append(lines, strings.Repeat(" ", kit.TableLead)+line)
	}
	return lines, 0
}

// Tell is every row, and of each what there is to say beyond it.
func (f *Rows) Tell(s theme.Styles, w int) []string {
	var lines []string
	for row := range f.table.Len() {
		var cells []string
		for column := range f.table.Columns {
			if text := strings.TrimSpace(f.cell(row, column, w).Text); text != "" {
				cells = append(cells, text)
			}
		}
		line := kit.Numbered(row, strings.Join(cells, ", "))
		lines = append(lines, line)
		for _, more := range f.more(s, row, w) {
			if more = strings.TrimSpace(more); !strings.Contains(line, strings.TrimPrefix(more, s.Glyphs.Bad+" ")) {
				lines = append(lines, "  "+more)
			}
		}
	}
	return lines
}
