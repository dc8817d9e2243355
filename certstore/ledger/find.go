package ledger

import (
	"slices"
	"strings"
)

// Called are the live or removed rows of a friendly name.
func (st *State) Called(name string, removed bool) (list []*Row) {
	for _, r := range st.Rows {
		if r.Removed.IsZero() != removed && strings.EqualFold(r.FriendlyName, strings.TrimSpace(name)) {
			list = append(list, r)
		}
	}
	return list
}

// BeginningWith gives the live or removed rows by the digits that one of their thumbprints begins with. It walks the
// rows once, however many digits are asked for.
func (st *State) BeginningWith(wanted []string, removed bool) map[string][]*Row {
	byHead := map[string][]string{}
	for _, digits := range slices.Compact(slices.Sorted(slices.Values(wanted))) {
		byHead[digits[:MinDigits]] = append(byHead[digits[:MinDigits]], digits)
	}
	hits := map[string][]*Row{}
	for _, r := range st.Rows {
		if r.Removed.IsZero() == removed || len(r.Thumbprint) < MinDigits || len(r.SHA256) < MinDigits {
			continue
		}
		candidates := slices.Concat(byHead[r.Thumbprint[:MinDigits]], byHead[strings.ToUpper(r.SHA256[:MinDigits])])
		for _, digits := range candidates {
			if r.BeginsWith(digits) && !slices.Contains(hits[digits], r) {
				hits[digits] = append(hits[digits], r)
			}
		}
	}
	return hits
}

// MinDigits is how many digits of a thumbprint are the least that name an entry.
const MinDigits = 6

// BeginsWith says whether one of the thumbprints of a row begins with these digits, upper case.
func (r *Row) BeginsWith(digits string) bool {
	return strings.HasPrefix(r.Thumbprint, digits) || strings.HasPrefix(strings.ToUpper(r.SHA256), digits)
}
