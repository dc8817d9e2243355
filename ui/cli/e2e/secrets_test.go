//go:build linux

package e2e

import (
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"certdesk/ui/ptytest"
)

// terminal runs the binary on a pseudo terminal.
func (s *site) terminal(cmd *exec.Cmd) *ptytest.Terminal {
	s.Helper()
	if cmd.Env == nil {
		cmd.Env = s.env()
	}
	cmd.Dir = s.home
	t := ptytest.Open(s, 80, 24)
	t.Start(cmd)
	return t
}

const canary = "canary-Zq7-pass"

// TestSecretsStayWhereTheyBelong looks everywhere else for the password and the key of a full session.
func TestSecretsStayWhereTheyBelong(t *testing.T) {
	s := newSite(t)
	tmp := s.file("tmp")
	if err := os.Mkdir(tmp, 0o700); err != nil {
		t.Fatal(err)
	}
	env := append(s.env(), "TMPDIR="+tmp)
	s.ok("new", "--domain-name", "mail.example.org", "--private-key-exportable")
	thumb := s.rows()[0].Thumbprint

	cmd := exec.Command(binary(t), s.args("export", thumb, "--path", s.file("out.pfx"))...)
	cmd.Env = env
	term := s.terminal(cmd)
	term.Wait("assword", 0)
	for _, name := range []string{"cmdline", "environ"} {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", cmd.Process.Pid, name))
		if err != nil || strings.Contains(string(data), canary) {
			t.Errorf("%s: %v", name, err)
		}
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", cmd.Process.Pid))
	if err != nil || !coreLimitIsZero(string(limits)) {
		t.Errorf("RLIMIT_CORE is not 0: %v\n%s", err, limits)
	}
	term.Types(canary + "\r" + canary + "\r") // the second is typed ahead of its prompt: it must not show either
	if err := term.Ended(); err != nil {
		t.Fatalf("export: %v: %s", err, term.Shown())
	}
	if strings.Contains(term.Shown(), canary) {
		t.Error("the password was echoed")
	}
	s.openssl("pkcs12", "-in", "out.pfx", "-passin", "pass:"+canary, "-noout")
	s.write(s.file("password"), canary)
	other := newSite(t)
	if out := other.ok("import", s.file("out.pfx"), "--password-file", s.file("password"), "--json"); strings.Contains(out, canary) {
		t.Error("the password was printed")
	}
	os.Remove(s.file("password"))
	secrets := []string{canary, keyBody(t, s)}
	for _, where := range []string{s.home, other.home} {
		lookFor(t, where, secrets)
	}
}

func coreLimitIsZero(limits string) bool {
	for _, line := range strings.Split(limits, "\n") {
		if f := strings.Fields(strings.TrimPrefix(line, "Max core file size")); strings.HasPrefix(line, "Max core file size") {
			return len(f) > 1 && f[0] == "0" && f[1] == "0"
		}
	}
	return false
}

// keyBody is a line from the middle of the private key's PEM.
func keyBody(t *testing.T, s *site) string {
	t.Helper()
	for _, text := range s.keys() {
		if block, _ := pem.Decode([]byte(text)); block == nil {
			t.Fatal("the key is no PEM")
		}
		return strings.Split(text, "\n")[5]
	}
	t.Fatal("no key")
	return ""
}

// lookFor reads every file but the keys themselves.
func lookFor(t *testing.T, dir string, secrets []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasSuffix(path, ".key") {
			return err
		}
		data, err := os.ReadFile(path)
		for i, secret := range secrets {
			if strings.Contains(string(data), secret) {
				t.Errorf("%s holds secret %d", path, i)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestACrashLeavesNoCore(t *testing.T) {
	s := newSite(t)
	s.ok("new", "--domain-name", "mail.example.org", "--private-key-exportable")
	cmd := exec.Command(binary(t), s.args("export", s.rows()[0].Thumbprint, "--path", s.file("out.pfx"))...)
	cmd.Env = append(s.env(), "GOTRACEBACK=crash")
	term := s.terminal(cmd)
	term.Wait("assword", 0)
	cmd.Process.Signal(syscall.SIGABRT)
	_ = term.Ended()
	if cores, _ := filepath.Glob(s.file("*core*")); len(cores) > 0 {
		t.Errorf("a core was left: %v", cores)
	}
}
