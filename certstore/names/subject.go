package names

import (
	"slices"
	"strings"
)

// Get is the value of the first attribute of that type ("CN"), or "".
func (s Subject) Get(typ string) string {
	for _, a := range s {
		if a.Type == typ {
			return a.Value
		}
	}
	return ""
}

// With is the subject with that attribute in place of all of its type; an empty value takes it away.
// The subject itself is not changed.
func (s Subject) With(typ, value string) Subject {
	out := make(Subject, 0, len(s)+1)
	for _, a := range s {
		if a.Type != typ {
			out = append(out, a)
		}
	}
	if value != "" {
		out = append(out, Attribute{typ, value})
	}
	return out.ordered()
}

// ordered brings the attributes into encoding order, in place; several OU keep theirs.
func (s Subject) ordered() Subject {
	slices.SortStableFunc(s, func(a, b Attribute) int { return rank(a.Type) - rank(b.Type) })
	return s
}

// String is the RFC 4514 text, most specific first: "CN=mail.example.org,O=Sunshine\, Inc.,C=BE".
// ParseSubject reads it back.
func (s Subject) String() string {
	parts := make([]string, 0, len(s))
	for _, a := range slices.Backward(s) {
		parts = append(parts, a.Type+"="+escape(a.Value))
	}
	return strings.Join(parts, ",")
}
