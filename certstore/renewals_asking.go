package certstore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"certdesk/certstore/acme/due"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/renewing"
)

// askWindows asks the authorities when those certificates are to be renewed that are not due by their age yet. What is
// new is written down; that one does not answer, too, and no more: the age decides then.
func (s *Store) askWindows(ctx context.Context) error {
	tasks, err := s.Renewals(ctx)
	if err != nil {
		return err
	}
	silent, now, last := map[string]bool{}, s.o.Now(), s.windowsAsked()
	for _, t := range tasks {
		isDue := !t.Moment.At.After(now)
		if t.Deed != renewing.Order || isDue || silent[t.CA] || !due.Asks(last.of(t.Old), now) {
			continue
		}
		w, err := s.window(ctx, t)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		silent[t.CA] = err != nil
		if err := s.noteWindow(ctx, t.Old, w); err != nil {
			return err
		}
	}
	return nil
}

// window is what an authority suggests now, or what holds without its word.
func (s *Store) window(ctx context.Context, t renewing.Task) (ledger.Window, error) {
	old := t.Old.Automatic.Window
	old.CA = t.CA
	said, suggested, err := s.orders.Suggested(ctx, t.Old)
	if err != nil {
		return due.Unanswered(old, fail.Of(err).Text), err
	}
	if !suggested {
		return due.Unanswered(old, ""), nil
	}
	w, err := due.Choose(old, ledger.Window{CA: t.CA, Start: said.Start, End: said.End, Explanation: said.Explanation,
		RetryAfter: said.RetryAfter}, rand.Reader)
	if err != nil {
		return due.Unanswered(old, ""), nil
	}
	return w, nil
}

// noteWindow writes down what is new. What the journal knows is no line of it: only the moment of asking is kept.
func (s *Store) noteWindow(ctx context.Context, e ledger.Entry, w ledger.Window) error {
	if w.Same && !e.Automatic.Window.At.IsZero() {
		s.keepAsked(e, askedWindow{s.o.Now(), w.RetryAfter})
		return nil
	}
	_, err := s.write(ctx, func() (change, error) {
		return change{op: ledger.OpWindow, data: ledger.Data{IDs: []int64{e.ID}, Window: &w}}, nil
	})
	return err
}

// windows is the name in the cache of when authorities were asked for windows last and said nothing new. Who loses it
// asks once more.
const windows = "windows"

// askedWindow is when that was, and when the authority wants to be asked again.
type askedWindow struct {
	At         time.Time `json:"at"`
	RetryAfter time.Time `json:"retryAfter,omitzero"`
}

// windowsAsked is what the cache knows, by the certificate's hash.
type windowsAsked map[string]askedWindow

func (s *Store) windowsAsked() windowsAsked { return readWindows(s.dir.Cached(windows)) }

func readWindows(text []byte) windowsAsked {
	all := windowsAsked{}
	if json.Unmarshal(text, &all) != nil {
		return windowsAsked{}
	}
	return all
}

// of is the window of an entry, with when it was asked for last.
func (a windowsAsked) of(e ledger.Entry) ledger.Window {
	w := e.Automatic.Window
	if last := a[e.SHA256]; last.At.After(w.At) {
		w.At, w.RetryAfter = last.At, last.RetryAfter
	}
	return w
}

// keepAsked keeps that one was asked for, and forgets those of certificates that are gone.
func (s *Store) keepAsked(e ledger.Entry, asked askedWindow) {
	s.mu.Lock()
	here := map[string]bool{}
	for _, r := range s.state.Rows {
		here[r.SHA256] = r.Removed.IsZero()
	}
	s.mu.Unlock()
	_ = s.dir.Cache(windows, func(old []byte) []byte { // it is only asked once more
		all := readWindows(old)
		all[e.SHA256] = asked
		for sum := range all {
			if !here[sum] {
				delete(all, sum)
			}
		}
		text, _ := json.Marshal(all)
		return text
	}, lists{s, true}.wanted)
}
