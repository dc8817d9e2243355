package disk_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// A command that is started while a lock is given back has a copy of the lock's file until it executes: it must not
// have the lock.
func TestALockIsNotLeftToACommandThatIsBeingStarted(t *testing.T) {
	d, dir := newStore(t)
	release, other, err := d.LockRenewals(t.Context())
	if err != nil || other != "" {
		t.Fatal(other, err)
	}
	copied := copyOf(t, filepath.Join(dir, "lock.renew"))
	defer unix.Close(copied)
	release()
	release, other, err = d.LockRenewals(t.Context())
	if err != nil || other != "" {
		t.Fatalf("held by %s, %v", other, err)
	}
	release()
}

// copyOf is another descriptor of a file that this process has open.
func copyOf(t *testing.T, path string) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if to, _ := os.Readlink("/proc/self/fd/" + e.Name()); to != path {
			continue
		}
		number, _ := strconv.Atoi(e.Name())
		copied, err := unix.Dup(number)
		if err != nil {
			t.Fatal(err)
		}
		return copied
	}
	t.Fatal(path + " is not open")
	return 0
}
