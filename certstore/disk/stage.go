package disk

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Staged is a file beside its target, not yet published: empty until Fill.
type Staged struct {
	at        Folder
	dir       string // of at, without symbolic links
	tmp, name string
	path      string
	overwrite bool
	done      bool
	inode     uint64
}

// ErrNotDurable says that a file stands at its path, and may not survive a power cut.
var ErrNotDurable = errors.New("the file is there, but it may not survive a power cut")

// Stage writes data to a temporary beside path, whose mode is never wider than mode. Nothing is at path until
// Commit. Symbolic links are followed in the directories of path, never at its end.
// Errors: fail.AlreadyExists if path exists and overwrite is not set, or is no regular file; Failed.
func Stage(fsys FS, path string, data []byte, mode fs.FileMode, overwrite bool) (*Staged, error) {
	s, err := Reserve(fsys, path, overwrite)
	if err != nil {
		return nil, err
	}
	if err := s.Fill(data, mode); err != nil {
		s.Cleanup()
		return nil, err
	}
	return s, nil
}

// Reserve makes the temporary of Stage, empty, so that it can be named to others before it holds anything. Errors as
// Stage's.
func Reserve(fsys FS, path string, overwrite bool) (*Staged, error) {
	if fsys == nil {
		fsys = OS()
	}
	s := &Staged{path: path, overwrite: overwrite, tmp: temporary()}
	if err := s.open(fsys); err != nil {
		return nil, failed("write "+path, err)
	}
	if err := s.reserve(); err != nil {
		s.at.Close()
		return nil, failed("write "+path, err)
	}
	return s, nil
}

// Left is what this process leaves if it dies before Commit or Cleanup.
func (s *Staged) Left() ledger.Left {
	return ledger.Left{Dir: s.dir, Name: s.tmp, Target: s.name, Inode: s.inode}
}

func (s *Staged) open(fsys FS) error {
	w, name, err := target(fsys, s.path)
	if err != nil {
		return err
	}
	s.name, s.dir = name, w.Real
	s.at, err = fsys.OpenDir(w.Real)
	return err
}

// target finds the directory of a path, links followed, and the name in it.
func target(fsys FS, path string) (dir guard.Way, name string, err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return guard.Way{}, "", err
	}
	dir, err = follow(fsys, filepath.Dir(abs))
	return dir, filepath.Base(abs), err
}

func (s *Staged) reserve() error {
	if err := s.vacant(); err != nil {
		return err
	}
	f, err := s.at.Create(s.tmp, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Info()
	err = closed(err, f)
	if err != nil {
		s.at.Unlink(s.tmp)
	}
	s.inode = info.Inode
	return err
}

// Fill writes the bytes and makes them durable.
func (s *Staged) Fill(data []byte, mode fs.FileMode) error {
	f, err := s.at.Edit(s.tmp)
	if err == nil {
		err = closed(fill(looseModes{f}, bytes.NewReader(data), private, mode), f)
	}
	if err != nil {
		return failed("write "+s.path, err)
	}
	return nil
}

// vacant refuses a target that must not be replaced.
func (s *Staged) vacant() error {
	info, err := s.at.Stat(s.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode.IsRegular():
		return fail.New(fail.AlreadyExists, "choose another path", "%s exists and is not a regular file",
			printable.Text(s.path))
	case !s.overwrite:
		return s.exists()
	}
	return nil
}

func (s *Staged) exists() error {
	return fail.New(fail.AlreadyExists, "choose another path, or overwrite it with --force", "%s exists",
		printable.Text(s.path))
}

// Commit publishes: when it returns nil the file survives a power cut. Without overwrite it never replaces. After an
// error nothing new is at path, unless it is ErrNotDurable: then, where it overwrites, the new file is there.
func (s *Staged) Commit() error {
	if err := s.publish(); err != nil {
		return failed("write "+s.path, err)
	}
	s.done = true
	s.at.Close()
	return nil
}

func (s *Staged) publish() error {
	if s.overwrite {
		if err := s.vacant(); err != nil {
			return err
		}
		if err := s.at.Rename(s.tmp, s.name); err != nil {
			return err
		}
		if err := s.at.Sync(); err != nil {
			hint := cmp.Or(hintFor(err), "see to the disk, then write it again")
			return fail.New(fail.Failed, hint, "%s: %w", printable.Text(s.path), fmt.Errorf("%w: %w", ErrNotDurable, err))
		}
		return nil
	}
	err := s.link()
	if errors.Is(err, fs.ErrExist) {
		return s.exists()
	}
	if err != nil {
		return err
	}
	if err := s.at.Sync(); err != nil {
		s.at.Unlink(s.name)
		return err
	}
	return nil
}

// link moves the temporary to its name without overwriting; FAT, for one, knows no links.
func (s *Staged) link() error {
	err := s.at.Link(s.tmp, s.name)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) || errors.Is(err, errors.ErrUnsupported) {
		err = s.at.RenameNew(s.tmp, s.name)
		if errors.Is(err, ErrUnsupported) {
			return fail.New(fail.Failed, "write it to another file system, or with --force, where nothing is at that path",
				"%s lies on a file system that cannot give a file a name without overwriting another", printable.Text(s.path))
		}
		return err
	}
	if err != nil {
		return err
	}
	if err := s.at.Unlink(s.tmp); err != nil {
		s.at.Unlink(s.name)
		return err
	}
	return nil
}

// Cleanup removes the temporary; after Commit it does nothing. Defer it.
func (s *Staged) Cleanup() {
	if s == nil || s.done {
		return
	}
	s.Discard()
}

// Discard is Cleanup for those who must know whether the temporary is gone.
func (s *Staged) Discard() error {
	if s.done {
		return nil
	}
	s.done = true
	err := s.at.Unlink(s.tmp)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return closed(err, s.at)
}

// Sweep deletes what a process left that died before Commit. It deletes nothing but the very file that was reserved,
// and says whether that stands at its target.
func Sweep(fsys FS, left ledger.Left) (published bool, err error) {
	at, err := fsys.OpenDir(left.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, failed("look for "+left.Path(), err)
	}
	defer at.Close()
	here, err := isLeft(left, at, left.Name)
	if err == nil && here {
		err = at.Unlink(left.Name)
		if err == nil {
			err = at.Sync()
		}
	}
	if err == nil {
		published, err = isLeft(left, at, left.Target)
	}
	if err != nil {
		return false, failed("delete "+left.Path(), err)
	}
	return published, nil
}

// Remains says whether the file that was reserved is still under its temporary name.
func Remains(fsys FS, l ledger.Left) (bool, error) {
	at, err := fsys.OpenDir(l.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, failed("look for "+l.Path(), err)
	}
	defer at.Close()
	return isLeft(l, at, l.Name)
}

func isLeft(l ledger.Left, at Folder, name string) (bool, error) {
	if !isTemporary(l.Name) || filepath.Base(l.Name) != l.Name || filepath.Base(name) != name {
		return false, nil // a line nobody here wrote
	}
	info, err := at.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Mode.IsRegular() && info.Inode == l.Inode, err
}

// looseModes takes a mode that cannot be set for set, if nobody else can read or write what only the owner should:
// FAT has one mode for all files.
type looseModes struct{ File }

func (f looseModes) Chmod(mode fs.FileMode) error {
	err := f.File.Chmod(mode)
	if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	info, statErr := f.File.Info()
	if statErr != nil || info.Mode.Perm()&0o066&^mode != 0 {
		return err
	}
	return nil
}
