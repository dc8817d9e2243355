package ui

import (
	"testing"

	"certdesk/certstore"
)

// A renewal and what it renews name each other, so that each can be found.
func TestDetailsNameWhatTheyRenewAndWhatRenewsThem(t *testing.T) {
	r := articleDesk(t, 80, 45)
	e, old, next := article()[2], article()[4], article()[1]
	r.onto(3)
	r.keys("enter")
	r.send(shownMsg{details: certstore.Details{Entry: e, Renews: &old, RenewedBy: []certstore.Entry{next}}})
	r.sees("Renews         webmail 2023, valid until 14 Oct 2026", "Renewed by     secure_client, pending")
}
