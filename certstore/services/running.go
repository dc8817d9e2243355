package services

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// ErrNotRunning is why Reload refuses; Start starts.
var ErrNotRunning = errors.New("it is not running")

// Reload makes a running daemon read its configuration. It returns before the daemon has done so: ask its ports until
// they answer. Errors: Failed, wrapping ErrNotRunning if there is nothing to reload.
func (s *Service) Reload(ctx context.Context) error {
	r, err := s.read(ctx)
	if err != nil {
		return err
	}
	if !r.Running {
		return fail.New(fail.Failed, "start the daemon first", "%s cannot be reloaded: %w", s.in.Driver, ErrNotRunning)
	}
	if err := s.rest(ctx, r.Pause); err != nil {
		return err
	}
	s.last = time.Now()
	if !r.Always {
		s.alive = daemon.Process{PidFile: r.PidFile, Programs: r.Programs}
	}
	return s.do(ctx, r.Reload)
}

// rest waits until a daemon that stumbles over quick reloads can be reloaded again.
func (s *Service) rest(ctx context.Context, pause time.Duration) error {
	select {
	case <-time.After(time.Until(s.last.Add(pause))):
		return nil
	case <-ctx.Done():
		return fail.New(fail.Failed, "", "%s was not reloaded: %w", s.in.Driver, ctx.Err())
	}
}

// Start starts a daemon that is not running: by its unit where systemd keeps it, else as its own commands do.
func (s *Service) Start(ctx context.Context) error {
	r, err := s.read(ctx)
	if err != nil || r.Running {
		return err
	}
	if s.systemd() && r.Unit != "" && s.in.Config == s.host.UsualConfig(s.in.Driver) {
		return s.do(ctx, daemon.Step{Argv: []string{"systemctl", "start", r.Unit}})
	}
	// A daemon that was killed leaves its number behind, and some refuse to start while anything answers to it.
	if r.PidFile != "" {
		removeFile(r.PidFile)
	}
	return s.do(ctx, r.Start)
}

func (s *Service) systemd() bool {
	_, err := os.Stat(s.host.Path("/run/systemd/system"))
	return err == nil
}

// readUnasked are the drivers whose daemons may read what is changed though nobody told them to: smtpd does when it
// starts, and what the command driver is for, nobody knows.
var readUnasked = []string{"postfix", "command"}

// ReadsUnasked says whether the daemon may read what is changed before it is told to.
func (s *Service) ReadsUnasked() bool { return slices.Contains(readUnasked, s.in.Driver) }

// do runs a step; the reason of a failure may be in the daemon's log alone.
func (s *Service) do(ctx context.Context, st daemon.Step) error {
	if len(st.Argv) == 0 {
		return nil
	}
	out, err := s.host.Succeed(ctx, st.Argv, st.Env...)
	if err == nil || out.Reason() != "" {
		return err
	}
	if said := s.mark.Trouble(); len(said) > 0 {
		return fail.New(fail.Of(err).Code, fail.Of(err).Hint, "%w: %s", err, said[len(said)-1])
	}
	return err
}

// Trouble gives what the daemon's log said since Apply that may be the reason of a failure.
func (s *Service) Trouble() []string { return s.mark.Trouble() }
