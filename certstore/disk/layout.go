package disk

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/ledger"
)

// access is who may read what is made: the owner, and with gid >= 0 the readers.
type access struct{ gid int }

func (a access) dir() fs.FileMode {
	if a.gid >= 0 {
		return 0o750
	}
	return 0o700
}

func (a access) file() fs.FileMode {
	if a.gid >= 0 {
		return 0o640
	}
	return 0o600
}

// private is the access to keys, what undoes a change (it may hold one), temporaries and the lock.
var private = access{-1}

// access is what Options ask for; without a word there a directory of mode 0750 names its group as the readers, so
// that a writer who was not told of them does not lock them out of what it adds.
func (d *Dir) access(root Info) access {
	if d.o.ReadersGID >= 0 {
		return access{d.o.ReadersGID}
	}
	if root.Mode.Perm() == 0o750 {
		return access{root.GID}
	}
	return private
}

func (a access) of(kind ledger.ObjectKind) access {
	if kind == ledger.Keys || kind == ledger.Undo {
		return private
	}
	return a
}

// owned is what a mode is set on: File and Folder.
type owned interface {
	Info() (Info, error)
	Chmod(fs.FileMode) error
	Chown(gid int) error
	DropACL() error
}

// grant sets a mode whatever the umask was. The group comes first: a mode for the wrong group lets the wrong people in.
func (a access) grant(to owned, mode fs.FileMode) error {
	info, err := to.Info()
	if err != nil {
		return err
	}
	if a.gid >= 0 && info.GID != a.gid {
		if err := a.give(to); err != nil {
			return err
		}
	}
	if info.Mode.Perm() == mode {
		return nil
	}
	return lacksWhat(modes, to.Chmod(mode))
}

func (a access) give(to owned) error {
	err := to.Chown(a.gid)
	if errors.Is(err, fs.ErrPermission) {
		return fail.New(fail.Failed, "run certdesk as root or as a member of that group, or leave `readers` out of the "+
			"configuration",
			"let the group %s read the store: %w", guard.GroupName(a.gid), err)
	}
	return err
}

// layout opens the store's directory for a writer. What is missing of it is made, and the entry of what is there,
// made perhaps by a writer that died or has not come so far, is made durable; once for each Dir.
func (d *Dir) layout() (Folder, access, error) {
	root, info, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		root, info, err = d.found()
	}
	if err != nil {
		return nil, private, failed("open the store "+d.o.Dir, err)
	}
	if info.UID != d.o.FS.UID() {
		root.Close()
		return nil, private, d.readOnly("owned by " + guard.UserName(info.UID))
	}
	a := d.access(info)
	if err := d.settle(root, info, a); err != nil {
		root.Close()
		return nil, private, d.failed("prepare the store "+d.o.Dir, err)
	}
	return root, a, nil
}

// found makes the store's directory and those of its parents that are missing.
func (d *Dir) found() (Folder, Info, error) {
	if err := d.mkdirAll(d.real); err != nil {
		return nil, Info{}, err
	}
	root, info, err := d.root()
	if err != nil {
		return nil, Info{}, err
	}
	if err := root.DropACL(); err != nil {
		root.Close()
		return nil, Info{}, err
	}
	return root, info, nil
}

func (d *Dir) mkdirAll(path string) error {
	parent, name := filepath.Dir(path), filepath.Base(path)
	at, err := d.o.FS.OpenDir(parent)
	if errors.Is(err, fs.ErrNotExist) && parent != path {
		if err := d.mkdirAll(parent); err != nil {
			return err
		}
		at, err = d.o.FS.OpenDir(parent)
	}
	if err != nil {
		return err
	}
	defer at.Close()
	return mkdir(at, name)
}

// mkdir is content with a directory that somebody else just made.
func mkdir(at Folder, name string) error {
	_, err := mkdirNew(at, name)
	return err
}

func mkdirNew(at Folder, name string) (made bool, err error) {
	err = at.Mkdir(name, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, err
}

func (d *Dir) settle(root Folder, info Info, a access) error {
	if d.isSettled(info) {
		return nil
	}
	if err := d.makeKinds(root, a); err != nil {
		return err
	}
	if err := d.admit(root, info, a); err != nil {
		return err
	}
	if err := d.syncParents(root); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settled = info.ident()
	return nil
}

func (d *Dir) isSettled(info Info) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.settled == info.ident()
}

// syncRoot makes the entries of the store's directory durable; once for each Dir, since objects add none to it.
func (d *Dir) syncRoot(root Folder) error {
	info, err := root.Info()
	if err != nil {
		return err
	}
	d.mu.Lock()
	done := d.synced == info.ident()
	d.mu.Unlock()
	if done {
		return nil
	}
	if err := root.Sync(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.synced = info.ident()
	return nil
}

func (d *Dir) makeKinds(root Folder, a access) error {
	for _, kind := range kinds {
		made, err := mkdirNew(root, string(kind))
		if err != nil {
			return err
		}
		at, err := d.openKind(root, kind)
		if err != nil {
			return err
		}
		if made || kind == ledger.Keys {
			err = at.DropACL() // inherited, or set by somebody: no list opens keys/
		}
		if err == nil {
			err = a.of(kind).grant(at, a.of(kind).dir())
		}
		if err = closed(err, at); err != nil {
			return err
		}
	}
	return nil
}

// admit gives the readers what is there already, the store's directory last: while its mode is not as wanted, the
// next writer does it all again.
func (d *Dir) admit(root Folder, info Info, a access) error {
	if info.Mode.Perm() == a.dir() && (a.gid < 0 || info.GID == a.gid) {
		return nil
	}
	for _, kind := range []ledger.ObjectKind{ledger.Certs, ledger.Requests, cache} {
		at, err := d.openKind(root, kind)
		if kind == cache && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		err = admitFiles(at, a, func(string) bool { return true })
		if err = closed(err, at); err != nil {
			return err
		}
	}
	if err := admitFiles(root, a, func(name string) bool { return name == journal || isTorn(name) }); err != nil {
		return err
	}
	return a.grant(root, a.dir())
}

func admitFiles(at Folder, a access, wanted func(name string) bool) error {
	names, err := at.Names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if !wanted(name) || isTemporary(name) {
			continue
		}
		f, err := at.Open(name)
		if err != nil {
			continue // it went away, or is none of ours: doctor says so
		}
		err = a.grant(f, a.file())
		if err = closed(err, f); err != nil {
			return err
		}
	}
	return nil
}

// syncParents makes the entry of the store's directory durable. In a store whose journal nobody has made yet,
// directories above may be as young: those of this user are synced too.
func (d *Dir) syncParents(root Folder) error {
	_, err := root.Stat(journal)
	young := errors.Is(err, fs.ErrNotExist)
	for path := d.real; filepath.Dir(path) != path; {
		path = filepath.Dir(path)
		mine, err := d.syncParent(path)
		if err != nil {
			return err
		}
		if !young || !mine {
			return nil
		}
	}
	return nil
}

func (d *Dir) syncParent(path string) (mine bool, err error) {
	at, err := d.o.FS.OpenDir(path)
	if errors.Is(err, fs.ErrPermission) {
		return false, nil // whoever may not read a directory has not made an entry there
	}
	if err != nil {
		return false, err
	}
	defer at.Close()
	info, err := at.Info()
	if err != nil {
		return false, err
	}
	err = at.Sync()
	if errors.Is(err, syscall.EROFS) {
		err = nil // the store is a mount point
	}
	return info.UID == d.o.FS.UID(), err
}

func isTorn(name string) bool { return strings.HasPrefix(name, "torn-") }
