package certstore

import (
	"context"
	"errors"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/ledger"
)

// reader is the journal's Read, or its CatchUp while nobody else writes.
type reader func(from ledger.Position, each func([]ledger.Record) error) (ledger.Position, []ledger.BadLine, error)

func (s *Store) plainRead(from ledger.Position, each func([]ledger.Record) error) (ledger.Position,
	[]ledger.BadLine, error) {
	return s.journal.Read(from, each, s.o.Progress)
}

// catchUp reads under the lock, where Update has refused bad lines and moved a torn tail aside.
func catchUp(tx ledger.Tx) reader {
	return func(from ledger.Position, each func([]ledger.Record) error) (ledger.Position, []ledger.BadLine, error) {
		at, err := tx.CatchUp(from, each)
		return at, nil, err
	}
}

// refresh folds what was added to the journal since the last call, and takes in what others learned of revocations.
// The caller holds s.mu.
func (s *Store) refresh(ctx context.Context) error {
	s.readAnswers()
	return s.refreshBy(ctx, s.plainRead)
}

func (s *Store) refreshBy(ctx context.Context, read reader) error {
	err := s.fold(ctx, read)
	if errors.Is(err, ledger.ErrRewritten) {
		s.startOver()
		err = s.fold(ctx, read)
	}
	return err
}

// startOver forgets what was read: the next reading begins at the journal's first line.
func (s *Store) startOver() {
	s.state, s.at, s.bad, s.sought = ledger.NewState(guard.UserName), nil, nil, false
}

func (s *Store) fold(ctx context.Context, read reader) error {
	at, bad, err := read(s.at, func(records []ledger.Record) error {
		for _, p := range ledger.DecodeAll(records) {
			s.state.Apply(p)
			s.forgive(p.Repaired)
		}
		return ctx.Err()
	})
	if err != nil {
		s.startOver() // half a batch may be folded
		return err
	}
	s.at, s.bad = at, append(s.openBad(), bad...) // a torn tail is told anew each time, or has gone
	return nil
}

// forgive drops the bad lines that a repair names.
func (s *Store) forgive(named []ledger.BadLine) {
	for _, n := range named {
		s.bad = slices.DeleteFunc(s.bad, func(b ledger.BadLine) bool { return b.Line == n.Line && b.SHA256 == n.SHA256 })
	}
}

// openBad are the bad lines that keep the store read-only; a torn tail is not one.
func (s *Store) openBad() []ledger.BadLine {
	return slices.DeleteFunc(slices.Clone(s.bad), func(b ledger.BadLine) bool { return b.Tail })
}

// change is one line to write: its operation and its data, what to do before it is written, and once it is durable.
type change struct {
	op            string
	data          ledger.Data
	before, after func() error
}

// write brings the state up to date under the store's lock and appends the line that fn makes from it. fn must
// not wait for anything: other writers do.
func (s *Store) write(ctx context.Context, fn func() (change, error)) (seq int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.tidy(ctx); err != nil {
		return 0, err
	}
	if seq, err = s.append(ctx, fn); err != nil {
		return seq, err
	}
	// the line stands: to be told so is no longer the caller's to cancel
	if err := s.refresh(context.WithoutCancel(ctx)); err != nil {
		return seq, err
	}
	s.lookForUnlisted()
	return seq, nil
}

// tidy does, before a line is written, what a writer that died has left to do. The caller holds s.mu.
func (s *Store) tidy(ctx context.Context) error {
	if err := s.finishOldPurge(ctx); err != nil {
		return err
	}
	return s.sweepExports(ctx)
}

// writeSeveral is write for independent lines, which share one write. next makes them one after the other, each from
// the state with those before it folded in, until it gives no more; what it is refused it keeps for itself. Without an
// error all of them are durable; with one none of them need be.
func (s *Store) writeSeveral(ctx context.Context, next func() (c change, more bool)) error {
	return s.writeBatch(ctx, func(tx ledger.Tx, add func(change) error) error {
		for !tx.Full() {
			c, more := next()
			if !more {
				return nil
			}
			if err := add(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeTogether is write for lines of which all are to be there or none: fn makes all of them before the first is
// added, and they share one write. Each is right by itself, as after a power cut in the middle of that write only the
// first ones may be there.
func (s *Store) writeTogether(ctx context.Context, fn func() ([]change, error)) error {
	return s.writeBatch(ctx, func(_ ledger.Tx, add func(change) error) error {
		list, err := fn()
		if err != nil {
			return err
		}
		for _, c := range list {
			if err := add(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeBatch is one write of the lines that fill adds; each is folded in as it is added, and none of them where the
// write fails.
func (s *Store) writeBatch(ctx context.Context, fill func(tx ledger.Tx, add func(change) error) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.tidy(ctx); err != nil {
		return err
	}
	folded := false
	err := s.journal.Update(ctx, func(tx ledger.Tx) error {
		if err := s.refreshBy(ctx, catchUp(tx)); err != nil {
			return err
		}
		err := fill(tx, func(c change) error {
			folded = true
			rec, err := tx.Add(c.op, c.data)
			if err == nil {
				s.state.Apply(ledger.DecodeLine(rec))
			}
			return err
		})
		if err == nil {
			tx.After(func() error { s.at = tx.End(); return nil })
		}
		return err
	})
	if err != nil && folded {
		s.startOver()
	}
	return err
}

// append is one transaction. A sequence number with an error says that the line stands and what follows it failed.
func (s *Store) append(ctx context.Context, fn func() (change, error)) (seq int64, err error) {
	err = s.journal.Update(ctx, func(tx ledger.Tx) error {
		if err := s.refreshBy(ctx, catchUp(tx)); err != nil {
			return err
		}
		c, err := fn()
		if err != nil || c.op == "" {
			return err
		}
		if wait, err := mustWait(tx, c.op); wait || err != nil {
			return err
		}
		if c.before != nil {
			if err := c.before(); err != nil {
				return err
			}
		}
		if c.after != nil {
			tx.After(c.after)
		}
		seq, err = tx.Append(c.op, c.data)
		return err
	})
	return seq, err
}

// mustWait keeps a purge from destroying anything while a torn end of the journal that nobody has looked at may name
// it: a purge is refused, the rest of an older one is left to a later write.
func mustWait(tx ledger.Tx, op string) (wait bool, err error) {
	switch {
	case op != ledger.OpPurge && op != ledger.OpPurged || !tx.MovedTail():
		return false, nil
	case op == ledger.OpPurged:
		return true, nil
	}
	return true, fail.New(fail.Failed, "run `certdesk doctor --repair`, look at what it found, then purge again",
		"an incomplete line at the end of the journal was moved aside, and may concern what would be purged")
}
