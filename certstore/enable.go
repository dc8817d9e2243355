package certstore

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// EnableOptions say how Enable goes about it.
type EnableOptions struct {
	ReplaceSMTP bool             // the person said yes to replacing the default SMTP certificate
	Drop        bool             // and to serving a type of key no more
	NoProve     bool             // the ports are not asked
	Watch       func(EnableStep) // told of each step as it begins and ends; nil for nobody

	patience time.Duration // in tests; 0: patience
}

// Enable carries out a plan, one service after the other: each is enabled and proven, or put back and that proven,
// whatever becomes of the others. Nobody else can enable meanwhile. Errors, before anything is touched:
// ConfirmationNeeded for the default SMTP certificate, Locked naming who is at it, Unfinished where an earlier one
// died half-way, ReadOnly. What became of each service is in its Outcome.
func (s *Store) Enable(ctx context.Context, p EnablePlan, o EnableOptions) ([]Outcome, error) {
	if err := p.Refusal(); err != nil {
		return nil, err
	}
	if ask := p.Questions(); len(ask) > 0 && !o.ReplaceSMTP {
		return nil, fail.New(fail.ConfirmationNeeded, "look at both certificates, then confirm: on a terminal when asked, in a script with --force",
			"%s would replace the default SMTP certificate %s", p.Entry.FriendlyName, ask[0].Replaces.Entry.FriendlyName)
	}
	if drop := p.Dropping(); len(drop) > 0 && !o.Drop {
		return nil, fail.New(fail.ConfirmationNeeded, "confirm it: on a terminal when asked, in a script with --force or --yes",
			"%s", drop[0].Drops[0])
	}
	release, err := s.enabling(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := s.nothingUnfinished(ctx); err != nil {
		return nil, err
	}
	if err := s.sweepUndo(); err != nil {
		return nil, err
	}
	if err := s.foundBound(ctx, p); err != nil {
		return nil, err
	}
	var out []Outcome
	ours := map[string]bool{}
	for _, sp := range p.Services {
		out = append(out, s.addLeft(ctx, p.Entry, sp, o, s.enableOne(ctx, p.Entry, sp, o, ours)))
	}
	return eachItsOwn(out), nil
}

// foundBound notes which services have the certificate already, by their files and by the journal, before the first of
// them changes: a place that two services share is made so for the second one by the turn of the first.
func (s *Store) foundBound(ctx context.Context, p EnablePlan) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.refresh(ctx)
	for i, sp := range p.Services {
		p.Services[i].wasBound = sp.Err == nil && sp.Plan.Nothing && s.state.Holds(sp.bindings(p.Entry))
	}
	return err
}

// enabling takes the lock that whoever changes daemons holds.
func (s *Store) enabling(ctx context.Context) (release func(), err error) {
	if err := s.ready(ctx, "enable"); err != nil {
		return nil, err
	}
	return s.dir.LockEnable(ctx)
}

// turn is one service while it is changed.
type turn struct {
	*Store
	entry ledger.Entry
	sp    ServicePlan
	o     EnableOptions
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

func (s *Store) enableOne(ctx context.Context, e ledger.Entry, sp ServicePlan, o EnableOptions, ours map[string]bool) Outcome {
	t := &turn{Store: s, entry: e, sp: sp, o: o}
	switch {
	case sp.Unmeant:
		return t.end(PassedOver, nil, nil)
	case sp.Err != nil:
		return t.end(LeftAlone, sp.Err, nil)
	}
	if err := t.planAgain(ctx, ours); err != nil {
		return t.end(LeftAlone, err, nil)
	}
	if t.sp.Plan.Nothing {
		return t.proveUnchanged(ctx)
	}
	if err := t.sound(ctx); err != nil {
		return t.end(LeftAlone, err, nil)
	}
	for _, place := range t.places() {
		ours[place] = true
	}
	return t.change(ctx)
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
	seq, err := t.write(ctx, func() (change, error) {
		now, err := t.byID(t.entry.ID)
		if err == nil {
			err = mayEnable(now)
		}
		return change{op: ledger.OpBegin, data: ledger.Data{IDs: []int64{t.entry.ID}, Enable: &line}}, err
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

// bindings are what the slots of the service serve when all went well.
func (t *turn) bindings() []ledger.Binding { return t.sp.bindings(t.entry) }

func keyOf(e ledger.Entry) probe.Key {
	if e.KeyAlgorithm == "RSA" {
		return probe.RSA
	}
	return probe.ECDSA
}

// recordEnd records what was reached, and then lets the undo and older versions go.
func (t *turn) recordEnd(ctx context.Context, state State, ports []Port) Outcome {
	outcome := ledger.OutcomeServed
	if state == Unproven {
		outcome = ledger.OutcomeUnproven
	}
	err := t.step(StepSettle, func() (err error) {
		if err := t.record(ctx, ledger.Enabled{Service: t.sp.Service, Bindings: t.bindings(), Version: t.sp.Plan.Version, Begin: t.seq, Outcome: outcome}); err != nil {
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
	_, err := t.write(context.WithoutCancel(ctx), func() (change, error) {
		return change{op: ledger.OpEnd, data: ledger.Data{IDs: []int64{t.entry.ID}, Enable: &line}}, nil
	})
	if err != nil {
		return err
	}
	return t.sweepUndo()
}

// proveUnchanged proves a service whose files are as they should be; one that still serves the old certificate is reloaded.
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

// bindFound records a binding that the journal does not have yet.
func (t *turn) bindFound(ctx context.Context) error {
	line := ledger.Enabled{Service: t.sp.Service, Bindings: t.bindings(), Version: t.sp.Plan.Version, Outcome: ledger.OutcomeServed}
	_, err := t.write(ctx, func() (change, error) {
		if t.state.Holds(line.Bindings) {
			return change{}, nil
		}
		return change{op: ledger.OpBind, data: ledger.Data{IDs: []int64{t.entry.ID}, Enable: &line}}, nil
	})
	return err
}

func (t *turn) end(state State, err error, ports []Port) Outcome {
	return Outcome{Service: t.sp.Service, State: state, Err: err, Ports: ports}
}

// step tells who watches what begins and how it ended.
func (t *turn) step(name Step, do func() error) error {
	t.tell(EnableStep{Service: t.sp.Service, Step: name})
	err := do()
	t.tell(EnableStep{Service: t.sp.Service, Step: name, Done: true, Err: err})
	return err
}

func (t *turn) tell(step EnableStep) {
	if t.o.Watch != nil {
		t.o.Watch(step)
	}
}
