package words

import (
	"slices"
	"testing"

	"certdesk/certstore/enabling"
	"certdesk/certstore/query"
	"certdesk/certstore/trust"
)

// What a verdict or a port makes of a row can be counted and filtered: there is one list of the words.
func TestEveryWordOfARowIsCountedAndFiltered(t *testing.T) {
	for _, word := range []string{enabling.WordOld, enabling.WordUnserved, enabling.WordStranger, WordSettled} {
		if !query.IsStatus(word) || !slices.Contains(CountOrder, word) {
			t.Errorf("%q is no status", word)
		}
	}
	for _, status := range []trust.Status{trust.NotServed, trust.NotInStore, trust.Invalid, trust.DateInvalid,
		trust.Untrusted, trust.Expiring, trust.PendingRequest, trust.Unknown, trust.Valid} {
		if !query.IsStatus(string(status)) {
			t.Errorf("%q is no status", status)
		}
	}
	if CountOrder[0] != WordSettled || CountOrder[len(CountOrder)-1] != enabling.WordOld {
		t.Errorf("%q", CountOrder)
	}
}
