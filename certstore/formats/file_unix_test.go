//go:build unix

package formats

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/fail"
)

// TestSpecialFilesAreNamedAndNeverWaitedFor hangs if a pipe is opened and waited for.
func TestSpecialFilesAreNamedAndNeverWaitedFor(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	socket := filepath.Join(t.TempDir(), "s")
	if l, err := net.Listen("unix", socket); err == nil {
		defer l.Close()
	}
	for path, what := range map[string]string{pipe: "a named pipe", socket: "a socket", os.DevNull: "a device"} {
		_, err := ReadFile(path)
		if !fail.Is(err, fail.UnsupportedFormat) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestUnreadableFile(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything: run this test as another user")
	}
	path := write(t, "key.pem", []byte("x"))
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	_, err := ReadFile(path)
	wantCode(t, err, fail.Failed)
	if fail.Of(err).Hint == "" {
		t.Error("no hint")
	}
}
