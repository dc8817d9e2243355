package certstore

import (
	"context"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
)

// Check says what New would refuse in r, without making anything.
func (s *Store) Check(ctx context.Context, r issuing.Request) error {
	if err := s.ready(ctx, "new"); err != nil {
		return err
	}
	if err := r.Check(); err != nil {
		return err
	}
	if err := s.checkRenewal(ctx, r); err != nil {
		return err
	}
	if r.Path == "" {
		return nil
	}
	if err := s.outside(r.Path); err != nil {
		return err
	}
	probe, err := disk.Stage(s.o.FS, r.Path, nil, 0o600, r.Overwrite)
	if err != nil {
		return err
	}
	probe.Cleanup()
	return nil
}

// checkRenewal refuses a renewal of nothing, and a second one.
func (s *Store) checkRenewal(ctx context.Context, r issuing.Request) error {
	if r.RenewalOf == 0 {
		return nil
	}
	if _, err := s.get(ctx, r.RenewalOf); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return mayRenew(s.state, r.RenewalOf)
}

// mayRenew refuses a second renewal while one waits: the admin would not know which answer belongs to which.
func mayRenew(st *ledger.State, id int64) error {
	waiting := st.Find(func(o *ledger.Row) bool {
		return id != 0 && o.Kind == ledger.PendingReq && o.RenewalOf == id && o.Removed.IsZero()
	})
	if waiting == nil {
		return nil
	}
	return fail.New(fail.RenewalPending, "import the CA's answer to it, or remove it first",
		"a renewal of this certificate is already waiting for the CA: %s (%s)", waiting.FriendlyName, waiting.Thumbprint)
}

// outside refuses a target within the store, where it could take a key's place.
func (s *Store) outside(path string) error {
	if !s.dir.Holds(path) {
		return nil
	}
	return fail.New(fail.Usage, "choose a path outside the store", "%s lies within the store %s", printablePath(path),
		printablePath(s.o.Dir))
}
