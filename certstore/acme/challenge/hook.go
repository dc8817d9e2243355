package challenge

import (
	"context"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/services/daemon"
)

// hookTime is how long a command may take: those that ask a provider over the network do.
const hookTime = 2 * time.Minute

// hook has a command change the zone. It is run with "present" or "cleanup", the record's full name, which ends in a
// dot, and its value, behind the arguments it is configured with; any other end than 0 is a failure. It must keep other
// values of the name, and may be run twice.
type hook struct {
	argv []string
	host daemon.Host
}

func newHook(argv []string) (keeper, error) {
	h := hook{argv: argv, host: daemon.Host{Time: hookTime}}
	return h, guard.Command("the program", argv)
}

func (h hook) put(ctx context.Context, r record) error  { return h.run(ctx, "present", r) }
func (h hook) take(ctx context.Context, r record) error { return h.run(ctx, "cleanup", r) }

func (h hook) run(ctx context.Context, verb string, r record) error {
	if err := guard.Command("the program", h.argv); err != nil {
		return err
	}
	argv := append(append([]string(nil), h.argv...), verb, r.name, r.value)
	_, err := h.host.Succeed(ctx, argv)
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	if err != nil {
		return fail.New(fail.Of(err).Code, "run it by hand to see what it needs",
			"the command that changes the DNS failed: %w", err)
	}
	return nil
}
