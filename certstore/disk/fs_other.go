//go:build !(linux || darwin || freebsd)

package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"certdesk/certstore/guard"
)

// osFS reads. It writes nothing: what is written here would promise what nobody tested.
type osFS struct{}

// OS is the real file system; on this system it only reads.
func OS() FS { return osFS{} }

func (osFS) UID() int { return -1 }

func (osFS) Stat(path string) (Info, error) {
	fi, err := os.Lstat(path)
	return infoOf(fi), bare(err)
}

func (osFS) Readlink(path string) (string, error) { return os.Readlink(path) }
func (osFS) ACL(path string) (guard.ACL, error)   { return guard.ReadACL(path) }
func (osFS) Kind(path string) string              { return fileSystem(path) }
func (osFS) Access(string) error                  { return ErrUnsupported }

func (osFS) OpenDir(path string) (Folder, error) {
	fi, err := os.Lstat(path)
	if err == nil && !fi.IsDir() {
		err = ErrUnsupported
	}
	return osFolder{path: path}, bare(err)
}

func infoOf(fi fs.FileInfo) Info {
	if fi == nil {
		return Info{}
	}
	// No owner, no inode, and permission bits that say nothing about who else may write.
	return Info{Mode: fi.Mode() &^ 0o022, UID: -1, GID: -1, Links: 1, Size: fi.Size(), Inode: 1}
}

func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// osFolder has no descriptor; refusing covers every write.
type osFolder struct {
	refusing
	path string
}

func (d osFolder) at(name string) string          { return filepath.Join(d.path, name) }
func (d osFolder) Info() (Info, error)            { return osFS{}.Stat(d.path) }
func (d osFolder) Stat(name string) (Info, error) { return osFS{}.Stat(d.at(name)) }

func (d osFolder) Names() ([]string, error) {
	entries, err := os.ReadDir(d.path)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, bare(err)
}

func (d osFolder) OpenDir(name string) (Folder, error) { return osFS{}.OpenDir(d.at(name)) }

func (d osFolder) Open(name string) (File, error) {
	fi, err := os.Lstat(d.at(name))
	if err != nil {
		return nil, bare(err)
	}
	if !fi.Mode().IsRegular() {
		return nil, ErrNotRegular
	}
	f, err := os.Open(d.at(name))
	return osFile{f: f}, bare(err)
}

func (d osFolder) Edit(string) (File, error)                { return nil, ErrUnsupported }
func (d osFolder) Create(string, fs.FileMode) (File, error) { return nil, ErrUnsupported }

type osFile struct {
	refusing
	f *os.File
}

func (f osFile) Info() (Info, error) {
	fi, err := f.f.Stat()
	return infoOf(fi), bare(err)
}

func (f osFile) ReadAt(p []byte, off int64) (int, error) { return f.f.ReadAt(p, off) }
func (f osFile) WriteAt([]byte, int64) (int, error)      { return 0, ErrUnsupported }
func (f osFile) Truncate(int64) error                    { return ErrUnsupported }
func (f osFile) Close() error                            { return f.f.Close() }

type refusing struct{}

func (refusing) Mkdir(string, fs.FileMode) error { return ErrUnsupported }
func (refusing) Link(string, string) error       { return ErrUnsupported }
func (refusing) Rename(string, string) error     { return ErrUnsupported }
func (refusing) RenameNew(string, string) error  { return ErrUnsupported }
func (refusing) Unlink(string) error             { return ErrUnsupported }
func (refusing) Chmod(fs.FileMode) error         { return ErrUnsupported }
func (refusing) Chown(int) error                 { return ErrUnsupported }
func (refusing) DropACL() error                  { return ErrUnsupported }
func (refusing) Sync() error                     { return ErrUnsupported }
func (refusing) Lock() error                     { return ErrUnsupported }
func (refusing) Close() error                    { return nil }
