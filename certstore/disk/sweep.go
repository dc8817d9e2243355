package disk

import (
	"errors"
	"io/fs"
	"strings"

	"certdesk/certstore/ledger"
)

// SweepUndo destroys what settles changes of services, but for those that keep says are not settled yet, and what
// writers of them left when they died. For whoever holds lock.enable: nobody else writes any.
func (d *Dir) SweepUndo(keep func(name string) bool) error {
	return d.change(ledger.Undo, "sweep "+string(ledger.Undo), func(at Folder, _ access) error {
		names, err := at.Names()
		if err != nil {
			return err
		}
		gone := false
		for _, file := range names {
			if !isTemporary(file) && (!owns(ledger.Undo, file) || keep(strings.TrimSuffix(file, suffixes[ledger.Undo]))) {
				continue
			}
			if err := at.Unlink(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			gone = true
		}
		if !gone {
			return nil
		}
		return at.Sync()
	})
}
