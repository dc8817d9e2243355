package query

import (
	"strconv"
	"strings"
	"time"

	"certdesk/certstore/when"
)

// dayTakes is what the value of a day can be.
const dayTakes = "a day: " + when.Forms

// dayWords are offered: they are always right, which no date is.
var dayWords = []string{"30d", "7d", "90d", "today", "tomorrow"}

// readDay compares the end with a day, a month or what lies so far ahead.
func readDay(a asked) (sieve, string) {
	p, ok := when.Read(a.value, a.now)
	if !ok {
		return sieve{}, quoted(a.typed) + " is no day: " + a.name + " takes " + when.Forms
	}
	return endSieve(p, a.compares()), ""
}

// readDays compares the whole days that are left.
func readDays(a asked) (sieve, string) {
	_, err := strconv.Atoi(a.value)
	p, ok := when.Read(a.value+"d", a.now)
	if err != nil || !ok {
		return sieve{}, a.name + " takes " + a.key.takes
	}
	return endSieve(p, a.compares()), ""
}

// compares is how a key and its sign compare: a colon means within.
func (a asked) compares() string {
	switch {
	case a.key.name == "before":
		return "<"
	case a.key.name == "after":
		return ">"
	case a.sign == ":":
		return "="
	}
	return a.sign
}

// endSieve compares the end of a life, which a request has not, with a period.
func endSieve(p when.Period, sign string) sieve {
	from, to := second(p.From), second(p.To)
	return sieve{
		keeps: func(r *Row) bool { return r.ends && meets(r.until, from, to, sign) },
		words: endWords(p, sign),
		sight: sight{whole: Expires},
	}
}

func meets(end, from, to int64, sign string) bool {
	switch sign {
	case "<":
		return end < from
	case "<=":
		return end < to
	case ">":
		return end >= to
	case ">=":
		return end >= from
	}
	return end >= from && end < to
}

// second is the first whole second that is not before a moment: lives end at whole ones.
func second(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}

// amounts are how a sign compares with a number of days; "=" is the number itself.
var amounts = map[string]string{"<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}

// endWords tell how an end compares with a period.
func endWords(p when.Period, sign string) phrase {
	if p.From.Equal(p.To) && sign == "<" {
		return phrase{verb: "be", value: "expired"}
	}
	if p.Away && !strings.HasSuffix(p.Name, " ago") {
		return phrase{verb: "expire", value: "in " + amounts[sign] + p.Name}
	}
	on := "on "
	if p.Away || p.To.Sub(p.From) > 48*time.Hour {
		on = "in "
	}
	switch sign {
	case "<":
		return phrase{verb: "expire", value: "before " + p.Name}
	case "<=":
		return phrase{verb: "expire", value: "by the end of " + p.Name}
	case ">":
		return phrase{verb: "expire", value: "after " + p.Name}
	case ">=":
		return phrase{verb: "expire", value: on + p.Name + " or later"}
	}
	return phrase{verb: "expire", value: on + p.Name}
}
