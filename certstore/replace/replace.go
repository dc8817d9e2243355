// Package replace puts a new file in the place of another.
//
// Its promise: a reader finds the old bytes or the new ones, whole, also after a crash; the new file is never readable
// by somebody it is not for, and keeps what the old one had beside its bytes (access list, security label).
package replace

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"

	"certdesk/certstore/guard"
)

// File is what a file is to be.
type File struct {
	Data     []byte
	Mode     fs.FileMode
	UID, GID int
}

// Create makes the temporary that is to be renamed over old, which is nil where there is none, and makes it durable.
func (f File) Create(dir *os.Root, temporary string, old *os.File) error {
	to, err := dir.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = guard.DropACL(to)
	if err == nil && old != nil {
		err = keepAttributes(old, to)
	}
	if err != nil {
		to.Close()
		return err
	}
	return f.Fill(to)
}

// Fill writes a new file, makes it durable and closes it. Its owner is set before its mode, so that it is never
// readable by somebody it is not for.
func (f File) Fill(to *os.File) error {
	err := f.own(to)
	if err == nil {
		err = to.Chmod(f.Mode)
	}
	if err == nil {
		_, err = to.Write(f.Data)
	}
	if err == nil {
		err = to.Sync()
	}
	return errors.Join(err, to.Close())
}

// own gives a file to its owner; one that is right already needs no permission to be given away.
func (f File) own(to *os.File) error {
	info, err := to.Stat()
	if err != nil {
		return err
	}
	if uid, gid := guard.Owners(info); uid == f.UID && gid == f.GID {
		return nil
	}
	return to.Chown(f.UID, f.GID)
}

// Sync makes the entries of a directory durable.
func Sync(dir *os.Root) error {
	d, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Temporary is a name that nobody else has for what will be renamed.
func Temporary(prefix string) string {
	b := make([]byte, 6)
	rand.Read(b)
	return prefix + hex.EncodeToString(b)
}
