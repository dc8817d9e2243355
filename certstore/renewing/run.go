package renewing

import (
	"context"
	"slices"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
)

// Steps are what is done for a task, by the store.
type Steps interface {
	// Renewals is Plan, of what the journal says now.
	Renewals(ctx context.Context) ([]Task, error)
	// Order goes on with an order, or begins one, up to the import of the certificate. What fails is written down.
	Order(ctx context.Context, t Task) (ledger.Entry, error)
	// EnableRenewal gives a renewal to every slot that is bound to the old one. What fails is put back and written down.
	EnableRenewal(ctx context.Context, t Task) ([]enabling.Outcome, error)
	// PrepareRenewal makes the request of a CA that is asked by hand.
	PrepareRenewal(ctx context.Context, t Task) (ledger.Entry, error)
}

// Result is what became of a task.
type Result struct {
	Task     Task
	Entry    ledger.Entry // what came of it; its id is 0 for nothing
	Outcomes []enabling.Outcome
	Err      error
}

// Run does what is ready, one after the other, and plans anew after each: what was issued is enabled next. No task is
// done twice. each is told what became of a task.
func Run(ctx context.Context, s Steps, now func() time.Time, each func(Result)) error {
	type about struct {
		deed Deed
		id   int64
	}
	done := map[about]bool{}
	for ctx.Err() == nil {
		tasks, err := s.Renewals(ctx)
		if err != nil {
			return err
		}
		next := slices.IndexFunc(tasks, func(t Task) bool {
			return t.Ready(now()) && !done[about{t.Deed, t.Old.ID}]
		})
		if next < 0 {
			return nil
		}
		t := tasks[next]
		done[about{t.Deed, t.Old.ID}] = true
		each(do(ctx, s, t))
	}
	return ctx.Err()
}

func do(ctx context.Context, s Steps, t Task) (r Result) {
	r.Task = t
	switch t.Deed {
	case Enable:
		r.Entry = t.New
		r.Outcomes, r.Err = s.EnableRenewal(ctx, t)
	case Prepare:
		r.Entry, r.Err = s.PrepareRenewal(ctx, t)
	default:
		r.Entry, r.Err = s.Order(ctx, t)
	}
	return r
}
