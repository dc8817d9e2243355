package services

import (
	"errors"
	"io/fs"
	"os"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// openBase opens the directory of the versions, made where it is missing, and refuses one that somebody else could
// exchange: each directory on the way to it, links followed, belongs to root or to the reader of the key.
func (s *Service) openBase(base string) (*os.Root, error) {
	reader, _, err := s.host.owner(s.reader())
	if err != nil {
		return nil, err
	}
	d := descent{make: true, judge: func(path string, dir *os.Root) error { return exchangeable(path, dir, reader) }}
	if err := d.to(base); err != nil {
		return nil, cannot("make", base, err)
	}
	return d.at, nil
}

// fitBase refuses the directory of the versions as openBase would, and makes nothing.
func (s *Service) fitBase(base string) error {
	reader, _, err := s.host.owner(s.reader())
	if err != nil {
		return err
	}
	d := descent{judge: func(path string, dir *os.Root) error { return exchangeable(path, dir, reader) }}
	err = d.to(base)
	if d.at != nil {
		d.at.Close()
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return cannot("open", base, err)
}

// exchangeable refuses a directory in which somebody else could put another key in the place of ours.
func exchangeable(path string, dir *os.Root, reader int) error {
	f, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	shown := printable.Text(path)
	why, hint := loose(info, reader), "`chmod go-w "+shown+"`, or install elsewhere"
	switch {
	case why == foreign:
		hint = "install below directories of root's; a service of driver command may name that user as its owner"
	case why == "" && othersByACL(f, 0, os.Geteuid(), reader):
		why, hint = writable+" (its access control list)", "`setfacl -b "+shown+"`, or install elsewhere"
	}
	if why == "" {
		return nil
	}
	return fail.New(fail.UnsafeStore, hint, "%s %s: whoever can write there could exchange the key", shown, why)
}

// Why a directory is loose.
const (
	foreign  = "belongs to another user"
	writable = "can be written by others"
)

func loose(info fs.FileInfo, reader int) string {
	uid, gid := ownerOf(info)
	perm := info.Mode().Perm()
	switch {
	case !trusted(uid) && uid != reader:
		return foreign
	case info.Mode()&fs.ModeSticky != 0:
		return ""
	case perm&0o002 != 0, perm&0o020 != 0 && gid > 0 && gid != uid:
		return writable
	}
	return ""
}
