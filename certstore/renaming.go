package certstore

import (
	"context"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

// Renamed is what a rename did.
type Renamed struct {
	Entry  ledger.Entry   // as it is called now
	Was    string         // its friendly name before
	Shared []ledger.Entry // the live entries that have the new name too: commands then want a thumbprint
}

// Rename gives a live entry another friendly name with one line. The name that it has already writes none.
// Errors: InvalidName, NotFound.
func (s *Store) Rename(ctx context.Context, id int64, name string) (Renamed, error) {
	if err := names.CheckFriendlyName(name); err != nil {
		return Renamed{}, err
	}
	if err := s.ready(ctx, "rename"); err != nil {
		return Renamed{}, err
	}
	var done Renamed
	_, err := s.write(ctx, func() (change, error) {
		e, err := s.byID(id)
		switch {
		case err != nil:
			return change{}, err
		case !e.Removed.IsZero():
			return change{}, fail.New(fail.NotFound, "`certdesk restore "+e.Short()+"` brings it back",
				"%s was removed", e.FriendlyName)
		}
		done.Was = e.FriendlyName
		if name == e.FriendlyName {
			return change{}, nil
		}
		return change{op: ledger.OpRename, data: ledger.Data{IDs: []int64{id}, Name: name}}, nil
	})
	if err != nil {
		return Renamed{}, err
	}
	done.Shared = s.alsoCalled(name, id)
	done.Entry, err = s.get(context.WithoutCancel(ctx), id)
	return done, err
}

// alsoCalled are the other live entries of a friendly name.
func (s *Store) alsoCalled(name string, but int64) (list []ledger.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.state.Called(name, false) {
		if r.ID != but {
			list = append(list, r.Entry)
		}
	}
	return list
}
