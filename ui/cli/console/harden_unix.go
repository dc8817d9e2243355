//go:build unix

package console

import "golang.org/x/sys/unix"

// Harden is called before anything is read: no core file may hold a key, and no file may be made for others.
func Harden() {
	unix.Umask(0o077)
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	undumpable()
}
