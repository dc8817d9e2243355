package ui

import "time"

// The words that the desk and the command line share: one thing has one name in every door.

// Day is a date for a person, in local time, with the time where it is near; "-" for none.
func Day(t, now time.Time) string { return day(t, now) }

// DayCell is Day for a column of a table.
func DayCell(t, now time.Time) string { return dayCell(t, now) }

// Moment is a time for a person: local, with its zone.
func Moment(t time.Time) string { return moment(t) }

// Count is a number of things in words: "1 port", "2 ports".
func Count(n int, what string) string { return count(n, what) }
