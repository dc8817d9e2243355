package services

import (
	"errors"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"certdesk/certstore/daemontest"
)

func TestAReplacedFileKeepsItsAttributes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "conf")
	daemontest.Put(t, path, "old")
	if err := unix.Setxattr(path, "user.note", []byte("kept"), 0); errors.Is(err, unix.ENOTSUP) {
		t.Skip("SKIPPED: this file system knows no extended attributes")
	} else if err != nil {
		t.Fatal(err)
	}
	c, err := contentOf(path)
	if err != nil {
		t.Fatal(err)
	}
	c.Data = []byte("new")
	if err := c.put(path); err != nil {
		t.Fatal(err)
	}
	value := make([]byte, 16)
	if n, err := unix.Getxattr(path, "user.note", value); err != nil || string(value[:n]) != "kept" {
		t.Errorf("%q %v", value[:max(n, 0)], err)
	}
}
