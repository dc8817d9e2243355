package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore"
)

// filter keeps the rows that pass all its terms: a word that occurs, or status:, svc:, issuer:, name:, days< and the
// like, needs:attention; with "!" in front a term must not hold. Case does not count, commas in a value mean or, double
// quotes keep blanks together.
type filter struct {
	terms   []func(*searchable) bool
	problem string // what a term lacks to say anything, or ""
}

// searchable is a row as a filter sees it.
type searchable struct {
	text          string // all its words in lower case, a line each
	names, issuer string // these parts of text
	status        string // the verdict's word
	exchange      string // the verdict as Exchange says it, in lower case
	services      certstore.Services
	days          int // until it ends
	ends          bool
	attention     bool // somebody should act on it
}

func parseFilter(text string) filter {
	var f filter
	for _, word := range splitTerms(strings.ToLower(text)) {
		rest, not := strings.CutPrefix(word, "!")
		if strings.Trim(rest, `"`) == "" {
			continue
		}
		test, problem := parseTerm(rest)
		f.problem = firstOf(f.problem, problem)
		switch {
		case test == nil:
		case not:
			f.terms = append(f.terms, func(s *searchable) bool { return !test(s) })
		default:
			f.terms = append(f.terms, test)
		}
	}
	return f
}

// splitTerms splits at the blanks outside double quotes.
func splitTerms(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
}

// fieldTerms are the terms that look at one field, each with what makes its test of one value.
var fieldTerms = []struct {
	name string
	test func(value string) func(*searchable) bool
}{
	{"status:", statusTerm},
	{"svc:", serviceTerm},
	{"issuer:", func(v string) func(*searchable) bool {
		return func(s *searchable) bool { return strings.Contains(s.issuer, v) }
	}},
	{"name:", nameTerm},
	{"needs:", func(string) func(*searchable) bool { return func(s *searchable) bool { return s.attention } }},
}

// attentionTerm keeps what somebody should act on.
const attentionTerm = "needs:attention"

// parseTerm gives the test of a term without its "!"; nil, and why, for one that says nothing yet.
func parseTerm(word string) (test func(*searchable) bool, problem string) {
	if rest, ok := strings.CutPrefix(word, "days"); ok && strings.ContainsAny(rest[:min(1, len(rest))], "<>=") {
		return daysTerm(rest)
	}
	for _, field := range fieldTerms {
		if value, ok := strings.CutPrefix(word, field.name); ok {
			return anyOf(field.name, value, field.test)
		}
	}
	word = strings.ReplaceAll(word, `"`, "")
	covered := wildcardFor(word)
	return func(s *searchable) bool {
		return strings.Contains(s.text, word) || covered != "" && strings.Contains(s.names, covered)
	}, ""
}

// wildcardFor is the line of a wildcard that covers a whole name, "" for what is none.
func wildcardFor(value string) string {
	if _, domain, ok := strings.Cut(value, "."); ok && strings.Contains(domain, ".") {
		return "\n*." + domain + "\n"
	}
	return ""
}

// anyOf is the test that one of the comma-separated values passes.
func anyOf(name, list string, make func(string) func(*searchable) bool) (func(*searchable) bool, string) {
	var tests []func(*searchable) bool
	for _, value := range strings.Split(strings.ReplaceAll(list, `"`, ""), ",") {
		if value == "" {
			continue
		}
		test := make(value)
		if test == nil {
			return nil, wantsHelp(name)
		}
		tests = append(tests, test)
	}
	if len(tests) == 0 {
		return nil, wantsHelp(name)
	}
	return func(s *searchable) bool {
		return slices.ContainsFunc(tests, func(test func(*searchable) bool) bool { return test(s) })
	}, ""
}

// wantsHelp says what may stand behind a term's colon.
func wantsHelp(name string) string {
	switch name {
	case "status:":
		return "status: takes " + strings.Join(statusWords, ", ")
	case "svc:":
		return "svc: takes IMAP, POP, UM, IIS or SMTP"
	case "needs:":
		return "say " + attentionTerm
	}
	return name + " takes a part of it, such as " + name + "example"
}

// statusWords are the words of the table, the most urgent first.
var statusWords = []string{"invalid", "revoked", "expired", "not yet valid", "untrusted", "unchecked", "expiring", "pending", "unknown", "valid"}

// statusTerm takes the beginning of a status, as the table or Exchange says it; nil for what begins none.
func statusTerm(value string) func(*searchable) bool {
	begins := func(word string) bool { return strings.HasPrefix(word, value) }
	if slices.ContainsFunc(statusWords, begins) {
		return func(s *searchable) bool { return begins(s.status) }
	}
	for _, status := range certstore.Urgency() {
		if begins(strings.ToLower(string(status))) {
			return func(s *searchable) bool { return begins(s.exchange) }
		}
	}
	return nil
}

func serviceTerm(value string) func(*searchable) bool {
	for _, service := range certstore.AllServices() {
		if strings.HasPrefix(strings.ToLower(service.Names()[0]), value) {
			return func(s *searchable) bool { return s.services.Has(service) }
		}
	}
	return nil
}

// nameTerm takes a part of a name, and a whole name that a wildcard covers.
func nameTerm(value string) func(*searchable) bool {
	covered := wildcardFor(value)
	return func(s *searchable) bool {
		return strings.Contains(s.names, value) || covered != "" && strings.Contains(s.names, covered)
	}
}

// daysTerm compares the days that are left: "<30", ">=90", "=0".
func daysTerm(rest string) (func(*searchable) bool, string) {
	number := strings.TrimLeft(rest, "<>=")
	sign := strings.TrimSuffix(rest, number)
	n, err := strconv.Atoi(number)
	compare := map[string]func(int) bool{
		"<": func(d int) bool { return d < n }, "<=": func(d int) bool { return d <= n }, "=": func(d int) bool { return d == n },
		">": func(d int) bool { return d > n }, ">=": func(d int) bool { return d >= n },
	}[sign]
	if err != nil || compare == nil {
		return nil, fmt.Sprintf("days%s takes a number, such as days<30", sign)
	}
	return func(s *searchable) bool { return s.ends && compare(s.days) }, ""
}

func (f filter) empty() bool { return len(f.terms) == 0 }

func (f filter) keeps(s *searchable) bool {
	for _, test := range f.terms {
		if !test(s) {
			return false
		}
	}
	return true
}

// apply gives the ids a filter keeps, in the order of the listing; without a term all of them. It looks at the rows as
// they lie in memory, whatever the order: of 100,000 each jump would be felt under the fingers.
func (f filter) apply(l listing) []int64 {
	if f.empty() {
		return l.ids
	}
	keep, n := make([]bool, len(l.search)), 0
	for i := range l.search {
		if keep[i] = f.keeps(&l.search[i]); keep[i] {
			n++
		}
	}
	kept := make([]int64, 0, n)
	for i, at := range l.order {
		if keep[at] {
			kept = append(kept, l.ids[i])
		}
	}
	return kept
}
