// Package when puts moments into words, one way everywhere, and reads the days that people type.
//
// Its promise: a day, a minute and a second are written alike in every room, the day alone only of what is not near,
// and a time without its zone only in the rows of the desk, whose details tell it. No other room has a layout of its
// own: a test of this one looks for them.
package when

import "time"

// near is how close a moment must be for the day alone to mislead: within it, the time and the zone are told too.
const near = 48 * time.Hour

// Said is a moment as a sentence tells it at another one, in that one's zone: the day, and where less than two days lie
// between them the time and its zone, which may be another one across a change of the clocks.
func Said(t, now time.Time) string {
	if t.Sub(now).Abs() < near {
		return Minute(t.In(now.Location()))
	}
	return t.In(now.Location()).Format("2 Jan 2006")
}

// Cell is Said for a column, which has no room for the year of what is nearer than two days.
func Cell(t, now time.Time) string {
	if t.Sub(now).Abs() < near {
		return t.In(now.Location()).Format("2 Jan 15:04 MST")
	}
	return Said(t, now)
}

// Recorded is the day of what the journal records: no life ends with it, and its hour is in the history.
func Recorded(t time.Time) string { return t.Format("2 Jan 2006") }

// Date is the day of what comes within a year.
func Date(t time.Time) string { return t.Format("2 Jan") }

// Minute is a moment to the minute, with its zone.
func Minute(t time.Time) string { return t.Format("2 Jan 2006 15:04 MST") }

// Exactly is a moment to the second, with its zone.
func Exactly(t time.Time) string { return t.Format("2 Jan 2006 15:04:05 MST") }

// Row is a moment to the minute in a row of the desk, in the reader's own zone.
func Row(t time.Time) string { return t.Format("2 Jan 2006 15:04") }

// Clock is the time of today in the head of a screen of the desk, in the reader's own zone.
func Clock(t time.Time) string { return t.Format("15:04:05") }
