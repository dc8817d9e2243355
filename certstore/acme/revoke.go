package acme

import (
	"context"
	"crypto"
	"crypto/x509"
	"slices"

	"github.com/mholt/acmez/v3/acme"
)

// Reasons are why a subscriber may have a certificate revoked (RFC 5280, section 5.3.1; Baseline Requirements, section
// 7.2.2), the usual ones first.
var Reasons = []string{"unspecified", "superseded", "cessationOfOperation", "affiliationChanged", "keyCompromise"}

var numbers = []int{acme.ReasonUnspecified, acme.ReasonSuperseded, acme.ReasonCessationOfOperation,
	acme.ReasonAffiliationChanged, acme.ReasonKeyCompromise}

// Revoke has a certificate revoked for one of Reasons, by the account that ordered it or, where key is not nil, by its
// own key. One that is revoked already is no error.
func (c *Client) Revoke(ctx context.Context, a Account, leaf *x509.Certificate, key crypto.Signer,
	reason string) error {
	number := numbers[max(0, slices.Index(Reasons, reason))]
	err := c.step(ctx, func(ctx context.Context) error {
		return c.low.RevokeCertificate(ctx, a.low(), leaf, key, number)
	})
	if IsType(err, AlreadyRevoked) {
		return nil
	}
	return err
}
