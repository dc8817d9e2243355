//go:build !unix

package formats

import "os"

func openNoWait(path string) (*os.File, error) { return os.Open(path) }
