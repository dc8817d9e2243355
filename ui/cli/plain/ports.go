package plain

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/judging"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/ui/words"
)

// portColumns are what test tells of a port. When the width is short SERVED shrinks and KEY goes, then ISSUER, UNTIL,
// LEFT and SERVED; the result, the port and the verdicts always stay.
var portColumns = []Column{
	{Title: "RESULT"}, {Title: "LISTEN"}, {Title: "SERVED", Least: 10, Drop: 5}, {Title: "KEY", Drop: 1},
	{Title: "UNTIL", Drop: 3},
	{Title: "LEFT", Drop: 4}, {Title: "ISSUER", Drop: 2}, {Title: "NAME"}, {Title: "CHAIN"},
}

// Answers is what any ports serve, a line a certificate, and below it what is wrong there; known says that a store was
// asked: then also whose it is and what is next.
func Answers(list []enabling.Answer, known bool, now time.Time, width int) string {
	rows := [][]string{Titles(portColumns)}
	for _, a := range list {
		rows = append(rows, portCells(a.Raw, now))
	}
	return Table(portColumns, rows, width, func(i int) []string {
		if !known {
			return remarks(list[i].Raw)
		}
		return append(remarks(list[i].Raw), words.AnswerLines(list[i], now)...)
	})
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

// maxName is longer than any name is.
const maxName = 300

func portCells(r probe.Report, now time.Time) []string {
	if !r.Served() {
		return []string{"! " + portWord(r), r.Target.String(), "-", cmp.Or(string(r.Key), "-"), "-", "-", "-", "-", "-"}
	}
	e, fits := served(r), "fits"
	if r.NameFault != "" {
		fits = "wrong"
	}
	subject := cmp.Or(e.Common, words.Names(&e, maxName, "..."))
	key := strings.TrimSuffix(fmt.Sprintf("%s %d", e.KeyAlgorithm, e.KeySize), " 0")
	return printable.Texts([]string{portSign(r) + " " + portWord(r), r.Target.String(), subject, key,
		words.DayCell(e.NotAfter, now), words.LeftCell(e, now),
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
