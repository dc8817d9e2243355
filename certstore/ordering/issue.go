package ordering

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"certdesk/certstore/acme"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

func (r *run) finalise(ctx context.Context, now acme.Order) error {
	r.takeBack(ctx)
	return r.step(Progress{Step: StepFinalise}, func() error {
		request, err := r.store.RequestDER(r.entry)
		if err != nil {
			return err
		}
		now, err = r.client.Finalize(ctx, r.account, now, request)
		if err != nil {
			return err
		}
		return r.settled(r.client.Await(ctx, r.account, now))
	})
}

func (r *run) await(ctx context.Context, now acme.Order) error {
	return r.step(Progress{Step: StepFinalise}, func() error { return r.settled(r.client.Await(ctx, r.account, now)) })
}

// settled says whether an order that was finalised has moved on.
func (r *run) settled(now acme.Order, err error) error {
	switch {
	case err != nil:
		return err
	case now.Status == acme.Ready, now.Status == acme.Processing:
		return fail.New(fail.Failed, "certdesk goes on where it stopped when it is tried again",
			"%s has not issued the certificate yet", r.ca.Name)
	}
	return nil
}

// fetch takes the certificate into the store, which completes the request.
func (r *run) fetch(ctx context.Context, now acme.Order) error {
	r.takeBack(ctx)
	if r.order.Certificate = now.Certificate; r.entry.Automatic == nil || r.entry.Automatic.Issued.IsZero() {
		if err := r.note(context.WithoutCancel(ctx), ledger.OpReady); err != nil {
			return err
		}
	}
	return r.step(Progress{Step: StepFetch}, func() error {
		chain, err := r.client.Chain(ctx, r.account, now.Certificate)
		if err == nil {
			err = r.isOurs(chain)
		}
		if err != nil {
			return err
		}
		r.entry, err = r.store.Take(context.WithoutCancel(ctx), r.ca.Name, chain)
		return err
	})
}

// isOurs refuses a certificate on another key than the request's.
func (r *run) isOurs(chain []byte) error {
	wrong := func(err error) error {
		return fail.New(fail.Failed, "ask the CA", "what %s sent is not the certificate for this request: %w",
			printable.Text(r.ca.Name), err)
	}
	block, _ := pem.Decode(chain)
	if block == nil {
		return wrong(errors.New("it is no PEM"))
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return wrong(err)
	}
	spki, err := formats.SPKI(leaf)
	if err == nil && spki != r.entry.SPKI {
		err = errors.New("it is for another key")
	}
	if err != nil {
		return wrong(err)
	}
	return nil
}
