package enabling

import (
	"context"
	"errors"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// Unfinished lists the changes whose process died half-way; none while somebody is at it.
func (ds *Daemons) Unfinished(ctx context.Context) ([]ledger.Unfinished, error) {
	if !ds.store.Idle() {
		return nil, nil
	}
	var begun []ledger.Unfinished
	err := ds.store.Read(ctx, func(v View) { begun = slices.Clone(v.Begun) })
	return begun, err
}

// Settle ends a change whose process died: finish makes what is missing of it and proves it, or puts the service back
// where that fails; else it is put back at once. Errors: Locked, NotFound where somebody settled it meanwhile.
func (ds *Daemons) Settle(ctx context.Context, u ledger.Unfinished, finish bool, o Options) (Outcome, error) {
	release, err := ds.store.Lock(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer release()
	t, err := ds.turnOf(ctx, u, o)
	if err != nil {
		return Outcome{}, err
	}
	sw, found, err := ds.undoOf(u.Line)
	if err == nil && found {
		t.sp.Plan.Switch, t.read = sw, true
		t.kept = t.asRecorded(u.Line.Kept)
		found, err = t.sp.svc.Begun(sw)
	}
	switch {
	case err != nil:
		return Outcome{}, err
	case !found:
		return t.untouched(ctx)
	case finish && !t.known:
		return Outcome{}, fail.New(fail.Unfit,
			"put it back into the configuration, or undo the change with `certdesk enable --roll-back`",
			"%s is no longer in the configuration: certdesk cannot tell how to reload its daemon",
			ledger.ServiceTitle(u.Service))
	}
	t.settling = !finish
	if t.settling {
		return t.back(ctx, fail.New(fail.Canceled, "", "its process died, and the change was undone as requested"), nil), nil
	}
	return ds.addLeft(ctx, t.entry, t.sp, o, t.finish(ctx)), nil
}

// turnOf takes a dead process's turn.
func (ds *Daemons) turnOf(ctx context.Context, u ledger.Unfinished, o Options) (*turn, error) {
	var still bool
	var entry ledger.Entry
	var keeps []ledger.Entry
	err := ds.store.Read(ctx, func(v View) {
		still = slices.ContainsFunc(v.Begun, func(b ledger.Unfinished) bool { return b.Seq == u.Seq })
		entry, _ = v.Entry(u.Entry)
		keeps = othersOf(v, u)
	})
	if err == nil && !still {
		err = fail.New(fail.NotFound, "`certdesk test` shows what is served now",
			"somebody else has already finished or undone the change")
	}
	if err != nil {
		return nil, err
	}
	svc, known, err := ds.serviceNow(ctx, u.Service)
	if err != nil {
		return nil, err
	}
	sp := ServicePlan{Service: u.Service, Keeps: keeps, svc: svc, bound: u.Line.Bindings}
	sp.Plan.Version = u.Line.Version
	return &turn{Daemons: ds, entry: entry, sp: sp, o: o, seq: u.Seq, was: u.Line.Former, known: known}, nil
}

// othersOf are the entries that a change was to bind beside its own.
func othersOf(v View, u ledger.Unfinished) (list []ledger.Entry) {
	for _, b := range u.Line.Bindings {
		if e, err := v.Entry(b.Entry); err == nil && b.Entry != u.Entry {
			list = append(list, e)
		}
	}
	return list
}

// untouched ends a change that had not begun to change anything, or that was put back already.
func (t *turn) untouched(ctx context.Context) (Outcome, error) {
	if err := t.sp.svc.Sweep(t.sp.Plan.Switch); err != nil {
		return Outcome{}, err
	}
	err := t.record(ctx, ledger.Enabled{Service: t.sp.Service, Begin: t.seq, Outcome: ledger.OutcomeBack,
		Why: "its process died before it changed anything"})
	return t.end(RolledBack, err, nil), err
}

func (t *turn) finish(ctx context.Context) Outcome {
	err := t.step(StepApply, func() error { return t.sp.svc.Resume(t.sp.Plan.Switch) })
	if err == nil {
		t.planned(ctx)
	}
	return t.complete(ctx, err, func(ctx context.Context) error { return reloadOrStart(ctx, t.sp.svc) })
}

// planned finds what the plan of the dead process knew and its undo does not tell, now that the configuration is as it
// was to be: the slots, those that keep another certificate, what is served beside it.
func (t *turn) planned(ctx context.Context) {
	var pairs []services.Pair
	defer func() {
		for _, p := range pairs {
			clear(p.Key)
		}
	}()
	for _, e := range append([]ledger.Entry{t.entry}, t.sp.Keeps...) {
		pair, _, err := t.store.Pair(e)
		if err != nil {
			t.sp.Plan.Aside = []string{unplannedNote(err)}
			return
		}
		pairs = append(pairs, pair)
	}
	t.sp.svc.Want(t.sp.Plan.Wish)
	now, err := t.sp.svc.Plan(ctx, pairs...)
	if err != nil {
		t.sp.Plan.Aside = []string{unplannedNote(err)}
		return
	}
	now.Switch = t.sp.Plan.Switch
	t.sp.Plan = now
}

func unplannedNote(err error) string {
	return "whether another slot goes on serving the old certificate is not known: " + fail.Sentence(err)
}

// reloadOrStart is for a daemon that ran when the change was begun and may have died since.
func reloadOrStart(ctx context.Context, svc *services.Service) error {
	err := svc.Reload(ctx)
	if errors.Is(err, services.ErrNotRunning) {
		return svc.Start(ctx)
	}
	return err
}

func canceled(ctx context.Context) error {
	return fail.New(fail.Canceled, "", "stopped: %w", context.Cause(ctx))
}

// nothingUnfinished refuses while a change waits whose process died.
func (ds *Daemons) nothingUnfinished(ctx context.Context) error {
	var begun []ledger.Unfinished
	err := ds.store.Read(ctx, func(v View) { begun = slices.Clone(v.Begun) })
	if err != nil || len(begun) == 0 {
		return err
	}
	u := begun[0]
	return fail.New(fail.Unfinished,
		"finish it with `certdesk enable --finish`, or undo it with `certdesk enable --roll-back`", "%s", u.Text())
}
