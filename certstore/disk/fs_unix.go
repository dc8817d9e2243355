//go:build linux || darwin || freebsd

package disk

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"certdesk/certstore/guard"
)

type osFS struct{}

// OS is the real file system.
func OS() FS { return osFS{} }

func (osFS) UID() int { return os.Geteuid() }

func (osFS) Stat(path string) (Info, error) {
	var st unix.Stat_t
	err := again(func() error { return unix.Lstat(path, &st) })
	return infoOf(&st), err
}

func (osFS) Readlink(path string) (string, error) {
	target, err := os.Readlink(path)
	return target, bare(err)
}

func (osFS) Access(path string) error {
	return unix.Faccessat(unix.AT_FDCWD, path, unix.W_OK|unix.X_OK, unix.AT_EACCESS)
}

func (osFS) ACL(path string) (guard.ACL, error) { return guard.ReadACL(path) }
func (osFS) Kind(path string) string            { return fileSystem(path) }

func (osFS) OpenDir(path string) (Folder, error) { return openDirAt(unix.AT_FDCWD, path) }

func openDirAt(at int, path string) (Folder, error) {
	fd, err := openAt(at, path, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	return &osFolder{f: os.NewFile(uintptr(fd), path)}, nil
}

func openAt(at int, path string, flags int, mode uint32) (fd int, err error) {
	err = again(func() error {
		fd, err = unix.Openat(at, path, flags|unix.O_NOFOLLOW|unix.O_CLOEXEC, mode)
		return err
	})
	return fd, err
}

// again repeats a call that a signal interrupted.
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// bare takes the operation and the path off an error; this package says both itself.
func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

func infoOf(st *unix.Stat_t) Info {
	return Info{Mode: modeOf(uint32(st.Mode)), UID: int(st.Uid), GID: int(st.Gid), Links: uint64(st.Nlink),
		Size: st.Size, Device: uint64(st.Dev), Inode: st.Ino,
		Modified: time.Unix(st.Mtim.Unix())}
}

func modeOf(m uint32) fs.FileMode {
	mode := fs.FileMode(m & 0o777)
	if m&unix.S_ISVTX != 0 {
		mode |= fs.ModeSticky
	}
	switch m & unix.S_IFMT {
	case unix.S_IFREG:
	case unix.S_IFDIR:
		mode |= fs.ModeDir
	case unix.S_IFLNK:
		mode |= fs.ModeSymlink
	case unix.S_IFIFO:
		mode |= fs.ModeNamedPipe
	case unix.S_IFSOCK:
		mode |= fs.ModeSocket
	case unix.S_IFCHR:
		mode |= fs.ModeDevice | fs.ModeCharDevice
	default:
		mode |= fs.ModeDevice
	}
	return mode
}
