//go:build !unix

package console

import (
	"errors"
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

// Harden does nothing where the system has no core files and no umask.
func Harden() {}
