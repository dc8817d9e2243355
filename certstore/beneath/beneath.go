// Package beneath opens a directory that somebody else may change, or in which files are put for somebody else.
//
// Its promise: it is gone to step by step and held open, so that whatever is put on the way meanwhile, what is written
// lands in the directory that was judged. A link is followed only where nobody else made it or could replace it.
package beneath

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
	"certdesk/certstore/replace"
)

// ErrMeanwhile says that a file or directory is not the one it was a moment ago.
var ErrMeanwhile = errors.New("was changed by somebody else in the meantime")

// Way is what holds on the way to a directory.
type Way struct {
	Judge func(path string, dir *os.Root) error // refuses a directory on the way; nil takes all
	Make  bool                                  // directories that are missing are made
}

// Open opens a directory whose entries will be changed. Errors: UnsafeStore for the link of another user.
func Open(path string) (*os.Root, error) { return Way{}.Open(path) }

// Open goes there. Errors: those of Judge; UnsafeStore for the link of another user.
func (w Way) Open(path string) (*os.Root, error) {
	d := descent{Way: w}
	err := d.to(path)
	return d.at, err
}

type descent struct {
	Way
	at    *os.Root
	path  string   // of at, without links
	left  []string // the names to go
	links int
}

// to goes there; after an error nothing is held open.
func (d *descent) to(path string) error {
	err := d.restart(path)
	for err == nil && len(d.left) > 0 {
		err = d.step()
	}
	if err != nil && d.at != nil {
		d.at.Close()
		d.at = nil
	}
	return err
}

// restart begins at the root, with this path and then the names that are left.
func (d *descent) restart(path string) error {
	top := filepath.VolumeName(path) + string(filepath.Separator)
	root, err := os.OpenRoot(top)
	if err != nil {
		return err
	}
	if d.at != nil {
		d.at.Close()
	}
	d.at, d.path, d.left = root, top, append(Names(path), d.left...)
	return d.judged(top, root)
}

// Names are the names of a path, from the root on.
func Names(path string) []string {
	path = strings.TrimPrefix(path, filepath.VolumeName(path))
	return strings.FieldsFunc(path, func(r rune) bool { return r == filepath.Separator })
}

func (d *descent) judged(path string, dir *os.Root) error {
	if d.Judge == nil {
		return nil
	}
	return d.Judge(path, dir)
}

func (d *descent) step() error {
	name := d.left[0]
	d.left = d.left[1:]
	switch name {
	case ".":
		return nil
	case "..":
		return d.restart(filepath.Dir(d.path))
	}
	info, err := d.at.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) && d.Make {
		info, err = makeDir(d.at, name)
	}
	switch {
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return d.follow(name, info)
	}
	return d.enter(name, info)
}

func (d *descent) enter(name string, info fs.FileInfo) error {
	path := filepath.Join(d.path, name)
	next, err := OpenSame(d.at, name, info)
	if err != nil {
		return err
	}
	if err := d.judged(path, next); err != nil {
		next.Close()
		return err
	}
	d.at.Close()
	d.at, d.path = next, path
	return nil
}

// OpenSame opens the directory that info tells of, and nothing that took its place.
func OpenSame(at *os.Root, name string, info fs.FileInfo) (*os.Root, error) {
	next, err := at.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	now, err := next.Stat(".")
	if err == nil && !os.SameFile(info, now) {
		err = fail.New(fail.AlreadyExists, "try again", "%s %w", printable.Text(name), ErrMeanwhile)
	}
	if err != nil {
		next.Close()
		return nil, err
	}
	return next, nil
}

// follow puts a link's target before what is left.
func (d *descent) follow(name string, info fs.FileInfo) error {
	if err := d.ours(name, info); err != nil {
		return err
	}
	if d.links++; d.links > guard.MaxLinks {
		path := printable.Text(filepath.Join(d.path, name))
		return fail.New(fail.Failed, "check where the links lead", "%s leads through too many symbolic links", path)
	}
	target, err := d.at.Readlink(name)
	if err != nil {
		return err
	}
	if filepath.IsAbs(target) {
		return d.restart(target)
	}
	d.left = append(Names(target), d.left...)
	return nil
}

// ours refuses a link that another user made, or could replace.
func (d *descent) ours(name string, info fs.FileInfo) error {
	path := printable.Text(filepath.Join(d.path, name))
	hint := "give the path that it leads to"
	if uid, _ := guard.Owners(info); !Trusted(uid) {
		return fail.New(fail.UnsafeStore, hint,
			"%s is a symbolic link that belongs to another user: certdesk does not write through it", path)
	}
	loose, err := Loose(d.at, os.Geteuid())
	if err != nil {
		return err
	}
	if loose.By != guard.Nobody {
		return fail.New(fail.UnsafeStore, hint,
			"%s is a symbolic link in a directory that %s: certdesk does not write through it", path, loose.Why())
	}
	return nil
}

// Loose says who else than root and these users may change an open directory.
func Loose(dir *os.Root, known ...int) (guard.Loose, error) {
	f, err := dir.Open(".")
	if err != nil {
		return guard.Loose{}, err
	}
	defer f.Close()
	t, err := guard.Opened(f)
	if err != nil {
		return guard.Loose{}, err
	}
	return guard.Judge(t, known...)
}

// Trusted says whether a user is root, or the one who runs this.
func Trusted(uid int) bool { return uid <= 0 || uid == os.Geteuid() }

// makeDir makes a directory that all may look into and its owner alone may change, durable in the one above.
func makeDir(at *os.Root, name string) (fs.FileInfo, error) {
	if err := at.Mkdir(name, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	f, err := at.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := errors.Join(guard.DropACL(f), f.Chmod(0o755), replace.Sync(at)); err != nil {
		return nil, err
	}
	return at.Lstat(name)
}

// File gives where a file lies that is to be replaced, the links to it followed.
func File(path string) (string, error) {
	d := descent{}
	if err := d.to(filepath.Dir(path)); err != nil {
		return "", err
	}
	defer func() { d.at.Close() }()
	name := filepath.Base(path)
	for {
		info, err := d.at.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return filepath.Join(d.path, name), nil
		}
		if err != nil {
			return "", err
		}
		if err := d.follow(name, info); err != nil {
			return "", err
		}
		if len(d.left) == 0 {
			return "", fail.New(fail.Failed, "name a file", "%s leads to a directory", printable.Text(path))
		}
		name, d.left = d.left[len(d.left)-1], d.left[:len(d.left)-1]
		for len(d.left) > 0 {
			if err := d.step(); err != nil {
				return "", err
			}
		}
	}
}
