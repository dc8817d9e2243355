package services

import (
	"context"
	"errors"
	"time"

	"certdesk/certstore/services/daemon"
)

// dyingTime is how long a daemon may take to die of a configuration it was made to read: Apache takes the reload, and
// ends when it comes to the key.
const dyingTime = 500 * time.Millisecond

// ErrEnded is why the context of Watch ends.
var ErrEnded = errors.New("it ended when it read the new configuration")

// Watch gives a context that ends when the daemon does: its own check takes what it then dies of, and its ports are
// not to be waited for any more. It watches the process that runs now, or the one that took its place. Call stop.
func (s *Service) Watch(ctx context.Context) (watched context.Context, stop func()) {
	watched, end := context.WithCancelCause(ctx)
	process := s.alive
	if process.PidFile == "" {
		return watched, func() { end(nil) }
	}
	go func() {
		for !s.host.Ended(process) {
			select {
			case <-watched.Done():
				return
			case <-time.After(daemon.WatchPause):
			}
		}
		end(ErrEnded)
	}()
	return watched, func() { end(nil) }
}

// Survives waits as long as a daemon may take to die of what it reads, for a caller who asks no ports.
// Errors: ErrEnded.
func (s *Service) Survives(ctx context.Context) error {
	watched, stop := s.Watch(ctx)
	defer stop()
	if s.alive.PidFile == "" {
		return nil
	}
	select {
	case <-watched.Done():
		return context.Cause(watched)
	case <-time.After(2 * dyingTime):
		return nil
	}
}
