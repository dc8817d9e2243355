package certstore

import (
	"context"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// Disable forgets that services use an entry, or that some of their slots do: their configuration stays, and they go on
// serving it. It gives what was forgotten. Errors: NotFound where there is no such binding.
func (s *Store) Disable(ctx context.Context, id int64, uses ledger.Services,
	slots ...string) ([]ledger.Binding, error) {
	if err := s.ready(ctx, "disable"); err != nil {
		return nil, err
	}
	var gone []ledger.Binding
	_, err := s.write(ctx, func() (change, error) {
		e, err := s.byID(id)
		if err != nil {
			return change{}, err
		}
		gone = slices.DeleteFunc(slices.Clone(s.state.BoundTo(id)),
			func(b ledger.Binding) bool { return !uses.Has(b.Use()) || !b.InSlots(slots) })
		if len(gone) == 0 {
			return change{}, fail.New(fail.NotFound, "`certdesk list` shows what each certificate is enabled for",
				"%s is not enabled for %s", e.FriendlyName, uses)
		}
		return change{op: ledger.OpDisable, data: ledger.Data{IDs: []int64{id},
			Enable: &ledger.Enabled{Service: gone[0].Service, Bindings: gone}}}, nil
	})
	if err != nil {
		return nil, err
	}
	return gone, nil
}

// Bindings lists what services are bound to, in the order they were.
func (s *Store) Bindings(ctx context.Context) ([]ledger.Binding, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.refresh(ctx)
	return slices.Clone(s.state.Bindings), err
}
