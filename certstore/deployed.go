package certstore

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// copies are the directories in which services were given a private key.
type copies []services.Copy

func (c copies) paths() (list []string) {
	for _, one := range c {
		list = append(list, one.Version)
	}
	return list
}

// deployedOf finds the copies of the keys that a purge would destroy, and refuses it while a service is configured to
// read one of them. Errors: InUse.
func (s *Store) deployedOf(ctx context.Context, ids []int64) (copies, error) {
	s.mu.Lock()
	err := s.refresh(ctx)
	var found copies
	if err == nil {
		found, err = s.copiesOf(s.doomed(s.sortOut(ids, onlyRemoved).Done))
	}
	s.mu.Unlock()
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found, s.unused(ctx, found)
}

// copiesOf looks for deployed copies of the keys among some objects. The caller holds s.mu.
func (s *Store) copiesOf(doomed []ledger.Object) (found copies, err error) {
	for _, o := range doomed {
		sum, err := hex.DecodeString(o.Name)
		if o.Kind != ledger.Keys || err != nil || len(sum) != 32 {
			continue
		}
		list, err := services.Copies(s.o.Host, s.o.Services, slices.Sorted(maps.Keys(s.state.Installs)), [32]byte(sum))
		if err != nil {
			return nil, fmt.Errorf("look for copies of the key: %w", err)
		}
		found = append(found, list...)
	}
	return found, nil
}

// unused refuses copies that a daemon's configuration names, and says which.
func (s *Store) unused(ctx context.Context, found copies) error {
	reads, err := s.daemons.Reads(ctx)
	if err != nil {
		return fmt.Errorf("certdesk cannot tell whether %s is still read: %w", printablePath(found[0].Version), err)
	}
	for _, c := range found {
		if where := reads.Names(c.Version); where != "" {
			return fail.New(fail.InUse, "enable another certificate there first", "%s is still read by %s", printablePath(c.Version), where)
		}
	}
	return nil
}

// destroy unlinks objects, and with a key its deployed copies. The caller holds s.mu.
func (s *Store) destroy(list []ledger.Object) error {
	found, err := s.copiesOf(list)
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

// servedNow asks every service which of these entries it serves: the refusals, by certificate.
func (s *Store) servedNow(ctx context.Context, seen []ledger.Entry) map[string]error {
	refused := map[string]error{}
	if (len(s.o.Services) == 0 && !s.o.Discover) || !anyCertificate(seen) {
		return refused
	}
	v, err := s.Survey(ctx)
	if err != nil {
		return refused
	}
	for _, e := range seen {
		for _, p := range v.Ports {
			if p.Report.SHA256 == e.SHA256 {
				refused[e.SHA256] = fail.New(fail.InUse, "enable another certificate there first",
					"%s is in use: %s still serves it at %s", e.FriendlyName, ledger.ServiceTitle(p.Service), printablePath(p.Listen))
			}
		}
	}
	return refused
}

func anyCertificate(list []ledger.Entry) bool {
	for _, e := range list {
		if e.Kind == ledger.Certificate {
			return true
		}
	}
	return false
}
