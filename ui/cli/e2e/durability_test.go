//go:build linux

package e2e

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// request is the command line of a quick request whose file goes outside the store.
func (s *site) request(name string) []string {
	return s.args("new", "--generate-request", "--key-algorithm", "ecdsa-p256", "--domain-name", name+".example.org",
		"--friendly-name", name, "--path", s.file(name+".req"))
}

// sound checks what may never be violated, whatever happened: doctor has nothing to warn of but an object whose line
// could not be written, the history's chain holds, every committed key is what it was, and no request is outside
// without its key.
func (s *site) sound(committed map[string]string) {
	s.Helper()
	r := s.run("--json", "doctor")
	if r.code > 1 || strings.Count(r.out, `"warning"`) != strings.Count(r.out, `"unlisted"`) || strings.Contains(r.out, `"error"`) {
		s.Fatalf("doctor: %s%s", r.out, r.err)
	}
	for path, text := range committed {
		if s.read(path) != text {
			s.Fatalf("the committed %s changed", path)
		}
	}
	rows := map[string]row{}
	for _, r := range s.rows() {
		rows[r.FriendlyName] = r
	}
	outside, _ := filepath.Glob(s.file("*.req"))
	for _, path := range outside {
		name := strings.TrimSuffix(filepath.Base(path), ".req")
		r, listed := rows[name]
		if !listed {
			s.Fatalf("%s is outside and no row knows it", path)
		}
		if _, err := os.Stat(filepath.Join(s.store, "keys", r.Spki+".key")); err != nil {
			s.Fatalf("%s is outside without its key: %v", path, err)
		}
	}
}

// keys reads every key of the store.
func (s *site) keys() map[string]string {
	s.Helper()
	all := map[string]string{}
	paths, _ := filepath.Glob(filepath.Join(s.store, "keys", "*.key"))
	for _, path := range paths {
		all[path] = s.read(path)
	}
	return all
}

func TestKilledAtRandomMoments(t *testing.T) {
	s := newSite(t)
	s.ok(s.request("first")[4:]...)
	committed := s.keys()
	took := time.Now()
	s.ok(s.request("second")[4:]...)
	span := time.Since(took) * 5 / 4
	rounds := 10
	if all {
		rounds = 200
	}
	for i := range rounds {
		cmd := exec.Command(binary(t), s.request(fmt.Sprintf("killed%d", i))...)
		cmd.Env, cmd.Dir = s.env(), s.home
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		delay, _ := rand.Int(rand.Reader, big.NewInt(int64(span)))
		time.Sleep(time.Duration(delay.Int64()))
		cmd.Process.Kill()
		cmd.Wait()
		if i%10 == 9 {
			s.sound(committed)
		}
	}
	s.ok("new", "--domain-name", "after.example.org")
	s.sound(committed)
}

// TestEveryFsyncFailsOnce lets the first fsync of a command fail, then the second, until none is left to fail.
func TestEveryFsyncFailsOnce(t *testing.T) {
	t.Parallel()
	need(t, "strace")
	ca := newCA(t)
	s := newSite(t, ca.root())
	s.ok(s.request("first")[4:]...)
	answer := ca.withChain(ca.answer(s.file("first.req"), "100"))
	committed := s.keys()
	made := s.failEachFsync(committed, func(n int) []string { return s.request(fmt.Sprintf("fault%d", n)) })
	imported := s.failEachFsync(committed, func(int) []string { return s.args("import", answer) })
	first := s.row("first")
	if first.Status != "Valid" {
		t.Errorf("after all the failures the answer is %s", first.Status)
	}
	os.Remove(s.file("first.req")) // from here on its row goes, and then its key: a purge is the one way for that
	removed := s.failEachFsync(committed, func(int) []string { return s.args("remove", first.Thumbprint, "--yes") })
	purged := s.failEachFsync(nil, func(int) []string { return s.args("purge", first.Thumbprint, "--force") })
	t.Logf("fsyncs that failed, one after the other: new %d, import %d, remove %d, purge %d", made, imported, removed, purged)
	if all && (made < 5 || imported < 3 || removed < 1 || purged < 2) {
		t.Error("fewer fsyncs failed than these commands need")
	}
	s.ok("new", "--domain-name", "after.example.org")
	s.sound(nil)
}

// failEachFsync runs a command again and again, its n-th fsync failing, and counts how many failed.
func (s *site) failEachFsync(committed map[string]string, args func(n int) []string) (failed int) {
	s.Helper()
	step := 1
	if !all {
		step = 5
	}
	for n := 1; n <= 40; n += step {
		log := s.file("trace")
		inject := fmt.Sprintf("inject=fsync,fdatasync:error=EIO:when=%d", n)
		run := append([]string{"-f", "-o", log, "-e", "trace=fsync,fdatasync", "-e", inject, binary(s)}, args(n)...)
		r := s.finish(exec.Command("strace", run...))
		if !strings.Contains(s.read(log), "INJECTED") {
			return failed
		}
		if r.code == 0 || !strings.Contains(r.err, "hint: ") {
			s.Errorf("%v: fsync %d failed and the answer is %d: %s%s", args(n)[4:], n, r.code, r.out, r.err)
		}
		failed++
		s.sound(committed)
	}
	s.Error("there is no end to the fsyncs")
	return failed
}

func TestAFullDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		skipOrFail(t, "mounting a small file system needs root")
	}
	s := newSite(t)
	if err := os.Mkdir(s.store, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", s.store).CombinedOutput(); err != nil {
		skipOrFail(t, "cannot mount a tmpfs here: "+string(out))
	}
	t.Cleanup(func() { exec.Command("umount", s.store).Run() })
	var committed map[string]string
	for i := range 100 {
		r := s.run(s.request(fmt.Sprintf("r%d", i))[4:]...)
		if r.code == 0 {
			committed = s.keys()
			continue
		}
		if !strings.Contains(r.err, "no space left") || !strings.Contains(r.err, "hint: ") || r.code != 1 {
			t.Errorf("a full disk is answered with %d: %s", r.code, r.err)
		}
		s.sound(committed)
		if i < 5 {
			t.Errorf("only %d requests fit", i)
		}
		return
	}
	t.Error("the disk never filled")
}

func TestTwentyProcessesAtOnce(t *testing.T) {
	s := newSite(t)
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			cmd := exec.Command(binary(t), s.request(fmt.Sprintf("p%d", i))...)
			if r := s.finish(cmd); r.code != 0 {
				t.Errorf("process %d: %s", i, r.err)
			}
		})
	}
	wait.Wait()
	if n := len(s.rows()); n != 20 {
		t.Errorf("%d rows of 20 writers", n)
	}
	s.sound(s.keys())
	var lines []struct{ Seq int }
	if err := json.Unmarshal([]byte(s.ok("--json", "history")), &lines); err != nil || len(lines) != 20 || lines[19].Seq != 20 {
		t.Errorf("history: %d lines, %v", len(lines), err)
	}
	s.ok("history", "verify")
}

func skipOrFail(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip("SKIPPED: " + why)
}
