package enabling

import (
	"context"
	"slices"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/services"
)

// prune lets go the versions that nothing reads any more. Where any went, the daemon checks its configuration and every
// port of it is asked once more: what was served before has to be served still. Where it cannot be told what is read,
// nothing goes, and kept says why.
func (t *turn) prune(ctx context.Context) (kept string, err error) {
	var before []Port
	var blind error
	gone, err := t.sp.svc.Prune(ctx, t.sp.Plan.Switch, func(ctx context.Context) (reads services.Reads, err error) {
		reads, blind = t.reads(ctx)
		if blind == nil && !t.o.NoProve {
			before = t.ask(ctx, t.everyPort(ctx))
		}
		return reads, blind
	})
	switch {
	case blind != nil:
		return "older files are kept: " + fail.Sentence(blind), nil
	case err != nil || len(gone) == 0:
		return "", err
	}
	return "", t.stillServed(ctx, before)
}

// everyPort are the handshakes with all that the daemon has, not those of this service alone.
func (t *turn) everyPort(ctx context.Context) (ports []Port) {
	state, err := t.sp.svc.Look(ctx)
	if err != nil || !state.Running {
		return nil
	}
	in := t.sp.svc.Instance()
	if in.Driver != "command" {
		in.Listen, in.Name = nil, ""
	}
	places, err := services.Places(in, state.Sites)
	if err != nil {
		return nil
	}
	for _, p := range places {
		if !p.Shut {
			ports = append(ports, Port{Service: in, Listen: p.URL, Name: p.Name, Proxy: p.Proxy})
		}
	}
	return ports
}

func (t *turn) stillServed(ctx context.Context, before []Port) error {
	if err := t.sp.svc.Ready(ctx); err != nil {
		return fail.New(fail.Failed, fail.Of(err).Hint, "older files were deleted; after that: %w", err)
	}
	for end := time.Now().Add(glance); ; pause(ctx, between) {
		lost := t.lost(ctx, before)
		switch {
		case len(lost) == 0:
			return nil
		case time.Now().After(end):
			return fail.New(fail.Failed, "enable a certificate there", "older files were deleted; after that %w",
				notProven(lost))
		}
	}
}

// lost are the ports that do not serve what they did.
func (t *turn) lost(ctx context.Context, before []Port) (lost []Port) {
	now := t.ask(ctx, slices.Clone(before))
	for i, p := range before {
		now[i].Expected = p.Report.SHA256
		if p.Report.Served() && now[i].Report.SHA256 != p.Report.SHA256 {
			lost = append(lost, now[i])
		}
	}
	return lost
}
