//go:build linux

package e2e

import (
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// terminal is the binary on a pseudo-terminal that answers no query.
type terminal struct {
	testing.TB
	cmd  *exec.Cmd
	file *os.File
	mu   sync.Mutex
	seen []byte
	done chan struct{}
}

func (s *site) terminal(cmd *exec.Cmd) *terminal {
	s.Helper()
	if cmd.Env == nil {
		cmd.Env = s.env()
	}
	cmd.Dir = s.home
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		skipOrFail(s, "no pseudo-terminal: "+err.Error())
	}
	t := &terminal{TB: s, cmd: cmd, file: file, done: make(chan struct{})}
	go func() {
		defer close(t.done)
		buf := make([]byte, 4096)
		for {
			n, err := file.Read(buf)
			t.mu.Lock()
			t.seen = append(t.seen, buf[:n]...)
			t.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	s.Cleanup(func() { cmd.Process.Kill(); file.Close() })
	return t
}

func (t *terminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.seen)
}

func (t *terminal) expect(word string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if strings.Contains(t.text(), word) {
			return
		}
	}
	t.Fatalf("%q never appeared in %q", word, t.text())
}

func (t *terminal) send(text string) {
	t.Helper()
	if _, err := io.WriteString(t.file, text); err != nil {
		t.Fatal(err)
	}
}

func (t *terminal) exit() int {
	t.Helper()
	err := make(chan error, 1)
	go func() { err <- t.cmd.Wait() }()
	select {
	case <-err:
		<-t.done
		return t.cmd.ProcessState.ExitCode()
	case <-time.After(20 * time.Second):
		t.Fatalf("does not end; the screen says %q", t.text())
		return -1
	}
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
	term.expect("assword")
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
	term.send(canary + "\r" + canary + "\r") // the second is typed ahead of its prompt: it must not show either
	if code := term.exit(); code != 0 {
		t.Fatalf("export: exit %d: %s", code, term.text())
	}
	if strings.Contains(term.text(), canary) {
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
	term.expect("assword")
	cmd.Process.Signal(syscall.SIGABRT)
	term.exit()
	if cores, _ := filepath.Glob(s.file("*core*")); len(cores) > 0 {
		t.Errorf("a core was left: %v", cores)
	}
}
