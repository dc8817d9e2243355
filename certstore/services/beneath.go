package services

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
	"certdesk/certstore/services/daemon"
)

// descent goes to a directory step by step and holds it open: whatever is put on the way meanwhile, what is written
// lands in the directory that was judged. A link is followed only where nobody else made it or could replace it.
type descent struct {
	at    *os.Root
	path  string   // of at, without links
	left  []string // the names to go
	links int

	judge func(path string, dir *os.Root) error // refuses a directory on the way; nil takes all
	make  bool                                  // directories that are missing are made
}

// openDir opens a directory whose entries will be changed. Errors: UnsafeStore for the link of another user.
func openDir(path string) (*os.Root, error) {
	d := descent{}
	err := d.to(path)
	return d.at, err
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
	d.at, d.path, d.left = root, top, append(names(path), d.left...)
	return d.judged(top, root)
}

func names(path string) []string {
	path = strings.TrimPrefix(path, filepath.VolumeName(path))
	return strings.FieldsFunc(path, func(r rune) bool { return r == filepath.Separator })
}

func (d *descent) judged(path string, dir *os.Root) error {
	if d.judge == nil {
		return nil
	}
	return d.judge(path, dir)
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
	if errors.Is(err, fs.ErrNotExist) && d.make {
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
	next, err := openSame(d.at, name, info)
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

// openSame opens the directory that info tells of, and nothing that took its place.
func openSame(at *os.Root, name string, info fs.FileInfo) (*os.Root, error) {
	next, err := at.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	now, err := next.Stat(".")
	if err == nil && !os.SameFile(info, now) {
		err = meanwhile(name)
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
	d.left = append(names(target), d.left...)
	return nil
}

// ours refuses a link that another user made, or could replace.
func (d *descent) ours(name string, info fs.FileInfo) error {
	path := printable.Text(filepath.Join(d.path, name))
	hint := "give the path that it leads to"
	if uid, _ := guard.Owners(info); !trusted(uid) {
		return fail.New(fail.UnsafeStore, hint,
			"%s is a symbolic link that belongs to another user: certdesk does not write through it", path)
	}
	loose, err := looseDir(d.at, os.Geteuid())
	if err != nil {
		return err
	}
	if loose.By != guard.Nobody {
		return fail.New(fail.UnsafeStore, hint,
			"%s is a symbolic link in a directory that %s: certdesk does not write through it", path, loose.Why())
	}
	return nil
}

// looseDir says who else than root and these users may change an open directory.
func looseDir(dir *os.Root, known ...int) (guard.Loose, error) {
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

// trusted says whether a user is root, or the one who runs this.
func trusted(uid int) bool { return uid <= 0 || uid == os.Geteuid() }

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

// removeFile removes a file, if it is there, through no link of another user.
func removeFile(path string) error {
	dir, err := openDir(filepath.Dir(path))
	if err == nil {
		defer dir.Close()
		err = dir.Remove(filepath.Base(path))
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return daemon.Cannot("remove", path, err)
}

// realFile gives where a file lies that is to be replaced, the links to it followed.
func realFile(path string) (string, error) {
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
