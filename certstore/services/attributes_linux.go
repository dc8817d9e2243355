package services

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// keepAttributes gives a file the access control list, the security label and all other extended attributes of the one
// it replaces. What is not there, or knows none, has none to keep.
func keepAttributes(from, to string) error {
	list := make([]byte, 64<<10)
	n, err := unix.Llistxattr(from, list)
	if err != nil {
		return without(err)
	}
	for _, name := range strings.Split(strings.TrimSuffix(string(list[:n]), "\x00"), "\x00") {
		if name == "" {
			continue
		}
		value := make([]byte, 64<<10)
		n, err := unix.Lgetxattr(from, name, value)
		if err == nil {
			err = unix.Lsetxattr(to, name, value[:n], 0)
		}
		if err := without(err); err != nil {
			return err
		}
	}
	return nil
}

func without(err error) error {
	for _, none := range []error{unix.ENOENT, unix.ENOTSUP, unix.ENODATA} {
		if errors.Is(err, none) {
			return nil
		}
	}
	return err
}
