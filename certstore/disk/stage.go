package disk

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Staged is a file beside its target, written and durable, not yet published.
type Staged struct {
	at        Folder
	tmp, name string
	path      string
	overwrite bool
	done      bool
}

// Stage writes data to a temporary beside path, whose mode is never wider than mode. Nothing is at path until
// Commit. Symbolic links are followed in the directories of path, never at its end.
// Errors: fail.AlreadyExists if path exists and overwrite is not set, or is no regular file; Failed.
func Stage(fsys FS, path string, data []byte, mode fs.FileMode, overwrite bool) (*Staged, error) {
	if fsys == nil {
		fsys = OS()
	}
	s := &Staged{path: path, overwrite: overwrite, tmp: temporary()}
	if err := s.open(fsys); err != nil {
		return nil, failed("write "+path, err)
	}
	if err := s.write(data, mode); err != nil {
		s.at.Close()
		return nil, failed("write "+path, err)
	}
	return s, nil
}

func (s *Staged) open(fsys FS) error {
	w, name, err := target(fsys, s.path)
	if err != nil {
		return err
	}
	s.name = name
	s.at, err = fsys.OpenDir(w.real)
	return err
}

// target finds the directory of a path, links followed, and the name in it.
func target(fsys FS, path string) (dir way, name string, err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return way{}, "", err
	}
	dir, err = walk(fsys, filepath.Dir(abs))
	return dir, filepath.Base(abs), err
}

func (s *Staged) write(data []byte, mode fs.FileMode) error {
	if err := s.vacant(); err != nil {
		return err
	}
	f, err := s.at.Create(s.tmp, 0o600)
	if err != nil {
		return err
	}
	if err = closed(fill(looseModes{f}, bytes.NewReader(data), private, mode), f); err != nil {
		s.at.Unlink(s.tmp)
	}
	return err
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
		return fail.New(fail.AlreadyExists, "choose another path", "%s is there and no regular file", printable.Text(s.path))
	case !s.overwrite:
		return s.exists()
	}
	return nil
}

func (s *Staged) exists() error {
	return fail.New(fail.AlreadyExists, "choose another path, or overwrite it with --force", "%s exists", printable.Text(s.path))
}

// Commit publishes: when it returns nil the file survives a power cut. Without overwrite it never replaces. After an
// error nothing new is at path; only where overwriting may the new file be there already, not yet durable.
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
		return s.at.Sync()
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
		return s.at.RenameNew(s.tmp, s.name)
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
	s.done = true
	s.at.Unlink(s.tmp)
	s.at.Close()
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
