package words

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/names"
	"certdesk/certstore/query"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// LookOfWord is the sign and the style of a verdict's word.
func LookOfWord(s *theme.Styles, word string) (glyph string, style *theme.Style) {
	switch word {
	case "valid":
		return s.Glyphs.Good, &s.Good
	case "expiring":
		return s.Glyphs.Warn, &s.Warn
	case "pending":
		return s.Glyphs.Waiting, &s.Accent
	case WordSettled:
		return s.Glyphs.Dot, &s.Muted
	case "unknown", "unchecked", enabling.WordStranger:
		return s.Glyphs.Unknown, &s.Warn
	}
	return s.Glyphs.Bad, &s.Bad
}

// Look is the sign and the style of an entry: what is settled does not cry.
func Look(s *theme.Styles, e *certstore.Entry) (glyph string, style *theme.Style) {
	return LookOfWord(s, CountWord(e))
}

// Title is what an entry is called: its friendly name, else its common name as people write it.
func Title(e certstore.Entry) string {
	common := e.CommonName()
	if e.FriendlyName != "" && e.FriendlyName != common {
		return kit.Printable(e.FriendlyName)
	}
	return kit.Printable(names.Written(common))
}

// Names is the first name and how many more there are, in w cells.
func Names(e *certstore.Entry, w int, tail string) string {
	first, more := NameAt(e, 0)
	return kit.Cut(first, w-len(more), tail) + more
}

// NameAt is one of an entry's names as people write it, and how many more there are: " +7", or "".
func NameAt(e *certstore.Entry, at int) (name, more string) {
	name = e.CommonName()
	if at < len(e.Names) {
		name = e.Names[at]
	}
	name = kit.Printable(names.Written(name))
	if n := len(e.Names) - 1; n > 0 {
		more = " +" + strconv.Itoa(n)
	}
	return name, more
}

// NamesSpoken is one of the names and how many more there are, to be read out.
func NamesSpoken(e *certstore.Entry, at int) string {
	name, more := NameAt(e, at)
	if more == "" {
		return kit.Cut(name, spokenWidth, "...")
	}
	return fmt.Sprintf("%s and %d more", name, len(e.Names)-1)
}

// spokenWidth is how many cells a name is read out in.
const spokenWidth = 110

// ServiceLetters is the positional form of what is in use; where nothing is, what is wanted stands in brackets.
func ServiceLetters(e *certstore.Entry) string {
	if e.Services != 0 || e.Wanted == 0 {
		return e.Services.Letters('.')
	}
	return "(" + e.Wanted.Letters('-') + ")"
}

// ServiceNames are the services of an entry by name: what is in use, and dim and in brackets what is only wanted.
func ServiceNames(e *certstore.Entry, wanted func(string) string) string {
	parts := e.Services.Names()
	if only := e.Wanted &^ e.Services; only != 0 {
		parts = append(parts, wanted("("+strings.Join(only.Names(), " ")+")"))
	}
	return cmp.Or(strings.Join(parts, " "), "-")
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

// Day is a date for a person, in local time, with the time where it is near; "-" for none.
func Day(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return when.Said(t, now.Local())
}

// DayCell is Day for a column of a table.
func DayCell(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return when.Cell(t, now.Local())
}

// DayWidth is the width of a day in a column.
const DayWidth = len("29 Nov 2026")

// DaysColumn is the layout of a column of days that is as wide as what it tells of these now.
func DaysColumn(c kit.Column, list []time.Time, now time.Time) kit.Column {
	c.Want = DayWidth
	for _, t := range list {
		c.Want = max(c.Want, kit.Width(DayCell(t, now)))
	}
	c.Min = c.Want
	return c
}

// EndsColumn is DaysColumn where requests say for how long they have waited; oldest is the one that has longest, and
// automatic says that there is something that renews itself.
func EndsColumn(c kit.Column, list []time.Time, oldest certstore.Entry, automatic bool, now time.Time) kit.Column {
	c = DaysColumn(c, list, now)
	c.Want = max(c.Want, kit.Width(EndCell(oldest, now)))
	if automatic {
		c.Want = max(c.Want, WidestAutomatic)
	}
	c.Min = c.Want
	return c
}

// Moment is a time for a person: local, with its zone.
func Moment(t time.Time) string { return when.Exactly(t.Local()) }

// LeftWidth is how many cells LeftCell takes at most, whatever the hour.
func LeftWidth(e *certstore.Entry) int {
	if e.Kind == certstore.PendingReq {
		return 0
	}
	if e.DaysLeft >= 0 && e.Verdict.Status == trust.DateInvalid { // it has not begun
		return len(notYet)
	}
	return len(strconv.Itoa(e.DaysLeft) + " d")
}

// shortTime is the time below which hours are said in place of days.
const shortTime = 48 * time.Hour

// Lasting is a time in words: days, below two days hours.
func Lasting(d time.Duration) string {
	switch hours := int(d / time.Hour); {
	case d >= shortTime:
		return Count(hours/24, "day")
	case hours > 0:
		return Count(hours, "hour")
	}
	return "less than an hour"
}

// CountWord is what an entry counts as.
func CountWord(e *certstore.Entry) string {
	if e.Settled() {
		return WordSettled
	}
	return e.Verdict.Word
}

// WordSettled counts what another certificate took the place of.
const WordSettled = query.WordSettled

// CountOrder is how rows are counted by what they count as, from the least to the most urgent.
var CountOrder = fromLeast(query.StatusWords())

func fromLeast(words []string) []string {
	slices.Reverse(words)
	return words
}
