// Package plain is what the commands print for people: lists, pages, plans and ports as plain text in so many cells,
// without colour. Pure functions of their input.
//
// It promises: a width of 0 cuts nothing; what always has to be seen (results, ports, statuses) is never cut or
// dropped; what is foreign is printable.
package plain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"certdesk/certstore/printable"
)

// Column is the shape of one column of a table.
type Column struct {
	Title string
	Least int // the width it may shrink to; 0: it is never cut
	Drop  int // when it goes, if the width is short: the lowest first; 0: never
}

// gap separates columns; margin is the mark before a row.
const (
	gap    = 2
	margin = 2
)

// Fit gives the width of each column in cells, 0 for one that is dropped; limit 0 cuts nothing.
func Fit(columns []Column, rows [][]string, limit int) []int {
	natural := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			natural[i] = max(natural[i], ansi.StringWidth(cell))
		}
	}
	if limit <= 0 || total(natural) <= limit {
		return natural
	}
	last := slices.MaxFunc(columns, func(x, y Column) int { return cmp.Compare(x.Drop, y.Drop) }).Drop
	for stage := 1; ; stage++ {
		if widths := shrink(columns, natural, stage, limit); total(widths) <= limit || stage >= last {
			return widths
		}
	}
}

// shrink drops what goes up to a stage, and narrows what may be narrowed, the rightmost first.
func shrink(columns []Column, natural []int, stage, limit int) []int {
	widths := slices.Clone(natural)
	for i, c := range columns {
		if c.Drop > 0 && c.Drop <= stage {
			widths[i] = 0
		}
	}
	for i := len(columns) - 1; i >= 0; i-- {
		if over := total(widths) - limit; columns[i].Least > 0 && widths[i] > 0 && over > 0 {
			widths[i] = max(min(columns[i].Least, widths[i]), widths[i]-over)
		}
	}
	return widths
}

func total(widths []int) int {
	sum := margin - gap
	for _, w := range widths {
		if w > 0 {
			sum += w + gap
		}
	}
	return sum
}

// Line is a row in columns of these widths.
func Line(row []string, widths []int) string {
	var b strings.Builder
	for i, cell := range row {
		if widths[i] > 0 {
			cell = ansi.Truncate(cell, widths[i], "~")
			b.WriteString(cell + strings.Repeat(" ", widths[i]-ansi.StringWidth(cell)+gap))
		}
	}
	return b.String()
}

// Titles are the first row of a table.
func Titles(columns []Column) (row []string) {
	for _, c := range columns {
		row = append(row, c.Title)
	}
	return row
}

// Table is a table of titles and rows in so many cells, and below each row what is to be said of it.
func Table(columns []Column, rows [][]string, width int, below func(i int) []string) string {
	var b strings.Builder
	widths := Fit(columns, rows, width)
	for i, row := range rows {
		b.WriteString(strings.TrimRight(strings.Repeat(" ", margin)+Line(row, widths), " ") + "\n")
		if i == 0 {
			continue
		}
		for _, text := range printable.Texts(below(i - 1)) {
			b.WriteString(strings.Repeat(" ", 2*margin+2) + text + "\n")
		}
	}
	return b.String()
}
