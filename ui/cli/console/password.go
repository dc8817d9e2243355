package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/printable"
)

// FilePassword reads --password-file; "-" is standard input. One trailing newline is not part of a password.
func (c Console) FilePassword(ctx context.Context, path string) ([]byte, error) {
	return Await(ctx, func() ([]byte, error) { return c.readPasswordFile(path) })
}

func (c Console) readPasswordFile(path string) ([]byte, error) {
	if path == "-" {
		return formats.ReadPassword(c.In)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fail.New(fail.Failed, "check the path, and that you may read the file",
			"open the password file %s: %w", printable.Text(path), bare(err))
	}
	defer f.Close()
	return formats.ReadPassword(f)
}

// KeepPassword writes a password that was made up to a new file that its owner alone may read, before anything is
// written under it.
func KeepPassword(path string, password []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if os.IsExist(err) {
		return fail.New(fail.AlreadyExists, "choose another name for --password-file: a password is never overwritten",
			"%s exists already", printable.Text(path))
	}
	if err == nil {
		_, err = f.Write(append(bytes.Clone(password), '\n'))
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err != nil {
		if f != nil {
			os.Remove(path)
		}
		return fail.New(fail.Failed, "choose a directory you may write to", "write the password to %s: %w",
			printable.Text(path), bare(err))
	}
	return nil
}

// bare takes the operation and the path out of an error that a sentence has named already.
func bare(err error) error {
	if p, ok := err.(*os.PathError); ok {
		return p.Err
	}
	return err
}

// asker asks for one secret.
type asker func(prompt string) ([]byte, error)

// Password reads a password without echo. Without a terminal it fails, naming --password-file.
func (c Console) Password(ctx context.Context, prompt string) (password []byte, err error) {
	err = c.inSilence(ctx, func(ask asker) error {
		password, err = ask(prompt)
		return err
	})
	return password, err
}

// NewPassword asks for a password that does not exist yet: twice, and not empty.
func (c Console) NewPassword(ctx context.Context) (password []byte, err error) {
	err = c.inSilence(ctx, func(ask asker) error {
		if password, err = ask("Password for the file: "); err != nil {
			return err
		}
		if len(password) == 0 {
			return fail.New(fail.PasswordNeeded, "the file will hold the private key: choose a password",
				"the password is empty")
		}
		second, err := ask("The same again: ")
		if err != nil {
			return err
		}
		defer clear(second)
		if !bytes.Equal(password, second) {
			return fail.New(fail.Canceled, "", "the two passwords differ: nothing was written")
		}
		return nil
	})
	return password, err
}

// inSilence turns the terminal's echo off before the first prompt and on after the last answer, so that what is
// typed ahead of a prompt does not show either. Whatever ends the wait (an answer, an interrupt, a hang-up, a panic)
// the terminal is left as it was found. Nothing else may change its modes meanwhile: term.ReadPassword does, and one
// that is left behind by an interrupt would turn the echo off for good.
func (c Console) inSilence(ctx context.Context, do func(asker) error) error {
	t, ok := c.terminal()
	if !ok {
		t, ok = c.controlling() // standard input may be the file that is being read
	}
	if !ok {
		return fail.New(fail.PasswordNeeded, "give --password-file FILE, or - for standard input",
			"a password is needed, and there is no terminal to ask on")
	}
	defer t.close()
	fd := int(t.in.Fd())
	before, err := term.GetState(fd)
	if err == nil {
		defer term.Restore(fd, before)
		err = hush(fd)
	}
	if err != nil {
		return fail.New(fail.Failed, "give --password-file FILE", "turn off the terminal's echo: %w", err)
	}
	return do(func(prompt string) ([]byte, error) { return readSecret(ctx, t, before, printable.Text(prompt)) })
}

// readSecret reads a line from a terminal whose echo is off; before is what to give back while suspended.
func readSecret(ctx context.Context, t terminal, before *term.State, prompt string) ([]byte, error) {
	fd := int(t.in.Fd())
	fmt.Fprint(t.out, prompt)
	defer fmt.Fprintln(t.out)
	stop := whileSuspended(fd, before, func() { fmt.Fprint(t.out, prompt) })
	defer stop()
	return readLine(ctx, secretFrom(t))
}
