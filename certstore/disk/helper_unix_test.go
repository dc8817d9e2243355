//go:build linux || darwin || freebsd

package disk_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// needRoot skips what only root can arrange.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		missing(t, "only root can arrange this")
	}
}

// missing skips a test, loudly; in CI nothing may be missing.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip("SKIPPED: " + what)
}

// lookAs runs helpLook as another user.
func lookAs(t *testing.T, dir string, uid, gid uint32, groups ...uint32) string {
	t.Helper()
	cmd := helper(t, "look", dir)
	cmd.Path = filepath.Join(publicDir(t), "helper") // the go command's own directory is closed to others
	self, err := os.ReadFile(cmd.Args[0])
	must(err)
	must(os.WriteFile(cmd.Path, self, 0o700))
	must(os.Chmod(cmd.Path, 0o755))
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid, Groups: groups}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

func wantAll(t *testing.T, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in:\n%s", part, got)
		}
	}
}
