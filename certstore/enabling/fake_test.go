package enabling

import (
	"testing"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

// heldStore is a store of bindings and entries in memory, for what only reads them.
type heldStore struct {
	Store
	state   *ledger.State
	entries map[int64]ledger.Entry
}

func (s heldStore) Peek(fn func(View)) {
	fn(View{State: s.state, Entry: func(id int64) (ledger.Entry, error) {
		e, known := s.entries[id]
		if !known {
			return e, fail.New(fail.NotFound, "", "no entry %d", id)
		}
		return e, nil
	}})
}

// holding are the daemons of a host and a store with these entries.
func holding(t *testing.T, in []services.Instance, entries ...ledger.Entry) (*Daemons, heldStore) {
	t.Helper()
	s := heldStore{state: ledger.NewState(guard.UserName), entries: map[int64]ledger.Entry{}}
	for _, e := range entries {
		s.entries[e.ID] = e
	}
	h := Host{Services: in, Ask: probe.Ask, Now: time.Now,
		Roots: trust.Usual(nil)}
	return New(h, s), s
}
