package services

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

// maxText is the largest configuration file that is read, in bytes.
const maxText = 8 << 20

// readFile reads a regular file of at most maxText bytes; it waits for no FIFO.
func readFile(path string) ([]byte, error) {
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
	return readAll(f)
}

func readAll(f *os.File) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err == nil && len(data) > maxText {
		err = fmt.Errorf("%s is larger than 8 MB", printable.Text(f.Name()))
	}
	return data, err
}

func cannot(what, path string, err error) error {
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

// below takes a path that does not begin at the root as one below dir.
func below(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
