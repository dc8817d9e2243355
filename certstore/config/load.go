package config

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/BurntSushi/toml"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// maxSize is the largest configuration file, in bytes.
const maxSize = 1 << 20

// Load reads the file at path; "" means DefaultPath, and then a missing file is an empty Config.
// Errors: InvalidConfig, NotPermitted, UnsafeConfig where somebody else may write it or what it names.
func Load(path string) (Config, error) {
	f, err := Read(path)
	if err == nil && !f.Exists && path != "" {
		err = refusal(path, fs.ErrNotExist)
	}
	return f.Config, err
}

// decode reads the text of a configuration; what it does not know or cannot use is an error.
func decode(text string) (Config, error) {
	var c Config
	meta, err := toml.Decode(text, &c)
	if err == nil {
		err = unknownKey(text, meta.Undecoded())
	}
	if err == nil {
		err = c.check()
	}
	return c, err
}

// read refuses what is no regular file before opening it, since opening a FIFO would wait.
func read(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("it is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err == nil && len(data) > maxSize {
		err = errors.New("it is larger than 1 MB")
	}
	return string(data), err
}

func refusal(path string, err error) error {
	shown := printable.Text(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail.New(fail.InvalidConfig, "name another file with --config, or leave it out",
			"there is no configuration file %s%w", shown, silent{err})
	case errors.Is(err, fs.ErrPermission):
		return fail.New(fail.NotPermitted, "let your account read it: it holds no secrets",
			"cannot read the configuration %s: permission denied%w", shown, silent{err})
	}
	return fail.New(fail.InvalidConfig, "", "cannot read the configuration %s: %s", shown, reason(err))
}

// silent is a cause that the sentence has said already.
type silent struct{ err error }

func (silent) Error() string   { return "" }
func (s silent) Unwrap() error { return s.err }

// reason is an error without the path that os puts in front.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return printable.Text(err.Error())
}
