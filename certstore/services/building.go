package services

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// buildChanges adds what has to be made anew, behind all it is made of.
func (p *Plan) buildChanges(e edited) error {
	for _, b := range e.builds {
		before, err := contentOf(b.path)
		if err != nil {
			return cannot("read", b.path, err)
		}
		p.Changes = append(p.Changes, Change{b.path, before, Content{Kind: Built}})
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
	for _, b := range r.builds {
		if b.path != path {
			continue
		}
		if err := narrow(path); err != nil {
			return err
		}
		out, err := s.host.succeed(ctx, b.step.argv, b.step.env...)
		if err == nil && b.fails != "" && strings.Contains(out.Stderr, b.fails) {
			err = fail.New(fail.Failed, "", "%s: %s", printable.Text(b.step.String()), out.reason())
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
	dir, err := openDir(filepath.Dir(path))
	if err != nil {
		return cannot("open", path, err)
	}
	defer dir.Close()
	f, err := dir.Open(filepath.Base(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return cannot("open", path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && info.Mode()&0o077 != 0 {
		err = f.Chmod(info.Mode().Perm() &^ 0o077)
	}
	err = errors.Join(err, f.Sync())
	if err != nil {
		return cannot("make secret", path, err)
	}
	return nil
}

// durable makes a directory's entries last.
func durable(dir string) error {
	d, err := openDir(dir)
	if err != nil {
		return cannot("open", dir, err)
	}
	defer d.Close()
	if err := syncRoot(d); err != nil {
		return cannot("make durable", dir, err)
	}
	return nil
}
