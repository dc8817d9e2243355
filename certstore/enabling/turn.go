package enabling

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// turn is one service while it is changed.
type turn struct {
	*Daemons
	entry ledger.Entry
	sp    ServicePlan
	o     Options
	seq   int64 // of the begin
	was   []ledger.Seen
	kept  []Port // what is served with keys of other types, and goes on being served
	known bool   // of a dead process's: the configuration has the service still
	read  bool   // the daemon may have read what was changed
	older string // why older files were not removed

	settling bool     // a dead process's, put back because a person said so
	left     []string // what somebody else changed meanwhile: sentences
	over     bool     // nothing of the change is left, whatever the ports serve
}

// planAgain plans a service anew whose configuration, or directory of versions, an earlier turn of this same Enable
// changed; one that somebody else changed is refused by Apply.
func (t *turn) planAgain(ctx context.Context, ours map[string]bool) (err error) {
	if slices.ContainsFunc(t.places(), func(place string) bool { return ours[place] }) {
		t.sp.Plan, err = t.sp.svc.Plan(ctx, append([]services.Pair{t.sp.pair}, t.sp.also...)...)
	}
	return err
}

// places are what a turn changes or relies on: files, the directory of versions, the daemon's configuration as a whole.
func (t *turn) places() []string {
	in := t.sp.svc.Instance()
	list := []string{filepath.Dir(t.sp.Plan.Version), in.Driver + "\x00" + in.Config + "\x00" + in.Install}
	for _, c := range t.sp.Plan.Changes {
		list = append(list, c.Path)
	}
	return list
}

// sound looks once more at what is there: somebody may have changed it, or broken it, since the plan was made.
func (t *turn) sound(ctx context.Context) error {
	if err := t.sp.svc.Fits(t.sp.Plan); err != nil || t.sp.Plan.Mends {
		return err
	}
	return t.sp.svc.Ready(ctx)
}

// change is the transaction of one service.
func (t *turn) change(ctx context.Context) Outcome {
	if err := t.step(StepRecord, func() error { return t.begin(ctx) }); err != nil {
		return t.end(LeftAlone, err, nil)
	}
	svc := t.sp.svc
	t.read = svc.ReadsUnasked()
	err := t.step(StepApply, func() error { return svc.Apply(t.sp.Plan) })
	if errors.Is(err, services.ErrUntouched) {
		return t.end(LeftAlone, errors.Join(err, t.record(ctx, t.putBackLine(err))), nil)
	}
	return t.complete(ctx, err, svc.Reload)
}

// complete takes a switch whose files are in place to its end: checked, read by the daemon, proven, or else put back.
func (t *turn) complete(ctx context.Context, err error, reload func(context.Context) error) Outcome {
	sw := t.sp.Plan.Switch
	if err == nil {
		err = t.step(StepCheck, func() error { return t.sp.svc.Check(ctx, sw) })
	}
	if err == nil && sw.Running {
		t.read = true
		err = t.step(StepReload, func() error { return reload(ctx) })
	}
	if err != nil {
		return t.back(ctx, err, nil)
	}
	return t.proveOrBack(ctx)
}

func (t *turn) proveOrBack(ctx context.Context) Outcome {
	sw := t.sp.Plan.Switch
	switch {
	case !sw.Running:
		return t.recordEnd(ctx, Unproven, nil)
	case t.o.NoProve, len(sw.Prove) == 0:
		if err := t.sp.svc.Survives(ctx); err != nil {
			return t.back(ctx, t.ended(err), nil)
		}
		return t.recordEnd(ctx, Unproven, nil)
	}
	ports, err := t.proveAlive(ctx)
	if err != nil {
		return t.back(ctx, err, ports)
	}
	return t.recordEnd(ctx, Enabled, ports)
}

// proveAlive asks the ports for as long as the daemon lives: one that died of what it read is not waited for.
func (t *turn) proveAlive(ctx context.Context) ([]Port, error) {
	watched, stop := t.sp.svc.Watch(ctx)
	defer stop()
	ports, err := t.prove(watched, StepProof, t.wanted(ctx), t.o.waits())
	if cause := context.Cause(watched); errors.Is(cause, services.ErrEnded) {
		return nil, t.ended(cause)
	}
	return ports, err
}

func (t *turn) ended(err error) error {
	return fail.New(fail.Failed, "its log says why", "%s: %w", ledger.ServiceTitle(t.sp.Service), err)
}

// proveUnchanged proves a service whose files are as they should be; one that still serves the old certificate is
// reloaded.
func (t *turn) proveUnchanged(ctx context.Context) Outcome {
	if err := t.bindFound(ctx); err != nil {
		return t.end(Doubtful, err, nil)
	}
	if t.o.NoProve || !t.sp.Plan.Running || len(t.sp.Plan.Prove) == 0 {
		return t.end(Unproven, nil, nil)
	}
	ports, err := t.prove(ctx, StepProof, t.wanted(ctx), glance)
	switch {
	case err == nil && t.sp.wasBound:
		return t.end(Unchanged, nil, ports)
	case err == nil:
		return t.end(Enabled, nil, ports)
	}
	if err = t.step(StepReload, func() error { return t.sp.svc.Reload(ctx) }); err == nil {
		ports, err = t.prove(ctx, StepProof, t.wanted(ctx), t.o.waits())
	}
	if err != nil {
		out := t.end(Doubtful, err, ports)
		out.Trouble = t.sp.svc.Trouble()
		return out
	}
	return t.end(Enabled, nil, ports)
}

func (t *turn) end(state State, err error, ports []Port) Outcome {
	return Outcome{Service: t.sp.Service, State: state, Err: err, Ports: ports}
}

// step tells who watches what begins and how it ended.
func (t *turn) step(name Step, do func() error) error {
	t.tell(Progress{Service: t.sp.Service, Step: name})
	err := do()
	t.tell(Progress{Service: t.sp.Service, Step: name, Done: true, Err: err})
	return err
}

func (t *turn) tell(step Progress) {
	if t.o.Watch != nil {
		t.o.Watch(step)
	}
}
