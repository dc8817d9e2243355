package certstore

import (
	"context"
	"slices"

	"certdesk/certstore/fail"
)

// Disable forgets that services use an entry, or that some of their slots do: their configuration stays, and they go on
// serving it. It gives what was forgotten. Errors: NotFound where there is no such binding.
func (s *Store) Disable(ctx context.Context, id int64, uses Services, slots ...string) ([]Binding, error) {
	if err := s.ready(ctx, "disable"); err != nil {
		return nil, err
	}
	var gone []Binding
	_, err := s.write(ctx, func() (change, error) {
		e, err := s.byID(id)
		if err != nil {
			return change{}, err
		}
		gone = slices.DeleteFunc(s.state.boundTo(id), func(b Binding) bool { return !uses.Has(b.Use()) || !b.inSlots(slots) })
		if len(gone) == 0 {
			return change{}, fail.New(fail.NotFound, "`certdesk list` shows what each certificate is enabled for", "%s is not enabled for %s", e.FriendlyName, uses)
		}
		return change{op: opDisable, data: lineData{IDs: []int64{id}, Enable: &enabled{Service: gone[0].Service, Bindings: gone}}}, nil
	})
	if err != nil {
		return nil, err
	}
	return gone, nil
}

// Bindings lists what services are bound to, in the order they were.
func (s *Store) Bindings(ctx context.Context) ([]Binding, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.refresh(ctx)
	return slices.Clone(s.state.bindings), err
}
