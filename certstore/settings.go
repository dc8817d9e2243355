package certstore

import (
	"context"

	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// Host is the machine whose daemons are changed.
func (s *Store) Host() services.Host { return s.o.Host }

// SaveSettings writes a changed configuration file, and into the journal what was changed and by whom, while nobody
// else writes the store. Errors: those of config.Draft.Save, and then neither was written; Failed where the file is
// saved and the journal does not say so.
func (s *Store) SaveSettings(ctx context.Context, d config.Draft) error {
	if err := s.ready(ctx, "settings"); err != nil {
		return err
	}
	told := &ledger.Settings{File: d.Path()}
	for _, c := range d.Tell() {
		told.Changed = append(told.Changed, ledger.Setting{Key: c.Key, Old: c.Old, New: c.New})
	}
	saved := false
	_, err := s.write(ctx, func() (change, error) {
		return change{op: ledger.OpSetting, data: ledger.Data{Settings: told}, before: func() error {
			err := d.Save()
			saved = err == nil
			return err
		}}, nil
	})
	if err != nil && saved {
		return fail.New(fail.Failed, fail.Of(err).Hint,
			"the settings are saved, but the history does not tell of it: %w", err)
	}
	return err
}
