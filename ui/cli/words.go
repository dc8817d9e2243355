package cli

import (
	"time"

	"certdesk/ui"
)

// The desk's own words, under the names they have here.

func moment(t time.Time) string { return ui.Moment(t) }

func dayOf(t, now time.Time) string { return ui.Day(t, now) }

func plural(n int, what string) string { return ui.Count(n, what) }
