//go:build unix

package challenge

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// commandOf is a solver that runs a script.
func commandOf(t *testing.T, resolver, script string) (Solver, string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "hook")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+strings.ReplaceAll(script, "DIR", dir)), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Type: DNS01, Resolver: resolver, DNS: DNS{Command: []string{file, "--zone", "example.test"}}})
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// A command is given the verb, the name and the value; what it writes is bounded and shown as text.
func TestACommandChangesTheZone(t *testing.T) {
	port, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, "_acme-challenge.mail.example.test. TXT x")
	resolver, ctx := fmt.Sprintf("127.0.0.1:%d", port), context.Background()

	s, dir := commandOf(t, resolver, `echo "$@" >>DIR/said`)
	check(t, s.Present(ctx, mail), "")
	check(t, s.Remove(ctx, mail), "")
	want := "--zone example.test present _acme-challenge.mail.example.test. " + mail.value() + "\n" +
		"--zone example.test cleanup _acme-challenge.mail.example.test. " + mail.value() + "\n"
	if got := daemontest.Read(t, filepath.Join(dir, "said")); got != want {
		t.Errorf("it was given %q, want %q", got, want)
	}

	s, _ = commandOf(t, resolver, `yes x | head -c 9000000; printf '\033[2Jno such zone\342\200\256\n' >&2; exit 3`)
	check(t, s.Present(ctx, mail), `\u{1b}[2Jno such zone\u{202e}`)
	s, _ = commandOf(t, resolver, `yes | head -c 9000000 | tr -d '\\n' >&2; exit 1`)
	if err := s.Present(ctx, mail); err == nil || len(err.Error()) > 1000 {
		t.Errorf("a sentence of %d bytes", len(fmt.Sprint(err)))
	}
}

// Whatever a command writes, what is told of it is a sentence: short, printable, in one line; and it is not waited for
// longer than for the command.
func TestWhatACommandWritesIsHostile(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"a terminal's commands":          {`printf '\033]0;x\007\033]52;c;cm0gLXJm\007\033[2Jno\n' >&2; exit 1`, `\u{1b}[2Jno`},
		"letters that run the other way": {`printf 'no \342\200\256zone\n' >&2; exit 1`, `no \u{202e}zone`},
		"no UTF-8":                       {`printf 'no \377\376\300\200 zone\n' >&2; exit 1`, "zone"},
		"NUL":                            {`printf 'no\000zone\n' >&2; exit 1`, "zone"},
		"10 MB and a reason":             {`yes | head -c 10000000 >&2; echo no such zone >&2; exit 1`, "no such zone"},
		"10 MB in one line":              {`yes | head -c 10000000 | tr -d '\n' >&2; exit 1`, "exit"},
		"it never ends":                  {`yes`, "did not end in time and was stopped"},
		"nor does its complaint":         {`yes >&2`, "did not end in time and was stopped"},
		"nothing it writes matters":      {`printf '\033[2J\377'; yes | head -c 10000000`, ""},
		"it leaves one behind that keeps its output open": {`sleep 60 & exit 0`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := hook{argv: []string{"/bin/sh", "-c", c.script}, host: daemon.Host{Time: time.Minute}}
			if strings.Contains(c.want, "in time") {
				h.host.Time = 500 * time.Millisecond
			}
			begun := time.Now()
			err := h.put(context.Background(), record{})
			if took := time.Since(begun); took > 50*time.Second {
				t.Errorf("it took %s", took)
			}
			if (err == nil) != (c.want == "") {
				t.Fatal(err)
			}
			if err == nil {
				return
			}
			text := err.Error()
			if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) || len(text) > 1000 {
				t.Errorf("%d bytes: %q", len(text), text[:min(len(text), 2000)])
			}
			if !strings.Contains(text, c.want) && c.want != "exit" {
				t.Errorf("%q, want %q", text, c.want)
			}
		})
	}
}

// A command that does not end is ended.
func TestACommandHasItsTime(t *testing.T) {
	h := hook{argv: []string{"/bin/sh", "-c", "sleep 60"}, host: daemon.Host{Time: 100 * time.Millisecond}}
	begun := time.Now()
	err := h.put(context.Background(), record{})
	check(t, err, "did not end in time and was stopped")
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
}

// With the one who asked, the command ends, and what it started.
func TestACommandEndsWithItsChildren(t *testing.T) {
	port, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, "_acme-challenge.mail.example.test. TXT x")
	s, dir := commandOf(t, fmt.Sprintf("127.0.0.1:%d", port),
		"sleep 60 & echo $! >DIR/pid.new; mv DIR/pid.new DIR/pid; wait")
	ctx, cancel := context.WithCancel(context.Background())
	pid := 0
	go func() {
		for pid == 0 {
			data, _ := os.ReadFile(filepath.Join(dir, "pid"))
			fmt.Sscan(string(data), &pid)
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
	}()
	begun := time.Now()
	err := s.Present(ctx, mail)
	if took := time.Since(begun); !fail.Is(err, fail.Canceled) || took > 30*time.Second {
		t.Errorf("%v after %s", err, took)
	}
	for end := time.Now().Add(30 * time.Second); syscall.Kill(pid, 0) == nil &&
		!zombie(pid); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("process %d lives", pid)
		}
	}
}

func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}
