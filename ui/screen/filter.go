package screen

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore"
)

// Filter keeps the rows that pass all its terms: a word that occurs, or status:, svc:, issuer:, name:, days< and the
// like, needs:attention; with "!" in front a term must not hold. Case does not count, commas in a value mean or, double
// quotes keep blanks together.
type Filter struct {
	terms   []func(*Searchable) bool
	Problem string // what a term lacks to say anything, or ""
}

// Idle says that a filter neither keeps anything back nor has anything to say.
func (f Filter) Idle() bool { return f.Empty() && f.Problem == "" }

// Searchable is a row as a filter sees it.
type Searchable struct {
	Text          string // all its words in lower case, a line each
	Names, Issuer string // these parts of text
	Status        string // the verdict's word
	Exchange      string // the verdict as Exchange says it, in lower case
	Services      certstore.Services
	Days          int // until it ends
	Ends          bool
	Attention     bool // somebody should act on it
}

// ParseFilter reads a filter of the table.
func ParseFilter(text string) Filter { return parseTerms(text, parseTerm) }

// ParseWords is a filter where rows have words alone: a term that looks at a field says that there is none.
func ParseWords(text string) Filter {
	return parseTerms(text, func(word string) (func(*Searchable) bool, string) {
		name := termName(word)
		if _, known := termTest(name); known || strings.HasPrefix(word, "days<") || strings.HasPrefix(word, "days>") {
			return nil, "this list is filtered by words alone, not by " + cmp.Or(name, "days")
		}
		return wordTerm(word), ""
	})
}

// FilterProblem says what is wrong with a filter, "" for nothing.
func FilterProblem(text string) string { return ParseFilter(text).Problem }

func parseTerms(text string, parse func(word string) (func(*Searchable) bool, string)) Filter {
	var f Filter
	for _, word := range splitTerms(strings.ToLower(text)) {
		rest, not := strings.CutPrefix(word, "!")
		if strings.Trim(rest, `"`) == "" {
			continue
		}
		test, problem := parse(rest)
		f.Problem = cmp.Or(f.Problem, problem)
		switch {
		case test == nil:
		case not:
			f.terms = append(f.terms, func(s *Searchable) bool { return !test(s) })
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
	test func(value string) func(*Searchable) bool
}{
	{"status:", statusTerm},
	{"svc:", serviceTerm},
	{"issuer:", func(v string) func(*Searchable) bool {
		return func(s *Searchable) bool { return strings.Contains(s.Issuer, v) }
	}},
	{"name:", nameTerm},
	{"needs:", func(v string) func(*Searchable) bool {
		if !strings.HasPrefix("attention", v) {
			return nil
		}
		return func(s *Searchable) bool { return s.Attention }
	}},
}

// termTest makes the test of one value for a field's name, such as "status:".
func termTest(name string) (test func(value string) func(*Searchable) bool, known bool) {
	for _, field := range fieldTerms {
		if field.name == name {
			return field.test, true
		}
	}
	return nil, false
}

// termName is what a term says that it looks at, such as "status:"; "" for a word. An address or a thumbprint with
// colons names nothing, nor does what is in quotes.
func termName(word string) string {
	name, _, found := strings.Cut(word, ":")
	if !found || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" ||
		strings.Trim(word, "0123456789abcdef:") == "" {
		return ""
	}
	return name + ":"
}

// unknownTerm says of a name that no term has which there are.
func unknownTerm(name string) string {
	var names []string
	for _, field := range fieldTerms {
		names = append(names, field.name)
	}
	return fmt.Sprintf("unknown filter word %q; there are %s and days<", name, strings.Join(names, " "))
}

// AttentionTerm keeps what somebody should act on.
const AttentionTerm = "needs:attention"

// parseTerm gives the test of a term without its "!"; nil, and why, for one that says nothing yet.
func parseTerm(word string) (test func(*Searchable) bool, problem string) {
	if rest, ok := strings.CutPrefix(word, "days"); ok && strings.ContainsAny(rest[:min(1, len(rest))], "<>=") {
		return daysTerm(rest)
	}
	if name := termName(word); name != "" {
		if test, known := termTest(name); known {
			return anyOf(name, strings.TrimPrefix(word, name), test)
		}
		return nil, unknownTerm(name)
	}
	return wordTerm(word), ""
}

// wordTerm looks for a word anywhere, and for a wildcard that covers it.
func wordTerm(word string) func(*Searchable) bool {
	word = strings.ReplaceAll(word, `"`, "")
	if digits, err := certstore.ThumbprintDigits(word); err == nil && strings.Contains(word, ":") {
		word = strings.ToLower(digits)
	}
	covered := wildcardFor(word)
	return func(s *Searchable) bool {
		return strings.Contains(s.Text, word) || covered != "" && strings.Contains(s.Names, covered)
	}
}

// wildcardFor is the line of a wildcard that covers a whole name, "" for what is none.
func wildcardFor(value string) string {
	if _, domain, ok := strings.Cut(value, "."); ok && strings.Contains(domain, ".") {
		return "\n*." + domain + "\n"
	}
	return ""
}

// anyOf is the test that one of the comma-separated values passes.
func anyOf(name, list string, make func(string) func(*Searchable) bool) (func(*Searchable) bool, string) {
	var tests []func(*Searchable) bool
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
	return func(s *Searchable) bool {
		return slices.ContainsFunc(tests, func(test func(*Searchable) bool) bool { return test(s) })
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
		return "needs: takes attention alone: " + AttentionTerm
	}
	return name + " takes a part of it, such as " + name + "example"
}

// statusWords are the words of the table, the most urgent first.
var statusWords = []string{"invalid", "revoked", "expired", "not yet valid", "untrusted", "unchecked", "expiring",
	"pending", "unknown", "valid"}

// StatusWords are the words that a row's status can be called.
func StatusWords() []string { return slices.Clone(statusWords) }

// statusTerm takes the beginning of a status, as the table or Exchange says it; nil for what begins none.
func statusTerm(value string) func(*Searchable) bool {
	begins := func(word string) bool { return strings.HasPrefix(word, value) }
	if slices.ContainsFunc(statusWords, begins) {
		return func(s *Searchable) bool { return begins(s.Status) }
	}
	for _, status := range certstore.Urgency() {
		if begins(strings.ToLower(string(status))) {
			return func(s *Searchable) bool { return begins(s.Exchange) }
		}
	}
	return nil
}

func serviceTerm(value string) func(*Searchable) bool {
	for _, service := range certstore.AllServices() {
		if strings.HasPrefix(strings.ToLower(service.Names()[0]), value) {
			return func(s *Searchable) bool { return s.Services.Has(service) }
		}
	}
	return nil
}

// nameTerm takes a part of a name, and a whole name that a wildcard covers.
func nameTerm(value string) func(*Searchable) bool {
	covered := wildcardFor(value)
	return func(s *Searchable) bool {
		return strings.Contains(s.Names, value) || covered != "" && strings.Contains(s.Names, covered)
	}
}

// daysTerm compares the days that are left: "<30", ">=90", "=0".
func daysTerm(rest string) (func(*Searchable) bool, string) {
	number := strings.TrimLeft(rest, "<>=")
	sign := strings.TrimSuffix(rest, number)
	n, err := strconv.Atoi(number)
	compare := map[string]func(int) bool{
		"<": func(d int) bool { return d < n }, "<=": func(d int) bool { return d <= n },
		"=": func(d int) bool { return d == n },
		">": func(d int) bool { return d > n }, ">=": func(d int) bool { return d >= n },
	}[sign]
	if err != nil || compare == nil {
		return nil, fmt.Sprintf("days%s takes a number, such as days<30", sign)
	}
	return func(s *Searchable) bool { return s.Ends && compare(s.Days) }, ""
}

// Empty says that a filter keeps every row.
func (f Filter) Empty() bool { return len(f.terms) == 0 }

// Keeps says whether a row passes.
func (f Filter) Keeps(s *Searchable) bool {
	for _, test := range f.terms {
		if !test(s) {
			return false
		}
	}
	return true
}
