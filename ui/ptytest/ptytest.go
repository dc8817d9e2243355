//go:build unix

// Package ptytest is a person at a pseudo terminal, for tests: what a program shows is kept, what is typed goes in. The
// terminal answers no query.
package ptytest

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// patience is how long a program may take for what it does at once; a busy machine gets its share.
const patience = 30 * time.Second

// Terminal is a pseudo terminal: Master is the person's end, TTY the program's.
type Terminal struct {
	testing.TB
	Master, TTY *os.File
	Cmd         *exec.Cmd // what Start started

	mutex sync.Mutex
	shown bytes.Buffer
	seen  int
}

// Open gives a terminal of so many cells. Where there is none the test is skipped, but not in CI.
func Open(t testing.TB, w, h int) *Terminal {
	t.Helper()
	master, tty, err := pty.Open()
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatalf("this test needs a pseudo terminal: %v", err)
	case err != nil:
		t.Skipf("SKIPPED, not tested: there is no pseudo terminal: %v", err)
	}
	p := &Terminal{TB: t, Master: master, TTY: tty}
	p.Resize(w, h)
	t.Cleanup(func() { tty.Close(); master.Close() })
	go p.watch()
	return p
}

func (p *Terminal) watch() {
	buf := make([]byte, 8192)
	for {
		n, err := p.Master.Read(buf)
		p.mutex.Lock()
		p.shown.Write(buf[:n])
		p.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

// Resize makes it so many cells wide and high.
func (p *Terminal) Resize(w, h int) {
	p.Helper()
	if err := pty.Setsize(p.TTY, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		p.Fatal(err)
	}
}

// Start starts a program whose controlling terminal it is, unless the command says otherwise.
func (p *Terminal) Start(cmd *exec.Cmd) {
	p.Helper()
	p.Cmd = cmd
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.TTY, p.TTY, p.TTY
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	}
	if err := cmd.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { _ = cmd.Process.Kill() })
}

// Ended waits for the program's end, and until all that it wrote was read; it gives the program's error.
func (p *Terminal) Ended() error {
	p.Helper()
	done := make(chan error, 1)
	go func() { done <- p.Cmd.Wait() }()
	select {
	case err := <-done:
		const last = "<all of it>"
		if _, failed := p.TTY.WriteString(last); failed == nil {
			p.Wait(last, 0)
		}
		return err
	case <-time.After(patience):
		p.Fatalf("the program did not end: %q", p.Shown())
		return nil
	}
}

// Shown is all that was shown.
func (p *Terminal) Shown() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.shown.String()
}

// Sees waits until a text is shown that was not there when it last saw one.
func (p *Terminal) Sees(text string) {
	p.Helper()
	p.Wait(text, p.seen)
	p.seen += strings.Index(p.Shown()[p.seen:], text) + len(text)
}

// Wait waits until a text is shown behind the first mark bytes.
func (p *Terminal) Wait(text string, mark int) {
	p.Helper()
	p.Becomes("shown "+text, func() bool {
		shown := p.Shown()
		return len(shown) > mark && strings.Contains(shown[mark:], text)
	})
}

// Becomes waits until a condition holds.
func (p *Terminal) Becomes(what string, condition func() bool) {
	p.Helper()
	for end := time.Now().Add(patience); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			p.Fatalf("never %s; it was shown %q", what, p.Shown())
		}
	}
}

// Types types keys.
func (p *Terminal) Types(keys string) {
	p.Helper()
	time.Sleep(20 * time.Millisecond) // echo is switched off just after a prompt
	if _, err := p.Master.WriteString(keys); err != nil {
		p.Fatal(err)
	}
}

// Modes are those that the terminal has now.
func (p *Terminal) Modes() term.State {
	p.Helper()
	state, err := term.GetState(int(p.TTY.Fd()))
	if err != nil {
		p.Fatal(err)
	}
	return *state
}
