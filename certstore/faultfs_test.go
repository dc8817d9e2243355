package certstore

import (
	"errors"
	"io/fs"
	"path/filepath"
	"sync/atomic"

	"certdesk/certstore/disk"
)

// faultFS is a file system on which tests interfere. before is asked ahead of each operation that matters: "open
// folder", "open", "edit", "create", "link", "unlink", "sync", "write", "lock". Its error fails that operation; it may
// also do, at that very moment, what another process could.
type faultFS struct {
	disk.FS
	before func(op, path string) error
}

func (f *faultFS) OpenDir(path string) (disk.Folder, error) {
	if err := f.before("open folder", path); err != nil {
		return nil, err
	}
	at, err := f.FS.OpenDir(path)
	if err != nil {
		return nil, err
	}
	return &faultFolder{at, f, path}, nil
}

type faultFolder struct {
	disk.Folder
	fs   *faultFS
	path string
}

func (d *faultFolder) OpenDir(name string) (disk.Folder, error) {
	path := filepath.Join(d.path, name)
	if err := d.fs.before("open folder", path); err != nil {
		return nil, err
	}
	at, err := d.Folder.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &faultFolder{at, d.fs, path}, nil
}

func (d *faultFolder) file(op, name string, open func() (disk.File, error)) (disk.File, error) {
	path := filepath.Join(d.path, name)
	if err := d.fs.before(op, path); err != nil {
		return nil, err
	}
	file, err := open()
	if err != nil {
		return nil, err
	}
	return &faultFile{file, d.fs, path}, nil
}

func (d *faultFolder) Open(name string) (disk.File, error) {
	return d.file("open", name, func() (disk.File, error) { return d.Folder.Open(name) })
}

func (d *faultFolder) Edit(name string) (disk.File, error) {
	return d.file("edit", name, func() (disk.File, error) { return d.Folder.Edit(name) })
}

func (d *faultFolder) Create(name string, mode fs.FileMode) (disk.File, error) {
	return d.file("create", name, func() (disk.File, error) { return d.Folder.Create(name, mode) })
}

func (d *faultFolder) Link(from, to string) error {
	return d.fs.then("link", filepath.Join(d.path, to), func() error { return d.Folder.Link(from, to) })
}

func (d *faultFolder) Unlink(name string) error {
	return d.fs.then("unlink", filepath.Join(d.path, name), func() error { return d.Folder.Unlink(name) })
}

func (d *faultFolder) Sync() error { return d.fs.then("sync", d.path, d.Folder.Sync) }
func (d *faultFolder) Lock() error { return d.fs.then("lock", d.path, d.Folder.Lock) }

type faultFile struct {
	disk.File
	fs   *faultFS
	path string
}

func (f *faultFile) Sync() error { return f.fs.then("sync", f.path, f.File.Sync) }
func (f *faultFile) Lock() error { return f.fs.then("lock", f.path, f.File.Lock) }

// WriteAt leaves half of what it was given when it fails.
func (f *faultFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.fs.before("write", f.path); err != nil {
		n, half := f.File.WriteAt(p[:len(p)/2], off)
		return n, errors.Join(err, half)
	}
	return f.File.WriteAt(p, off)
}

func (f *faultFS) then(op, path string, do func() error) error {
	if err := f.before(op, path); err != nil {
		return err
	}
	return do()
}

// interrupted gives another store on the fixture's directory. Just before its first operation op on path, do runs; an
// error from it fails the operation.
func (f *fixture) interrupted(op, path string, do func() error) *Store {
	f.Helper()
	var done atomic.Bool
	return f.open(&faultFS{disk.OS(), func(o, p string) error {
		if o != op || p != path || done.Swap(true) {
			return nil
		}
		return do()
	}}, f.store.Dir(), f.ca.root)
}

// outrun gives another store on the fixture's directory, whose first writer is outrun: do runs when all is decided and
// prepared, and the lock is about to be taken.
func (f *fixture) outrun(do func()) *Store {
	f.Helper()
	return f.interrupted("lock", f.inStore("lock"), func() error { do(); return nil })
}
