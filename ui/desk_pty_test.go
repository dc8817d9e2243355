//go:build unix

package ui_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/term"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/ui/ptytest"
	"certdesk/ui/uitest"
)

// terminal is a pseudo terminal with a desk or a shell on it.
type terminal struct {
	*ptytest.Terminal
	before term.State
	store  string
	attr   *syscall.SysProcAttr // nil: the terminal is the controlling one
}

// patience is how long a desk may take for what it does at once; a busy machine gets its share.
const patience = 30 * time.Second

func openTerminal(t *testing.T) *terminal {
	t.Helper()
	p := &terminal{Terminal: ptytest.Open(t, 100, 30), store: filepath.Join(t.TempDir(), "store")}
	p.before = p.Modes()
	return p
}

// start runs this test binary as a desk on the terminal.
func (p *terminal) start(mode string, args ...string) {
	p.Helper()
	if len(args) == 0 {
		args = []string{os.Args[0]}
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), deskMode+"="+mode, deskStore+"="+p.store, "TERM=xterm-256color", "PS1=$ ", "ENV=")
	cmd.SysProcAttr = p.attr
	p.Start(cmd)
}

// ended waits for the program's end.
func (p *terminal) ended() {
	p.Helper()
	if err := p.Ended(); err != nil {
		p.Fatalf("%v: %q", err, p.Shown())
	}
}

// restored fails unless the terminal is as it was before: modes, screen and cursor.
func (p *terminal) restored() {
	p.Helper()
	if after := p.Modes(); after != p.before {
		p.Errorf("the terminal's modes are %+v, were %+v", after, p.before)
	}
	out := p.Shown()
	for on, off := range map[string]string{"\x1b[?1049h": "\x1b[?1049l", "\x1b[?25l": "\x1b[?25h", "\x1b[?2004h": "\x1b[?2004l", "\x1b[?1002h": "\x1b[?1002l", "\x1b[?1006h": "\x1b[?1006l"} {
		if strings.LastIndex(out, on) > strings.LastIndex(out, off) {
			p.Errorf("%q was not taken back by %q", on, off)
		}
	}
}

// The desk asks a terminal nothing, so that one that never answers shows it at once; leaving restores it.
func TestTheTerminalIsAskedNothing(t *testing.T) {
	p := openTerminal(t)
	start := time.Now()
	p.start("desk")
	p.Wait("No certificate is here yet", 0)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("the first frame took %v", took)
	}
	for name, query := range map[string]string{"background": "\x1b]11;?", "cursor": "\x1b[6n", "attributes": "\x1b[c", "mode": "$p"} {
		if strings.Contains(p.Shown(), query) {
			t.Errorf("the terminal was asked for its %s", name)
		}
	}
	p.Types("q")
	p.ended()
	p.restored()
}

// A signal ends the desk as a key does: SIGHUP is a lost connection, SIGTERM a shutdown.
func TestSignalsRestoreTheTerminal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		p := openTerminal(t)
		p.start("desk")
		p.Wait("No certificate is here yet", 0)
		if err := p.Cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		p.ended()
		p.restored()
		p.Wait("ended:", 0)
	}
}

// After a panic the terminal is restored, and the trace can be read on it.
func TestAPanicRestoresTheTerminal(t *testing.T) {
	for _, mode := range []string{"command", "update"} {
		p := openTerminal(t)
		p.start(mode)
		p.Wait("recorder", 0)
		p.Types("p")
		p.ended()
		p.restored()
		out := p.Shown()
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
	p.Wait("No certificate is here yet", 0)
	other := openTerminal(t)
	other.attr = &syscall.SysProcAttr{Setsid: true}
	other.start("desk")
	other.Wait("No certificate is here yet", 0)
	for _, terminal := range []*terminal{p, other} {
		terminal.Master.Close()
		_, _ = terminal.TTY.WriteString("\n") // ends the reading that keeps it open
		done := make(chan error, 1)
		go func() { done <- terminal.Cmd.Wait() }()
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
	p.Wait("$ ", 0)
	p.Types(os.Args[0] + "\r")
	p.Wait("No certificate is here yet", 0)
	mark := len(p.Shown())
	p.Types("\x1a")
	p.Wait("\x1b[?1049l", mark)
	p.Wait("$ ", mark)
	p.Types("stty -a | tr ';' '\\n'; echo looked\r")
	p.Wait("looked\r\n", mark)
	out := p.Shown()[mark:]
	if strings.Contains(out, "-icanon") || strings.Contains(out, "-echo ") {
		t.Errorf("suspended, the terminal is still raw: %q", out)
	}
	mark = len(p.Shown())
	p.Types("fg\r")
	p.Wait("No certificate is here yet", mark)
	p.Wait("\x1b[?1002h", mark) // the mouse is the desk's again
	p.Types("M")
	p.Wait("\x1b[?1002l", mark+strings.LastIndex(p.Shown()[mark:], "\x1b[?1002h"))
	p.Types("q")
	p.Wait("ended: <nil>", mark)
	p.Types("exit\r")
	p.ended()
	p.restored()
}

// What another process writes appears without a key press, and the cursor stays where it was.
func TestAChangeByAnotherProcessAppears(t *testing.T) {
	p := openTerminal(t)
	ctx := context.Background()
	store, err := certstore.Open(certstore.Options{Dir: p.store})
	if err != nil {
		t.Fatal(err)
	}
	make1(t, ctx, store, "first.example.org")
	p.start("desk")
	p.Wait("first.example.org", 0)
	p.Wait("1 of 1", 0)
	mark := len(p.Shown())
	make1(t, ctx, store, "another.example.org")
	p.Wait("another.example.org", mark)
	p.Wait("2 of 2", mark) // sorted by name: the new row came above the one under the cursor
	p.Types("q")
	p.ended()
	p.restored()
}

func make1(t testing.TB, ctx context.Context, store *certstore.Store, host string) {
	t.Helper()
	_, err := store.New(ctx, issuing.Request{
		Subject: names.Subject{{Type: "CN", Value: host}}, Names: []names.Name{{Kind: names.DNS, Value: host}},
		Key: issuing.KeySpec{Algorithm: "ecdsa-p256"},
	})
	if err != nil {
		t.Fatal(err)
	}
}
