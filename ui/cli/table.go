package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// column is one column of the plain list.
type column struct {
	title string
	least int // the width it may shrink to; 0: it is never cut
	drop  int // when it goes, if the width is short: the lowest first; 0: never
	cell  func(certstore.Entry) string
}

// columns are the desk's, and the thumbprint, since a command takes that. When the width is short ISSUER goes,
// then NAMES and NAME shrink, then EXPIRES goes, then NAMES; status, services, days and thumbprint always stay.
var columns = []column{
	{title: "STATUS", cell: statusCell},
	{title: "NAME", least: 8, cell: func(e certstore.Entry) string { return e.FriendlyName }},
	{title: "NAMES", least: 10, drop: 3, cell: namesCell},
	{title: "SERVICES", cell: servicesCell},
	{title: "ISSUER", drop: 1, cell: issuerCell},
	{title: "EXPIRES", drop: 2, cell: expiresCell},
	{title: "DAYS", cell: daysCell},
	{title: "THUMBPRINT", cell: func(e certstore.Entry) string { return short(e.Thumbprint) }},
}

// glyphs go before the word: status must not be told by colour, and here there is none.
var glyphs = map[trust.Status]string{trust.Valid: "*", trust.PendingRequest: ".", trust.Unknown: "?"}

func statusCell(e certstore.Entry) string {
	if g, ok := glyphs[e.Verdict.Status]; ok {
		return g + " " + e.Verdict.Word
	}
	return "! " + e.Verdict.Word
}

// namesCell is the first name, and how many more there are.
func namesCell(e certstore.Entry) string {
	if len(e.Names) < 2 {
		return cmp.Or(strings.Join(e.Names, ""), e.CommonName(), "-")
	}
	return fmt.Sprintf("%s +%d", e.Names[0], len(e.Names)-1)
}

// servicesCell sets services that are only wanted in brackets.
func servicesCell(e certstore.Entry) string {
	if e.Wanted != 0 {
		return "(" + e.Wanted.Letters('-') + ")"
	}
	return inUse.Letters('.')
}

func issuerCell(e certstore.Entry) string {
	switch {
	case e.Kind == certstore.PendingReq:
		return "-"
	case e.SelfSigned:
		return "self-signed"
	}
	return cmp.Or(commonName(e.Issuer), e.Issuer, "-")
}

// commonName is the CN of an RFC 4514 text, or "".
func commonName(dn string) string {
	for part := range strings.SplitSeq(dn, ",") {
		if cn, ok := strings.CutPrefix(part, "CN="); ok {
			return cn
		}
	}
	return ""
}

func expiresCell(e certstore.Entry) string {
	if e.NotAfter.IsZero() {
		return "-"
	}
	return e.NotAfter.Local().Format("2 Jan 2006")
}

func daysCell(e certstore.Entry) string {
	if e.NotAfter.IsZero() {
		return "-"
	}
	return strconv.Itoa(e.DaysLeft)
}

// worstFirst is the desk's order.
func worstFirst(entries []certstore.Entry) []certstore.Entry {
	return slices.SortedStableFunc(slices.Values(entries), func(x, y certstore.Entry) int { return certstore.WorstFirst(&x, &y) })
}

// printTable writes the list; chosen marks one entry by its id, 0 for none.
func (a *app) printTable(entries []certstore.Entry, chosen int64) {
	if len(entries) == 0 {
		a.print("no certificates\n")
		return
	}
	var out strings.Builder
	cells := tableCells(entries)
	widths := fit(cells, a.width())
	for i, row := range cells {
		mark := "  "
		if i > 0 && chosen != 0 && entries[i-1].ID == chosen {
			mark = "> "
		}
		out.WriteString(strings.TrimRight(mark+line(row, widths), " ") + "\n")
	}
	a.print("%s", out.String())
}

// tableCells is the table as text: the titles, then a row for each entry.
func tableCells(entries []certstore.Entry) [][]string {
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

// gap separates columns; margin is the mark before a row.
const (
	gap    = 2
	margin = 2
)

// lastDrop is the highest drop of the columns.
const lastDrop = 3

// fit gives the width of each column in cells, 0 for one that is dropped; limit 0 cuts nothing.
func fit(rows [][]string, limit int) []int {
	natural := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			natural[i] = max(natural[i], ansi.StringWidth(cell))
		}
	}
	if limit <= 0 || total(natural) <= limit {
		return natural
	}
	for stage := 1; ; stage++ {
		if widths := shrink(natural, stage, limit); total(widths) <= limit || stage == lastDrop {
			return widths
		}
	}
}

// shrink drops what goes up to a stage, and narrows what may be narrowed, the rightmost first.
func shrink(natural []int, stage, limit int) []int {
	widths := slices.Clone(natural)
	for i, c := range columns {
		if c.drop > 0 && c.drop <= stage {
			widths[i] = 0
		}
	}
	for i := len(columns) - 1; i >= 0; i-- {
		if over := total(widths) - limit; columns[i].least > 0 && widths[i] > 0 && over > 0 {
			widths[i] = max(min(columns[i].least, widths[i]), widths[i]-over)
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

func line(row []string, widths []int) string {
	var b strings.Builder
	for i, cell := range row {
		if widths[i] > 0 {
			cell = ansi.Truncate(cell, widths[i], "~")
			b.WriteString(cell + strings.Repeat(" ", widths[i]-ansi.StringWidth(cell)+gap))
		}
	}
	return b.String()
}

// width is the width of standard output in cells, 0 where it is no terminal: a file or a pipe gets all.
func (a *app) width() int {
	if a.io.Width != nil {
		return a.io.Width()
	}
	return terminalWidth(a.io.Out)
}

func terminalWidth(out io.Writer) int {
	f, ok := out.(interface{ Fd() uintptr })
	if !ok || !isTerminal(out) {
		return 0
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return w
}
