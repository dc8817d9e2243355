package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"certdesk/certstore/ledger"
)

// Part is a part of a row as it is shown.
type Part uint8

// The parts of a row.
const (
	Status Part = 1 << iota
	Name
	Names
	Services
	Issuer
	Expires
)

// sight is what a value looks for: a word in some parts, a wildcard's line among the names, the letters of services, or
// all of a part.
type sight struct {
	in       Part
	word     string
	covered  string
	services ledger.Services
	whole    Part
}

// Lit are the places of a part's text that the query looked for, in bytes and in order; none overlap.
func (q Query) Lit(part Part, text string) (places [][2]int) {
	for i := range q.Terms {
		if q.Terms[i].Not {
			continue
		}
		for _, s := range q.Terms[i].sieves {
			places = append(places, s.sight.places(part, text)...)
		}
	}
	return joined(places)
}

func (s sight) places(part Part, text string) (places [][2]int) {
	if s.whole&part != 0 {
		return [][2]int{{0, len(text)}}
	}
	if part == Services {
		return s.servicePlaces(text)
	}
	if s.in&part == 0 {
		return nil
	}
	places = occurrences(text, s.word)
	if wildcard := strings.Trim(s.covered, "\n"); part == Names && strings.HasPrefix(strings.ToLower(text), wildcard) {
		places = append(places, occurrences(text, wildcard)...)
	}
	return places
}

// servicePlaces are the places of services in a text that has them by name, or else by letter.
func (s sight) servicePlaces(text string) (places [][2]int) {
	byName := slices.ContainsFunc(ledger.AllServices(), func(one ledger.Services) bool {
		return strings.Contains(text, one.String())
	})
	for _, one := range ledger.AllServices() {
		word := strings.Trim(one.Letters(' '), " ")
		if byName {
			word = one.String()
		}
		if s.services.Has(one) {
			places = append(places, occurrences(text, strings.ToLower(word))...)
		}
	}
	return places
}

// occurrences are the places of a lower-case word in a text, whatever the text's case.
func occurrences(text, word string) (places [][2]int) {
	for at := 0; at < len(text) && word != ""; {
		if n := begins(text[at:], word); n > 0 {
			places, at = append(places, [2]int{at, at + n}), at+n
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return places
}

// begins is how many bytes of a text are a lower-case word, 0 where it does not begin so. A letter's lower case may be
// longer than itself, so that letters are compared one by one.
func begins(text, word string) int {
	n := 0
	for _, want := range word {
		r, size := utf8.DecodeRuneInString(text[n:])
		if size == 0 || unicode.ToLower(r) != want {
			return 0
		}
		n += size
	}
	return n
}

// joined puts places in order and makes one of those that touch.
func joined(places [][2]int) (list [][2]int) {
	slices.SortFunc(places, func(a, b [2]int) int { return a[0] - b[0] })
	for _, p := range places {
		if n := len(list); n > 0 && p[0] <= list[n-1][1] {
			list[n-1][1] = max(list[n-1][1], p[1])
			continue
		}
		list = append(list, p)
	}
	return list
}

// NameOf is the place among an entry's names of the one that it was kept for and that is not seen otherwise: neither
// its first name nor what it is called has what was looked for. False for none.
func (q Query) NameOf(r *Row, called string) (place int, ok bool) {
	called = strings.ToLower(called)
	for i := range q.Terms {
		for _, s := range q.Terms[i].sieves {
			if q.Terms[i].Not || s.sight.in&Names == 0 {
				continue
			}
			if at := s.sight.find(r); at > 0 && !(s.sight.in&Name != 0 && strings.Contains(called, s.sight.word)) {
				return at, true
			}
		}
	}
	return 0, false
}

// find is the place of the first name that has the word, or that is the wildcard; -1 for none.
func (s sight) find(r *Row) int {
	lines, at := r.alt, strings.Index(r.alt, s.word)
	if s.in == Names { // covers: looks for a whole name
		at = strings.Index(r.alt, "\n"+s.word+"\n")
	}
	if at < 0 && s.covered != "" {
		at = strings.Index(r.alt, s.covered)
	}
	if at < 0 {
		lines, at = r.written, strings.Index(r.written, s.word)
	}
	if at < 0 {
		return -1
	}
	return max(0, strings.Count(lines[:at+1], "\n")-1)
}
