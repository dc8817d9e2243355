package cli

import (
	"time"

	"certdesk/ui/words"
)

// The desk's own words, under the names they have here.

func moment(t time.Time) string { return words.Moment(t) }

func dayOf(t, now time.Time) string { return words.Day(t, now) }

func plural(n int, what string) string { return words.Count(n, what) }
