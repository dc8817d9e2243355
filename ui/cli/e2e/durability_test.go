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

// sound checks what may never be violated, whatever happened: doctor has nothing to warn of, the history's chain
// holds, every committed key is what it was, and no request is outside without its key.
func (s *site) sound(committed map[string]string) {
	s.Helper()
	if r := s.run("--json", "doctor"); r.code != 0 {
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

func TestEveryFsyncFailsOnce(t *testing.T) {
	strace := need(t, "strace")
	ca := newCA(t)
	s := newSite(t, ca.root())
	s.ok(s.request("first")[4:]...)
	answer := ca.withChain(ca.answer(s.file("first.req"), "100"))
	committed := s.keys()
	failed := 0
	for n := 1; n <= 40; n++ {
		log := s.file("trace")
		inject := fmt.Sprintf("inject=fsync,fdatasync:error=EIO:when=%d", n)
		args := append([]string{"-f", "-o", log, "-e", "trace=fsync,fdatasync", "-e", inject, binary(t)}, s.request(fmt.Sprintf("fault%d", n))...)
		cmd := exec.Command(strace, args...)
		r := s.finish(cmd)
		if !strings.Contains(s.read(log), "INJECTED") {
			break
		}
		if r.code == 0 {
			t.Errorf("fsync %d failed and the command said nothing: %s", n, r.out)
		}
		if !strings.Contains(r.err, "hint: ") {
			t.Errorf("fsync %d: no hint: %s", n, r.err)
		}
		failed++
		s.sound(committed)
	}
	if failed < 5 {
		t.Errorf("only %d fsyncs were made to fail", failed)
	}
	t.Logf("%d fsyncs failed, one after the other", failed)
	s.ok("import", answer)
	s.sound(committed)
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
