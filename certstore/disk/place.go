package disk

import (
	"errors"
	"fmt"
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
func (w *way) safe(fsys FS) error {
	judge := judge{fsys: fsys, me: fsys.UID()}
	judge.owner = judge.me
	if !w.missing {
		judge.owner = w.last().info.UID
	}
	for _, s := range w.parents() {
		why, remedy, err := judge.unsafe(s)
		if err != nil {
			return err
		}
		if why != "" {
			return fail.New(fail.UnsafeStore, "look at what is there, then `"+remedy+" "+printable.Text(s.path)+
				"`, or put the store into a directory that only its owner and root can write",
				"%s %s: whoever writes there can replace the store", printable.Text(s.path), why)
		}
	}
	return nil
}

// judge knows whom a store belongs to.
type judge struct {
	fsys      FS
	me, owner int
}

// unsafe says why a directory on the way is not safe, and the command that mends it.
func (j judge) unsafe(s step) (why, remedy string, err error) {
	perm, uid := s.info.Mode.Perm(), s.info.UID
	switch {
	case uid > 0 && uid != j.me && uid != j.owner:
		return "belongs to " + userName(uid), "chown root", nil
	case s.info.Mode&(fs.ModeSymlink|fs.ModeSticky) != 0:
		return "", "", nil
	case perm&0o002 != 0:
		return "can be written by everybody", "chmod o-w", nil
	case perm&0o020 == 0:
		return "", "", nil // an access list grants no more than the group's bits
	}
	acl, err := j.fsys.ACL(s.path)
	if err != nil {
		return "", "", err
	}
	for _, g := range acl.Grants {
		if g.Perm&2 != 0 && g.ID != 0 && (g.Group || g.ID != j.me && g.ID != j.owner) {
			return "can be written by " + g.String() + ", by an access list", "setfacl -b", nil
		}
	}
	// A group with its owner's number is the owner's private group, as Debian and Red Hat make it.
	if s.info.GID > 0 && s.info.GID != uid && (!acl.Listed || acl.Group&2 != 0) {
		return "can be written by the group " + groupName(s.info.GID), "chmod g-w", nil
	}
	return "", "", nil
}

// ownOnly refuses a directory of the store, or its journal, that others can write: by its mode, or as its owner.
func ownOnly(what, path string, info Info, owner int) error {
	path = printable.Text(path)
	if perm := info.Mode.Perm(); perm&0o022 != 0 {
		return fail.New(fail.UnsafeStore, "look at what is in it, then `chmod go-w "+path+"`",
			"%s can be written by others: its mode is %04o", printable.Text(what), perm)
	}
	if info.UID > 0 && info.UID != owner {
		return fail.New(fail.UnsafeStore, fmt.Sprintf("look at what is in it, then `chown -R %d %s`", owner, path),
			"%s belongs to %s, and the store to %s", printable.Text(what), userName(info.UID), userName(owner))
	}
	return nil
}
