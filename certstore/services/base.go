package services

import (
	"errors"
	"io/fs"
	"os"

	"certdesk/certstore/beneath"
	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// openBase opens the directory of the versions, made where it is missing, and refuses one that somebody else could
// exchange: each directory on the way to it, links followed, belongs to root or to the reader of the key.
func (s *Service) openBase(base string) (*os.Root, error) {
	reader, _, err := s.host.Owner(s.reader())
	if err != nil {
		return nil, err
	}
	dir, err := unexchangeable(reader, true).Open(base)
	if err != nil {
		return nil, daemon.Cannot("make", base, err)
	}
	return dir, nil
}

// fitBase refuses the directory of the versions as openBase would, and makes nothing.
func (s *Service) fitBase(base string) error {
	reader, _, err := s.host.Owner(s.reader())
	if err != nil {
		return err
	}
	dir, err := unexchangeable(reader, false).Open(base)
	if dir != nil {
		dir.Close()
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return daemon.Cannot("open", base, err)
}

// unexchangeable is the way through directories that nobody else could exchange.
func unexchangeable(reader int, create bool) beneath.Way {
	return beneath.Way{Make: create, Judge: func(path string, dir *os.Root) error { return exchangeable(path, dir, reader) }}
}

// exchangeable refuses a directory in which somebody else could put another key in the place of ours.
func exchangeable(path string, dir *os.Root, reader int) error {
	loose, err := beneath.Loose(dir, os.Geteuid(), reader)
	if err != nil || loose.By == guard.Nobody {
		return err
	}
	shown := printable.Text(path)
	hint := "`chmod go-w " + shown + "`, or choose another install directory"
	switch loose.By {
	case guard.Owner:
		hint = "choose an install directory below directories that only root can write; a service with driver command may " +
			"name that user as its owner"
	case guard.List:
		hint = "`setfacl -b " + shown + "`, or choose another install directory"
	}
	return fail.New(fail.UnsafeStore, hint, "%s %s: whoever can write there could replace the key", shown, loose.Why())
}
