//go:build darwin || freebsd

package disk

// renameNew has no portable form here.
func renameNew(int, string, string) error { return ErrUnsupported }
