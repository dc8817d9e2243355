package disk

import (
	"context"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

const (
	doubtHint  = "see with `certdesk history` whether it happened; nothing that was stored before is lost"
	repairHint = "run `certdesk doctor --repair`: it records the damaged lines, then the store can be written again"
)

// Tx is a transaction: one line of the journal or none, or several that stand each by itself.
type Tx struct {
	d     *Dir
	root  Folder
	a     access
	j     File
	state state          // of the journal, read to its end
	rec   *ledger.Record // the last that was added
	text  []byte         // of all of them
	end   Position
	after []func() error
}

// Update runs fn under the store's lock and then appends, durably, what fn asked for with Tx.Append or Tx.Add (or
// nothing). If fn fails nothing is appended and its error is returned. A failed append is fail.InDoubt: this Dir
// writes no more. fn must not wait for a person or a daemon, and must not call Update. Errors: fail.Locked after
// Options.LockWait, ReadOnly, Damaged (a bad line, or a lost journal: see Repair), InDoubt, Canceled.
func (d *Dir) Update(ctx context.Context, fn func(tx *Tx) error) error {
	return d.update(ctx, d.needJournal, func(tx *Tx) error {
		if len(tx.state.bad.open) > 0 {
			return fail.New(fail.Damaged, repairHint, "the store is not written: %s", tx.state.damage())
		}
		if err := tx.begin(); err != nil {
			return err
		}
		return fn(tx)
	})
}

// update is Update without judging the journal's lines; prepare makes sure that there is a journal.
func (d *Dir) update(ctx context.Context, prepare func(Folder, access) error, fn func(tx *Tx) error) error {
	if err := d.mayWrite(); err != nil {
		return err
	}
	waiting, stop := d.patience(ctx)
	defer stop()
	leave, err := d.enter(waiting)
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
	if err := prepare(root, a); err != nil {
		return err
	}
	lock, err := d.lock(waiting, root)
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
	if err == ledger.ErrRewritten {
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
