package certstore

import (
	"cmp"
	"slices"
	"strings"

	"certdesk/certstore/trust"
)

// Urgency lists the statuses by how soon somebody must act, the worst first.
func Urgency() []trust.Status { return slices.Clone(urgency) }

var urgency = []trust.Status{trust.Invalid, trust.DateInvalid, trust.Untrusted, trust.Expiring,
	trust.PendingRequest, trust.Unknown, trust.Valid}

// WorstFirst compares two entries for the table's order: by status, then by what ends first, then by name.
func WorstFirst(a, b *Entry) int {
	return cmp.Or(
		cmp.Compare(slices.Index(urgency, a.Verdict.Status), slices.Index(urgency, b.Verdict.Status)),
		a.NotAfter.Compare(b.NotAfter),
		strings.Compare(a.FriendlyName, b.FriendlyName),
		cmp.Compare(a.ID, b.ID))
}
