package services

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// makeBase makes the directory of the versions and refuses one that somebody else could exchange.
func (s *Service) makeBase(base string) error {
	if err := makeDirs(base); err != nil {
		return cannot("make", base, err)
	}
	real, err := filepath.EvalSymlinks(base)
	if err != nil {
		return cannot("read", base, err)
	}
	reader, _, err := s.host.owner(s.reader())
	if err != nil {
		return err
	}
	for at := real; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err != nil {
			return cannot("read", at, err)
		}
		if why := loose(info, reader); why != "" {
			return fail.New(fail.UnsafeStore, "chown root and chmod go-w it, or install elsewhere", "%s %s: whoever can write there could exchange the key", printable.Text(at), why)
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}

func loose(info fs.FileInfo, reader int) string {
	uid, gid := ownerOf(info)
	perm := info.Mode().Perm()
	switch {
	case uid > 0 && uid != os.Geteuid() && uid != reader:
		return "belongs to another user"
	case info.Mode()&fs.ModeSticky != 0:
		return ""
	case perm&0o002 != 0, perm&0o020 != 0 && gid > 0 && gid != uid:
		return "can be written by others"
	}
	return ""
}

// makeDirs makes a directory and those above it, each durable in the one above.
func makeDirs(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if err := makeDirs(filepath.Dir(path)); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Chmod(path, 0o755); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
