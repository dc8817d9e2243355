package services

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"certdesk/certstore/beneath"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
	"certdesk/certstore/replace"
	"certdesk/certstore/services/daemon"
)

// settledAge is how much older a replaced file is made than it is. Every process of Postfix waits for seconds before
// it reads a file that has just changed, since it could be half written; one that was renamed into place is not.
const settledAge = 3 * time.Second

// contentOf reads what is at a path, a link as itself. What is neither a file nor a link is an error.
func contentOf(path string) (Content, error) {
	dir, err := beneath.Open(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		return Content{Kind: Absent}, nil
	}
	if err != nil {
		return Content{}, err
	}
	defer dir.Close()
	return contentIn(dir, filepath.Base(path))
}

func contentIn(dir *os.Root, name string) (Content, error) {
	info, err := dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Content{Kind: Absent}, nil
	case err != nil:
		return Content{}, err
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := dir.Readlink(name)
		return Content{Kind: Link, Link: target}, err
	case !info.Mode().IsRegular():
		return Content{}, fmt.Errorf("%s is not a regular file", printable.Text(name))
	}
	f, err := openFile(dir, name, info)
	if err != nil {
		return Content{}, err
	}
	defer f.Close()
	data, err := daemon.ReadAll(f)
	c := Content{Kind: Regular, Data: data, Mode: info.Mode().Perm()}
	c.UID, c.GID = guard.Owners(info)
	return c, err
}

// openFile opens for reading the regular file that info tells of, and nothing that took its place; it waits for no
// FIFO.
func openFile(dir *os.Root, name string, info fs.FileInfo) (*os.File, error) {
	f, err := dir.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	now, err := f.Stat()
	if err == nil && !os.SameFile(info, now) {
		err = meanwhile(name)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (c Content) same(d Content) bool {
	return c.Kind == d.Kind && string(c.Data) == string(d.Data) && c.Mode == d.Mode && c.Link == d.Link &&
		(c.Kind != Regular || c.UID == d.UID && c.GID == d.GID)
}

// putIn makes a path in a directory be the content, at once: a temporary beside it, made durable, renamed over it.
func (c Content) putIn(dir *os.Root, path string) error {
	name := filepath.Base(path)
	if c.Kind == Absent {
		if err := dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return daemon.Cannot("remove", path, err)
		}
		return replace.Sync(dir)
	}
	tmp := replace.Temporary(besidePrefix(name))
	defer dir.Remove(tmp)
	if err := c.create(dir, tmp, name); err != nil {
		return daemon.Cannot("write", path, err)
	}
	if err := dir.Rename(tmp, name); err != nil {
		return daemon.Cannot("write", path, err)
	}
	return replace.Sync(dir)
}

// besidePrefix begins the name of the temporary that a file is replaced by.
func besidePrefix(name string) string { return "." + name + ".certdesk-" }

// create makes the temporary that will replace name.
func (c Content) create(dir *os.Root, tmp, name string) error {
	if c.Kind == Link {
		return dir.Symlink(c.Link, tmp)
	}
	old, err := replaced(dir, name)
	if err != nil {
		return err
	}
	if old != nil {
		defer old.Close()
	}
	if err := (replace.File{Data: c.Data, Mode: c.Mode, UID: c.UID, GID: c.GID}).Create(dir, tmp, old); err != nil {
		return err
	}
	settled := time.Now().Add(-settledAge)
	return dir.Chtimes(tmp, settled, settled)
}

// replaced opens the regular file that is at a name, nil where there is none.
func replaced(dir *os.Root, name string) (*os.File, error) {
	info, err := dir.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return openFile(dir, name, info)
}

// sweepBeside removes the temporaries that a process left beside a file when it died: they may hold a key.
func sweepBeside(path string) error {
	dir, err := beneath.Open(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return daemon.Cannot("read", path, err)
	}
	defer dir.Close()
	return sweepNames(dir, besidePrefix(filepath.Base(path)))
}

// sweepNames removes all of a directory that begins so.
func sweepNames(dir *os.Root, prefix string) error {
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return daemon.Cannot("read", dir.Name(), err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		if err := dir.RemoveAll(e.Name()); err != nil {
			return daemon.Cannot("remove", filepath.Join(dir.Name(), e.Name()), err)
		}
	}
	return nil
}
