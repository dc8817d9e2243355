//go:build !linux

package replace

import "os"

func keepAttributes(from, to *os.File) error { return nil }
