package cli

import (
	"context"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/renewing"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// renewDue does all that is due. Another run that is at it is no failure: timers may meet.
func (a *app) renewDue(ctx context.Context, s *session, dryRun bool) error {
	if dryRun || s.noStore() != "" {
		return a.tellDue(ctx, s)
	}
	if err := s.writable(); err != nil {
		return err
	}
	a.changing.Store(true)
	defer a.changing.Store(false)
	var done []renewing.Result
	o := certstore.DueOptions{Ordering: a.orderOptions(), Enabling: a.watch(ctx), Each: func(r renewing.Result) {
		done = append(done, r)
		a.tellRenewed(r)
	}}
	if !console.IsTerminal(a.io.Err) { // a timer wants what came of it, and no more
		o.Ordering.Watch, o.Enabling = nil, nil
	}
	other, err := s.store.RenewDue(ctx, o)
	var told []certstore.Delivery
	var untold error
	if other == "" && ctx.Err() == nil {
		told, untold = a.tellPeople(ctx, s)
	}
	if ctx.Err() != nil {
		err = fail.New(fail.Failed, "the next run goes on with what was begun", "interrupted")
	}
	return orElse(a.tellRun(context.WithoutCancel(ctx), s, ran{done, told, other}), err, dueError(done), untold)
}

// ran is what a run did.
type ran struct {
	done  []renewing.Result
	told  []certstore.Delivery
	other string // who is at it, where this run did nothing
}

// tellRun ends what is told of a run: as a whole where a script reads it, else only where nothing was to be done.
func (a *app) tellRun(ctx context.Context, s *session, r ran) error {
	tasks, err := s.store.Renewals(ctx)
	switch {
	case err != nil:
		return err
	case a.flags.json:
		out := wire.RenewalsOf(r.done, tasks, a.io.Now())
		out.Other = r.other
		for _, d := range r.told {
			out.Told = append(out.Told, wire.DeliveryOf(d))
		}
		return a.printJSON(out)
	case r.other != "":
		a.print("another run (%s) is at it\n", r.other)
	case len(r.done) == 0:
		a.print("%s\n", plain.NextRenewal(tasks, a.io.Now()))
	}
	return nil
}

// tellDue says what is due, why, and when the next is.
func (a *app) tellDue(ctx context.Context, s *session) error {
	tasks, err := s.store.Renewals(ctx)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(wire.RenewalsOf(nil, tasks, a.io.Now()))
	}
	a.print("%s", plain.Renewals(tasks, a.io.Now()))
	return nil
}

// tellRenewed tells what became of one; why one failed goes where cron mails it from.
func (a *app) tellRenewed(r renewing.Result) {
	switch {
	case r.Err != nil:
		a.note("certdesk: %s", words.Renewed(r))
	case !a.flags.json:
		a.print("%s\n", words.Renewed(r))
	}
}

// dueError is the error of a run in which something failed.
func dueError(done []renewing.Result) error {
	failed := 0
	var first error
	for _, r := range done {
		if r.Err != nil {
			failed++
			first = orElse(first, r.Err)
		}
	}
	if failed == 0 {
		return nil
	}
	return fail.New(fail.Failed, fail.Of(first).Hint,
		"%d of %s failed; `certdesk renew --due --dry-run` says when each is tried again", failed,
		words.Count(len(done), "step"))
}
