//go:build linux

// Package e2e holds tests alone: the real binary against openssl, tmux, strace, other users and full disks.
package e2e

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tests in this and the e2e files run the real binary, as a person or a script would.

// all says that the long tests run too.
var all = os.Getenv("CERTDESK_ALL") != ""

// need gives the path of a tool. A missing one is a failure in CI and a loud skip elsewhere.
func need(t testing.TB, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err == nil {
		return path
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing, and CI has every tool", tool)
	}
	t.Skipf("SKIPPED: %s is not installed, so nothing here was tested", tool)
	return ""
}

var built struct {
	sync.Once
	dir, path string
	err       error
}

// binary builds certdesk once for all tests of this package.
func binary(t testing.TB) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "certdesk-test-"); built.err != nil {
			return
		}
		built.path = filepath.Join(built.dir, "certdesk")
		cmd := exec.Command("go", "build", "-ldflags", "-s -w", "-o", built.path, "certdesk") // as the README says
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = errors.New(err.Error() + ": " + string(out))
		}
		os.Chmod(built.dir, 0o755) // for the tests that run it as another user
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

// TestMain lets twice as many tests run at once as there are processors: they wait for terminals most of the time.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// site is a server of the article's organisation: a store, a configuration and an empty home.
type site struct {
	testing.TB
	home, store, config string
}

func newSite(t testing.TB, trust ...string) *site {
	t.Helper()
	home := t.TempDir()
	s := &site{TB: t, home: home, store: filepath.Join(home, "store"), config: filepath.Join(home, "certdesk.toml")}
	s.write(s.config, `server = "ex2007ee.proexchange.global"
trust = [`+quoted(trust)+`]
discover = false
[accepted_domains]
names = ["proexchange.global", "belgianbeers.rock"]
`)
	return s
}

func quoted(list []string) string {
	var out []string
	for _, s := range list {
		out = append(out, `"`+s+`"`)
	}
	return strings.Join(out, ", ")
}

func (s *site) write(path, text string) {
	s.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
}

func (s *site) file(name string) string { return filepath.Join(s.home, name) }

func (s *site) read(path string) string {
	s.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		s.Fatal(err)
	}
	return string(data)
}

// env is a process's environment: nothing of this machine's but the path.
func (s *site) env() []string {
	return []string{"HOME=" + s.home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TERM=xterm-256color", "TZ=UTC"}
}

func (s *site) args(args ...string) []string {
	return append([]string{"--store", s.store, "--config", s.config}, args...)
}

// result is what a process answered.
type result struct {
	out, err string
	code     int
}

// run runs the binary without a terminal.
func (s *site) run(args ...string) result {
	s.Helper()
	cmd := exec.Command(binary(s), s.args(args...)...)
	return s.finish(cmd)
}

func (s *site) finish(cmd *exec.Cmd) result {
	s.Helper()
	var out, errs bytes.Buffer
	if cmd.Env == nil {
		cmd.Env = s.env()
	}
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = s.home, &out, &errs, 10*time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.Fatalf("%v: %v", cmd.Args, err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// ok runs the binary and fails the test unless it exits 0.
func (s *site) ok(args ...string) string {
	s.Helper()
	r := s.run(args...)
	if r.code != 0 {
		s.Fatalf("certdesk %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r.out
}

// openssl runs openssl and fails the test unless it succeeds.
func (s *site) openssl(args ...string) string {
	s.Helper()
	cmd := exec.Command(need(s, "openssl"), args...)
	cmd.Dir = s.home
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
