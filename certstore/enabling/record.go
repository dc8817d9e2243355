package enabling

import (
	"context"

	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// begin records what will be done and what was served before it.
func (t *turn) begin(ctx context.Context) error {
	undo, err := t.keepUndo()
	if err != nil {
		return err
	}
	line := ledger.Enabled{Service: t.sp.Service, Bindings: t.bindings(), Version: t.sp.Plan.Version, Undo: undo}
	line.Former = t.former(ctx)
	t.kept = t.asBefore(ctx)
	line.Kept = seenOf(t.kept)
	seq, err := t.store.Write(ctx, func(v View) (string, ledger.Data, error) {
		now, err := v.Entry(t.entry.ID)
		if err == nil {
			err = mayEnable(now)
		}
		return ledger.OpBegin, t.line(&line), err
	})
	t.seq, t.was = seq, line.Former
	return err
}

// former is what the ports serve before the switch, each kind of key that was bound or is chosen.
func (t *turn) former(ctx context.Context) (was []ledger.Seen) {
	for _, p := range t.ask(ctx, t.formerPorts(t.sp.Plan.Switch)) {
		if p.Report.Served() {
			was = append(was, ledger.Seen{Proof: services.Proof{URL: p.Listen, Name: p.Name}, SHA256: p.Report.SHA256})
		}
	}
	return was
}

// line is what the journal says of the turn's entry.
func (t *turn) line(l *ledger.Enabled) ledger.Data {
	return ledger.Data{IDs: []int64{t.entry.ID}, Enable: l}
}

// bindings are what the slots of the service serve when all went well.
func (t *turn) bindings() []ledger.Binding { return t.sp.bindings(t.entry) }

// recordEnd records what was reached, and then lets the undo and older versions go.
func (t *turn) recordEnd(ctx context.Context, state State, ports []Port) Outcome {
	outcome := ledger.OutcomeServed
	if state == Unproven {
		outcome = ledger.OutcomeUnproven
	}
	err := t.step(StepSettle, func() (err error) {
		if err := t.record(ctx, ledger.Enabled{Service: t.sp.Service, Bindings: t.bindings(), Version: t.sp.Plan.Version,
			Begin: t.seq, Outcome: outcome}); err != nil {
			return err
		}
		t.older, err = t.prune(ctx)
		return err
	})
	out := t.end(state, err, ports)
	out.Kept = t.older
	return out
}

func (t *turn) record(ctx context.Context, line ledger.Enabled) error {
	_, err := t.store.Write(context.WithoutCancel(ctx), func(View) (string, ledger.Data, error) {
		return ledger.OpEnd, t.line(&line), nil
	})
	if err != nil {
		return err
	}
	return t.sweepUndo()
}

// bindFound records a binding that the journal does not have yet.
func (t *turn) bindFound(ctx context.Context) error {
	line := ledger.Enabled{Service: t.sp.Service, Bindings: t.bindings(), Version: t.sp.Plan.Version,
		Outcome: ledger.OutcomeServed}
	_, err := t.store.Write(ctx, func(v View) (string, ledger.Data, error) {
		if v.Holds(line.Bindings) {
			return "", ledger.Data{}, nil
		}
		return ledger.OpBind, t.line(&line), nil
	})
	return err
}
