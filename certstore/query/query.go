// Package query is the filter of the desk and of `certdesk list`: words that rows must contain, and keys that look at
// one thing, such as is:expired or before:25dec. It reads a text, keeps rows, tells what it keeps, shows where a row
// matched, and offers how to go on.
//
// Its promise: it is pure, and any text is a query; what a part of it lacks is one sentence, and that part keeps no row
// back.
package query

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"certdesk/certstore/ledger"
)

// Query keeps the rows that pass all its terms: a word that occurs, or a key with a value; with "!" in front a term
// must not hold. Case does not count, commas in a value mean or, double quotes keep blanks and commas together.
type Query struct {
	Terms   []Term
	Problem string // what the first bad term lacks to say anything, or ""
}

// Term is one word of a query, and where it stands in the text.
type Term struct {
	From, Value, To int    // the bytes where it begins, where its value does, and where it ends
	Key             string // with its sign, such as "before:" or "expires<"; "" for a word
	Not             bool
	Problem         string
	sieves          []sieve // one for each value: it is enough to pass one; none where there is a problem
}

// sieve is the test of one value, how it is told, and what it looks for.
type sieve struct {
	keeps func(*Row) bool
	words phrase
	sight sight
	wants set // of is:
}

// Parse reads a query; days are those of now and its zone.
func Parse(text string, now time.Time) Query {
	return parse(text, func(t *Term, word string) { t.read(word, now) })
}

// ParseWords reads a query of rows that have words alone: a term that looks at one thing has that as its problem.
func ParseWords(text string) Query {
	return parse(text, func(t *Term, word string) {
		if k, _, value := splitKey(word); k != nil {
			t.Problem = "this list is filtered by words alone, not by " + strings.ToLower(word[:len(word)-len(value)])
			return
		}
		t.sieves = []sieve{wordSieve(unquoted(word))}
	})
}

func parse(text string, read func(t *Term, word string)) Query {
	var q Query
	for _, place := range wordsOf(text) {
		word := text[place[0]:place[1]]
		rest, not := strings.CutPrefix(word, "!")
		if strings.Trim(rest, `"`) == "" {
			continue
		}
		t := Term{From: place[0], Value: place[1] - len(rest), To: place[1], Not: not}
		read(&t, rest)
		q.Terms = append(q.Terms, t)
		q.Problem = cmp.Or(q.Problem, t.Problem)
	}
	return q
}

// read reads a term without its "!".
func (t *Term) read(word string, now time.Time) {
	k, sign, value := splitKey(word)
	switch {
	case k == nil && sign == "":
		t.sieves = []sieve{wordSieve(unquoted(word))}
		return
	case k == nil:
		t.Problem = unknownKey(strings.ToLower(word[:len(word)-len(value)]))
		return
	}
	t.Key, t.Value = strings.ToLower(word[:len(word)-len(value)]), t.To-len(value)
	for _, one := range listed(value) {
		s, problem := k.read(asked{k, t.Key, sign, unquoted(one), strings.ToLower(unquoted(one)), now})
		if problem != "" {
			t.sieves, t.Problem = nil, problem
			return
		}
		t.sieves = append(t.sieves, s)
	}
	if len(t.sieves) == 0 {
		t.Problem = t.Key + " takes " + k.takes
	}
}

// Empty says that a query keeps every row.
func (q Query) Empty() bool {
	return !slices.ContainsFunc(q.Terms, func(t Term) bool { return len(t.sieves) > 0 })
}

// Idle says that it keeps every row and has nothing to say of itself.
func (q Query) Idle() bool { return q.Empty() && q.Problem == "" }

// Keeps says whether a row passes.
func (q Query) Keeps(r *Row) bool {
	for i := range q.Terms {
		t := &q.Terms[i]
		if len(t.sieves) > 0 && t.passes(r) == t.Not {
			return false
		}
	}
	return true
}

func (t *Term) passes(r *Row) bool {
	for i := range t.sieves {
		if t.sieves[i].keeps(r) {
			return true
		}
	}
	return false
}

// Kept are the entries that a query keeps, in their order.
func (q Query) Kept(entries []ledger.Entry) []ledger.Entry {
	rows, kept := Rows(entries), make([]ledger.Entry, 0, len(entries))
	for i := range rows {
		if q.Keeps(&rows[i]) {
			kept = append(kept, entries[i])
		}
	}
	return kept
}

// wordsOf are the places of the words of a text: they end at blanks outside double quotes.
func wordsOf(text string) (places [][2]int) {
	from, quoted := -1, false
	for i, r := range text {
		if r == '"' {
			quoted = !quoted
		}
		blank := unicode.IsSpace(r) && !quoted
		switch {
		case blank && from >= 0:
			places, from = append(places, [2]int{from, i}), -1
		case !blank && from < 0:
			from = i
		}
	}
	if from >= 0 {
		places = append(places, [2]int{from, len(text)})
	}
	return places
}

// listed splits a value at the commas outside double quotes and leaves out what is empty.
func listed(value string) (list []string) {
	quoted := false
	return strings.FieldsFunc(value, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ',' && !quoted
	})
}

// unquoted is a value without its quotes.
func unquoted(text string) string { return strings.ReplaceAll(text, `"`, "") }

// Quote writes a value so that it is read as one; a double quote in it is lost.
func Quote(value string) string {
	value = strings.ReplaceAll(value, `"`, "")
	if value == "" || strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }) {
		return `"` + value + `"`
	}
	return value
}
