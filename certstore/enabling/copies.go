package enabling

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/services"
)

// Copies are the directories in which services were given a private key.
type Copies []services.Copy

// Paths are the directories by name.
func (c Copies) Paths() (list []string) {
	for _, one := range c {
		list = append(list, one.Version)
	}
	return list
}

// Copies looks for deployed copies of the keys among some objects, wherever a state says that any were put.
func (ds *Daemons) Copies(st *ledger.State, doomed []ledger.Object) (found Copies, err error) {
	for _, o := range doomed {
		sum, err := hex.DecodeString(o.Name)
		if o.Kind != ledger.Keys || err != nil || len(sum) != 32 {
			continue
		}
		list, err := services.Copies(ds.host.Machine, ds.host.Services, slices.Sorted(maps.Keys(st.Installs)), [32]byte(sum))
		if err != nil {
			return nil, fmt.Errorf("look for copies of the key: %w", err)
		}
		found = append(found, list...)
	}
	return found, nil
}

// Unread refuses copies that a daemon's configuration names, and says which.
func (ds *Daemons) Unread(ctx context.Context, found Copies) error {
	reads, err := ds.reads(ctx)
	if err != nil {
		return fmt.Errorf("certdesk cannot tell whether %s is still read: %w", printable.Text(found[0].Version), err)
	}
	for _, c := range found {
		if where := reads.Names(c.Version); where != "" {
			return fail.New(fail.InUse, "enable another certificate there first", "%s is still read by %s",
				printable.Text(c.Version), where)
		}
	}
	return nil
}
