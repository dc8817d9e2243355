package when

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Period is a stretch of time as a person names it: a day, a month, a year, or what lies so far ahead. From belongs to
// it, To does not.
type Period struct {
	From, To time.Time
	Name     string // "25 Dec", "Dec 2027", "30 days"
	Away     bool   // it was named by its distance from now
}

// Forms are the ways to name a period, for who typed none of them.
const Forms = "25dec, 2026-12-25, dec or 30d"

// Read reads what a person calls a day, in now's zone: "25dec", "25 Dec 2026", "2026-12-25", "dec", "2026-12", "today",
// "30d", "2w", "36h". A day or month without its year is the one that comes next, today included; a distance is counted
// as the days that are left are, in whole days or hours. A day in slashes is not read: two halves of the world would
// mean two days by it.
func Read(text string, now time.Time) (Period, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "now":
		return Period{From: now, To: now, Name: "now"}, true
	case "today":
		return dayOf(now, 0), true
	case "tomorrow":
		return dayOf(now, 1), true
	case "yesterday":
		return dayOf(now, -1), true
	}
	if p, ok := readDistance(text, now); ok {
		return p, true
	}
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(text)); err == nil {
		return Period{From: t, To: t.Add(time.Second), Name: Minute(t.In(now.Location()))}, true
	}
	return readDate(text, now)
}

func dayOf(now time.Time, ahead int) Period {
	y, m, d := now.Date()
	return date(y, m, d+ahead, now)
}

// units are what a distance is counted in: its name, how it may be written, and the moment so many of it away.
var units = []struct {
	name, written string
	away          func(t time.Time, n int) time.Time
}{
	{"hour", "h hour hours", func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Hour) }},
	{"day", "d day days", func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) }},
	{"week", "w week weeks", func(t time.Time, n int) time.Time { return t.AddDate(0, 0, 7*n) }},
	{"month", "m mo month months", func(t time.Time, n int) time.Time { return t.AddDate(0, n, 0) }},
	{"year", "y year years", func(t time.Time, n int) time.Time { return t.AddDate(n, 0, 0) }},
}

// maxDistance bounds the number of a distance: a longer one is no distance that a person means.
const maxDistance = 99_999

// readDistance reads "30d"; a number alone counts days, unless it is a year of ours. Days are of 24 hours, as those
// that are left are counted, whatever the clocks do.
func readDistance(text string, now time.Time) (Period, bool) {
	number := strings.TrimRight(text, letters)
	unit := strings.TrimPrefix(text, number)
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n > maxDistance || n < -maxDistance || unit == "" && isYear(n) {
		return Period{}, false
	}
	for _, u := range units {
		if !slices.Contains(strings.Fields(u.written), cmp.Or(unit, "d")) {
			continue
		}
		from := u.away(now.UTC(), n)
		to := from.AddDate(0, 0, 1)
		if u.name == "hour" {
			to = from.Add(time.Hour)
		}
		return Period{From: from, To: to, Name: distance(n, u.name), Away: true}, true
	}
	return Period{}, false
}

const letters = "abcdefghijklmnopqrstuvwxyz"

func distance(n int, unit string) string {
	text := strconv.Itoa(max(n, -n)) + " " + unit
	if n != 1 && n != -1 {
		text += "s"
	}
	if n < 0 {
		text += " ago"
	}
	return text
}

func isYear(n int) bool { return n >= 1950 && n < 2200 }

// readDate reads a day, a month or a year by its numbers and the name of its month.
func readDate(text string, now time.Time) (Period, bool) {
	if strings.Contains(text, "/") {
		return Period{}, false
	}
	numbers, month, ok := pieces(text)
	if !ok {
		return Period{}, false
	}
	switch len(numbers) {
	case 0:
		return nextMonth(month, now), month != 0
	case 1:
		return oneNumber(numbers[0], month, now)
	case 2:
		return twoNumbers(numbers, month, text, now)
	case 3:
		return threeNumbers(numbers, month, text, now)
	}
	return Period{}, false
}

// pieces splits a date into its numbers and its month's name; false where something else is in it.
func pieces(text string) (numbers []int, month time.Month, ok bool) {
	for text = strings.TrimLeft(text, " -.,"); text != ""; text = strings.TrimLeft(text, " -.,") {
		digits := text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
		if digits != "" {
			n, err := strconv.Atoi(digits)
			if err != nil {
				return nil, 0, false
			}
			numbers, text = append(numbers, n), text[len(digits):]
			continue
		}
		word := text[:len(text)-len(strings.TrimLeft(text, letters))]
		if month != 0 || len(word) < 3 {
			return nil, 0, false
		}
		if month = monthCalled(word); month == 0 {
			return nil, 0, false
		}
		text = text[len(word):]
	}
	return numbers, month, true
}

// monthCalled is the month whose name begins so; 0 for none.
func monthCalled(word string) time.Month {
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), word) {
			return m
		}
	}
	if word == "sept" {
		return time.September
	}
	return 0
}

// oneNumber is "25dec", "dec 2026", "2027".
func oneNumber(n int, month time.Month, now time.Time) (Period, bool) {
	switch {
	case month == 0 && isYear(n):
		from, to := start(n, time.January, 1, now), start(n+1, time.January, 1, now)
		return Period{From: from, To: to, Name: strconv.Itoa(n)}, true
	case month == 0:
		return Period{}, false
	case isYear(n):
		return monthOf(n, month, now), true
	}
	return nextDay(month, n, now)
}

// twoNumbers is "25 dec 2026", "2026-12", "25.12.".
func twoNumbers(n []int, month time.Month, text string, now time.Time) (Period, bool) {
	switch {
	case month != 0:
		return dayIn(n[1], month, n[0], now)
	case isYear(n[0]) && n[1] >= 1 && n[1] <= 12:
		return monthOf(n[0], time.Month(n[1]), now), true
	case strings.Contains(text, "."):
		return nextDay(time.Month(n[1]), n[0], now)
	}
	return Period{}, false
}

// threeNumbers is "2026-12-25" or, with dots, "25.12.2026".
func threeNumbers(n []int, month time.Month, text string, now time.Time) (Period, bool) {
	switch {
	case month != 0:
		return Period{}, false
	case isYear(n[0]):
		return dayIn(n[0], time.Month(n[1]), n[2], now)
	case strings.Contains(text, "."):
		return dayIn(n[2], time.Month(n[1]), n[0], now)
	}
	return Period{}, false
}

// dayIn is one day, if there is one.
func dayIn(year int, month time.Month, day int, now time.Time) (Period, bool) {
	return date(year, month, day, now), isYear(year) && isDay(year, month, day)
}

func isDay(year int, month time.Month, day int) bool {
	y, m, d := time.Date(year, month, day, 12, 0, 0, 0, time.UTC).Date()
	return y == year && m == month && d == day
}

// leapYears is the longest that 29 February is away.
const leapYears = 8

// nextDay is that day of this year, or of the next one that has it.
func nextDay(month time.Month, day int, now time.Time) (Period, bool) {
	for year := now.Year(); year <= now.Year()+leapYears; year++ {
		if p := date(year, month, day, now); isDay(year, month, day) && p.To.After(now) {
			return p, true
		}
	}
	return Period{}, false
}

// nextMonth is this month, or the next of that name.
func nextMonth(month time.Month, now time.Time) Period {
	p := monthOf(now.Year(), month, now)
	if !p.To.After(now) {
		p = monthOf(now.Year()+1, month, now)
	}
	return p
}

func monthOf(year int, month time.Month, now time.Time) Period {
	from := start(year, month, 1, now)
	return Period{From: from, To: start(year, month+1, 1, now), Name: from.Format("January 2006")}
}

func date(year int, month time.Month, day int, now time.Time) Period {
	from := start(year, month, day, now)
	name := from.Format("2 Jan")
	if from.Year() != now.Year() {
		name = from.Format("2 Jan 2006")
	}
	return Period{From: from, To: start(year, month, day+1, now), Name: name}
}

func start(year int, month time.Month, day int, now time.Time) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, now.Location())
}
