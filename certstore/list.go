package certstore

import (
	"context"
	"slices"

	"certdesk/certstore/acme/due"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// List reads what was added to the journal and gives all live entries, judged now, in order of id; or, if
// removed is set, the removed ones.
func (s *Store) List(ctx context.Context, removed bool) ([]ledger.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	judge := s.judge()
	list := make([]ledger.Entry, 0, len(s.state.Rows))
	for _, r := range s.state.Rows {
		if r.Removed.IsZero() == removed {
			continue
		}
		list = append(list, judge.Row(r))
	}
	if !removed {
		s.noteRelatives(list)
	}
	return list, ctx.Err()
}

// FriendlyNames lists the friendly names of the live entries, without judging any.
func (s *Store) FriendlyNames(ctx context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	list := make([]string, 0, len(s.state.Rows))
	for _, r := range s.state.Rows {
		if r.Removed.IsZero() {
			list = append(list, r.FriendlyName)
		}
	}
	return list, nil
}

// InUse are the entries that services are bound to, each once.
func (s *Store) InUse(ctx context.Context) ([]ledger.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	var list []ledger.Entry
	for _, b := range s.state.Bindings {
		if slices.ContainsFunc(list, func(e ledger.Entry) bool { return e.ID == b.Entry }) {
			continue
		}
		if e, err := s.byID(b.Entry); err == nil {
			list = append(list, e)
		}
	}
	return list, nil
}

// byID gives a judged entry. The caller holds s.mu.
func (s *Store) byID(id int64) (ledger.Entry, error) {
	r := s.state.ByID[id]
	if r == nil {
		return ledger.Entry{}, fail.New(fail.NotFound, "it was purged, or never existed; `certdesk list` shows what is here",
			"no entry has the number %d", id)
	}
	return s.judge().Row(r), nil
}

// get brings the state up to date and gives one judged entry.
func (s *Store) get(ctx context.Context, id int64) (ledger.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return ledger.Entry{}, err
	}
	e, err := s.byID(id)
	if err != nil {
		return e, err
	}
	one := []ledger.Entry{e}
	s.noteRelatives(one)
	return one[0], nil
}

// noteRelatives notes on judged entries what takes their place, and whether what renews them fails. The caller holds s.mu.
func (s *Store) noteRelatives(list []ledger.Entry) {
	s.judge().NoteSuccessors(list)
	due.NoteFailing(list, s.state, s.o.Now())
}
