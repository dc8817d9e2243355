package cli

import (
	"fmt"
	"time"

	"certdesk/certstore/when"
)

// moment is a time for a person: local, with its zone.
func moment(t time.Time) string { return when.Exactly(t.Local()) }

// dayOf is a date for a person.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return when.Day(t.Local())
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
