package certstore

import (
	"context"
	"strings"

	"certdesk/certstore/guard"
	"certdesk/certstore/ledger"
)

// History gives all lines of the journal, oldest first.
func (s *Store) History(ctx context.Context) ([]ledger.Event, error) {
	events := []ledger.Event{}
	st := ledger.NewState(guard.UserName)
	_, _, err := s.journal.Read(nil, func(records []ledger.Record) error {
		for _, p := range ledger.DecodeAll(records) {
			events = append(events, st.Event(p))
			st.Apply(p)
		}
		return ctx.Err()
	}, nil)
	return events, err
}

// VerifyHistory checks every line's sum and its tie to the line before, and, if head is not "", that some line has
// that sum: a journal whose end was cut has not. It returns the last sum and the number of lines. Errors: Damaged.
func (s *Store) VerifyHistory(head string) (last string, lines int64, err error) {
	return s.dir.VerifyChain(strings.ToLower(strings.TrimSpace(head)))
}
