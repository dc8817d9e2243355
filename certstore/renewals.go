package certstore

import (
	"cmp"
	"context"
	"time"

	"certdesk/certstore/acme"
	"certdesk/certstore/acme/due"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/ordering"
	"certdesk/certstore/renewing"
)

// Renewals says what is to be done about the entries that renew themselves, and about those whose CA must be asked now:
// what is ready first.
func (s *Store) Renewals(ctx context.Context) ([]renewing.Task, error) {
	entries, err := s.List(ctx, false)
	if err != nil {
		return nil, err
	}
	f := renewing.Facts{Entries: entries, Renewed: map[int64]bool{}, Declined: map[int64]bool{}, Now: s.o.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Asked = s.state.Asked
	for _, r := range s.state.Rows {
		switch {
		case r.RenewalOf == 0:
		case r.Kind == ledger.Certificate:
			f.Renewed[r.RenewalOf] = true
		case !r.Removed.IsZero():
			f.Declined[r.RenewalOf] = true
		}
	}
	return renewing.Plan(f), nil
}

// DueOptions say who is told of what RenewDue does.
type DueOptions struct {
	Ordering ordering.Options
	Enabling func(enabling.Progress)
	Each     func(renewing.Result)
}

// RenewDue does all that is due. Where another run is at it, that is named and nothing is done. Errors: ReadOnly,
// Damaged, and what keeps the journal from being read; what became of each task is told to Each.
func (s *Store) RenewDue(ctx context.Context, o DueOptions) (other string, err error) {
	if err := s.ready(ctx, "renew"); err != nil {
		return "", err
	}
	release, other, err := s.dir.LockRenewals(ctx)
	if err != nil || other != "" {
		return other, err
	}
	defer release()
	if err := s.settleRenewals(ctx, enabling.Options{Watch: o.Enabling}); err != nil {
		return "", err
	}
	if err := s.askWindows(ctx); err != nil {
		return "", err
	}
	if err := renewing.Run(ctx, dueSteps{s, o}, s.o.Now, o.Each); err != nil {
		return "", err
	}
	return "", s.Publish(ctx)
}

// dueSteps are the steps of a run.
type dueSteps struct {
	*Store
	o DueOptions
}

// Order notes what ordering itself has not: that it did not come to ask the authority is a failure too.
func (s dueSteps) Order(ctx context.Context, t renewing.Task) (ledger.Entry, error) {
	began := s.Store.o.Now().Truncate(time.Second)
	e, err := s.ordered(ctx, t)
	about := cmp.Or(e.ID, t.New.ID, t.Old.ID)
	if err == nil || s.failedSince(context.WithoutCancel(ctx), about, began) {
		return e, err
	}
	return e, s.noteFailure(context.WithoutCancel(ctx), t, about, err)
}

func (s dueSteps) ordered(ctx context.Context, t renewing.Task) (ledger.Entry, error) {
	if t.Deed == renewing.Order {
		return s.orderRenewal(ctx, t, s.o.Ordering)
	}
	e, err := s.GoOn(ctx, t.New.ID, s.o.Ordering)
	if err == nil && e.RenewalOf == 0 {
		err = s.enableWanted(ctx, e)
	}
	return e, err
}

// failedSince says whether a failure of an entry was written down since a moment.
func (s *Store) failedSince(ctx context.Context, id int64, began time.Time) bool {
	e, err := s.get(ctx, id)
	if err != nil {
		return false
	}
	last := e.Automatic.Failed()
	return last != nil && !last.At.Before(began)
}

// enableWanted enables what was ordered for the first time for what it is wanted for, as would have been done had the
// order not been interrupted. Nobody is there to say that a default SMTP certificate may be replaced.
func (s dueSteps) enableWanted(ctx context.Context, e ledger.Entry) error {
	uses := e.Wanted &^ e.Services
	if uses == 0 || !s.HasServices() {
		return nil
	}
	plan, err := s.PlanEnable(ctx, enabling.Request{ID: e.ID, Services: uses})
	defer plan.Discard()
	var outcomes []enabling.Outcome
	if err == nil {
		outcomes, err = s.Enable(ctx, plan, enabling.Options{Watch: s.o.Enabling})
	}
	if err == nil {
		err = unserved(outcomes)
	}
	if err == nil {
		return nil
	}
	return fail.New(fail.Failed, "`certdesk enable "+e.Short()+"` tries it again",
		"it was issued and is in the store, but not enabled for all that was wanted: %w", err)
}

// orderRenewal orders what renews a certificate from its authority, with the profile that it has.
func (s *Store) orderRenewal(ctx context.Context, t renewing.Task, o ordering.Options) (ledger.Entry, error) {
	ca, err := s.orders.CA(t.CA)
	if err != nil {
		return ledger.Entry{}, err
	}
	r, err := s.RenewalRequest(ctx, t.Old.ID)
	if err != nil {
		return ledger.Entry{}, err
	}
	r.ReuseKey = ca.Key == "reuse" && t.Old.Automatic.Revoked.Reason != "keyCompromise"
	return s.Order(ctx, ordering.Request{Make: r, CA: ca.Name, Profile: t.Old.Automatic.Order.Profile}, o)
}

func (s dueSteps) EnableRenewal(ctx context.Context, t renewing.Task) ([]enabling.Outcome, error) {
	return s.enableRenewal(ctx, t, enabling.Options{Watch: s.o.Enabling})
}

func (s dueSteps) PrepareRenewal(ctx context.Context, t renewing.Task) (ledger.Entry, error) {
	r, err := s.RenewalRequest(ctx, t.Old.ID)
	if err != nil {
		return ledger.Entry{}, err
	}
	made, err := s.New(ctx, r)
	return made.Entry, err
}

// noteFailure writes down on an entry why a task failed, and when it is tried again, and gives the reason. What a
// person stopped, and what keeps the store from being written, is no failure.
func (s *Store) noteFailure(ctx context.Context, t renewing.Task, id int64, why error) error {
	told := fail.Of(why)
	switch told.Code {
	case fail.Canceled, fail.InDoubt, fail.ReadOnly, fail.Locked:
		return why
	}
	f := ledger.Failure{CA: t.CA, Why: told.Text}
	if a := t.Old.Automatic; a != nil {
		f.Directory = a.Order.Directory
	}
	if p := acme.ProblemOf(why); p != nil {
		f.Type, f.RetryAfter = p.Type, p.RetryAfter
	}
	f.Next = due.Next(len(t.Failures)+1, s.o.Now(), f.RetryAfter)
	_, err := s.write(ctx, func() (change, error) {
		return change{op: ledger.OpFailed, data: ledger.Data{IDs: []int64{id}, Failure: &f}}, nil
	})
	if err != nil {
		return fail.New(fail.Failed, fail.Of(err).Hint, "%w; and that could not be written down: %s", why, fail.Sentence(err))
	}
	return why
}
