package services

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// maxText is the largest configuration file that is read, in bytes.
const maxText = 8 << 20

// settledAge is how much older a replaced file is made than it is. Every process of Postfix waits for seconds before
// it reads a file that has just changed, since it could be half written; one that was renamed into place is not.
const settledAge = 3 * time.Second

// contentOf reads what is at a path, a link as itself. What is neither a file nor a link is an error.
func contentOf(path string) (Content, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Content{Kind: Absent}, nil
	case err != nil:
		return Content{}, err
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(path)
		return Content{Kind: Link, Link: target}, err
	case !info.Mode().IsRegular():
		return Content{}, fmt.Errorf("%s is no regular file", printable.Text(path))
	}
	data, err := readFile(path)
	c := Content{Kind: Regular, Data: data, Mode: info.Mode().Perm()}
	c.UID, c.GID = ownerOf(info)
	return c, err
}

// readFile reads a regular file of at most maxText bytes; it waits for no FIFO.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", printable.Text(path))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err == nil && len(data) > maxText {
		err = fmt.Errorf("%s is larger than 8 MB", printable.Text(path))
	}
	return data, err
}

func (c Content) same(d Content) bool {
	return c.Kind == d.Kind && string(c.Data) == string(d.Data) && c.Mode == d.Mode && c.Link == d.Link &&
		(c.Kind != Regular || c.UID == d.UID && c.GID == d.GID)
}

// put makes a path be the content, at once: a temporary beside it, made durable, renamed over it.
func (c Content) put(path string) error {
	if c.Kind == Absent {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return cannot("remove", path, err)
		}
		return syncDir(filepath.Dir(path))
	}
	tmp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".certdesk-"+random())
	defer os.Remove(tmp)
	err := c.create(tmp)
	if err == nil && c.Kind == Regular {
		err = keepAttributes(path, tmp)
	}
	if err != nil {
		return cannot("write", path, err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return cannot("write", path, err)
	}
	return syncDir(filepath.Dir(path))
}

func (c Content) create(path string) error {
	if c.Kind == Link {
		return os.Symlink(c.Link, path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := fill(f, c.Data, c.Mode, c.UID, c.GID); err != nil {
		return err
	}
	settled := time.Now().Add(-settledAge)
	return os.Chtimes(path, settled, settled)
}

// fill writes a new file and makes it durable. Its owner is set before its mode, so that it is never readable by
// somebody it is not for.
func fill(f *os.File, data []byte, mode fs.FileMode, uid, gid int) error {
	err := own(f, uid, gid)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// own gives a file to its owner; one that is right already needs no permission to be given away.
func own(f *os.File, uid, gid int) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if u, g := ownerOf(info); u == uid && g == gid {
		return nil
	}
	return f.Chown(uid, gid)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return cannot("read", path, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return cannot("make durable", path, err)
	}
	return nil
}

func random() string {
	b := make([]byte, 6)
	rand.Read(b)
	return hex.EncodeToString(b)
}

func cannot(what, path string, err error) error {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		err = pe.Err
	case errors.As(err, &le):
		err = le.Err
	}
	code, hint := fail.Failed, ""
	if errors.Is(err, fs.ErrPermission) {
		code, hint = fail.NotPermitted, "run certdesk as root"
	}
	return fail.New(code, hint, "cannot %s %s: %w", what, printable.Text(path), err)
}
