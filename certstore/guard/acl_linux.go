package guard

import (
	"os"

	"golang.org/x/sys/unix"
)

const (
	aclAccess  = "system.posix_acl_access"
	aclDefault = "system.posix_acl_default"
)

// ReadACL reads the lists of what is at path.
func ReadACL(path string) (ACL, error) {
	return readACL(func(name string, buf []byte) (int, error) { return unix.Lgetxattr(path, name, buf) })
}

func openACL(f *os.File) (ACL, error) {
	return readACL(func(name string, buf []byte) (int, error) { return unix.Fgetxattr(int(f.Fd()), name, buf) })
}

func readACL(get func(name string, buf []byte) (int, error)) (a ACL, err error) {
	raw, err := aclAttribute(get, aclAccess)
	if err != nil {
		return a, err
	}
	a.Listed = len(raw) > 0
	a.Group, a.Grants = parseACL(raw)
	raw, err = aclAttribute(get, aclDefault)
	_, a.Default = parseACL(raw)
	return a, err
}

// aclAttribute gives nil where there is no list, or no such thing on that file system.
func aclAttribute(get func(name string, buf []byte) (int, error), name string) ([]byte, error) {
	buf := make([]byte, 64<<10) // the most an attribute can have
	n, err := get(name, buf)
	switch err {
	case nil:
		return buf[:n], nil
	case unix.ENODATA, unix.ENOTSUP, unix.ENOSYS:
		return nil, nil
	}
	return nil, err
}

// DropACL takes the access control lists off an open file or directory that this process made: one inherited from the
// directory above (its default list) would open the file to those it names as soon as its mode has bits for the
// group.
func DropACL(f *os.File) error {
	for _, name := range []string{aclAccess, aclDefault} {
		switch err := unix.Fremovexattr(int(f.Fd()), name); err {
		case nil, unix.ENODATA, unix.ENOTSUP, unix.ENOSYS, unix.EACCES: // EACCES: a default list of what is no directory
		default:
			return err
		}
	}
	return nil
}
