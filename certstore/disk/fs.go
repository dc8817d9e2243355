package disk

import (
	"errors"
	"io/fs"
	"time"

	"certdesk/certstore/guard"
)

// FS is every operation on files that can fail. Implementations follow no symbolic link in the last component of a
// path or name (O_NOFOLLOW), and give errors that errors.Is compares with fs.ErrNotExist, fs.ErrExist,
// fs.ErrPermission and, on Unix, with syscall.Errno.
type FS interface {
	// UID is the effective user of this process, or -1 where there is no such thing.
	UID() int
	// Stat describes what is at an absolute path, a symbolic link as itself.
	Stat(path string) (Info, error)
	// Readlink gives the target of the symbolic link at path.
	Readlink(path string) (string, error)
	// Access says whether this process may add entries to the directory at path.
	Access(path string) error
	// ACL gives what access lists add to the mode of what is at path.
	ACL(path string) (guard.ACL, error)
	// Kind names the file system that holds path ("vfat"), or is "".
	Kind(path string) string
	// OpenDir opens the directory at path.
	OpenDir(path string) (Folder, error)
}

// Folder is an open directory. A name is one path component.
type Folder interface {
	Info() (Info, error)
	Stat(name string) (Info, error)
	Names() ([]string, error) // in no order
	OpenDir(name string) (Folder, error)
	Mkdir(name string, mode fs.FileMode) error
	Open(name string) (File, error)                     // for reading; a regular file only
	Edit(name string) (File, error)                     // for reading and writing; a regular file only
	Create(name string, mode fs.FileMode) (File, error) // for reading and writing; must not exist
	Link(from, to string) error                         // never overwrites
	Rename(from, to string) error                       // overwrites
	RenameNew(from, to string) error                    // never overwrites; ErrUnsupported where it cannot
	Unlink(name string) error
	Chmod(mode fs.FileMode) error // of the directory itself
	Chown(gid int) error          // its group alone
	DropACL() error               // leaves its mode alone to say who may
	Sync() error                  // makes its entries durable
	Lock() error                  // exclusively, until Close; ErrBusy instead of waiting
	Close() error
}

// File is an open regular file.
type File interface {
	Info() (Info, error)
	ReadAt(p []byte, off int64) (int, error)
	WriteAt(p []byte, off int64) (int, error)
	Truncate(size int64) error
	Chmod(mode fs.FileMode) error
	Chown(gid int) error // its group alone
	DropACL() error      // leaves its mode alone to say who may
	Sync() error         // makes its bytes and mode durable
	Lock() error         // exclusively, until Close; ErrBusy instead of waiting
	Close() error
}

// Info describes a file or directory.
type Info struct {
	Mode     fs.FileMode // type and permission
	UID, GID int         // -1 where there is no such thing
	Links    uint64
	Size     int64 // bytes
	Device   uint64
	Inode    uint64
	Modified time.Time // zero where that is not known
}

// Errors an FS gives beside those of the system.
var (
	ErrBusy        = errors.New("somebody else holds the lock")
	ErrUnsupported = errors.New("not supported here")
	ErrNotRegular  = errors.New("not a regular file")
)
