//go:build unix

package console

import "golang.org/x/sys/unix"

// hush turns a terminal's echo off. Lines and signals stay as they are.
func hush(fd int) error {
	settings, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return err
	}
	settings.Lflag &^= unix.ECHO
	return unix.IoctlSetTermios(fd, setTermios, settings)
}
