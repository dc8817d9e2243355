package disktest

import (
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"syscall"

	"certdesk/certstore/disk"
)

// folder is an open directory.
type folder struct {
	m    *Model
	node int
	path string
}

func (f *folder) entry(w *world, name string) (int, error) {
	if id, ok := w.nodes[f.node].now.entries[name]; ok {
		return id, nil
	}
	return 0, syscall.ENOENT
}

func (f *folder) Info() (info disk.Info, err error) {
	err = f.m.look("fstat", f.path, func(w *world) error {
		info = w.info(f.node)
		return nil
	})
	return info, err
}

func (f *folder) Stat(name string) (info disk.Info, err error) {
	err = f.m.look("stat", path.Join(f.path, name), func(w *world) error {
		id, err := f.entry(w, name)
		if err == nil {
			info = w.info(id)
		}
		return err
	})
	return info, err
}

func (f *folder) Names() (names []string, err error) {
	err = f.m.look("readdir", f.path, func(w *world) error {
		names = slices.Collect(maps.Keys(w.nodes[f.node].now.entries))
		return nil
	})
	return names, err
}

func (f *folder) OpenDir(name string) (disk.Folder, error) {
	return f.m.OpenDir(path.Join(f.path, name))
}

func (f *folder) Mkdir(name string, mode fs.FileMode) error {
	return f.add("mkdir", name, mode)
}

func (f *folder) add(kind, name string, mode fs.FileMode) error {
	op := Op{Kind: kind, Path: path.Join(f.path, name), node: f.node, name: name, mode: mode}
	return f.m.do(op, func(w *world) error {
		if _, err := f.entry(w, name); err == nil {
			return syscall.EEXIST
		}
		return nil
	})
}

func (f *folder) Open(name string) (disk.File, error) { return f.open("open", name) }

func (f *folder) Edit(name string) (disk.File, error) { return f.open("edit", name) }

func (f *folder) open(kind, name string) (disk.File, error) {
	h := &file{folder{m: f.m, path: path.Join(f.path, name)}}
	err := f.m.look(kind, h.path, func(w *world) (err error) {
		if h.node, err = f.entry(w, name); err == nil && w.nodes[h.node].dir {
			err = disk.ErrNotRegular
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

func (f *folder) Create(name string, mode fs.FileMode) (disk.File, error) {
	if err := f.add("create", name, mode); err != nil {
		return nil, err
	}
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	id, err := f.entry(f.m.now, name)
	return &file{folder{m: f.m, node: id, path: path.Join(f.path, name)}}, err
}

func (f *folder) Link(from, to string) error {
	op := Op{Kind: "link", Path: path.Join(f.path, from), node: f.node, name: from, to: to}
	return f.m.do(op, func(w *world) error { return f.mayMove(w, from, to, false) })
}

func (f *folder) Rename(from, to string) error {
	op := Op{Kind: "rename", Path: path.Join(f.path, from), node: f.node, name: from, to: to}
	return f.m.do(op, func(w *world) error { return f.mayMove(w, from, to, true) })
}

func (f *folder) RenameNew(from, to string) error {
	op := Op{Kind: "rename", Path: path.Join(f.path, from), node: f.node, name: from, to: to}
	return f.m.do(op, func(w *world) error { return f.mayMove(w, from, to, false) })
}

func (f *folder) mayMove(w *world, from, to string, overwrite bool) error {
	if _, err := f.entry(w, from); err != nil {
		return err
	}
	if _, err := f.entry(w, to); err == nil && !overwrite {
		return syscall.EEXIST
	}
	return nil
}

func (f *folder) Unlink(name string) error {
	op := Op{Kind: "unlink", Path: path.Join(f.path, name), node: f.node, name: name}
	return f.m.do(op, func(w *world) error {
		_, err := f.entry(w, name)
		return err
	})
}

func (f *folder) Chmod(mode fs.FileMode) error {
	return f.m.do(Op{Kind: "chmod", Path: f.path, node: f.node, mode: mode}, nil)
}

func (f *folder) Chown(gid int) error {
	return f.m.do(Op{Kind: "chown", Path: f.path, node: f.node, gid: gid}, nil)
}

// DropACL has nothing to do: the model has no access lists.
func (f *folder) DropACL() error { return nil }

func (f *folder) Sync() error { return f.m.do(Op{Kind: "fsync", Path: f.path, node: f.node}, nil) }

func (f *folder) Lock() error {
	return f.m.look("lock", f.path, func(*world) error {
		if holder, held := f.m.locks[f.node]; held && holder != any(f) {
			return disk.ErrBusy
		}
		f.m.locks[f.node] = f
		return nil
	})
}

func (f *folder) Close() error {
	err := f.m.look("close", f.path, nil)
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if f.m.locks[f.node] == any(f) {
		delete(f.m.locks, f.node)
	}
	return err
}

// file is an open file; it has what a directory has of a descriptor.
type file struct{ folder }

func (f *file) ReadAt(p []byte, off int64) (n int, err error) {
	err = f.m.look("read", f.path, func(w *world) error {
		if data := w.nodes[f.node].now.data; off < int64(len(data)) {
			n = copy(p, data[off:])
		}
		return nil
	})
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (f *file) WriteAt(p []byte, off int64) (int, error) {
	op := Op{Kind: "write", Path: f.path, node: f.node, off: off, data: slices.Clone(p)}
	if err := f.m.do(op, nil); err != nil {
		return len(p) / 2, err
	}
	return len(p), nil
}

func (f *file) Truncate(size int64) error {
	return f.m.do(Op{Kind: "truncate", Path: f.path, node: f.node, off: size}, nil)
}
