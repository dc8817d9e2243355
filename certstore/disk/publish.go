package disk

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"sync"

	"certdesk/certstore/fail"
)

// source is where a file's bytes come from: the memory, or a part of another file that may be larger than that.
type source interface {
	io.ReaderAt
	Size() int64
}

// publishFrom makes a complete, durable file appear under a name, or nothing.
func publishFrom(at Folder, name string, from source, a access) error {
	return publishAll(at, []*pending{{name: name, from: from}}, a)
}

// pending is a file to publish, and how far it got.
type pending struct {
	name  string
	from  source
	tmp   string // where its bytes lie; "" if they were under its name already
	named bool   // it has its name, by this publication
}

// publishAll is publishFrom for several files of a directory, all or none of them. Their bytes are made durable side by
// side, which costs a file system little more than one of them does, and their names together.
func publishAll(at Folder, list []*pending, a access) error {
	err := atOnce(list, func(p *pending) error { return p.write(at, a) })
	for i := 0; i < len(list) && err == nil; i++ {
		err = list[i].link(at)
	}
	if err == nil {
		err = at.Sync()
	}
	if err != nil {
		for _, p := range list {
			p.withdraw(at)
		}
	}
	return err
}

// write makes the bytes durable under a temporary name, unless they are under their own already.
func (p *pending) write(at Folder, a access) error {
	found, err := confirm(at, p.name, p.from)
	if found || err != nil {
		return err
	}
	p.tmp = temporary()
	return writeNew(at, p.tmp, p.from, a)
}

func (p *pending) link(at Folder) error {
	if p.tmp == "" {
		return nil
	}
	if err := at.Link(p.tmp, p.name); err != nil {
		return lacksWhat("hard links", err)
	}
	p.named = true
	err := at.Unlink(p.tmp)
	if err == nil {
		p.tmp = ""
	}
	return err
}

// withdraw takes back what was written: nobody was told of it, and nobody else published it, since this is our turn.
func (p *pending) withdraw(at Folder) {
	if p.tmp != "" {
		at.Unlink(p.tmp)
	}
	if p.named {
		at.Unlink(p.name)
	}
}

// syncsAtOnce is how many files are made durable side by side; more gain nothing on the file systems measured.
const syncsAtOnce = 16

// atOnce does something for each file, several at a time, and gives the first error in order.
func atOnce(list []*pending, do func(*pending) error) error {
	errs := make([]error, len(list))
	var wait sync.WaitGroup
	for w := range min(syncsAtOnce, len(list)) {
		wait.Go(func() {
			for i := w; i < len(list); i += syncsAtOnce {
				errs[i] = do(list[i])
			}
		})
	}
	wait.Wait()
	return cmp.Or(errs...)
}

// confirm says whether the bytes are there already. Who wrote them may have died before the fsync, so they are made
// durable here; their name is by the caller.
func confirm(at Folder, name string, from source) (found bool, err error) {
	f, err := at.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, notAnObject(name, err)
	}
	defer f.Close()
	equal, err := same(f, from)
	if err != nil {
		return false, err
	}
	if !equal {
		return false, fail.New(fail.Damaged, "run `certdesk doctor`",
			"%s is damaged: its content is not what its file name says", name)
	}
	return true, f.Sync()
}

// same compares a file with bytes piece by piece.
func same(f File, from source) (bool, error) {
	info, err := f.Info()
	if err != nil || info.Size != from.Size() {
		return false, err
	}
	errDiffers, have := errors.New("differs"), make([]byte, min(chunkSize, from.Size()))
	err = inPieces(from, 0, from.Size(), func(piece []byte, at int64) error {
		n, err := f.ReadAt(have[:len(piece)], at)
		if n < len(piece) {
			return err
		}
		if !bytes.Equal(have[:n], piece) {
			return errDiffers
		}
		return nil
	})
	if err == errDiffers {
		return false, nil
	}
	return err == nil, err
}

func temporary() string { return tmpPrefix + rand.Text() }

// writeNew writes a file that nobody else has seen and makes its bytes durable. A failed fsync is never repeated:
// after it the kernel takes lost pages for written ones (Rebello et al., USENIX ATC 2020).
func writeNew(at Folder, name string, from source, a access) error {
	f, err := at.Create(name, 0o600)
	if err != nil {
		return err
	}
	return closed(fill(f, from, a, a.file()), f)
}

func fill(f File, from source, a access, mode fs.FileMode) error {
	if err := f.DropACL(); err != nil {
		return err
	}
	if err := a.grant(f, mode); err != nil {
		return err
	}
	err := inPieces(from, 0, from.Size(), func(piece []byte, at int64) error {
		_, err := f.WriteAt(piece, at)
		return err
	})
	if err != nil {
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
