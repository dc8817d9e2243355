package replace

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
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
