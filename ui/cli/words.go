package cli

import (
	"fmt"
	"time"
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

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
