package certstore

import (
	"context"
	"strings"

	"certdesk/certstore/fail"
)

// Find gives the one entry whose SHA-1 or SHA-256 thumbprint begins with the digits given: six or more; spaces,
// colons and invisible characters, as copied from a Windows dialog, are stripped. removed searches the trash.
// Errors: Usage, NotFound, Ambiguous.
func (s *Store) Find(ctx context.Context, thumbprint string, removed bool) (Entry, error) {
	digits, err := thumbprintDigits(thumbprint)
	if err != nil {
		return Entry{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return Entry{}, err
	}
	var hits []*row
	for _, r := range s.state.rows {
		if r.Removed.IsZero() != removed && (strings.HasPrefix(r.Thumbprint, digits) || strings.HasPrefix(strings.ToUpper(r.SHA256), digits)) {
			hits = append(hits, r)
		}
	}
	switch len(hits) {
	case 1:
		return s.judged(hits[0], s.o.Now()), nil
	case 0:
		return Entry{}, s.notFound(digits, removed)
	}
	return Entry{}, fail.New(fail.Ambiguous, "give more digits", "%d entries have a thumbprint that begins with %s", len(hits), digits)
}

func (s *Store) notFound(digits string, removed bool) error {
	elsewhere := s.state.find(func(r *row) bool {
		return strings.HasPrefix(r.Thumbprint, digits) || strings.HasPrefix(strings.ToUpper(r.SHA256), digits)
	})
	switch {
	case elsewhere != nil && removed:
		return fail.New(fail.NotFound, "it was not removed: see `certdesk list`", "no removed entry has the thumbprint %s", digits)
	case elsewhere != nil:
		return fail.New(fail.NotFound, "`certdesk restore "+digits+"` brings it back", "the entry with the thumbprint %s was removed", digits)
	case removed:
		return fail.New(fail.NotFound, "`certdesk list --removed` shows what was removed", "no removed entry has the thumbprint %s", digits)
	}
	return fail.New(fail.NotFound, "`certdesk list` shows every thumbprint", "no entry has the thumbprint %s", digits)
}

func thumbprintDigits(text string) (string, error) {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'F':
			return r
		case r >= 'a' && r <= 'f':
			return r - 'a' + 'A'
		case r == ' ', r == ':', r == '\t', r == 0x200e, r == 0x200f, r == 0x200b, r == 0xfeff:
			return -1
		}
		return 'x'
	}, text)
	if len(digits) < 6 || len(digits) > 64 || strings.ContainsRune(digits, 'x') {
		return "", fail.New(fail.Usage, "give six or more of its digits, as `certdesk list` shows them", "%q is no thumbprint", printablePath(text))
	}
	return digits, nil
}
