package names

import (
	"strings"
	"unicode"
)

// Split takes a pasted list apart: at commas, semicolons, blanks, tabs and newlines; quotes around a name are
// dropped. The names are as they were typed, for Normalize.
func Split(text string) []string {
	words := strings.FieldsFunc(dropMarks(text), func(r rune) bool {
		return r == ',' || r == ';' || unicode.IsSpace(r) || unicode.IsControl(r)
	})
	var out []string
	for _, w := range words {
		if w = unquote(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func unquote(w string) string {
	for len(w) >= 2 && w[0] == w[len(w)-1] && (w[0] == '"' || w[0] == '\'') {
		w = w[1 : len(w)-1]
	}
	return w
}

// Dedupe keeps the first of equal names; letter case does not count, not even before an @.
func Dedupe(list []Name) []Name {
	seen := make(map[Name]bool, len(list))
	out := make([]Name, 0, len(list))
	for _, n := range list {
		if k := n.Key(); !seen[k] {
			seen[k] = true
			out = append(out, n)
		}
	}
	return out
}

// Key is the name for comparing: equal names have equal keys.
func (n Name) Key() Name { return Name{n.Kind, strings.ToLower(n.Value)} }
