package ui

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// look is the sign and the style of a verdict's word.
func look(s *theme.Styles, word string) (glyph string, style *lipgloss.Style) {
	switch word {
	case "valid":
		return s.Glyphs.Good, &s.Good
	case "expiring":
		return s.Glyphs.Warn, &s.Warn
	case "pending":
		return s.Glyphs.Waiting, &s.Accent
	case wordSettled:
		return s.Glyphs.Dot, &s.Muted
	case "unknown", "unchecked", certstore.WordStranger:
		return s.Glyphs.Unknown, &s.Warn
	}
	return s.Glyphs.Bad, &s.Bad
}

// lookOf is the sign and the style of an entry: what is settled does not cry.
func lookOf(s *theme.Styles, e *certstore.Entry) (glyph string, style *lipgloss.Style) {
	return look(s, countWord(e))
}

// title is what an entry is called: its friendly name, else its common name.
func title(e certstore.Entry) string {
	if e.FriendlyName != "" {
		return kit.Printable(e.FriendlyName)
	}
	return kit.Printable(e.CommonName())
}

// namesIn is the first name and how many more there are, in w cells.
func namesIn(e *certstore.Entry, w int, tail string) string {
	first, more := kit.Printable(e.CommonName()), ""
	if len(e.Names) > 0 {
		first = kit.Printable(e.Names[0])
	}
	if n := len(e.Names) - 1; n > 0 {
		more = " +" + strconv.Itoa(n)
	}
	return kit.Cut(first, w-len(more), tail) + more
}

// servicesIn is the positional form of what is in use; where nothing is, what is wanted stands in brackets.
func servicesIn(e *certstore.Entry) string {
	if e.Services != 0 || e.Wanted == 0 {
		return e.Services.Letters('.')
	}
	return "(" + e.Wanted.Letters('-') + ")"
}

// ownerOf is what people call the owner of a distinguished name.
func ownerOf(dn string) string { return kit.Printable(names.Short(dn)) }

// Issuer is who signed an entry, in a word or two: "-" for nobody yet.
func Issuer(e certstore.Entry) string {
	switch {
	case e.Kind == certstore.PendingReq:
		return "-"
	case e.SelfSigned:
		return "itself"
	}
	return cmp.Or(ownerOf(e.Issuer), "-")
}

// day is a date for a person, in local time, with the time where it is near; "-" for none.
func day(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return when.Said(t, now.Local())
}

// dayCell is day for a column.
func dayCell(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return when.Cell(t, now.Local())
}

// dayWidth is the width of a day in a column.
const dayWidth = len("29 Nov 2026")

// daysColumn is the layout of a column of days that is as wide as what it tells of these now.
func daysColumn(c kit.Column, list []time.Time, now time.Time) kit.Column {
	c.Want = dayWidth
	for _, t := range list {
		c.Want = max(c.Want, kit.Width(dayCell(t, now)))
	}
	c.Min = c.Want
	return c
}

// moment is a time for a person: local, with its zone.
func moment(t time.Time) string { return when.Exactly(t.Local()) }

func daysLeft(e *certstore.Entry) string {
	if e.Kind == certstore.PendingReq {
		return ""
	}
	return strconv.Itoa(e.DaysLeft) + " d"
}

// shortTime is the time below which hours are said in place of days.
const shortTime = 48 * time.Hour

// lasting is a time in words: days, below two days hours.
func lasting(d time.Duration) string {
	switch hours := int(d / time.Hour); {
	case d >= shortTime:
		return count(hours/24, "day")
	case hours > 0:
		return count(hours, "hour")
	}
	return "less than an hour"
}

// share is how much of a lifetime is left, 0 to 1.
func share(e *certstore.Entry, now time.Time) float64 {
	life := e.NotAfter.Sub(e.NotBefore)
	if life <= 0 {
		return 0
	}
	return min(1, max(0, e.NotAfter.Sub(now).Seconds()/life.Seconds()))
}

// bar draws what is left of a lifetime in w cells; a day left still shows.
func bar(s theme.Styles, e *certstore.Entry, now time.Time, w int) string {
	left := share(e, now)
	full := int(left*float64(w) + 0.5)
	if left > 0 {
		full = max(1, full)
	}
	return strings.Repeat(s.Glyphs.Full, full) + strings.Repeat(s.Glyphs.Empty, w-full)
}

// count is a number of things in words: "1 port", "2 ports".
func count(n int, what string) string { return printable.Count(n, what) }
