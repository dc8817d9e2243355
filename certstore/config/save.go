package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
	"certdesk/certstore/replace"
	"certdesk/certstore/services/daemon"
)

// Writable refuses a file that could not be saved: one that others may write, or that this person may not.
// Errors: UnsafeConfig, NotPermitted.
func (f File) Writable() error {
	if err := guard.File("the configuration", f.Path); err != nil {
		return err
	}
	target, err := guard.Real(f.Path)
	if err != nil {
		return daemon.Cannot("change", f.Path, err)
	}
	dir := filepath.Dir(target)
	for {
		err := mayAdd(dir)
		if up := filepath.Dir(dir); errors.Is(err, fs.ErrNotExist) && up != dir {
			dir = up
			continue
		}
		if err != nil {
			return fail.New(fail.NotPermitted, fail.Denied(os.Geteuid(), printable.Text(dir),
				"run certdesk as root to change the settings"),
				"you may not change %s", printable.Text(f.Path))
		}
		return nil
	}
}

// Save puts the draft in the file's place, whole and at once, through the links that lead to it. Errors: UnsafeConfig;
// AlreadyExists where the file is no longer what it was when it was read; NotPermitted, Failed. With an error the
// file is as it was.
func (d Draft) Save() error {
	path := d.file.Path
	if err := guard.File("the configuration", path); err != nil {
		return err
	}
	target, err := guard.Real(path)
	if err == nil && !d.file.Exists {
		err = makeReadable(filepath.Dir(target))
	}
	if err != nil {
		return daemon.Cannot("write", path, err)
	}
	if err := guard.File("the configuration", path); err != nil { // its directory is there now
		return err
	}
	dir, err := os.OpenRoot(filepath.Dir(target))
	if err != nil {
		return daemon.Cannot("write", path, err)
	}
	defer dir.Close()
	if err := d.put(dir, filepath.Base(target)); err != nil {
		return daemon.Cannot("write", path, err)
	}
	return nil
}

// makeReadable makes a directory, and those above it, for everybody to look into, whatever the process hides of what it
// makes: the file holds no secrets, and whoever reads the store reads it too.
func makeReadable(dir string) error {
	_, err := os.Stat(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeReadable(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	return os.Chmod(dir, 0o755)
}

// put replaces the file in its directory, unless it is another by now.
func (d Draft) put(dir *os.Root, name string) error {
	to := replace.File{Data: []byte(d.file.mark + d.text), Mode: 0o644, UID: os.Geteuid(), GID: os.Getegid()}
	old, err := d.current(dir, name)
	if err != nil {
		return err
	}
	if old != nil {
		defer old.Close()
		info, err := old.Stat()
		if err != nil {
			return err
		}
		to.Mode = info.Mode().Perm()
		to.UID, to.GID = guard.Owners(info)
	}
	temporary := replace.Temporary("." + name + ".certdesk-")
	defer dir.Remove(temporary)
	if err := to.Create(dir, temporary, old); err != nil {
		return err
	}
	if err := dir.Rename(temporary, name); err != nil {
		return err
	}
	return replace.Sync(dir)
}

// current opens the file and refuses one that is not what was read; nil where there was none and is none.
func (d Draft) current(dir *os.Root, name string) (*os.File, error) {
	info, err := dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !d.file.Exists:
		return nil, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil || !d.file.Exists || !info.Mode().IsRegular():
		return nil, d.meanwhile()
	}
	old, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := daemon.ReadAll(old)
	if err == nil && string(data) != d.file.mark+d.file.text {
		err = d.meanwhile()
	}
	if err != nil {
		old.Close()
		return nil, err
	}
	return old, nil
}

func (d Draft) meanwhile() error {
	return fail.New(fail.AlreadyExists, "read it again, then make the change anew",
		"%s was changed by somebody else meanwhile, and is left as it is", printable.Text(d.file.Path))
}
