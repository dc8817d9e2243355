package daemon

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// MaxText is the largest configuration file that is read, in bytes.
const MaxText = 8 << 20

// ReadFile reads a regular file of at most MaxText bytes; it waits for no FIFO.
func ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", printable.Text(path))
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // it may be a FIFO by now
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadAll(f)
}

// ReadAll reads an open file of at most MaxText bytes.
func ReadAll(f *os.File) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(f, MaxText+1))
	if err == nil && len(data) > MaxText {
		err = fmt.Errorf("%s is larger than 8 MB", printable.Text(f.Name()))
	}
	return data, err
}

// Cannot is the error of what could not be done to a file, with who could do it where that is a matter of permission.
func Cannot(what, path string, err error) error {
	var told *fail.Error
	if errors.As(err, &told) {
		return err
	}
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		err = pe.Err
	case errors.As(err, &le):
		err = le.Err
	}
	code, hint := fail.Failed, ""
	if errors.Is(err, fs.ErrPermission) {
		code, hint = fail.NotPermitted, fail.Denied(os.Geteuid(), printable.Text(filepath.Dir(path)), "run certdesk as root")
	}
	return fail.New(code, hint, "cannot %s %s: %w", what, printable.Text(path), err)
}

// Below takes a path that does not begin at the root as one below dir.
func Below(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
