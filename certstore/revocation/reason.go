package revocation

import (
	"time"

	"certdesk/certstore/trust"
)

// The reasons of RFC 5280, 5.3.1 that mean more than that a certificate is revoked.
const (
	reasonHold    = 6
	reasonRemoved = 8 // a hold was lifted
)

var reasons = map[int]string{1: "key compromise", 2: "compromise of the CA", 3: "affiliation changed", 4: "superseded",
	5: "cessation of operation", 9: "privilege withdrawn", 10: "compromise of an attribute authority"}

// revoked makes an answer one of a certificate that was revoked for a reason, or put on hold.
func revoked(r trust.Revocation, since time.Time, reason int) trust.Revocation {
	switch reason {
	case reasonRemoved:
		r.Standing = trust.StandsGood
		return r
	case reasonHold:
		r.Standing = trust.StandsOnHold
	default:
		r.Standing = trust.StandsRevoked
	}
	r.Since, r.Reason = since.UTC(), reasons[reason]
	return r
}
