//go:build unix

package formats

import (
	"os"
	"syscall"
)

// openNoWait opens for reading; a pipe without a writer does not hold it up.
func openNoWait(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
}
