package enabling

import (
	"context"
	"errors"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// backPatience is how long putting a service back may take, proof included, whoever gave up on it.
const backPatience = 60 * time.Second

// back puts the service back, proves it, and says both why it had to and how that ended.
func (t *turn) back(ctx context.Context, why error, served []Port) Outcome {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), backPatience)
	defer stop()
	trouble := t.sp.svc.Trouble()
	ports, err := t.undo(ctx)
	why = t.withLeft(why)
	state := RolledBack
	if err != nil {
		state, why = Doubtful, t.doubt(why, err)
	}
	if err == nil || t.over {
		err = t.record(ctx, t.putBackLine(why))
	}
	if err != nil && state == RolledBack {
		state, why = Doubtful, t.doubt(why, err)
	}
	out := t.end(state, why, ports)
	out.Failed, out.Trouble = served, trouble
	return out
}

// withLeft adds what somebody else changed meanwhile, which stays.
func (t *turn) withLeft(why error) error {
	if len(t.left) == 0 {
		return why
	}
	return fail.New(fail.Of(why).Code, fail.Of(why).Hint, "%w; %s", why, strings.Join(t.left, "; "))
}

// doubt says that a service may not be as it was. Where nothing of the change is left in it there is nothing to try
// again.
func (t *turn) doubt(why, err error) error {
	hint := "check the service now, then run `certdesk enable --roll-back` to try it again"
	if t.over {
		hint = "its files are as they were: check the service now"
	}
	return fail.New(fail.Failed, hint, "%s; putting it back failed too: %w", fail.Sentence(why), err)
}

// undo puts the files back and has the daemon serve what it did. A daemon that was not told of the change goes on as it
// was. One that cannot be made to read its files again, for a fault that is not ours, is judged by what it serves.
func (t *turn) undo(ctx context.Context) ([]Port, error) {
	err := t.step(StepRollback, func() error { return t.putBack(ctx) })
	unread := errors.Is(err, services.ErrNotReread)
	if err != nil && !unread {
		return nil, err
	}
	ports, proof := t.provenBack(ctx, err)
	t.over = t.settling // a person chose to end it, and all of it is put back
	if unread && (proof == nil || t.over) {
		return ports, errors.Join(proof, t.sp.svc.Withdraw(t.sp.Plan.Switch))
	}
	return ports, proof
}

// provenBack asks for what was served before, where the daemon may have read the change. unread is why it did not read
// its files again.
func (t *turn) provenBack(ctx context.Context, unread error) ([]Port, error) {
	switch {
	case !t.read:
		return nil, nil
	case !t.sp.Plan.Running || len(t.was) == 0:
		return nil, unread
	}
	ports, err := t.prove(ctx, StepProofBack, t.formerly(), t.o.waits())
	if err != nil && unread != nil {
		err = fail.New(fail.Failed, "", "%w; %s", err, fail.Sentence(unread))
	}
	return ports, err
}

// putBack undoes what Apply did, if it did anything.
func (t *turn) putBack(ctx context.Context) error {
	begun, err := t.sp.svc.Begun(t.sp.Plan.Switch)
	if err != nil {
		return err
	}
	if !begun {
		return t.sp.svc.Sweep(t.sp.Plan.Switch)
	}
	t.left, err = t.sp.svc.Rollback(ctx, t.sp.Plan.Switch, t.read)
	return err
}

// putBackLine ends a change of which nothing is left.
func (t *turn) putBackLine(why error) ledger.Enabled {
	return ledger.Enabled{Service: t.sp.Service, Begin: t.seq, Outcome: ledger.OutcomeBack, Why: fail.Sentence(why)}
}
