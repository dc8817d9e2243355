package disk

import "golang.org/x/sys/unix"

// renameNew renames without replacing; old kernels and some file systems cannot.
func renameNew(dir int, from, to string) error {
	err := again(func() error { return unix.Renameat2(dir, from, dir, to, unix.RENAME_NOREPLACE) })
	if err == unix.ENOSYS || err == unix.EINVAL {
		return ErrUnsupported
	}
	return err
}
