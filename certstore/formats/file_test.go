package formats

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

func TestReadFile(t *testing.T) {
	path := write(t, "leaf.pem", []byte("hello"))
	if data, err := ReadFile(path); err != nil || string(data) != "hello" {
		t.Errorf("%q, %v", data, err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err == nil {
		if data, err := ReadFile(link); err != nil || string(data) != "hello" {
			t.Errorf("through a link: %q, %v", data, err)
		}
	}
	_, err := ReadFile(filepath.Join(t.TempDir(), "none"))
	wantCode(t, err, fail.Failed)
	if fail.Of(err).Hint == "" {
		t.Error("no hint for a missing file")
	}
	_, err = ReadFile(t.TempDir())
	wantCode(t, err, fail.UnsupportedFormat)
	if !strings.Contains(err.Error(), "a directory") {
		t.Error(err)
	}
}

// TestSparseFileIsRefusedBySize would need the memory if it were read.
func TestSparseFileIsRefusedBySize(t *testing.T) {
	path := write(t, "big.pfx", nil)
	if err := os.Truncate(path, 2<<30); err != nil {
		t.Skipf("no sparse files here: %v", err)
	}
	_, err := ReadFile(path)
	wantCode(t, err, fail.LimitExceeded)
	if n := testing.AllocsPerRun(1, func() { _, _ = ReadFile(path) }); n > 100 {
		t.Errorf("%v allocations: it was read", n)
	}
}

func TestPathsInErrorsArePrintable(t *testing.T) {
	_, err := ReadFile(filepath.Join(t.TempDir(), "a\x1b[2J\u202eb"))
	if err == nil || strings.ContainsAny(err.Error(), "\x1b\u202e") {
		t.Errorf("%q", err)
	}
}

func TestReadAllIsCapped(t *testing.T) {
	if data, err := ReadAll(bytes.NewReader(make([]byte, MaxFile))); err != nil || len(data) != MaxFile {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	_, err := ReadAll(bytes.NewReader(make([]byte, MaxFile+1)))
	wantCode(t, err, fail.LimitExceeded)
}
