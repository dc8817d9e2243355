package services

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"certdesk/certstore/beneath"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/replace"
	"certdesk/certstore/services/daemon"
)

// buildChanges adds what has to be made anew, behind all it is made of.
func (p *Plan) buildChanges(e daemon.Edited) error {
	for _, b := range e.Builds {
		before, err := contentOf(b.Path)
		if err != nil {
			return daemon.Cannot("read", b.Path, err)
		}
		p.Changes = append(p.Changes, Change{b.Path, before, Content{Kind: Built}})
	}
	return nil
}

// build makes a file as the configuration says now.
func (s *Service) build(path string) error {
	ctx := context.Background() // each command has a deadline of its own
	r, err := s.read(ctx)
	if err != nil {
		return err
	}
	for _, b := range r.Builds {
		if b.Path != path {
			continue
		}
		if err := narrow(path); err != nil {
			return err
		}
		out, err := s.host.Succeed(ctx, b.Step.Argv, b.Step.Env...)
		if err == nil && b.Fails != "" && strings.Contains(out.Stderr, b.Fails) {
			err = fail.New(fail.Failed, "", "%s: %s", printable.Text(b.Step.String()), out.Reason())
		}
		if err != nil {
			return err
		}
		return errors.Join(narrow(path), durable(filepath.Dir(path)))
	}
	return fail.New(fail.Failed, "look at the plan again",
		"the configuration of %s no longer makes %s", s.in.Driver, printable.Text(path))
}

// narrow lets a file be read by its owner alone, if it is there, and makes it durable.
func narrow(path string) error {
	dir, err := beneath.Open(filepath.Dir(path))
	if err != nil {
		return daemon.Cannot("open", path, err)
	}
	defer dir.Close()
	f, err := dir.Open(filepath.Base(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return daemon.Cannot("open", path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && info.Mode()&0o077 != 0 {
		err = f.Chmod(info.Mode().Perm() &^ 0o077)
	}
	err = errors.Join(err, f.Sync())
	if err != nil {
		return daemon.Cannot("make secret", path, err)
	}
	return nil
}

// durable makes a directory's entries last.
func durable(dir string) error {
	d, err := beneath.Open(dir)
	if err != nil {
		return daemon.Cannot("open", dir, err)
	}
	defer d.Close()
	if err := replace.Sync(d); err != nil {
		return daemon.Cannot("make durable", dir, err)
	}
	return nil
}
