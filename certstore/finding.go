package certstore

import (
	"context"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/when"
)

// Find gives the one entry whose SHA-1 or SHA-256 thumbprint begins with the digits given, six or more; or, where none
// does, the only one of that friendly name. removed searches the trash. Errors: Usage, NotFound, Ambiguous.
func (s *Store) Find(ctx context.Context, text string, removed bool) (ledger.Entry, error) {
	found, err := s.FindAll(ctx, []string{text}, removed)
	if err != nil {
		return ledger.Entry{}, err
	}
	return found[0], nil
}

// FindAll is Find for several, in their order; the first that is not found is the error of all.
func (s *Store) FindAll(ctx context.Context, texts []string, removed bool) ([]ledger.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	var wanted []string
	for _, text := range texts {
		if digits, err := ledger.ThumbprintDigits(text); err == nil {
			wanted = append(wanted, digits)
		}
	}
	hits := s.state.BeginningWith(wanted, removed)
	var found []ledger.Entry
	for _, text := range texts {
		r, err := s.oneOf(text, hits, removed)
		if err != nil {
			return nil, err
		}
		found = append(found, s.judge().Row(r))
	}
	s.noteRelatives(found)
	return found, nil
}

// oneOf is the row that a text means; hits are the rows by the digits they begin with.
func (s *Store) oneOf(text string, hits map[string][]*ledger.Row, removed bool) (*ledger.Row, error) {
	digits, noDigits := ledger.ThumbprintDigits(text)
	rows := hits[digits]
	switch {
	case noDigits == nil && len(rows) == 1:
		return rows[0], nil
	case noDigits == nil && len(rows) > 1:
		return nil, fail.New(fail.Ambiguous, "give more digits of the thumbprint",
			"%d entries have a thumbprint that begins with %s: %s", len(rows), digits, s.candidatesOf(rows))
	}
	named := s.state.Called(text, removed)
	switch {
	case len(named) == 1:
		return named[0], nil
	case len(named) > 1:
		return nil, fail.New(fail.Ambiguous, "give the thumbprint of one, or `certdesk rename` one of them",
			"%d entries are called %s: %s", len(named), printablePath(text), s.candidatesOf(named))
	case noDigits == nil:
		return nil, s.notFound(digits, removed)
	case len(s.state.Called(text, !removed)) > 0:
		return nil, nameElsewhere(printablePath(text), removed)
	}
	return nil, noDigits
}

// nameElsewhere says of a friendly name that it is in the trash, or of one that is sought there that it is not.
func nameElsewhere(name string, removed bool) error {
	if removed {
		return fail.New(fail.NotFound, "it was not removed: see `certdesk list`", "no removed entry is called %s", name)
	}
	return fail.New(fail.NotFound, "`certdesk list --removed` shows it, and `certdesk restore` brings it back",
		"what is called %s was removed", name)
}

// candidatesOf are the rows that a text may mean, with what tells them apart.
func (s *Store) candidatesOf(rows []*ledger.Row) string {
	places := make([]int64, len(rows))
	for i := range rows {
		places[i] = int64(i)
	}
	now, judge := s.o.Now(), s.judge()
	return ledger.NameList(places, func(i int64) string {
		e := judge.Row(rows[i])
		text := ledger.Label(&e) + ", " + e.Verdict.Word
		if e.Kind == ledger.Certificate {
			text += ", until " + when.Said(e.NotAfter, now.Local())
		}
		return text
	})
}

func (s *Store) notFound(digits string, removed bool) error {
	elsewhere := s.state.Find(func(r *ledger.Row) bool { return r.BeginsWith(digits) })
	switch {
	case elsewhere != nil && removed:
		return fail.New(fail.NotFound, "it was not removed: see `certdesk list`",
			"no removed entry has the thumbprint %s", digits)
	case elsewhere != nil:
		return fail.New(fail.NotFound, "`certdesk restore "+digits+"` brings it back",
			"the entry with the thumbprint %s was removed", digits)
	case removed:
		return fail.New(fail.NotFound, "`certdesk list --removed` shows what was removed",
			"no removed entry has the thumbprint %s", digits)
	}
	return fail.New(fail.NotFound, "`certdesk list` shows every thumbprint", "no entry has the thumbprint %s", digits)
}
