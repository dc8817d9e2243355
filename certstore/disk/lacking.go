package disk

import (
	"errors"
	"slices"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// lacking says what the store's file system cannot do: FAT has neither links nor modes, CIFS and 9P often no links,
// some network file systems no locks on directories.
type lacking struct {
	what string
	err  error
}

func (l *lacking) Error() string { return "no " + l.what + ": " + l.err.Error() }
func (l *lacking) Unwrap() error { return l.err }

// lacksWhat turns the errors by which a file system says that it never can into a lacking; a lack of permission is
// told by another error on what belongs to this user.
func lacksWhat(what string, err error, also ...error) error {
	for _, never := range append(also, errors.ErrUnsupported, syscall.EPERM) {
		if err != nil && !errors.Is(err, ErrUnsupported) && errors.Is(err, never) {
			return &lacking{what, err}
		}
	}
	return err
}

func lacksLocks(err error) error {
	return lacksWhat("file locks", err, syscall.ENOLCK, syscall.EINVAL, syscall.EBADF)
}

// modes is lacking.what where a mode cannot be set. EPERM says so of a file of somebody else too, so it is believed
// of the file systems that have one mode for all.
const modes = "file modes"

var modeless = []string{"vfat", "exfat", "ntfs", "ntfs3", "cifs", "smb", "9p", "fuse"}

const elsewhere = "use --store DIR to put the store on a local file system, such as ext4, xfs, btrfs, zfs or tmpfs"

// failed is the function failed, and names the file system where that is what failed.
func (d *Dir) failed(what string, err error) error {
	var l *lacking
	if !errors.As(err, &l) {
		return failed(what, err)
	}
	kind := d.o.FS.Kind(d.real)
	if l.what == modes && !slices.Contains(modeless, kind) {
		return failed(what, l.err)
	}
	if kind == "" {
		kind = "its file system"
	}
	return fail.New(fail.Failed, elsewhere, "%s: the store %s cannot be kept on %s, which has no %s: %w",
		printable.Text(what), printable.Text(d.o.Dir), kind, l.what, l.err)
}
