package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/printable"
)

// filePassword reads --password-file; "-" is standard input. One trailing newline is not part of a password.
func (a *app) filePassword(path string) ([]byte, error) {
	if path == "-" {
		return formats.ReadPassword(a.io.In)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fail.New(fail.Failed, "check the path, and that you may read the file",
			"open the password file %s: %w", printable.Text(path), bare(err))
	}
	defer f.Close()
	return formats.ReadPassword(f)
}

// bare takes the operation and the path out of an error that a sentence has named already.
func bare(err error) error {
	if p, ok := err.(*os.PathError); ok {
		return p.Err
	}
	return err
}

// askPassword reads a password without echo. Without a terminal it fails, naming --password-file.
func (a *app) askPassword(ctx context.Context, prompt string) ([]byte, error) {
	t, ok := a.secretTerminal()
	if !ok {
		return nil, fail.New(fail.PasswordNeeded, "give --password-file FILE, or - for standard input",
			"a password is needed, and there is no terminal to ask on")
	}
	defer t.close()
	return readSecret(ctx, t, printable.Text(prompt))
}

// newPassword asks for a password that does not exist yet: twice, and not empty.
func (a *app) newPassword(ctx context.Context) ([]byte, error) {
	first, err := a.askPassword(ctx, "Password for the file: ")
	if err != nil {
		return nil, err
	}
	if len(first) == 0 {
		return nil, fail.New(fail.PasswordNeeded, "the file will hold the private key: choose a password", "the password is empty")
	}
	second, err := a.askPassword(ctx, "The same again: ")
	if err != nil {
		return nil, err
	}
	defer clear(second)
	if !bytes.Equal(first, second) {
		return nil, fail.New(fail.Canceled, "", "the two passwords differ: nothing was written")
	}
	return first, nil
}

// readSecret reads a line with the terminal's echo off. Whatever ends the wait (an answer, an interrupt, a
// hang-up, a panic) the terminal is left as it was found: term.ReadPassword alone leaves echo off on ^C.
func readSecret(ctx context.Context, t terminal, prompt string) ([]byte, error) {
	fd := int(t.in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, fail.New(fail.Failed, "give --password-file FILE", "read the terminal's settings: %w", err)
	}
	defer term.Restore(fd, before)
	fmt.Fprint(t.out, prompt)
	defer fmt.Fprintln(t.out)
	stop := whileSuspended(fd, before, func() { fmt.Fprint(t.out, prompt) })
	defer stop()
	return readLine(ctx, &secretReader{fd: fd})
}

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
