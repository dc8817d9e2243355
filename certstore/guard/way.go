package guard

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// MaxLinks is how many symbolic links a path may lead over, as in Linux.
const MaxLinks = 40

// System is a file system whose paths can be followed.
type System interface {
	Look(path string) (Thing, error) // a link as itself
	Readlink(path string) (string, error)
}

type system struct{}

func (system) Look(path string) (Thing, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return Thing{}, err
	}
	return described(path, info, func() (ACL, error) { return ReadACL(path) }), nil
}

func (system) Readlink(path string) (string, error) { return os.Readlink(path) }

// Way is a path with its symbolic links followed.
type Way struct {
	Real    string  // without symbolic links
	Things  []Thing // what exists of it, from the root on
	Missing bool    // Real does not exist; the last thing is its nearest ancestor that does
}

// Follow follows path itself, instead of leaving it to the system, so that each directory that could redirect it is
// seen. With an error comes the way as far as it was followed.
func Follow(sys System, path string) (Way, error) {
	root := filepath.VolumeName(path) + string(filepath.Separator)
	w := Way{Real: root}
	todo := split(path)
	if err := w.add(sys, root); err != nil {
		return w, err
	}
	for links := 0; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		next := filepath.Join(w.Real, name)
		if w.Missing || name == ".." {
			w.Real = next
			continue
		}
		err := w.add(sys, next)
		if errors.Is(err, fs.ErrNotExist) {
			w.Missing, w.Real = true, next
			continue
		}
		if err != nil {
			return w, err
		}
		if w.Last().Mode&fs.ModeSymlink == 0 {
			w.Real = next
			continue
		}
		if links++; links > MaxLinks {
			return w, errors.New("too many symbolic links")
		}
		todo, err = w.follow(sys, next, todo)
		if err != nil {
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

// Last is the thing itself, or its nearest ancestor.
func (w *Way) Last() Thing { return w.Things[len(w.Things)-1] }

func (w *Way) add(sys System, path string) error {
	t, err := sys.Look(path)
	if err == nil {
		w.Things = append(w.Things, t)
	}
	return err
}

func (w *Way) follow(sys System, link string, todo []string) ([]string, error) {
	target, err := sys.Readlink(link)
	if err != nil {
		return nil, err
	}
	if filepath.IsAbs(target) {
		w.Real = filepath.VolumeName(target) + string(filepath.Separator)
	}
	parts := strings.FieldsFunc(target, func(r rune) bool { return r < 128 && isSeparator(byte(r)) })
	return append(parts, todo...), nil
}

// Parents are the directories and links above the thing itself.
func (w *Way) Parents() []Thing {
	if w.Missing {
		return w.Things
	}
	return w.Things[:len(w.Things)-1]
}
