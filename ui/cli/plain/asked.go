package plain

import (
	"cmp"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/ui/words"
)

// askedColumns are what is told of a service's port. When the width is short SERVICE goes, then EXPECTED and SERVED
// shrink, then UNTIL, LEFT and NAME go; result and port always stay.
var askedColumns = []Column{
	{Title: "RESULT"}, {Title: "LISTEN"}, {Title: "NAME", Drop: 4}, {Title: "KEY"}, {Title: "SERVICE", Drop: 1},
	{Title: "EXPECTED", Least: cellDigits + 1}, {Title: "SERVED", Least: cellDigits + 1}, {Title: "UNTIL", Drop: 2},
	{Title: "LEFT", Drop: 3},
}

// ServicePorts is what the ports of services serve, a line a port, and below it what says has to say of it. A column is
// empty, and so not shown, where no port is asked for a name, or for a kind of key.
func ServicePorts(ports []enabling.Port, known Known, width int, says func(enabling.Port) []string) string {
	rows := [][]string{Titles(askedColumns)}
	for _, p := range ports {
		rows = append(rows, askedCells(p, known))
	}
	named := slices.ContainsFunc(ports, func(p enabling.Port) bool { return p.Name != "" })
	keyed := slices.ContainsFunc(ports, func(p enabling.Port) bool { return p.Key != probe.Any })
	for _, row := range rows {
		if !named {
			row[2] = ""
		}
		if !keyed {
			row[3] = ""
		}
	}
	return Table(askedColumns, rows, width, func(i int) []string { return says(ports[i]) })
}

func askedCells(p enabling.Port, known Known) []string {
	sign := "!"
	if p.Right() {
		sign = "*"
	}
	cells := []string{sign + " " + p.Word(), p.Listen, nameCell(p), cmp.Or(string(p.Key), "-"),
		certstore.ServiceTitle(p.Service), known.expected(p), "-", "-", "-"}
	if p.Report.Served() {
		e := served(p.Report)
		cells[6], cells[7], cells[8] = known.served(p), words.DayCell(e.NotAfter, known.now), words.LeftCell(e, known.now)
	}
	return printable.Texts(cells)
}

// nameCell is the name that a port was asked for, and that of the default, where another slot has a name.
func nameCell(p enabling.Port) string {
	switch {
	case p.Slot != services.DefaultSlot:
		return cmp.Or(p.Name, "-")
	case p.Name == "":
		return p.Slot
	}
	return p.Name + " (" + p.Slot + ")"
}

// cellDigits is how much of a thumbprint a cell has. It comes first, since a renewal often has the name of the old one
// and cells are cut at their end.
const cellDigits = 6

func cellTitle(e certstore.Entry) string {
	return strings.TrimSpace(e.Thumbprint[:min(cellDigits, len(e.Thumbprint))] + " " + words.Title(e))
}

// served names what a port serves.
func (k Known) served(p enabling.Port) string {
	if e, ok := k.byID[p.Served]; ok {
		return cellTitle(e)
	}
	return cellTitle(served(p.Report))
}

// expected names what a port should serve; of a file that holds what the store lacks no more than its sum is known.
func (k Known) expected(p enabling.Port) string {
	if e, ok := k.bySum[p.Expected]; ok {
		return cellTitle(e)
	}
	switch p.Expected {
	case "":
		return "-"
	case p.Report.SHA256:
		return cellTitle(served(p.Report))
	}
	return "the file's, sha256 " + p.Expected[:min(cellDigits, len(p.Expected))]
}
