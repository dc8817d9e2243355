package certstore

import (
	"context"
	"strings"

	"certdesk/certstore/disk"
	"certdesk/certstore/guard"
)

// History gives all lines of the journal, oldest first.
func (s *Store) History(ctx context.Context) ([]Event, error) {
	events := []Event{}
	st := newState(guard.UserName)
	_, _, err := s.dir.Read(disk.Position{}, func(records []disk.Record) error {
		for _, p := range decodeAll(records) {
			events = append(events, st.event(p))
			st.apply(p)
		}
		return ctx.Err()
	}, nil)
	return events, err
}

// VerifyHistory checks every line's sum and its tie to the line before, and, if head is not "", that some line has
// that sum: a journal whose end was cut has not. It returns the last sum and the number of lines. Errors: Damaged.
func (s *Store) VerifyHistory(ctx context.Context, head string) (last string, lines int64, err error) {
	return s.dir.VerifyChain(strings.ToLower(strings.TrimSpace(head)))
}
