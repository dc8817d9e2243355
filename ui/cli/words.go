package cli

import (
	"fmt"
	"time"

	"certdesk/certstore"
	"certdesk/ui"
)

// moment is a time for a person: local, with its zone.
func moment(t time.Time) string { return t.Local().Format("2 Jan 2006 15:04:05 MST") }

// dayOf is a date for a person.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2 Jan 2006")
}

// leftCell is ui.Left for a column: "345 d", "23 h", "<1 h", and after the end "-21 d": whole days, as the sentence and the
// desk say them.
func leftCell(e certstore.Entry, now time.Time) string {
	if e.NotAfter.IsZero() {
		return "-"
	}
	n, unit, over := ui.UntilEnd(e, now)
	sign := map[bool]string{true: "-"}[over]
	if n == 0 {
		return sign + "<1 h"
	}
	return fmt.Sprintf("%s%d %.1s", sign, n, unit)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
