package disk

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"

	"certdesk/certstore/fail"
)

// publish makes a complete, durable file appear under a name, or nothing.
func publish(at Folder, name string, data []byte, a access) error {
	if found, err := confirm(at, name, data); found || err != nil {
		return err
	}
	tmp := temporary()
	if err := writeNew(at, tmp, data, a); err != nil {
		at.Unlink(tmp)
		return err
	}
	if err := at.Link(tmp, name); err != nil {
		at.Unlink(tmp)
		return err
	}
	err := at.Unlink(tmp)
	if err == nil {
		err = at.Sync()
	}
	if err != nil {
		at.Unlink(name) // nobody was told of it, and nobody else published it: this is our turn
	}
	return err
}

// confirm says whether the bytes are there already. Who wrote them may have died before the fsync, so they are made
// durable here.
func confirm(at Folder, name string, data []byte) (found bool, err error) {
	f, err := at.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, notAnObject(name, err)
	}
	defer f.Close()
	have, err := readAll(f, maxObject)
	if err != nil {
		return false, err
	}
	if !bytes.Equal(have, data) {
		return false, fail.New(fail.Damaged, "run certdesk doctor", "%s holds other bytes than its name says", name)
	}
	if err := f.Sync(); err != nil {
		return false, err
	}
	return true, at.Sync()
}

func temporary() string { return tmpPrefix + rand.Text() }

// writeNew writes a file that nobody else has seen and makes its bytes durable. A failed fsync is never repeated:
// after it the kernel takes lost pages for written ones (Rebello et al., USENIX ATC 2020).
func writeNew(at Folder, name string, data []byte, a access) error {
	f, err := at.Create(name, 0o600)
	if err != nil {
		return err
	}
	return closed(fill(f, data, a, a.file()), f)
}

func fill(f File, data []byte, a access, mode fs.FileMode) error {
	if err := a.grant(f, mode); err != nil {
		return err
	}
	if _, err := f.WriteAt(data, 0); err != nil {
		return err
	}
	return f.Sync()
}

// closed closes c and gives the first error: a close can be the one that says a write failed.
func closed(err error, c io.Closer) error {
	if cerr := c.Close(); err == nil {
		return cerr
	}
	return err
}
