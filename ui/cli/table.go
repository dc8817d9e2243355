package cli

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/certstore/query"
	"certdesk/certstore/when"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/plain"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// column is one column of the plain list.
type column struct {
	title string
	least int // the width it may shrink to; 0: it is never cut
	drop  int // when it goes, if the width is short: the lowest first; 0: never
	cell  func(certstore.Entry) string
}

// columnsAt are the desk's, and the thumbprint, since a command takes that. When the width is short ISSUER goes,
// then NAMES and NAME shrink, then EXPIRES goes, then NAMES; status, services, time left and thumbprint always stay.
func columnsAt(now time.Time, q query.Query) []column {
	return []column{
		{title: "STATUS", cell: statusCell},
		{title: "NAME", least: 8, cell: func(e certstore.Entry) string { return e.FriendlyName }},
		{title: "NAMES", least: 10, drop: 3, cell: func(e certstore.Entry) string { return matchedName(q, e) }},
		{title: "SERVICES", cell: servicesCell},
		{title: "ISSUER", drop: 1, cell: words.Issuer},
		{title: "EXPIRES", drop: 2, cell: func(e certstore.Entry) string { return words.EndCell(e, now) }},
		{title: "LEFT", cell: func(e certstore.Entry) string { return words.LeftCell(e, now) }},
		{title: "THUMBPRINT", cell: func(e certstore.Entry) string { return words.Short(e) }},
	}
}

// trashColumns also say when each was removed, and by whom; services and time left give way to that.
func trashColumns(now time.Time, q query.Query) []column {
	columns := columnsAt(now, q)
	for i := range columns {
		switch columns[i].title {
		case "SERVICES":
			columns[i].drop = 4
		case "LEFT":
			columns[i].drop = 5
		}
	}
	return slices.Insert(columns, len(columns)-1,
		column{title: "REMOVED", cell: func(e certstore.Entry) string { return when.Recorded(e.Removed.Local()) }},
		column{title: "BY", least: 4, cell: func(e certstore.Entry) string { return cmp.Or(e.RemovedBy, "-") }})
}

// signs are the desk's on a terminal without Unicode: status must not be told by colour, and here there is none.
var signs = theme.New("mono", func(string) string { return "" })

func statusCell(e certstore.Entry) string {
	sign, _ := words.Look(&signs, &e)
	return sign + " " + e.Verdict.Word
}

// oneName is one of the names, and how many more there are.
func oneName(e certstore.Entry, at int) string {
	name, more := words.NameAt(&e, at)
	return cmp.Or(name, "-") + more
}

// matchedName is the first name, or the one that the row is listed for, and how many more there are.
func matchedName(q query.Query, e certstore.Entry) string {
	if q.Empty() {
		return oneName(e, 0)
	}
	row := query.Rows([]certstore.Entry{e})[0]
	at, _ := q.NameOf(&row, e.FriendlyName)
	return oneName(e, at)
}

// servicesCell sets services that are only wanted in brackets, beside those in use.
func servicesCell(e certstore.Entry) string {
	wanted := wantedOnly(e)
	brackets := "(" + wanted.Letters('-') + ")"
	switch {
	case wanted == 0:
		return e.Services.Letters('.')
	case e.Services == 0:
		return brackets
	}
	return e.Services.Letters('.') + " " + brackets
}

// worstFirst is the desk's order.
func worstFirst(entries []certstore.Entry) []certstore.Entry {
	return slices.SortedStableFunc(slices.Values(entries),
		func(x, y certstore.Entry) int { return certstore.WorstFirst(&x, &y) })
}

// printTable writes a list that is not empty; chosen marks one entry by its id, 0 for none.
func (a *app) printTable(entries []certstore.Entry, chosen int64, l listing) {
	columns := columnsAt(a.io.Now(), l.query)
	if l.filter.removed {
		columns = trashColumns(a.io.Now(), l.query)
	}
	var out strings.Builder
	cells := tableCells(columns, entries)
	widths := plain.Fit(shapes(columns), cells, a.width())
	for i, row := range cells {
		mark := "  "
		if i > 0 && chosen != 0 && entries[i-1].ID == chosen {
			mark = "> "
		}
		out.WriteString(strings.TrimRight(mark+plain.Line(row, widths), " ") + "\n")
	}
	a.print("%s", out.String())
}

// shapes are the columns without their cells.
func shapes(columns []column) (list []plain.Column) {
	for _, c := range columns {
		list = append(list, plain.Column{Title: c.title, Least: c.least, Drop: c.drop})
	}
	return list
}

// tableCells is the table as text: the titles, then a row for each entry.
func tableCells(columns []column, entries []certstore.Entry) [][]string {
	rows := make([][]string, 1, len(entries)+1)
	for _, c := range columns {
		rows[0] = append(rows[0], c.title)
	}
	for _, e := range entries {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = printable.Text(c.cell(e))
		}
		rows = append(rows, row)
	}
	return rows
}

// width is the width of standard output in cells, 0 where it is no terminal: a file or a pipe gets all.
func (a *app) width() int {
	if a.io.Width != nil {
		return a.io.Width()
	}
	w, _ := console.Size(a.io.Out)
	return w
}
