package plain

import (
	"strings"
	"time"

	"certdesk/certstore/renewing"
	"certdesk/ui/words"
)

// Renewals is what is due now, and when the rest is.
func Renewals(tasks []renewing.Task, now time.Time) string {
	var due, later strings.Builder
	for _, t := range tasks {
		what := words.Label(t.Old) + ": " + words.Renewal(t) + "\n      " + words.RenewalWhy(t, now) + "\n"
		if t.Ready(now) {
			due.WriteString("  " + what)
		} else {
			later.WriteString("  " + words.Day(t.At(), now) + ", " + what)
		}
	}
	switch {
	case len(tasks) == 0:
		return "nothing here renews itself\n"
	case due.Len() == 0:
		return "nothing is due; next:\n" + later.String()
	case later.Len() == 0:
		return "due now:\n" + due.String()
	}
	return "due now:\n" + due.String() + "later:\n" + later.String()
}

// NextRenewal says when the next one is, after a run that had nothing to do.
func NextRenewal(tasks []renewing.Task, now time.Time) string {
	for _, t := range tasks {
		if !t.Ready(now) {
			return "nothing is due; the next is " + words.Label(t.Old) + " on " + words.Day(t.At(), now)
		}
	}
	return "nothing here renews itself"
}
