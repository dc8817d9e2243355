package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Options say which store and how.
type Options struct {
	Dir        string           // absolute, or relative to the working directory
	Write      bool             // false: nothing is ever written
	ReadersGID int              // the group that may read all but keys; -1: whatever the store's directory says
	FS         FS               // nil: the real one
	Now        func() time.Time // nil: time.Now
	Actor      ledger.Actor     // who; goes into each record
	LockWait   time.Duration    // how long a writer waits for another; 0: 10 s
}

const lockWait = 10 * time.Second

// Dir is a store's directory. It may be used by several goroutines at once. It holds nothing open.
type Dir struct {
	o    Options
	real string        // the directory without symbolic links
	gate chan struct{} // taken by the writer of this process

	mu      sync.Mutex
	reason  string // why nothing can be written
	doubt   error  // the failure after which nothing is written any more
	torn    string // the banner about a torn tail
	lost    bool   // the journal is missing, and objects are here
	settled ident  // the store's directory, when it was complete and its own entry durable
	synced  ident  // the same, when its entries were durable too
	state   state  // what is known of the journal
}

// ident tells one file from another.
type ident struct{ device, inode uint64 }

func (i Info) ident() ident { return ident{i.Device, i.Inode} }

// Open opens a store. A directory that does not exist is an empty store; the first write creates it.
// Errors: fail.UnsafeStore if others could write it, fail.NotPermitted naming who may read it.
func Open(o Options) (*Dir, error) {
	if o.FS == nil {
		o.FS = OS()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LockWait == 0 {
		o.LockWait = lockWait
	}
	var err error
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, failed("find the store", err)
	}
	d := &Dir{o: o, gate: make(chan struct{}, 1)}
	return d, d.look()
}

// look finds the store and judges it.
func (d *Dir) look() error {
	w, err := follow(d.o.FS, d.o.Dir)
	if err != nil {
		return d.unopened(w, err)
	}
	if err := safe(w, d.o.FS.UID()); err != nil {
		return err
	}
	d.real = w.Real
	if d.reason, err = d.whyNot(w); err != nil {
		return failed("look at the store "+d.o.Dir, err)
	}
	root, _, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return d.unopened(w, err)
	}
	defer root.Close()
	return d.lookInside(root)
}

// lookInside opens what a reader opens, so that it fails now, with all said, and not later.
func (d *Dir) lookInside(root Folder) error {
	for _, kind := range kinds {
		at, err := d.openKind(root, kind)
		if err == nil {
			at.Close()
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return unreadable("open "+d.o.Dir+"/"+string(kind), err)
		}
	}
	j, _, err := d.openJournal(root, Folder.Open)
	if err == nil {
		j.Close()
	}
	if errors.Is(err, fs.ErrNotExist) {
		_, _, err = d.missingJournal(root)
	}
	if err != nil {
		return unreadable("open the journal of "+d.o.Dir, err)
	}
	return nil
}

// unopened says who may read a store that this person may not.
func (d *Dir) unopened(w guard.Way, err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return failed("open the store "+d.o.Dir, err)
	}
	hint := "ask its owner for access"
	if len(w.Things) > 0 {
		hint = whoMay(w.Last())
	}
	return fail.New(fail.NotPermitted, hint, "open the store %s: %w", printable.Text(d.o.Dir), err)
}

func whoMay(t guard.Thing) string {
	if t.Mode.Perm()&0o050 == 0o050 {
		return fmt.Sprintf("%s and members of the group %s may read it", guard.UserName(t.UID), guard.GroupName(t.GID))
	}
	return fmt.Sprintf("only %s may read it", guard.UserName(t.UID))
}

// whyNot says why this process cannot write the store, or "".
func (d *Dir) whyNot(w guard.Way) (reason string, err error) {
	me := d.o.FS.UID()
	info := w.Last()
	switch {
	case me < 0:
		return "writing is not supported on this system", nil
	case !d.o.Write:
		return "opened read-only", nil
	case !w.Missing && info.UID != me:
		return "owned by " + guard.UserName(info.UID), nil
	}
	err = d.o.FS.Access(w.Last().Path)
	switch {
	case errors.Is(err, syscall.EROFS):
		return "on a read-only file system", nil
	case errors.Is(err, fs.ErrPermission):
		return "no permission", nil
	}
	return "", err
}

// Real is the store's directory without symbolic links.
func (d *Dir) Real() string { return d.real }

// Obstacle is why the next change would fail though the store is this user's: an immutable journal, say, or a lock
// that is no file. It opens what a writer opens, and writes nothing. For doctor.
func (d *Dir) Obstacle() error {
	if d.Writable() != "" {
		return nil // told already
	}
	root, _, err := d.root()
	if err != nil {
		return nil // nothing is there yet, or others say so
	}
	defer root.Close()
	for _, name := range []string{journal, lockName, enableName, exportName, acmeName, renewName} {
		f, err := root.Edit(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return failed("open "+filepath.Join(d.o.Dir, name), err)
		}
		f.Close()
	}
	return nil
}

// Writable says why this process cannot write the store ("owned by alice"), or "". A damaged journal is not among the
// reasons, since Repair must get past it: see Bad. It touches no file.
func (d *Dir) Writable() (reason string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.reason == "" && d.doubt != nil {
		return "the last write is in doubt"
	}
	return d.reason
}

// InDoubt says whether a write of this Dir failed with fail.InDoubt: whether its record is kept is unknown, and every
// later write of this Dir is refused with that code. It touches no file.
func (d *Dir) InDoubt() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.doubt != nil
}

// Banner is what a person must be told ("a torn last line was moved to torn-…"), or "".
func (d *Dir) Banner() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.doubt != nil {
		return d.doubt.Error()
	}
	if d.lost {
		return lostWhy + ": " + lostHint
	}
	if damage := d.state.damage(); damage != "" {
		return damage + ": run `certdesk doctor`"
	}
	return d.torn
}

// mayWrite refuses a write that cannot or must not happen.
func (d *Dir) mayWrite() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.reason != "" {
		return d.readOnly(d.reason)
	}
	if d.doubt != nil {
		return fail.New(fail.InDoubt, doubtHint, "nothing more is written after a failure: %w", d.doubt)
	}
	return nil
}

func (d *Dir) readOnly(reason string) error {
	return fail.New(fail.ReadOnly, readOnlyHint(reason), "the store %s cannot be written: %s",
		printable.Text(d.o.Dir), reason)
}

func readOnlyHint(reason string) string {
	const owned = "owned by "
	if len(reason) > len(owned) && reason[:len(owned)] == owned {
		return "run certdesk as " + reason[len(owned):]
	}
	return ""
}

// root opens the store's directory; the error of a missing one is fs.ErrNotExist.
func (d *Dir) root() (Folder, Info, error) {
	f, err := d.o.FS.OpenDir(d.real)
	if err != nil {
		return nil, Info{}, err
	}
	info, err := f.Info()
	if err == nil {
		err = ownOnly("the store "+d.o.Dir, d.o.Dir, info, info.UID)
	}
	if err != nil {
		f.Close()
		return nil, Info{}, err
	}
	return f, info, nil
}
