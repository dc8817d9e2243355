package enabling

import (
	"context"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// Options say how Enable goes about it.
type Options struct {
	ReplaceSMTP bool           // the person said yes to replacing the default SMTP certificate
	Drop        bool           // and to serving a type of key no more
	NoProve     bool           // the ports are not asked
	Watch       func(Progress) // told of each step as it begins and ends; nil for nobody

	Patience time.Duration // how long a port may take to serve what it should; 0: 20 s
}

// Enable carries out a plan, one service after the other: each is enabled and proven, or put back and that proven,
// whatever becomes of the others. Nobody else can enable meanwhile. Errors, before anything is touched:
// ConfirmationNeeded for the default SMTP certificate, Locked naming who is at it, Unfinished where an earlier one
// died half-way, ReadOnly. The results service is in its Outcome.
func (ds *Daemons) Enable(ctx context.Context, p Plan, o Options) ([]Outcome, error) {
	if err := p.Refusal(); err != nil {
		return nil, err
	}
	if ask := p.Questions(); len(ask) > 0 && !o.ReplaceSMTP {
		return nil, fail.New(fail.ConfirmationNeeded,
			"look at both certificates, then confirm: on a terminal when asked, in a script with --force",
			"%s would replace the default SMTP certificate %s", p.Entry.FriendlyName, ask[0].Replaces.Entry.FriendlyName)
	}
	if drop := p.Dropping(); len(drop) > 0 && !o.Drop {
		return nil, fail.New(fail.ConfirmationNeeded,
			"confirm it: on a terminal when asked, in a script with --force or --yes",
			"%s", drop[0].Drops[0])
	}
	release, err := ds.store.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := ds.nothingUnfinished(ctx); err != nil {
		return nil, err
	}
	if err := ds.sweepUndo(); err != nil {
		return nil, err
	}
	if err := ds.foundBound(ctx, p); err != nil {
		return nil, err
	}
	var out []Outcome
	ours := map[string]bool{}
	for _, sp := range p.Services {
		out = append(out, ds.addLeft(ctx, p.Entry, sp, o, ds.enableOne(ctx, p.Entry, sp, o, ours)))
	}
	return eachItsOwn(out), nil
}

// foundBound notes which services have the certificate already, by their files and by the journal, before the first of
// them changes: a place that two services share is made so for the second one by the turn of the first.
func (ds *Daemons) foundBound(ctx context.Context, p Plan) error {
	return ds.store.Read(ctx, func(v View) {
		for i, sp := range p.Services {
			p.Services[i].wasBound = sp.Err == nil && sp.Plan.Nothing && v.Holds(sp.bindings(p.Entry))
		}
	})
}

func (ds *Daemons) enableOne(ctx context.Context, e ledger.Entry, sp ServicePlan, o Options,
	ours map[string]bool) Outcome {
	t := &turn{Daemons: ds, entry: e, sp: sp, o: o}
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
