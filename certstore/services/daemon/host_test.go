package daemon

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
)

func sh(t *testing.T, script string) (Output, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return Host{}.Command(ctx, []string{"sh", "-c", script})
}

func TestAChildHasNoTerminalAndNoInput(t *testing.T) {
	out, err := sh(t, "cat; ls -l /proc/self/fd/0; (echo x > /dev/tty) 2>&1; echo $LC_ALL; ps -o sid= -p $$ 2>/dev/null; pwd; exit 3")
	if err != nil || out.Exit != 3 {
		t.Fatal(out, err)
	}
	if !strings.Contains(out.Stdout, "/dev/null") || strings.Contains(out.Stdout, "\nx\n") || !strings.Contains(out.Stdout, "C\n") || !strings.HasSuffix(out.Stdout, "/\n") {
		t.Errorf("%s%s", out.Stdout, out.Stderr)
	}
}

func TestAChildThatHangsIsEndedWithItsChildren(t *testing.T) {
	t.Parallel()
	start := time.Now()
	mark := filepath.Join(t.TempDir(), "late")
	_, err := sh(t, "(sleep 4; touch "+mark+") & sleep 30")
	if err == nil || time.Since(start) > 4*time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	time.Sleep(2500 * time.Millisecond)
	if _, err := os.Stat(mark); err == nil {
		t.Error("its child went on")
	}
}

func TestADaemonThatAChildLeavesDoesNotHoldUp(t *testing.T) {
	t.Parallel()
	start := time.Now()
	out, err := sh(t, "sleep 3 & echo started")
	if err != nil || out.Stdout != "started\n" || time.Since(start) > 1500*time.Millisecond {
		t.Errorf("%+v %v after %v", out, err, time.Since(start))
	}
}

func TestOutputIsKeptWithinBounds(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	out, err := Host{}.Command(ctx, []string{"sh", "-c", "head -c 20000000 /dev/zero | tr '\\0' a; echo end; echo err >&2"})
	if err != nil || len(out.Stdout) != keptBytes || !strings.HasSuffix(out.Stdout, "aend\n") || !out.Cut || out.Stderr != "err\n" {
		t.Errorf("%d bytes, %v", len(out.Stdout), err)
	}
	if _, err := (Host{}).Ask(context.Background(), []string{"head", "-c", "5000000", "/dev/zero"}); !fail.Is(err, fail.LimitExceeded) {
		t.Errorf("half of an answer was taken for all of it: %v", err)
	}
	if _, err := (Host{}).Ask(context.Background(), []string{"sh", "-c", "echo $((40+2)); exit 1"}); err == nil || strings.Contains(err.Error(), ": 42") || !strings.HasSuffix(err.Error(), "exit status 1") {
		t.Errorf("what was read is shown: %v", err)
	}
}

func TestAFailureSaysWhatTheProgramSaid(t *testing.T) {
	_, err := Host{}.Succeed(context.Background(), []string{"sh", "-c", "echo first >&2; printf 'the \\033[31mreason\\n\\n' >&2; exit 1"})
	if err == nil || !strings.HasSuffix(err.Error(), `the \u{1b}[31mreason`) {
		t.Error(err)
	}
	if _, err = (Host{}).Succeed(context.Background(), []string{"false"}); err == nil || !strings.Contains(err.Error(), "exit status 1") {
		t.Error(err)
	}
}

// TestProgramsAreNotLookedForInPATH: whoever can set it could run anything as root.
func TestProgramsAreNotLookedForInPATH(t *testing.T) {
	dir := t.TempDir()
	daemontest.Put(t, dir+"/certdesk-no-such", "#!/bin/sh\n")
	os.Chmod(dir+"/certdesk-no-such", 0o755)
	t.Setenv("PATH", dir)
	if _, err := (Host{}).Program("certdesk-no-such"); !fail.Is(err, fail.NotFound) {
		t.Error(err)
	}
	if path, err := (Host{Bin: []string{dir}}).Program("other", "certdesk-no-such"); err != nil || path != dir+"/certdesk-no-such" {
		t.Error(path, err)
	}
	if _, err := (Host{Bin: []string{dir}}).Program("../" + filepath.Base(dir) + "/certdesk-no-such"); err == nil {
		t.Error("a name led elsewhere")
	}
}

func TestTheLogIsReadFromAMark(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	daemontest.Put(t, path, "error: of yesterday\n")
	m := MarkLog(path)
	if got := m.Trouble(); len(got) != 0 {
		t.Error(got)
	}
	daemontest.Put(t, path, "error: of yesterday\nall is well\nfatal: \x1b[2Jkey\n")
	if got := m.Trouble(); len(got) != 1 || got[0] != `fatal: \u{1b}[2Jkey` {
		t.Error(got)
	}
	os.Rename(path, path+".1")
	daemontest.Put(t, path, "warning: after the rotation\n")
	if got := m.Trouble(); len(got) != 1 || !strings.Contains(got[0], "rotation") {
		t.Error(got)
	}
	daemontest.Put(t, path, strings.Repeat("error: x\n", 100_000))
	if got := m.Trouble(); len(got) != logLines {
		t.Error(len(got))
	}
	if got := MarkLog(filepath.Join(t.TempDir(), "none")).Trouble(); got != nil {
		t.Error(got)
	}
	if got := (Mark{}).Trouble(); got != nil {
		t.Error(got)
	}
}

func TestWhatCountsAsRunning(t *testing.T) {
	root := t.TempDir()
	h := Host{Root: root}
	daemontest.Put(t, root+"/proc/self/stat", "1 (x) R")
	daemontest.Put(t, root+"/proc/10/stat", "10 (nginx: a) b) S 1 10")
	daemontest.Put(t, root+"/proc/11/stat", "11 (master) Z 1 10")
	daemontest.Put(t, root+"/proc/12/stat", "12 (bash) S 1 10")
	for i, c := range []struct {
		pid  string
		want bool
	}{{"10\n", true}, {"11", false}, {"12", false}, {"13", false}, {"", false}, {"x", false}, {"-1", false}, {"  10  ", true}} {
		path := filepath.Join(root, fmt.Sprint("pid", i))
		daemontest.Put(t, path, c.pid)
		if got := h.Running(path, "nginx: a) b", "master"); got != c.want {
			t.Errorf("%q: %v", c.pid, got)
		}
	}
	if h.Running(root+"/none", "master") {
		t.Error("without a pid file")
	}
}
