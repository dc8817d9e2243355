package ordering

import (
	"context"
	"slices"
	"strings"

	"certdesk/certstore/acme"
	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Reasons are why a certificate may be revoked, the usual ones first.
func Reasons() []string { return slices.Clone(acme.Reasons) }

// MayRevoke refuses what could not be revoked, without asking anybody. Errors: Usage for a reason that is none,
// NotFound where it is no certificate of a configured authority.
func (o *Orders) MayRevoke(ctx context.Context, id int64, reason string) error {
	_, _, err := o.revocable(ctx, id, reason)
	return err
}

func (o *Orders) revocable(ctx context.Context, id int64, reason string) (e ledger.Entry, ca config.ACME, err error) {
	if !slices.Contains(acme.Reasons, reason) {
		return e, ca, fail.New(fail.Usage, "use one of "+strings.Join(acme.Reasons, ", "),
			"%q is no reason to revoke a certificate for", printable.Text(reason))
	}
	if e, err = o.store.Entry(ctx, id); err != nil {
		return e, ca, err
	}
	if e.Kind != ledger.Certificate || e.Automatic == nil || e.Automatic.Order.CA == "" {
		return e, ca, fail.New(fail.NotFound, "tell the CA that issued it", "%s was not had from a CA that is configured",
			ledger.Label(&e))
	}
	ca, err = o.CA(e.Automatic.Order.CA)
	return e, ca, err
}

// Revoke has the authority that issued a certificate revoke it. Errors of MayRevoke, and those of asking the authority.
func (o *Orders) Revoke(ctx context.Context, id int64, reason string) (ledger.Entry, error) {
	e, ca, err := o.revocable(ctx, id, reason)
	if err != nil {
		return e, err
	}
	release, err := o.store.Lock(ctx)
	if err != nil {
		return e, err
	}
	defer release()
	place, err := o.reach(ctx, ca, e.Automatic.Order.Directory)
	if err != nil {
		return e, err
	}
	defer place.client.Close()
	if err := place.registered(ctx); err != nil {
		return e, err
	}
	if err := place.revoke(ctx, e, reason); err != nil {
		return e, err
	}
	err = o.store.Write(context.WithoutCancel(ctx), ledger.OpRevoked, ledger.Data{IDs: []int64{id},
		Revoked: &ledger.Revoked{CA: ca.Name, Reason: reason}})
	if err != nil {
		return e, err
	}
	return o.store.Entry(context.WithoutCancel(ctx), id)
}

// revoke asks as the account, and where that did not order the certificate as who has its key (RFC 8555, section 7.6).
func (d *at) revoke(ctx context.Context, e ledger.Entry, reason string) error {
	leaf, err := d.store.Certificate(e)
	if err != nil {
		return err
	}
	_, err = d.remembered(ctx, func() error { return d.client.Revoke(ctx, d.account, leaf, nil, reason) })
	if !acme.IsType(err, acme.Unauthorized) {
		return err
	}
	key, unread := d.store.Key(e.SPKI)
	if unread != nil {
		return err
	}
	return d.client.Revoke(ctx, d.account, leaf, key, reason)
}
