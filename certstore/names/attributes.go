package names

import (
	"encoding/asn1"
	"unicode/utf8"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// subjectType is an attribute a request may have, with X.520's upper bound in characters.
type subjectType struct {
	name  string
	words string
	oid   asn1.ObjectIdentifier
	max   int
}

// subjectTypes is in encoding order.
var subjectTypes = []subjectType{
	{"C", "the country", asn1.ObjectIdentifier{2, 5, 4, 6}, 2},
	{"ST", "the state", asn1.ObjectIdentifier{2, 5, 4, 8}, 128},
	{"L", "the city", asn1.ObjectIdentifier{2, 5, 4, 7}, 128},
	{"O", "the organisation", asn1.ObjectIdentifier{2, 5, 4, 10}, 64},
	{"OU", "the unit", asn1.ObjectIdentifier{2, 5, 4, 11}, 64},
	{"CN", "the common name", asn1.ObjectIdentifier{2, 5, 4, 3}, 64},
}

// rank is the type's place in encoding order, or -1.
func rank(typ string) int {
	for i, t := range subjectTypes {
		if t.name == typ {
			return i
		}
	}
	return -1
}

// Validate says what keeps the subject from being encoded: a value too long or unseen, a country that is
// none, a type twice, no common name. Errors: InvalidSubject.
func (s Subject) Validate() error {
	if err := s.check(); err != nil {
		return err
	}
	if s.Get("CN") == "" {
		return fail.New(fail.InvalidSubject, "add CN=, the name clients ask for", "the subject has no common name")
	}
	return nil
}

// check is Validate but for the common name, which the names of a request may give.
func (s Subject) check() error {
	seen := map[string]bool{}
	for _, a := range s {
		if err := a.Validate(); err != nil {
			return err
		}
		if seen[a.Type] && a.Type != "OU" {
			return fail.New(fail.InvalidSubject, "only OU may be given more than once", "%s is given twice", a.Type)
		}
		seen[a.Type] = true
	}
	return nil
}

// Validate says what is wrong with one attribute. Errors: InvalidSubject.
func (a Attribute) Validate() error {
	i := rank(a.Type)
	if i < 0 {
		return fail.New(fail.InvalidSubject, "use C, ST (or S), L, O, OU and CN", "%s is not a part of a subject",
			quote(a.Type))
	}
	t := subjectTypes[i]
	switch n := utf8.RuneCountInString(a.Value); {
	case n == 0:
		return fail.New(fail.InvalidSubject, "give it a value or leave it out", "%s (%s) is empty", t.words, t.name)
	case printable.Text(a.Value) != a.Value:
		return fail.New(fail.InvalidSubject, "type it again without them", "%s (%s) has characters that cannot be seen: %s",
			t.words, t.name, quote(a.Value))
	case t.name == "C":
		return checkCountry(a.Value)
	case n > t.max:
		return fail.New(fail.InvalidSubject, shorten(t), "%s (%s) is %d characters long; the limit is %d", t.words,
			t.name, n, t.max)
	}
	return nil
}

func shorten(t subjectType) string {
	if t.name == "CN" {
		return "choose a shorter name as common name; the long one can stay among the domain names"
	}
	return "shorten it"
}

func checkCountry(code string) error {
	if IsCountry(code) {
		return nil
	}
	hint := "use the two capital letters of ISO 3166, such as BE, NL or US"
	if code == "UK" {
		hint = "use GB for the United Kingdom"
	}
	return fail.New(fail.InvalidSubject, hint, "the country (C) %s is not a country code", quote(code))
}
