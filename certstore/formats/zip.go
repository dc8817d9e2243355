package formats

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// What a ZIP archive may hold: more is no CA's answer.
const (
	maxZIPFiles = 100
	maxZIPBytes = 10 << 20
)

func isZIP(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06"))
}

// zip reads every file of an archive, as a CA hands it over. Names are shown and used for nothing else. A file that
// holds nothing of use is left out, and said; one that needs a password is asked for.
func (r *reader) zip(data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return damaged("the ZIP archive is damaged: %w", shown{err})
	}
	if len(archive.File) > maxZIPFiles {
		return tooMuch("unpack it and give the files in it", "the ZIP archive holds more than %d files", maxZIPFiles)
	}
	r.inForm("ZIP archive")
	left := int64(maxZIPBytes)
	for _, f := range archive.File {
		if f.FileInfo().IsDir() || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		if err := r.zipped(f, &left); err != nil {
			return fmt.Errorf("%s in the archive: %w", printable.Text(path.Base(f.Name)), err)
		}
	}
	return nil
}

// zipped reads one file of an archive.
func (r *reader) zipped(f *zip.File, left *int64) error {
	name := printable.Text(path.Base(f.Name))
	if f.Flags&1 != 0 {
		r.leaveOut(unsupported("unpack it with its password and give the files in it",
			"%s is encrypted in the archive", name))
		return nil
	}
	data, err := unzip(f, left)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	if isZIP(data) {
		r.leaveOut(unsupported("unpack it and give the files in it", "%s is an archive within the archive", name))
		return nil
	}
	err = r.read(data)
	if fail.Is(err, fail.UnsupportedFormat) {
		r.leaveOut(unsupported(fail.Of(err).Hint, "%s: %w", name, err))
		return nil
	}
	return err
}

func unzip(f *zip.File, left *int64) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, damaged("it cannot be unpacked: %w", shown{err})
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, min(*left, MaxFile)+1))
	if *left -= int64(len(data)); *left < 0 || len(data) > MaxFile {
		return nil, tooMuch("unpack it and give the files in it", "the ZIP archive holds more than %d MB", maxZIPBytes>>20)
	}
	if err != nil {
		return nil, damaged("it cannot be unpacked: %w", shown{err})
	}
	return data, nil
}
