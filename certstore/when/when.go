// Package when puts moments into words, one way everywhere.
//
// Its promise: a day, a minute and a second are written alike in every room, and a time never without its zone.
package when

import "time"

// near is how close a moment must be for the day alone to mislead: within it, the time and the zone are told too.
const near = 48 * time.Hour

// Said is a moment as a sentence tells it at another one, in that one's zone: the day, and where less than two days lie
// between them the time and its zone, which may be another one across a change of the clocks.
func Said(t, now time.Time) string {
	t = t.In(now.Location())
	if t.Sub(now).Abs() < near {
		return Minute(t)
	}
	return Day(t)
}

// Day is the day of a moment, in the moment's own zone.
func Day(t time.Time) string { return t.Format("2 Jan 2006") }

// Minute is a moment to the minute, with its zone.
func Minute(t time.Time) string { return t.Format("2 Jan 2006 15:04 MST") }

// Exactly is a moment to the second, with its zone.
func Exactly(t time.Time) string { return t.Format("2 Jan 2006 15:04:05 MST") }
