package disk

import (
	"context"
	"errors"
	"io/fs"

	"certdesk/certstore/fail"
)

const (
	doubtHint  = "look with certdesk history whether it happened; nothing that was there before is lost"
	repairHint = "certdesk doctor --repair names the damaged lines, then the store can be written again"
)

// Tx is a transaction: at most one line of the journal.
type Tx struct {
	d     *Dir
	root  Folder
	a     access
	j     File
	state state // of the journal, read to its end
	rec   *Record
	text  []byte
	after []func() error
}

// Update runs fn under the store's lock and then appends, durably, the one record fn asked for with Tx.Append (or
// none). If fn fails nothing is appended and its error is returned. A failed append is fail.InDoubt: this Dir
// writes no more. fn must not wait for a person or a daemon, and must not call Update. Errors: fail.Locked after
// Options.LockWait, ReadOnly, Damaged (a bad line: see Repair), InDoubt, Canceled.
func (d *Dir) Update(ctx context.Context, fn func(tx *Tx) error) error {
	return d.update(ctx, func(tx *Tx) error {
		if len(tx.state.bad.open) > 0 {
			return fail.New(fail.Damaged, repairHint, "the store is not written: %s", tx.state.damage())
		}
		if err := tx.begin(); err != nil {
			return err
		}
		return fn(tx)
	})
}

func (d *Dir) update(ctx context.Context, fn func(tx *Tx) error) error {
	if err := d.mayWrite(); err != nil {
		return err
	}
	leave, err := d.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := d.mayWrite(); err != nil {
		return err
	}
	root, a, err := d.layout()
	if err != nil {
		return err
	}
	defer root.Close()
	lock, err := d.lock(ctx, root)
	if err != nil {
		return err
	}
	defer unlock(lock)
	return d.locked(root, a, fn)
}

func (d *Dir) locked(root Folder, a access, fn func(tx *Tx) error) error {
	j, err := d.editJournal(root, a)
	if err != nil {
		return failed("open the journal of "+d.o.Dir, err)
	}
	defer j.Close()
	s, err := d.catchUp(j)
	if err != nil {
		return err
	}
	tx := &Tx{d: d, root: root, a: a, j: j, state: s}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.commit()
}

// editJournal opens the journal, or makes it. A journal that this process has not synced may have been made by a
// writer that died before its entry was durable, so the directory is synced then.
func (d *Dir) editJournal(root Folder, a access) (File, error) {
	j, _, err := d.openJournal(root, Folder.Edit)
	if errors.Is(err, fs.ErrNotExist) {
		j, err = makeJournal(root, a)
	}
	if err != nil {
		return nil, err
	}
	if err := d.syncEntry(root, j); err != nil {
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

func makeJournal(root Folder, a access) (File, error) {
	j, err := root.Create(journal, 0o600)
	if err != nil {
		return nil, err
	}
	if err := a.grant(j, a.file()); err != nil {
		j.Close()
		return nil, err
	}
	return j, nil
}

func (d *Dir) hasSynced(info Info) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state.pos.file == info.ident() && d.state.durable > 0
}

// catchUp reads the journal to its end, which under the lock does not move. What it gives is its own: readers of this
// process that began earlier cannot set it back.
func (d *Dir) catchUp(j File) (state, error) {
	info, err := j.Info()
	if err != nil {
		return state{}, failed("read the journal of "+d.o.Dir, err)
	}
	d.mu.Lock()
	known := d.state
	d.mu.Unlock()
	pass, err := d.scanFile(j, info, known.pos, nil, nil)
	if err == ErrRewritten {
		known = state{}
		pass, err = d.scanFile(j, info, known.pos, nil, nil)
	}
	if err != nil {
		return state{}, failed("read the journal of "+d.o.Dir, err)
	}
	known.learn(known.pos, pass)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.state = known
	return known, nil
}
