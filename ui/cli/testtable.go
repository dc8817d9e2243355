package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/judging"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/ui/words"
)

// portColumns are what test tells of a port. When the width is short SERVED shrinks and KEY goes, then ISSUER, UNTIL,
// LEFT and SERVED; the result, the port and the verdicts always stay.
var portColumns = []column{
	{title: "RESULT"}, {title: "LISTEN"}, {title: "SERVED", least: 10, drop: 5}, {title: "KEY", drop: 1}, {title: "UNTIL", drop: 3},
	{title: "LEFT", drop: 4}, {title: "ISSUER", drop: 2}, {title: "NAME"}, {title: "CHAIN"},
}

// printPorts writes a line a port, and below it what is wrong there.
func (a *app) printPorts(answers [][]probe.Report) {
	ports, now := slices.Concat(answers...), a.io.Now()
	rows := [][]string{titles(portColumns)}
	for _, r := range ports {
		rows = append(rows, portCells(r, now))
	}
	a.printRows(portColumns, rows, func(i int) []string { return remarks(ports[i]) })
}

// titles are the first row of a table.
func titles(columns []column) (row []string) {
	for _, c := range columns {
		row = append(row, c.title)
	}
	return row
}

// printRows writes a table of titles and rows, and below each row what is to be said of it.
func (a *app) printRows(columns []column, rows [][]string, below func(i int) []string) {
	widths := fit(columns, rows, a.width())
	for i, row := range rows {
		a.print("%s\n", strings.TrimRight(strings.Repeat(" ", margin)+line(row, widths), " "))
		if i == 0 {
			continue
		}
		for _, text := range printable.Texts(below(i - 1)) {
			a.print("%s%s\n", strings.Repeat(" ", 2*margin+2), text)
		}
	}
}

// remarks are what is to be said below a port.
func remarks(r probe.Report) []string {
	list := append(r.Faults(), r.Notes...)
	if r.Said != "" {
		list = append(list, "it said: "+r.Said)
	}
	return list
}

// served is the certificate of a port as the store would describe it; an empty entry where there is none.
func served(r probe.Report) (e certstore.Entry) {
	if r.Served() {
		e, _ = judging.Describe(r.Leaf, r.Sent[1:]) // a key that made a handshake has a name
	}
	return e
}

func portCells(r probe.Report, now time.Time) []string {
	if !r.Served() {
		return []string{"! " + portWord(r), r.Target.String(), "-", cmp.Or(string(r.Key), "-"), "-", "-", "-", "-", "-"}
	}
	e, fits := served(r), "fits"
	if r.NameFault != "" {
		fits = "wrong"
	}
	subject := cmp.Or(e.Common, namesCell(e))
	key := strings.TrimSuffix(fmt.Sprintf("%s %d", e.KeyAlgorithm, e.KeySize), " 0")
	return printable.Texts([]string{portSign(r) + " " + portWord(r), r.Target.String(), subject, key, words.DayCell(e.NotAfter, now), words.LeftCell(e, now),
		words.Issuer(e), fits, string(r.Chain.Verdict)})
}

// portSign is * where nothing is wrong, ! where clients refuse, ? where it depends on the roots a client knowr.
func portSign(r probe.Report) string {
	switch {
	case !r.Accepted():
		return "!"
	case r.Chain.Verdict != probe.Complete:
		return "?"
	}
	return "*"
}

// portWord is the first thing that is wrong with what is served, or how it ended.
func portWord(r probe.Report) string {
	switch {
	case !r.Served():
		return strings.ReplaceAll(string(r.Result), "-", " ")
	case r.NameFault != "":
		return "wrong name"
	case r.DateFault != "":
		return "out of date"
	case r.Result == probe.Unknown:
		return "unknown"
	case r.StapleFault != "":
		return "no staple"
	case r.UsageFault != "":
		return "wrong usage"
	case r.Chain.Verdict == probe.Broken:
		return "broken"
	}
	return "answers"
}
