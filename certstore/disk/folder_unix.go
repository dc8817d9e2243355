//go:build linux || darwin || freebsd

package disk

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"certdesk/certstore/guard"
)

type osFolder struct {
	f    *os.File
	lock flock
}

func (d *osFolder) fd() int { return int(d.f.Fd()) }

func (d *osFolder) Info() (Info, error) { return fstat(d.f) }

func (d *osFolder) Stat(name string) (Info, error) {
	var st unix.Stat_t
	err := again(func() error { return unix.Fstatat(d.fd(), name, &st, unix.AT_SYMLINK_NOFOLLOW) })
	return infoOf(&st), err
}

// Names reads through a descriptor of its own: a directory's read position is shared by everybody who has it.
func (d *osFolder) Names() ([]string, error) {
	fd, err := openAt(d.fd(), ".", unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), d.f.Name())
	defer f.Close()
	names, err := f.Readdirnames(-1)
	return names, bare(err)
}

func (d *osFolder) OpenDir(name string) (Folder, error) { return openDirAt(d.fd(), name) }

func (d *osFolder) Mkdir(name string, mode fs.FileMode) error {
	return again(func() error { return unix.Mkdirat(d.fd(), name, uint32(mode)) })
}

func (d *osFolder) Open(name string) (File, error) { return d.existing(name, unix.O_RDONLY) }

func (d *osFolder) Edit(name string) (File, error) { return d.existing(name, unix.O_RDWR) }

// existing opens without blocking, so that a FIFO put in a file's place stops nobody.
func (d *osFolder) existing(name string, flags int) (File, error) {
	fd, err := openAt(d.fd(), name, flags|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	var st unix.Stat_t
	if err = unix.Fstat(fd, &st); err == nil && !infoOf(&st).Mode.IsRegular() {
		err = ErrNotRegular
	}
	if err == nil {
		err = unix.SetNonblock(fd, false)
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &osFile{f: os.NewFile(uintptr(fd), name)}, nil
}

func (d *osFolder) Create(name string, mode fs.FileMode) (File, error) {
	fd, err := openAt(d.fd(), name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL, uint32(mode))
	if err != nil {
		return nil, err
	}
	return &osFile{f: os.NewFile(uintptr(fd), name)}, nil
}

func (d *osFolder) Link(from, to string) error {
	return again(func() error { return unix.Linkat(d.fd(), from, d.fd(), to, 0) })
}

func (d *osFolder) Rename(from, to string) error {
	return again(func() error { return unix.Renameat(d.fd(), from, d.fd(), to) })
}

func (d *osFolder) RenameNew(from, to string) error { return renameNew(d.fd(), from, to) }

func (d *osFolder) Unlink(name string) error {
	return again(func() error { return unix.Unlinkat(d.fd(), name, 0) })
}

func (d *osFolder) Chmod(mode fs.FileMode) error { return bare(d.f.Chmod(mode)) }
func (d *osFolder) Chown(gid int) error          { return bare(d.f.Chown(-1, gid)) }
func (d *osFolder) DropACL() error               { return guard.DropACL(d.f) }
func (d *osFolder) Sync() error                  { return syncDir(d.f) }
func (d *osFolder) Lock() error                  { return d.lock.take(d.f) }
func (d *osFolder) Close() error                 { return d.lock.close(d.f) }

// syncDir takes EINVAL for success: it is how file systems say that a directory needs no fsync (fsync(2)).
func syncDir(f *os.File) error {
	if err := bare(f.Sync()); err != unix.EINVAL {
		return err
	}
	return nil
}

func fstat(f *os.File) (Info, error) {
	var st unix.Stat_t
	err := again(func() error { return unix.Fstat(int(f.Fd()), &st) })
	return infoOf(&st), err
}

// flock says whether the lock of an open file is taken.
type flock bool

func (l *flock) take(f *os.File) error {
	err := again(func() error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) })
	if err == unix.EWOULDBLOCK {
		return ErrBusy
	}
	*l = err == nil
	return err
}

// close gives the lock back by name: closing alone leaves it to a command that is being started just now, whose process
// has a copy of every open file until it executes (flock(2)).
func (l flock) close(f *os.File) error {
	if l {
		again(func() error { return unix.Flock(int(f.Fd()), unix.LOCK_UN) })
	}
	return bare(f.Close())
}

type osFile struct {
	f    *os.File
	lock flock
}

func (f *osFile) Info() (Info, error) { return fstat(f.f) }

func (f *osFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.f.ReadAt(p, off)
	return n, bare(err)
}

func (f *osFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.f.WriteAt(p, off)
	return n, bare(err)
}

func (f *osFile) Truncate(size int64) error    { return bare(f.f.Truncate(size)) }
func (f *osFile) Chmod(mode fs.FileMode) error { return bare(f.f.Chmod(mode)) }
func (f *osFile) Chown(gid int) error          { return bare(f.f.Chown(-1, gid)) }
func (f *osFile) DropACL() error               { return guard.DropACL(f.f) }
func (f *osFile) Sync() error                  { return bare(f.f.Sync()) }
func (f *osFile) Lock() error                  { return f.lock.take(f.f) }
func (f *osFile) Close() error                 { return f.lock.close(f.f) }
