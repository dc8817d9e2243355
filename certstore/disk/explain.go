package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// failed names the operation and the object of an error and gives it a code; an error that has one keeps it.
func failed(what string, err error) error {
	var coded *fail.Error
	if errors.As(err, &coded) {
		return err
	}
	return fail.New(fail.Failed, hintFor(err), "%s: %w", printable.Text(what), err)
}

// unreadable is failed for reading: what this person may not read is not a failure of the disk.
func unreadable(what string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fail.New(fail.NotPermitted, fail.Denied(os.Geteuid(), "", "ask the owner of the store"), "%s: %w",
			printable.Text(what), err)
	}
	return failed(what, err)
}

func hintFor(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "the disk is full: free some space there and try again"
	case errors.Is(err, syscall.EROFS):
		return "the file system is mounted read-only: mount it for writing, or choose another path"
	case errors.Is(err, syscall.EIO):
		return "the disk may be failing: look at the kernel's log"
	case errors.Is(err, syscall.EPERM):
		return "see who owns it, and with lsattr whether it is immutable (chattr -ia undoes that)"
	case errors.Is(err, fs.ErrPermission):
		return fail.Denied(os.Geteuid(), "", "check the owner and the mode of the directory")
	case errors.Is(err, fs.ErrNotExist):
		return "a directory on the way does not exist: create it, or choose another path"
	case errors.Is(err, ErrUnsupported):
		return "certdesk does not write on this system"
	}
	return ""
}
