//go:build !unix

package console

import (
	"bytes"
	"errors"
	"io"
	"os"
	"syscall"

	"golang.org/x/term"
)

// EndSignals are the signals that end a run in order.
func EndSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// OpenTTY opens the controlling terminal.
func OpenTTY() (*os.File, error) { return nil, errors.ErrUnsupported }

func whileSuspended(int, *term.State, func()) (stop func()) { return func() {} }

// hush leaves it to term.ReadPassword, which turns the echo off while it reads.
func hush(int) error { return nil }

func secretFrom(t terminal) io.Reader { return &secretReader{fd: int(t.in.Fd())} }

// secretReader gives what term.ReadPassword reads as a line.
type secretReader struct {
	fd   int
	line *bytes.Reader
}

func (s *secretReader) Read(p []byte) (int, error) {
	if s.line == nil {
		secret, err := term.ReadPassword(s.fd)
		if err != nil {
			return 0, err
		}
		s.line = bytes.NewReader(append(secret, '\n'))
	}
	if s.line.Len() == 0 {
		return 0, io.EOF
	}
	return s.line.Read(p)
}

// Harden does nothing where the system has no core files and no umask.
func Harden() {}
