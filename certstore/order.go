package certstore

import (
	"cmp"
	"slices"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// urgency lists the statuses by how soon somebody must act, the worst first.
var urgency = []trust.Status{trust.NotServed, trust.NotInStore, trust.Invalid, trust.Revoked,
	trust.DateInvalid, trust.Untrusted, trust.RevocationCheckFailure, trust.Expiring,
	trust.PendingRequest, trust.Unknown, trust.Valid}

// WorstFirst compares two entries for the table's order: by status, then by what ends first, then by name. What is
// settled comes last.
func WorstFirst(a, b *ledger.Entry) int {
	return cmp.Or(
		cmp.Compare(urgencyOf(a), urgencyOf(b)),
		a.NotAfter.Compare(b.NotAfter),
		strings.Compare(a.FriendlyName, b.FriendlyName),
		cmp.Compare(a.ID, b.ID))
}

func urgencyOf(e *ledger.Entry) int {
	if e.Settled() {
		return len(urgency)
	}
	if e.Refused() {
		return slices.Index(urgency, trust.Invalid)
	}
	at := slices.Index(urgency, e.Verdict.Status)
	if e.Failing != nil {
		return min(at, slices.Index(urgency, trust.Expiring))
	}
	return at
}
