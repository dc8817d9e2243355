package certstore

import (
	"slices"
	"strings"
)

// called are the live or removed rows of a friendly name.
func (st *state) called(name string, removed bool) (list []*row) {
	for _, r := range st.rows {
		if r.Removed.IsZero() != removed && strings.EqualFold(r.FriendlyName, strings.TrimSpace(name)) {
			list = append(list, r)
		}
	}
	return list
}

// beginningWith gives the live or removed rows by the digits that one of their thumbprints begins with. It walks the
// rows once, however many digits are asked for.
func (st *state) beginningWith(wanted []string, removed bool) map[string][]*row {
	byHead := map[string][]string{}
	for _, digits := range slices.Compact(slices.Sorted(slices.Values(wanted))) {
		byHead[digits[:minDigits]] = append(byHead[digits[:minDigits]], digits)
	}
	hits := map[string][]*row{}
	for _, r := range st.rows {
		if r.Removed.IsZero() == removed || len(r.Thumbprint) < minDigits || len(r.SHA256) < minDigits {
			continue
		}
		candidates := slices.Concat(byHead[r.Thumbprint[:minDigits]], byHead[strings.ToUpper(r.SHA256[:minDigits])])
		for _, digits := range candidates {
			if r.beginsWith(digits) && !slices.Contains(hits[digits], r) {
				hits[digits] = append(hits[digits], r)
			}
		}
	}
	return hits
}

// minDigits is how many digits of a thumbprint are the least that name an entry.
const minDigits = 6

func (r *row) beginsWith(digits string) bool {
	return strings.HasPrefix(r.Thumbprint, digits) || strings.HasPrefix(strings.ToUpper(r.SHA256), digits)
}
