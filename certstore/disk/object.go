package disk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// Top is the store's directory itself, for List only.
const Top ledger.ObjectKind = ""

var kinds = []ledger.ObjectKind{ledger.Keys, ledger.Certs, ledger.Requests, ledger.Undo}

var suffixes = map[ledger.ObjectKind]string{ledger.Keys: ".key", ledger.Certs: ".pem", ledger.Requests: ".req",
	ledger.Undo: ".json"}

const (
	maxObject = 16 << 20 // bytes; the longest certificate seen in the field has 2.5 MB
	nameLen   = 64       // hex digits of a SHA-256
	tmpPrefix = ".tmp-"
)

// fileOf gives the file name of an object: a hash and a suffix, never a name that somebody chose.
func fileOf(k ledger.ObjectKind, name string) (string, error) {
	suffix, ok := suffixes[k]
	if !ok || !isHash(name) {
		return "", fail.New(fail.Failed, "", "%q is not the name of an object in %q", name, string(k))
	}
	return name + suffix, nil
}

func isHash(s string) bool {
	return len(s) == nameLen && strings.Trim(s, "0123456789abcdef") == ""
}

// ValidObject says whether kind and name, 64 lower-case hex digits, can be those of an object. Every method that
// takes a name refuses others; a line of the journal that names one can be recognised before anything is done.
func ValidObject(kind ledger.ObjectKind, name string) bool {
	_, err := fileOf(kind, name)
	return err == nil
}

// owns says whether a file name is that of an object of this kind.
func owns(k ledger.ObjectKind, file string) bool {
	name, ok := strings.CutSuffix(file, suffixes[k])
	return k != Top && ok && isHash(name)
}

func isTemporary(name string) bool { return strings.HasPrefix(name, tmpPrefix) }

// shortName names an object in a message.
func shortName(k ledger.ObjectKind, name string) string {
	if len(name) > 8 {
		name = name[:8] + "…"
	}
	return string(k) + "/" + name + suffixes[k]
}

// Path is where an object lies, for messages. name is 64 lower-case hex digits, without suffix.
func (d *Dir) Path(kind ledger.ObjectKind, name string) string {
	return filepath.Join(d.o.Dir, string(kind), name+suffixes[kind])
}

// Put publishes an object; when it returns nil the object survives a power cut. Putting the same bytes again is
// success. It needs no lock and takes 2 fsyncs. A purge by another process may unlink an object that is referred to
// by no record yet and was there before: ask Has inside Update for what the record will name, and Put again.
// Errors: ReadOnly, InDoubt, Locked, Damaged if other bytes lie there, LimitExceeded, Failed.
func (d *Dir) Put(kind ledger.ObjectKind, name string, data []byte) error {
	return d.PutAll(kind, map[string][]byte{name: data})
}

// PutAll is Put for several objects of a kind, by name: all of them survive, or none is promised to. It takes one fsync
// an object, side by side, and one for the directory.
func (d *Dir) PutAll(kind ledger.ObjectKind, objects map[string][]byte) error {
	var list []*pending
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		file, err := fileOf(kind, name)
		if err != nil {
			return err
		}
		if len(objects[name]) > maxObject {
			return fail.New(fail.LimitExceeded, "", "%s would have %d bytes; the limit is %d", shortName(kind, name),
				len(objects[name]), maxObject)
		}
		list = append(list, &pending{name: file, from: bytes.NewReader(objects[name])})
	}
	if len(list) == 0 {
		return nil
	}
	what := "write " + shortName(kind, strings.TrimSuffix(list[0].name, suffixes[kind]))
	return d.change(kind, what, func(at Folder, a access) error { return publishAll(at, list, a.of(kind)) })
}

// Delete destroys an object durably, and with it what writers of it left when they died; one that is gone already is
// success. For purge alone: call it from Tx.After. A name that is no ValidObject is fail.Failed, and nothing is done.
func (d *Dir) Delete(kind ledger.ObjectKind, name string) error {
	file, err := fileOf(kind, name)
	if err != nil {
		return err
	}
	return d.change(kind, "delete "+shortName(kind, name), func(at Folder, _ access) error {
		return destroy(at, file)
	})
}

// change does something to the directory of a kind. Those who publish or delete take turns, so that undoing one's own
// failed publication never takes away what another relies on.
func (d *Dir) change(kind ledger.ObjectKind, what string, do func(Folder, access) error) error {
	if err := d.mayWrite(); err != nil {
		return err
	}
	root, a, err := d.layout()
	if err != nil {
		return failed(what, err)
	}
	defer root.Close()
	if err := d.needJournal(root, a); err != nil {
		return err
	}
	at, err := d.openKind(root, kind)
	if err != nil {
		return failed(what, err)
	}
	defer at.Close()
	if err := d.inTurn(root, func() error { return do(at, a) }); err != nil {
		return d.failed(what, err)
	}
	return nil
}

func (d *Dir) inTurn(root Folder, do func() error) error {
	if err := d.syncRoot(root); err != nil {
		return err
	}
	turn, err := d.turn(context.Background(), root) // Options.LockWait bounds it; what is half done is not given up
	if err != nil {
		return err
	}
	defer turn.Close()
	return do()
}

// openKind opens a directory of objects, which must be the store's own.
func (d *Dir) openKind(root Folder, kind ledger.ObjectKind) (Folder, error) {
	what := filepath.Join(d.o.Dir, string(kind))
	at, err := root.OpenDir(string(kind))
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENOTDIR) {
		return nil, fail.New(fail.UnsafeStore, "move it away, and find out where it came from",
			"%s is not a directory: %w", what, err)
	}
	if err != nil {
		return nil, err
	}
	if err := d.ownedBy(root, at, what, what); err != nil {
		at.Close()
		return nil, err
	}
	return at, nil
}

// ownedBy refuses what is in the store's directory and belongs to somebody else than the store.
func (d *Dir) ownedBy(root Folder, at owned, what, path string) error {
	store, err := root.Info()
	if err != nil {
		return err
	}
	info, err := at.Info()
	if err != nil {
		return err
	}
	return ownOnly(what, path, info, store.UID)
}

// Get reads an object, 16 MiB at most. A missing one is fail.Damaged, and errors.Is(err, fs.ErrNotExist).
// Other errors: NotPermitted, UnsafeStore, LimitExceeded, Failed.
func (d *Dir) Get(kind ledger.ObjectKind, name string) ([]byte, error) {
	file, err := fileOf(kind, name)
	if err != nil {
		return nil, err
	}
	data, err := d.read(kind, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fail.New(fail.Damaged, "run `certdesk doctor`", "read %s: %w", shortName(kind, name), err)
	}
	if err != nil {
		return nil, unreadable("read "+shortName(kind, name), err)
	}
	return data, nil
}

func (d *Dir) read(kind ledger.ObjectKind, file string) ([]byte, error) {
	root, _, err := d.root()
	if err != nil {
		return nil, err
	}
	defer root.Close()
	at, err := d.openKind(root, kind)
	if err != nil {
		return nil, err
	}
	defer at.Close()
	f, err := at.Open(file)
	if err != nil {
		return nil, notAnObject(file, err)
	}
	defer f.Close()
	return readAll(f, maxObject)
}

func notAnObject(name string, err error) error {
	if errors.Is(err, ErrNotRegular) || errors.Is(err, syscall.ELOOP) {
		return fail.New(fail.Damaged, "run `certdesk doctor`", "%s is not a regular file: %w", name, err)
	}
	return err
}

func readAll(f File, limit int64) ([]byte, error) {
	info, err := f.Info()
	if err != nil {
		return nil, err
	}
	if info.Size > limit {
		return nil, fail.New(fail.LimitExceeded, "", "it has %d bytes; the limit is %d", info.Size, limit)
	}
	data := make([]byte, info.Size)
	n, err := f.ReadAt(data, 0)
	if n == len(data) || errors.Is(err, io.EOF) {
		err = nil
	}
	return data[:n], err
}

// Has says whether an object is there, without reading it.
func (d *Dir) Has(kind ledger.ObjectKind, name string) (bool, error) {
	missing, err := d.Missing(kind, name)
	return len(missing) == 0 && err == nil, err
}

// Missing gives those of the names whose objects are not there.
func (d *Dir) Missing(kind ledger.ObjectKind, names ...string) (missing []string, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	root, _, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return names, nil
	}
	if err != nil {
		return nil, unreadable("look for "+shortName(kind, names[0]), err)
	}
	defer root.Close()
	at, err := d.openKind(root, kind)
	if errors.Is(err, fs.ErrNotExist) {
		return names, nil
	}
	if err != nil {
		return nil, unreadable("look for "+shortName(kind, names[0]), err)
	}
	defer at.Close()
	for _, name := range names {
		file, err := fileOf(kind, name)
		if err != nil {
			return nil, err
		}
		lacking, err := lacks(at, file)
		if err != nil {
			return nil, unreadable("look for "+shortName(kind, name), err)
		}
		if lacking {
			missing = append(missing, name)
		}
	}
	return missing, nil
}
