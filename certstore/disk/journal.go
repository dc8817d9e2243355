package disk

import (
	"errors"
	"io/fs"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

const (
	lostHint = "restore the newest journal from a backup, then run `certdesk doctor --repair`, which lists what the " +
		"journal does not; " +
		"without a backup it starts a new journal"
	lostWhy = "the journal is missing, though the store holds objects"
)

// needJournal makes the journal of a new store. Every writer does so before its first object, so that objects without
// a journal mean one thing: it was lost, and nothing is written.
func (d *Dir) needJournal(root Folder, a access) error {
	missing, lost, err := d.missingJournal(root)
	switch {
	case err != nil:
		return failed("look for the journal of "+d.o.Dir, err)
	case lost:
		return d.lostJournal()
	case missing:
		return d.startJournal(root, a)
	}
	return nil
}

func (d *Dir) lostJournal() error {
	return fail.New(fail.Damaged, lostHint, "the store %s is not written: %s", printable.Text(d.o.Dir), lostWhy)
}

// missingJournal says whether the journal is missing, and whether it was lost: objects are here. Since it is older than
// the first object, it is looked for once more after one was seen: a first writer may have come meanwhile.
func (d *Dir) missingJournal(root Folder) (missing, lost bool, err error) {
	missing, err = lacks(root, journal)
	if missing && err == nil {
		lost, err = d.holdsObjects(root)
	}
	if lost && err == nil {
		missing, err = lacks(root, journal)
		lost = missing
	}
	if err != nil {
		return false, false, err
	}
	d.setLost(lost)
	return missing, lost, nil
}

func (d *Dir) setLost(lost bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lost = lost
}

func lacks(at Folder, name string) (bool, error) {
	_, err := at.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return false, err
}

// holdsObjects counts what this person may see: a reader does not see the keys.
func (d *Dir) holdsObjects(root Folder) (bool, error) {
	for _, kind := range kinds {
		names, err := d.namesIn(root, kind)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			continue
		}
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(names, func(name string) bool { return owns(kind, name) }) {
			return true, nil
		}
	}
	return false, nil
}

func (d *Dir) namesIn(root Folder, kind ledger.ObjectKind) ([]string, error) {
	at, err := d.openKind(root, kind)
	if err != nil {
		return nil, err
	}
	defer at.Close()
	return at.Names()
}

// startJournal makes an empty journal. Its entry is durable when the directory is synced, which each writer does
// before it publishes anything.
func (d *Dir) startJournal(root Folder, a access) error {
	d.mu.Lock()
	d.synced, d.lost = ident{}, false
	d.mu.Unlock()
	j, err := root.Create(journal, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = j.DropACL()
		if err == nil {
			err = a.grant(j, a.file())
		}
		err = closed(err, j)
	}
	if err == nil {
		err = makeLock(root, exportName) // a refused export must not be the one to make it
	}
	if err != nil {
		return failed("make the journal of "+d.o.Dir, err)
	}
	return nil
}

// editJournal opens the journal for a writer and lets the readers in whom its maker, if that died too early, or a
// restored backup locked out. A journal that this process has not synced may have been made by a writer that died
// before its entry was durable, so the directory is synced then.
func (d *Dir) editJournal(root Folder, a access) (File, error) {
	j, _, err := d.openJournal(root, Folder.Edit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, d.lostJournal() // it was there a moment ago
	}
	if err != nil {
		return nil, err
	}
	if err = a.grant(j, a.file()); err == nil {
		err = d.syncEntry(root, j)
	}
	if err != nil {
		j.Close()
		return nil, err
	}
	return j, nil
}

func (d *Dir) syncEntry(root Folder, j File) error {
	info, err := j.Info()
	if err != nil || d.hasSynced(info) {
		return err
	}
	d.mu.Lock()
	d.synced = ident{}
	d.mu.Unlock()
	return d.syncRoot(root)
}

func (d *Dir) hasSynced(info Info) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state.pos.file == info.ident() && d.state.durable > 0
}

// isLost says whether the journal was missing beside objects when this process last looked.
func (d *Dir) isLost() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lost
}
