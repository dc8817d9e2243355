//go:build unix

package config

import (
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"certdesk/certstore/fail"
)

func TestAFIFOIsRefusedWithoutWaiting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); !fail.Is(err, fail.InvalidConfig) {
		t.Error(err)
	}
}
