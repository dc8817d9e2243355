package ledger

import (
	"time"

	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// Successor is the entry that takes the place of one whose time ends: what renews it, or a certificate that has all
// its names and lasts longer.
type Successor struct {
	ID         int64
	Name       string // its friendly name
	Thumbprint string
	Renews     bool      // it was made to renew the other
	Waits      bool      // it is a request still
	Ordered    bool      // which an ACME authority is to answer
	From       time.Time // when it begins to be valid, before the other ends; zero where it is valid now
}

// Words name it: "renewed by web 2026 (9A3F51B2C4D5)".
func (s Successor) Words() string {
	e := Entry{FriendlyName: s.Name, Thumbprint: s.Thumbprint}
	from := ""
	if !s.From.IsZero() {
		from = ", which is valid from " + when.Recorded(s.From)
	}
	switch {
	case s.Waits && s.Ordered:
		return "its renewal is on order: " + Label(&e)
	case s.Waits:
		return "its renewal waits for the CA's answer: " + Label(&e)
	case s.Renews:
		return "renewed by " + Label(&e) + from
	}
	return "superseded by " + Label(&e) + from
}

// Settled says that nobody has to act although its time ends: another took its place, no service is bound to it, and no
// port that was asked serves it.
func (e *Entry) Settled() bool {
	return e.Successor != nil && !e.Successor.Waits && e.Successor.From.IsZero() && e.Services == 0 && !e.Served && e.TimeEnds()
}

// TimeEnds says whether it is its end that is told of a certificate.
func (e *Entry) TimeEnds() bool {
	v := e.Verdict.Status
	return e.Kind == Certificate && (v == trust.Expiring || v == trust.DateInvalid && e.DaysLeft < 0)
}
