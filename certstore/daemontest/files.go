package daemontest

import (
	"os"
	"path/filepath"
	"testing"
)

// Put writes a file of a test, and makes its directory.
func Put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Read reads a file of a test.
func Read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Plain says whether this is a plain run, in which one daemon stands for all: the full run (CERTDESK_ALL=1) has all.
func Plain(driver string) bool { return driver != "nginx" && os.Getenv("CERTDESK_ALL") == "" }

// replace writes a file by a rename, so that nobody reads half of it.
func replace(t testing.TB, path string, data []byte, mode os.FileMode) {
	t.Helper()
	err := os.WriteFile(path+".new", data, mode)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		t.Fatal(err)
	}
}
