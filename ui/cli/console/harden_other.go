//go:build !unix

package console

// Harden does nothing where the system has no core files and no umask.
func Harden() {}
