package disk

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// maxLinks is how many symbolic links a path may lead over, as in Linux.
const maxLinks = 40

// step is one thing on the way from the root to a path: a directory or a symbolic link.
type step struct {
	path string
	info Info
}

// way is a path with its symbolic links followed.
type way struct {
	real    string // without symbolic links
	steps   []step // what exists of it, from the root on
	missing bool   // real does not exist; the last step is its nearest ancestor that does
}

// walk follows path itself, instead of leaving it to the system, so that each directory that could redirect it is
// seen.
func walk(fsys FS, path string) (way, error) {
	root := filepath.VolumeName(path) + string(filepath.Separator)
	w := way{real: root}
	todo := split(path)
	if err := w.add(fsys, root); err != nil {
		return w, err
	}
	for links := 0; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		next := filepath.Join(w.real, name)
		if w.missing || name == ".." {
			w.real = next
			continue
		}
		err := w.add(fsys, next)
		if errors.Is(err, fs.ErrNotExist) {
			w.missing, w.real = true, next
			continue
		}
		if err != nil {
			return w, err
		}
		if w.last().info.Mode&fs.ModeSymlink == 0 {
			w.real = next
			continue
		}
		if links++; links > maxLinks {
			return w, errors.New("too many symbolic links")
		}
		if todo, err = w.follow(fsys, next, todo); err != nil {
			return w, err
		}
	}
	return w, nil
}

func split(path string) []string {
	rest := filepath.Clean(path)[len(filepath.VolumeName(path)):]
	return strings.FieldsFunc(rest, func(r rune) bool { return r < 128 && isSeparator(byte(r)) })
}

func isSeparator(b byte) bool { return b == '/' || b == filepath.Separator }

func (w *way) last() step { return w.steps[len(w.steps)-1] }

func (w *way) add(fsys FS, path string) error {
	info, err := fsys.Stat(path)
	if err == nil {
		w.steps = append(w.steps, step{path, info})
	}
	return err
}

func (w *way) follow(fsys FS, link string, todo []string) ([]string, error) {
	target, err := fsys.Readlink(link)
	if err != nil {
		return nil, err
	}
	if filepath.IsAbs(target) {
		w.real = filepath.VolumeName(target) + string(filepath.Separator)
	}
	parts := strings.FieldsFunc(target, func(r rune) bool { return r < 128 && isSeparator(byte(r)) })
	return append(parts, todo...), nil
}

// parents are the steps above the thing itself.
func (w *way) parents() []step {
	if w.missing {
		return w.steps
	}
	return w.steps[:len(w.steps)-1]
}

// safe refuses a way on which somebody else than root, this user and the store's owner could put another
// directory in the store's place.
func (w *way) safe(me int) error {
	owner := me
	if !w.missing {
		owner = w.last().info.UID
	}
	for _, s := range w.parents() {
		if why := s.unsafe(me, owner); why != "" {
			return fail.New(fail.UnsafeStore, "put the store into a directory that only its owner and root can write",
				"%s %s: whoever writes there can replace the store", printable.Text(s.path), why)
		}
	}
	return nil
}

func (s step) unsafe(me, owner int) string {
	perm, uid := s.info.Mode.Perm(), s.info.UID
	switch {
	case uid > 0 && uid != me && uid != owner:
		return "belongs to " + userName(uid)
	case s.info.Mode&(fs.ModeSymlink|fs.ModeSticky) != 0:
		return ""
	case perm&0o002 != 0:
		return "can be written by everybody"
	case perm&0o020 != 0 && s.info.GID > 0 && s.info.GID != uid:
		// A group with its owner's number is the owner's private group, as Debian and Red Hat make it.
		return "can be written by the group " + groupName(s.info.GID)
	}
	return ""
}

// ownOnly refuses a directory of the store that others can write.
func ownOnly(what string, info Info) error {
	if perm := info.Mode.Perm(); perm&0o022 != 0 {
		return fail.New(fail.UnsafeStore, "look at what is in it, then chmod go-w it",
			"%s can be written by others: its mode is %04o", printable.Text(what), perm)
	}
	return nil
}
