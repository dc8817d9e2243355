package formats

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// MaxFile is the largest input that is read, in bytes. Ten thousand names, or a thousand certificates, fit.
const MaxFile = 4 << 20

// ReadFile reads a regular file of at most MaxFile bytes; a symbolic link to one counts. It never waits for a
// pipe or a device. Errors: UnsupportedFormat for what is no regular file, LimitExceeded, told from the size
// before a byte is read, and Failed for what the system refuses.
func ReadFile(path string) ([]byte, error) {
	name := printable.Text(path)
	if info, err := os.Stat(path); err != nil {
		return nil, notRead(name, err)
	} else if err := checkFile(name, info); err != nil {
		return nil, err
	}
	f, err := openNoWait(path)
	if err != nil {
		return nil, notRead(name, err)
	}
	defer f.Close()
	// What the name means may have changed since: what counts is what was opened.
	info, err := f.Stat()
	if err != nil {
		return nil, notRead(name, err)
	}
	if err := checkFile(name, info); err != nil {
		return nil, err
	}
	return readCapped(f, name)
}

// ReadAll reads standard input, or any stream, to its end, at most MaxFile bytes. Errors: LimitExceeded, Failed.
func ReadAll(r io.Reader) ([]byte, error) { return readCapped(r, "the input") }

func readCapped(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, notRead(name, err)
	}
	if len(data) > MaxFile {
		return nil, tooLarge(name, "more than 4 MiB")
	}
	return data, nil
}

func checkFile(name string, info fs.FileInfo) error {
	if what := irregular(info.Mode()); what != "" {
		return unsupported("give the path of a file", "%s is %s, not a file", name, what)
	}
	if info.Size() > MaxFile {
		return tooLarge(name, printable.Count(info.Size(), "byte"))
	}
	return nil
}

func tooLarge(name, size string) error {
	return tooMuch("no certificate file is larger than 4 MiB: is it the right one?", "%s has %s", name, size)
}

func irregular(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case !mode.IsRegular():
		return "a special file"
	}
	return ""
}

// notRead leaves the path out of the cause, where the library would put it unescaped.
func notRead(name string, err error) error {
	var number syscall.Errno
	hint := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		hint = "check the path: no such file is there"
	case errors.Is(err, fs.ErrPermission):
		hint = "run certdesk as a user who may read it, or have its mode changed"
	}
	if errors.As(err, &number) {
		return fail.New(fail.Failed, hint, "cannot read %s: %w", name, number)
	}
	return fail.New(fail.Failed, hint, "cannot read %s: %w", name, shown{err})
}
