package certstore

import (
	"context"

	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
)

// deployedOf finds the copies of the keys that a purge would destroy, and refuses it while a service is configured to
// read one of them. Errors: InUse.
func (s *Store) deployedOf(ctx context.Context, ids []int64) (enabling.Copies, error) {
	s.mu.Lock()
	err := s.refresh(ctx)
	var found enabling.Copies
	if err == nil {
		found, err = s.daemons.Copies(s.state, s.doomed(s.sortOut(ids, onlyRemoved).Done))
	}
	s.mu.Unlock()
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found, s.daemons.Unread(ctx, found)
}

// destroy unlinks objects, and with a key its deployed copies. The caller holds s.mu.
func (s *Store) destroy(list []ledger.Object) error {
	found, err := s.daemons.Copies(s.state, list)
	if err != nil {
		return err
	}
	for _, c := range found {
		if err := c.Destroy(); err != nil {
			return err
		}
	}
	return s.unlink(list)
}
