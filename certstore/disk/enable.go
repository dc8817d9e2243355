package disk

import (
	"context"
	"errors"

	"certdesk/certstore/fail"
)

// LockEnable takes lock.enable, which who changes daemons holds from the first line about it to the last, while the
// store's own lock is held only to append them: others can write the store meanwhile. The system lets it go when its
// holder dies, so a change that was begun is dead if and only if nobody holds it. Errors: Locked, naming the holder,
// after Options.LockWait; ReadOnly, InDoubt, Canceled, Failed.
func (d *Dir) LockEnable(ctx context.Context) (release func(), err error) {
	return d.lockDeed(ctx, enableName, "a certificate is being enabled by")
}

// LockExport takes lock.export, which an export holds from its first line to its last, for the same reason. Errors as
// LockEnable's.
func (d *Dir) LockExport(ctx context.Context) (release func(), err error) {
	return d.lockDeed(ctx, exportName, "a file is being exported by")
}

// LockACME takes lock.acme, which who asks an ACME authority for something holds from the first request to the last
// line, so that an order is gone on with by one process. Errors as LockEnable's.
func (d *Dir) LockACME(ctx context.Context) (release func(), err error) {
	return d.lockDeed(ctx, acmeName, "certificates are being ordered by")
}

// TryLockExport is LockExport for who will not wait: false while somebody exports, or where that cannot be told.
func (d *Dir) TryLockExport() (release func(), ok bool) {
	root, _, err := d.root()
	if err != nil {
		return nil, false
	}
	defer root.Close()
	f, err := openLock(root, exportName)
	if err != nil {
		return nil, false
	}
	if f.Lock() != nil {
		f.Close()
		return nil, false
	}
	return func() { unlock(f) }, true
}

// LockRenewals takes lock.renew, which a run of renewals holds from its first task to its last, and does not wait for
// it: where another run has it, that is named instead. Errors: as LockEnable's, but for Locked.
func (d *Dir) LockRenewals(ctx context.Context) (release func(), other string, err error) {
	if err := d.mayWrite(); err != nil {
		return nil, "", err
	}
	root, _, err := d.layout()
	if err != nil {
		return nil, "", err
	}
	defer root.Close()
	once, stop := context.WithTimeoutCause(ctx, 0, errWaited)
	defer stop()
	f, err := d.lockAs(once, root, renewName)
	if fail.Is(err, fail.Locked) {
		return nil, heldBy(root, renewName), nil
	}
	if err != nil {
		return nil, "", err
	}
	return func() { unlock(f) }, "", nil
}

func (d *Dir) lockDeed(ctx context.Context, name, what string) (release func(), err error) {
	if err := d.mayWrite(); err != nil {
		return nil, err
	}
	root, _, err := d.layout()
	if err != nil {
		return nil, err
	}
	defer root.Close()
	waiting, stop := d.patience(ctx)
	defer stop()
	f, err := d.lockAs(waiting, root, name)
	if fail.Is(err, fail.Locked) {
		return nil, fail.New(fail.Locked, "wait for it to end, or see what it is doing", "%s %s", what, heldBy(root, name))
	}
	if err != nil {
		return nil, err
	}
	return func() { unlock(f) }, nil
}

// EnableHolder says who holds lock.enable, or "". Who may not write the store cannot know, and gets "".
func (d *Dir) EnableHolder() string { return d.holderOf(enableName) }

// ExportHolder says the same of lock.export.
func (d *Dir) ExportHolder() string { return d.holderOf(exportName) }

func (d *Dir) holderOf(name string) string {
	root, _, err := d.root()
	if err != nil {
		return ""
	}
	defer root.Close()
	f, err := root.Edit(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	if errors.Is(f.Lock(), ErrBusy) {
		return holder(f)
	}
	return ""
}

func heldBy(root Folder, name string) string {
	f, err := root.Open(name)
	if err != nil {
		return "another process"
	}
	defer f.Close()
	return holder(f)
}
