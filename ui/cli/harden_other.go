//go:build !unix

package cli

// Harden does nothing where the system has no core files and no umask.
func Harden() {}
