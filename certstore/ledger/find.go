package ledger

import (
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
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

// ThumbprintDigits are the digits of a thumbprint however it was written: with blanks, colons and the invisible
// characters that a Windows dialog puts before it. Errors: Usage.
func ThumbprintDigits(text string) (string, error) {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'F':
			return r
		case r >= 'a' && r <= 'f':
			return r - 'a' + 'A'
		case r == ' ', r == ':', r == '\t', r == 0x200e, r == 0x200f, r == 0x200b, r == 0xfeff:
			return -1
		}
		return 'x'
	}, text)
	if len(digits) < MinDigits || len(digits) > 64 || strings.ContainsRune(digits, 'x') {
		return "", fail.New(fail.Usage,
			"give at least six digits of its thumbprint, or its whole friendly name, as `certdesk list` shows them",
			"%q is neither a thumbprint nor a friendly name here", printable.Text(text))
	}
	return digits, nil
}

// EntryOf is the live entry of a certificate by its SHA-256, 0 for none.
func (st *State) EntryOf(sha256 string) int64 {
	for _, r := range st.Index.Sums[sha256] {
		if sha256 != "" && r.Removed.IsZero() {
			return r.ID
		}
	}
	return 0
}

// KeyOf is the kind of an entry's key, as clients ask for it.
func KeyOf(e Entry) probe.Key {
	if e.KeyAlgorithm == "RSA" {
		return probe.RSA
	}
	return probe.ECDSA
}
