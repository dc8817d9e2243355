package enabling

import (
	"context"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/services"
)

// keepUndo makes durable in the store how the change is finished or undone, before anything says that it was begun.
// The installed files are no place for it: they may lie in a directory of the daemon's own account, and what settles
// the change writes what is read here with root's rights.
func (t *turn) keepUndo() (name string, err error) {
	undo, err := t.sp.Plan.Undo()
	if err != nil {
		return "", err
	}
	defer clear(undo)
	name = formats.SHA256(undo)
	return name, t.store.Undo().Put(ledger.Undo, name, undo)
}

// undoOf reads it again: what the begin names, by its hash. found is false where an older certdesk left nothing.
func (ds *Daemons) undoOf(line ledger.Enabled) (sw services.Switch, found bool, err error) {
	var undo []byte
	if line.Undo == "" {
		undo, err = services.OlderUndo(line.Version)
	} else {
		undo, err = ds.store.Undo().Get(ledger.Undo, line.Undo)
	}
	if err != nil || undo == nil {
		return sw, false, err
	}
	defer clear(undo)
	if line.Undo != "" && formats.SHA256(undo) != line.Undo {
		return sw, false, fail.New(fail.Damaged, "check the service's configuration, and correct it by hand",
			"%s is damaged", printable.Text(ds.store.Undo().Path(ledger.Undo, line.Undo)))
	}
	sw, err = services.SwitchOf(undo, line.Version)
	return sw, err == nil, err
}

// sweepUndo lets go what settles no change any more: the line that says so stands before it goes, so that who follows
// a dead process finds one or the other.
func (ds *Daemons) sweepUndo() error {
	var begun []ledger.Unfinished
	ds.store.Peek(func(v View) { begun = slices.Clone(v.Begun) })
	return ds.store.Undo().SweepUndo(func(name string) bool {
		return slices.ContainsFunc(begun, func(u ledger.Unfinished) bool { return u.Line.Undo == name })
	})
}

// serviceNow is the service of a change as it is configured now. What root runs to settle the change is what the
// configuration says today: a command that was recorded when it was begun may be anybody's by now. known is false where
// the configuration has the service no more, and then it has no commands.
func (ds *Daemons) serviceNow(ctx context.Context, was services.Instance) (svc *services.Service,
	known bool, err error) {
	all, _ := ds.instances(ctx)
	for _, same := range []func(services.Instance) bool{
		func(in services.Instance) bool { return in.Same(was) && slices.Equal(in.Listen, was.Listen) },
		func(in services.Instance) bool { return in.Same(was) },
	} {
		if i := slices.IndexFunc(all, func(svc *services.Service) bool { return same(svc.Instance()) }); i >= 0 {
			return all[i], true, nil
		}
	}
	was.Check, was.Reload = nil, nil
	svc, err = services.New(ds.host.Machine, was)
	return svc, was.Driver != "command", err
}
