package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

const (
	lockName   = "lock"
	enableName = "lock.enable"
	exportName = "lock.export"
	acmeName   = "lock.acme"
	renewName  = "lock.renew"
	lockPoll   = 2 * time.Millisecond
)

// patience ends with ctx, or after LockWait: one limit for all that a writer waits for. Real time counts, whatever
// clock is given.
func (d *Dir) patience(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d.o.LockWait, errWaited)
}

// enter waits for the other writers of this process.
func (d *Dir) enter(ctx context.Context) (leave func(), err error) {
	select {
	case d.gate <- struct{}{}:
	case <-ctx.Done():
		return nil, d.gaveUp(ctx, "this process")
	}
	return func() { <-d.gate }, nil
}

var errWaited = errors.New("another writer holds the store")

// gaveUp tells a person who stopped waiting from a wait that was too long.
func (d *Dir) gaveUp(ctx context.Context, holder string) error {
	if cause := context.Cause(ctx); cause != errWaited {
		return fail.New(fail.Canceled, "", "waiting for the lock of the store: %w", cause)
	}
	return fail.New(fail.Locked, "wait for it to end, or see what it is doing", "the store is held by %s, for %s so far",
		holder, d.o.LockWait)
}

// lock takes the store's lock and writes into it who holds it. The file is never deleted: two writers could each
// hold a lock of that name. It is empty while nobody holds it.
func (d *Dir) lock(ctx context.Context, root Folder) (File, error) {
	return d.lockAs(ctx, root, lockName)
}

func (d *Dir) lockAs(ctx context.Context, root Folder, name string) (File, error) {
	f, err := openLock(root, name)
	if err != nil {
		return nil, failed("open the lock of "+d.o.Dir, err)
	}
	if err := d.wait(ctx, f, func() string { return holder(f) }); err != nil {
		f.Close()
		return nil, d.failed("take the lock of "+d.o.Dir, err)
	}
	// The note helps whoever waits; the lock holds without it.
	note := fmt.Appendf(nil, "pid %d (%s)\n", os.Getpid(), guard.UserName(d.o.FS.UID()))
	if err := f.Truncate(0); err == nil {
		f.WriteAt(note, 0)
	}
	return f, nil
}

// unlock empties the lock file, so that a refused operation leaves no trace, and lets it go.
func unlock(f File) {
	f.Truncate(0)
	f.Close()
}

func openLock(root Folder, name string) (File, error) {
	f, err := root.Edit(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	f, err = root.Create(name, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return root.Edit(name)
	}
	return f, err
}

func makeLock(root Folder, name string) error {
	f, err := openLock(root, name)
	if err != nil {
		return err
	}
	return f.Close()
}

// wait takes a lock, which it tries at least once.
func (d *Dir) wait(ctx context.Context, f interface{ Lock() error }, holder func() string) error {
	for {
		if err := f.Lock(); !errors.Is(err, ErrBusy) {
			return lacksLocks(err)
		}
		select {
		case <-time.After(lockPoll):
		case <-ctx.Done():
			return d.gaveUp(ctx, holder())
		}
	}
}

// turn waits for the turn to publish or delete objects; Close of what it gives ends it. It is held for milliseconds.
// The lock is that of keys/, whichever the kind: whoever can open a file or directory can lock it, and readers can
// open the others.
func (d *Dir) turn(ctx context.Context, root Folder) (io.Closer, error) {
	at, err := d.openKind(root, ledger.Keys)
	if err != nil {
		return nil, err
	}
	ctx, stop := d.patience(ctx)
	defer stop()
	if err := d.wait(ctx, at, func() string { return "a process that writes objects" }); err != nil {
		at.Close()
		return nil, err
	}
	return at, nil
}

func holder(f File) string {
	note, err := readAll(f, 256)
	if line, _, _ := strings.Cut(string(note), "\n"); err == nil && line != "" {
		return printable.Text(line)
	}
	return "another process"
}
