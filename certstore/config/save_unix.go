//go:build unix

package config

import "golang.org/x/sys/unix"

// mayAdd says whether this process may put files into a directory.
func mayAdd(dir string) error {
	return unix.Faccessat(unix.AT_FDCWD, dir, unix.W_OK|unix.X_OK, unix.AT_EACCESS)
}
