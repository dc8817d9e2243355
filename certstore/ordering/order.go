package ordering

import (
	"context"

	"certdesk/certstore/acme"
	"certdesk/certstore/acme/due"
	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// Options say how an order is carried out.
type Options struct {
	Watch func(Progress)        // told of each step as it begins and ends; nil for nobody
	Warn  func(sentence string) // told what may surprise and stops nothing; nil for nobody
}

// Order makes a request and has an authority answer it. The entry is given also with an error: then it is pending, and
// GoOn goes on with it. Errors of Check, and ConfirmationNeeded where the authority's terms are not accepted, leave no
// entry; Locked, naming who is at it; Failed, with an acme.Problem where the authority has said why.
func (o *Orders) Order(ctx context.Context, r Request, opt Options) (ledger.Entry, error) {
	ca, err := o.checked(ctx, r)
	if err != nil {
		return ledger.Entry{}, err
	}
	want := due.Want{Directory: ca.Directory, Renewal: r.Make.RenewalOf != 0}
	for _, n := range r.Make.Names {
		want.Names = append(want.Names, n.Value)
	}
	if err := o.allowed(ctx, want); err != nil {
		return ledger.Entry{}, err
	}
	release, err := o.store.Lock(ctx)
	if err != nil {
		return ledger.Entry{}, err
	}
	defer release()
	first, err := o.first(ctx, ca, r, want.Names)
	if err != nil {
		return ledger.Entry{}, err
	}
	run := &run{Orders: o, ca: ca, opt: opt, order: first}
	defer run.close()
	o.sweep(ctx, opt)
	err = run.open(ctx)
	if err != nil && run.skips(err) {
		run.order.Trial, run.order.Directory = false, ca.Directory
		err = run.open(ctx)
	}
	if err != nil {
		return ledger.Entry{}, err
	}
	order := run.order
	r.Make.Order = &order
	err = run.step(Progress{Step: StepRequest}, func() error {
		made, err := o.store.New(ctx, r.Make)
		run.entry = made.Entry
		return err
	})
	if err != nil {
		return ledger.Entry{}, err
	}
	return run.all(ctx)
}

// first is the order that a request begins with.
func (o *Orders) first(ctx context.Context, ca config.ACME, r Request, list []string) (ledger.Order, error) {
	order := ledger.Order{CA: ca.Name, Directory: ca.Directory, Profile: ca.Profile}
	err := o.store.Read(ctx, func(st *ledger.State) {
		isNew := r.Make.RenewalOf == 0 && !known(st, ca.Directory, list)
		order.Trial = ca.Staging != "" && (r.Trial == TrialAlways || r.Trial == TrialForNew && isNew)
	})
	if order.Trial {
		order.Directory = ca.Staging
	}
	if err == nil && r.Make.RenewalOf != 0 {
		order.Replaces, err = o.replaced(ctx, r.Make.RenewalOf, ca)
	}
	return order, err
}

// replaced names the certificate that is renewed, "" where another authority gave it.
func (o *Orders) replaced(ctx context.Context, id int64, ca config.ACME) (string, error) {
	old, err := o.store.Entry(ctx, id)
	if err != nil || old.Automatic == nil || old.Automatic.Order.Directory != ca.Directory {
		return "", err
	}
	leaf, err := o.store.Certificate(old)
	if err != nil {
		return "", err
	}
	name, err := acme.RenewalID(leaf)
	if err != nil {
		return "", nil // it cannot be named: the order is one like any other
	}
	return name, nil
}

// GoOn goes on with an order where it stands. One that was answered meanwhile is given as it is. Errors as those of
// Order; NotFound where the entry was not ordered, or its authority is not configured any more.
func (o *Orders) GoOn(ctx context.Context, id int64, opt Options) (ledger.Entry, error) {
	e, err := o.store.Entry(ctx, id)
	if err != nil || e.Kind == ledger.Certificate {
		return e, err
	}
	if !e.Ordered() || !e.Removed.IsZero() {
		return e, fail.New(fail.NotFound, "send the request to a CA, then import its answer",
			"%s was ordered from no CA", ledger.Label(&e))
	}
	ca, err := o.CA(e.Automatic.Order.CA)
	if err != nil {
		return e, err
	}
	release, err := o.store.Lock(ctx)
	if err != nil {
		return e, err
	}
	defer release()
	if e, err = o.store.Entry(ctx, id); err != nil || e.Kind == ledger.Certificate { // by who held the lock
		return e, err
	}
	o.sweep(ctx, opt)
	run := &run{Orders: o, ca: ca, opt: opt, order: e.Automatic.Order, entry: e, resumed: true}
	defer run.close()
	err = run.open(ctx)
	if err != nil && run.skips(err) {
		err = run.afterTrial(ctx)
	}
	if err != nil {
		err = run.failed(ctx, err, false)
		return run.entry, err
	}
	return run.all(ctx)
}
