package services

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"certdesk/certstore/fail"
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
	if err := s.rest(ctx, r.pause); err != nil {
		return err
	}
	s.last = time.Now()
	if !r.always {
		s.alive = process{r.pidFile, r.programs}
	}
	return s.do(ctx, r.reload)
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
	if s.systemd() && r.Unit != "" && s.in.Config == s.driver.config(s.host) {
		return s.do(ctx, step{argv: []string{"systemctl", "start", r.Unit}})
	}
	// A daemon that was killed leaves its number behind, and some refuse to start while anything answers to it.
	if r.pidFile != "" {
		removeFile(r.pidFile)
	}
	return s.do(ctx, r.start)
}

func (s *Service) systemd() bool {
	_, err := os.Stat(s.host.path("/run/systemd/system"))
	return err == nil
}

// readUnasked are the drivers whose daemons may read what is changed though nobody told them to: smtpd does when it
// starts, and what the command driver is for, nobody knows.
var readUnasked = []string{"postfix", "command"}

// ReadsUnasked says whether the daemon may read what is changed before it is told to.
func (s *Service) ReadsUnasked() bool { return slices.Contains(readUnasked, s.in.Driver) }

// do runs a step; the reason of a failure may be in the daemon's log alone.
func (s *Service) do(ctx context.Context, st step) error {
	if len(st.argv) == 0 {
		return nil
	}
	out, err := s.host.succeed(ctx, st.argv, st.env...)
	if err == nil || out.reason() != "" {
		return err
	}
	if said := s.mark.Trouble(); len(said) > 0 {
		return fail.New(fail.Of(err).Code, fail.Of(err).Hint, "%w: %s", err, said[len(said)-1])
	}
	return err
}

// Trouble gives what the daemon's log said since Apply that may be the reason of a failure.
func (s *Service) Trouble() []string { return s.mark.Trouble() }
