package services

import (
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// The extended attributes that hold access control lists: of what it is on, and of what is made in a directory.
const (
	accessACL  = "system.posix_acl_access"
	defaultACL = "system.posix_acl_default"
)

// maxAttribute is the largest list or value that Linux knows, in bytes.
const maxAttribute = 64 << 10

// keepAttributes gives a file the access control list, the security label and all other extended attributes of the one
// it replaces. What knows none has none to keep.
func keepAttributes(from, to *os.File) error {
	list := make([]byte, maxAttribute)
	n, err := unix.Flistxattr(int(from.Fd()), list)
	if err != nil {
		return without(err)
	}
	for _, name := range strings.Split(strings.TrimSuffix(string(list[:n]), "\x00"), "\x00") {
		if name == "" {
			continue
		}
		value, err := attribute(from, name)
		if err == nil {
			err = unix.Fsetxattr(int(to.Fd()), name, value, 0)
		}
		if err := without(err); err != nil {
			return err
		}
	}
	return nil
}

func attribute(f *os.File, name string) ([]byte, error) {
	value := make([]byte, maxAttribute)
	n, err := unix.Fgetxattr(int(f.Fd()), name, value)
	if err != nil {
		return nil, err
	}
	return value[:n], nil
}

func without(err error) error {
	for _, none := range []error{unix.ENOENT, unix.ENOTSUP, unix.ENODATA} {
		if errors.Is(err, none) {
			return nil
		}
	}
	return err
}

// plainACL takes from a new file or directory the access control list it got from the directory it was made in: the
// mode alone says who may read it, and what is made in it gets none.
func plainACL(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	lists := []string{accessACL}
	if info.IsDir() {
		lists = append(lists, defaultACL)
	}
	for _, name := range lists {
		if err := without(unix.Fremovexattr(int(f.Fd()), name)); err != nil {
			return err
		}
	}
	return nil
}

// The tags of an access control list that name one user or one group (acl(5)).
const (
	aclUser  = 0x02
	aclGroup = 0x08
	aclMask  = 0x10
	aclWrite = 2
)

// othersByACL says whether an access control list lets somebody write who is none of these.
func othersByACL(f *os.File, known ...int) bool {
	list, err := attribute(f, accessACL)
	if err != nil || len(list) < 4 {
		return false
	}
	others, masked := false, false
	for list = list[4:]; len(list) >= 8; list = list[8:] {
		tag, perm, id := binary.LittleEndian.Uint16(list), binary.LittleEndian.Uint16(list[2:]), binary.LittleEndian.Uint32(list[4:])
		if perm&aclWrite == 0 {
			masked = masked || tag == aclMask
			continue
		}
		others = others || tag == aclGroup || tag == aclUser && !slices.Contains(known, int(id))
	}
	return others && !masked
}
