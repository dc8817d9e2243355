package notifying

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/when"
)

// mostSummed is how many of a kind a digest names.
const mostSummed = 10

// digest sums up how everything stands.
func (f Facts) digest(period string) string {
	var b strings.Builder
	b.WriteString("How it stands, " + period + "\n\n")
	b.WriteString(indented("Here", f.words()))
	if n := len(f.Survey.Ports); n > 0 {
		b.WriteString(indented("Ports", fmt.Sprintf("%d of %s as they should be", f.Survey.Right(),
			printable.Count(n, "handshake"))))
	}
	for _, text := range f.Survey.Troubles {
		b.WriteString(indented("Trouble", printable.Text(text)))
	}
	b.WriteString("\n" + listed("The next to end", f.nextToEnd()))
	return b.String() + listed("What renews itself", f.renewals())
}

// words counts the entries by their words: "3 valid, 1 expiring".
func (f Facts) words() string {
	var order []string
	count := map[string]int{}
	for _, e := range f.Entries {
		if count[e.Verdict.Word]++; count[e.Verdict.Word] == 1 {
			order = append(order, e.Verdict.Word)
		}
	}
	slices.Sort(order)
	for i, word := range order {
		order[i] = fmt.Sprintf("%d %s", count[word], word)
	}
	if len(order) == 0 {
		return "no certificate"
	}
	return strings.Join(order, ", ")
}

// nextToEnd are the certificates whose place nobody has taken, the next to end first.
func (f Facts) nextToEnd() (lines []string) {
	var list []*ledger.Entry
	for i := range f.Entries {
		e := &f.Entries[i]
		if e.Kind == ledger.Certificate && !e.Settled() && !(e.Renewed && !inUse(e)) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b *ledger.Entry) int { return a.NotAfter.Compare(b.NotAfter) })
	for _, e := range list {
		line := f.day(e.NotAfter) + "  " + ledger.Label(e)
		if e.Services != 0 {
			line += ", " + strings.Join(e.Services.Names(), ", ")
		}
		lines = append(lines, line)
	}
	return lines
}

// day is a day in a column.
func (f Facts) day(t time.Time) string {
	return fmt.Sprintf("%11s", when.Recorded(t.In(f.Now.Location())))
}

func (f Facts) renewals() (lines []string) {
	for _, t := range f.Tasks {
		line := f.day(t.At()) + "  " + ledger.Label(&t.Old)
		if t.Failure() != nil {
			line += ", failed " + t.Often()
		}
		lines = append(lines, line)
	}
	return lines
}

// listed is a title with the first of some lines.
func listed(title string, lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	text := title + "\n\n"
	for i, line := range lines {
		if i == mostSummed {
			text += fmt.Sprintf("  and %d more\n", len(lines)-i)
			break
		}
		text += "  " + printable.Text(line) + "\n"
	}
	return text + "\n"
}
