//go:build unix

package ui_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/ui/uitest"
)

// terminal is a pseudo terminal that answers no query, with a desk or a shell on it.
type terminal struct {
	t      *testing.T
	master *os.File
	tty    *os.File
	before *term.State
	cmd    *exec.Cmd
	store  string
	attr   *syscall.SysProcAttr // nil: the terminal is the controlling one

	mu    sync.Mutex
	shown bytes.Buffer
}

// patience is how long a desk may take for what it does at once; a busy machine gets its share.
const patience = 30 * time.Second

func openTerminal(t *testing.T) *terminal {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		uitest.Missing(t, "a pseudo terminal: "+err.Error())
	}
	p := &terminal{t: t, master: master, tty: tty, store: filepath.Join(t.TempDir(), "store")}
	if err := pty.Setsize(tty, &pty.Winsize{Cols: 100, Rows: 30}); err != nil {
		t.Fatal(err)
	}
	p.before, err = term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close(); master.Close() })
	go p.watch()
	return p
}

func (p *terminal) watch() {
	buf := make([]byte, 8192)
	for {
		n, err := p.master.Read(buf)
		p.mu.Lock()
		p.shown.Write(buf[:n])
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (p *terminal) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown.String()
}

// start runs this test binary as a desk on the terminal, its controlling one.
func (p *terminal) start(mode string, args ...string) {
	p.t.Helper()
	if len(args) == 0 {
		args = []string{os.Args[0]}
	}
	p.cmd = exec.Command(args[0], args[1:]...)
	p.cmd.Env = append(os.Environ(), deskMode+"="+mode, deskStore+"="+p.store, "TERM=xterm-256color", "PS1=$ ", "ENV=")
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = p.tty, p.tty, p.tty
	if p.cmd.SysProcAttr = p.attr; p.attr == nil {
		p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = p.cmd.Process.Kill() })
}

func (p *terminal) press(keys string) {
	p.t.Helper()
	if _, err := p.master.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// wait waits until the terminal was sent a text, after what came before mark.
func (p *terminal) wait(text string, mark int) {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if out := p.output(); len(out) > mark && strings.Contains(out[mark:], text) {
			return
		}
	}
	p.t.Fatalf("the terminal never showed %q; it has %q", text, p.output())
}

// ended waits for the program's end.
func (p *terminal) ended() {
	p.t.Helper()
	done := make(chan error, 1)
	go func() { done <- p.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			p.t.Fatalf("%v: %q", err, p.output())
		}
		if _, err := p.tty.WriteString("<all of it>"); err != nil {
			p.t.Fatal(err)
		}
		p.wait("<all of it>", 0) // what the desk wrote last has been read, too
	case <-time.After(patience):
		p.t.Fatalf("the desk did not end: %q", p.output())
	}
}

// restored fails unless the terminal is as it was before: modes, screen and cursor.
func (p *terminal) restored() {
	p.t.Helper()
	after, err := term.GetState(int(p.tty.Fd()))
	if err != nil {
		p.t.Fatal(err)
	}
	if !reflect.DeepEqual(p.before, after) {
		p.t.Errorf("the terminal's modes are %+v, were %+v", after, p.before)
	}
	out := p.output()
	for on, off := range map[string]string{"\x1b[?1049h": "\x1b[?1049l", "\x1b[?25l": "\x1b[?25h", "\x1b[?2004h": "\x1b[?2004l"} {
		if strings.LastIndex(out, on) > strings.LastIndex(out, off) {
			p.t.Errorf("%q was not taken back by %q", on, off)
		}
	}
}

// The desk asks a terminal nothing, so that one that never answers shows it at once; leaving restores it.
func TestTheTerminalIsAskedNothing(t *testing.T) {
	p := openTerminal(t)
	start := time.Now()
	p.start("desk")
	p.wait("No certificate is here yet", 0)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("the first frame took %v", took)
	}
	for name, query := range map[string]string{"background": "\x1b]11;?", "cursor": "\x1b[6n", "attributes": "\x1b[c", "mode": "$p"} {
		if strings.Contains(p.output(), query) {
			t.Errorf("the terminal was asked for its %s", name)
		}
	}
	p.press("q")
	p.ended()
	p.restored()
}

// A signal ends the desk as a key does: SIGHUP is a lost connection, SIGTERM a shutdown.
func TestSignalsRestoreTheTerminal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		p := openTerminal(t)
		p.start("desk")
		p.wait("No certificate is here yet", 0)
		if err := p.cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		p.ended()
		p.restored()
		p.wait("ended:", 0)
	}
}

// After a panic the terminal is restored, and the trace can be read on it.
func TestAPanicRestoresTheTerminal(t *testing.T) {
	for _, mode := range []string{"command", "update"} {
		p := openTerminal(t)
		p.start(mode)
		p.wait("recorder", 0)
		p.press("p")
		p.ended()
		p.restored()
		out := p.output()
		after := out[strings.LastIndex(out, "\x1b[?1049l"):]
		if !strings.Contains(after, "child_test.go") || !strings.Contains(after, "certdesk itself has failed") {
			t.Errorf("%s: after the screen was left there is no trace: %q", mode, after)
		}
	}
}

// A desk in another session than its terminal gets no signal when that goes; it ends all the same.
func TestADeskEndsWithItsTerminal(t *testing.T) {
	p := openTerminal(t)
	p.start("desk")
	p.wait("No certificate is here yet", 0)
	other := openTerminal(t)
	other.attr = &syscall.SysProcAttr{Setsid: true}
	other.start("desk")
	other.wait("No certificate is here yet", 0)
	for _, terminal := range []*terminal{p, other} {
		terminal.master.Close()
		_, _ = terminal.tty.WriteString("\n") // ends the reading that keeps it open
		done := make(chan error, 1)
		go func() { done <- terminal.cmd.Wait() }()
		select {
		case <-done:
		case <-time.After(patience):
			t.Fatal("the desk outlives its terminal")
		}
	}
}

// ctrl+z gives the terminal back to the shell as it was; fg draws the desk anew.
func TestSuspendAndReturn(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		uitest.Missing(t, "a shell")
	}
	p := openTerminal(t)
	p.start("desk", shell, "-i")
	p.wait("$ ", 0)
	p.press(os.Args[0] + "\r")
	p.wait("No certificate is here yet", 0)
	mark := len(p.output())
	p.press("\x1a")
	p.wait("\x1b[?1049l", mark)
	p.wait("$ ", mark)
	p.press("stty -a | tr ';' '\\n'; echo looked\r")
	p.wait("looked\r\n", mark)
	out := p.output()[mark:]
	if strings.Contains(out, "-icanon") || strings.Contains(out, "-echo ") {
		t.Errorf("suspended, the terminal is still raw: %q", out)
	}
	mark = len(p.output())
	p.press("fg\r")
	p.wait("No certificate is here yet", mark)
	p.press("q")
	p.wait("ended: <nil>", mark)
	p.press("exit\r")
	p.ended()
	p.restored()
}

// What another process writes appears without a key press, and the cursor stays where it was.
func TestAChangeByAnotherProcessAppears(t *testing.T) {
	p := openTerminal(t)
	ctx := context.Background()
	store, err := certstore.Open(ctx, certstore.Options{Dir: p.store})
	if err != nil {
		t.Fatal(err)
	}
	make1(t, ctx, store, "first.example.org")
	p.start("desk")
	p.wait("first.example.org", 0)
	p.wait("1 of 1", 0)
	mark := len(p.output())
	make1(t, ctx, store, "another.example.org")
	p.wait("another.example.org", mark)
	p.wait("2 of 2", mark) // sorted by name: the new row came above the one under the cursor
	p.press("q")
	p.ended()
	p.restored()
}

func make1(t *testing.T, ctx context.Context, store *certstore.Store, host string) {
	t.Helper()
	_, err := store.New(ctx, issuing.Request{
		Subject: names.Subject{{Type: "CN", Value: host}}, Names: []names.Name{{Kind: names.DNS, Value: host}},
		Key: issuing.KeySpec{Algorithm: "ecdsa-p256"},
	})
	if err != nil {
		t.Fatal(err)
	}
}
