//go:build linux

package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"certdesk/ui/ptytest"
	"certdesk/ui/screen"
)

// at runs a command line at the person's terminal, and does what they do meanwhile.
func (o *office) at(p *ptytest.Terminal, meanwhile func(), args ...string) result {
	o.t.Helper()
	var out bytes.Buffer
	streams := o.io(&out, p.TTY)
	streams.In = p.TTY
	done := make(chan int, 1)
	go func() { done <- Run(context.Background(), o.args(args), streams) }()
	meanwhile()
	select {
	case code := <-done:
		return result{code, out.String(), p.Shown()}
	case <-time.After(30 * time.Second):
		o.t.Fatalf("%v never ended:\n%s", args, p.Shown())
	}
	return result{}
}

func TestQuestionsOnATerminal(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	cert := o.selfSigned("cert.example.org")
	pending, _ := o.request("pending.example.org")
	trash := o.selfSigned("trash.example.org")
	o.must("remove", trash.Thumbprint, "--yes")
	last := trash.Thumbprint[len(trash.Thumbprint)-6:]
	for _, c := range []struct {
		args           []string
		prompt, answer string
		exit           int
	}{
		{[]string{"remove", cert.Thumbprint}, "[y/N]", "\n", 3},
		{[]string{"remove", cert.Thumbprint}, "[y/N]", "n\n", 3},
		{[]string{"remove", cert.Thumbprint}, "[y/N]", "\x04", 3},
		{[]string{"remove", pending.Thumbprint}, `Type "lose the key" to go on: `, "y\n", 3},
		{[]string{"remove", cert.Thumbprint, pending.Thumbprint}, "lose the key", "\n", 3},
		{[]string{"purge", trash.Thumbprint}, last, "y\n", 3},
		{[]string{"remove", cert.Thumbprint}, "[y/N]", "y\n", 0},
		{[]string{"remove", pending.Thumbprint}, "lose the key", "lose the key\n", 0},
		{[]string{"purge", trash.Thumbprint}, last, strings.ToLower(last) + "\n", 0},
	} {
		before, p := o.snapshot(), ptytest.Open(t, 80, 24)
		r := o.at(p, func() { p.Sees(c.prompt); p.Types(c.answer) }, c.args...)
		if r.code != c.exit {
			t.Errorf("%v, %q: exit %d, want %d\n%s", c.args, c.answer, r.code, c.exit, r.err)
		}
		if c.exit != 0 {
			o.unchanged(before)
		}
		if c.exit != 0 && strings.HasPrefix(c.prompt, "Type") {
			p.Sees(`that was not "lose the key"`)
			p.Sees("hint: type it exactly as shown")
		}
	}
	o.selfSigned("again.example.org")
	p := ptytest.Open(t, 80, 24)
	if r := o.at(p, func() {}, "remove", pending.Thumbprint, "--yes"); r.code == 0 {
		t.Error("--yes lost a key")
	}
}

func TestExportAsksTwiceWithoutEcho(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.selfSigned("a.example.org", "--private-key-exportable")
	for _, c := range []struct {
		second string
		exit   int
	}{{"other horse\n", 3}, {"canary horse\n", 0}} {
		p := ptytest.Open(t, 80, 24)
		r := o.at(p, func() {
			p.Sees("Password for the file: ")
			p.Types("canary horse\n")
			p.Sees("The same again: ")
			p.Types(c.second)
		}, "export", e.Thumbprint, "--path", o.path("x.pfx"))
		if r.code != c.exit {
			t.Errorf("exit %d, want %d: %s", r.code, c.exit, r.err)
		}
		if strings.Contains(p.Shown(), "horse") {
			t.Error("the password was shown")
		}
	}
	other := newOffice(t)
	p := ptytest.Open(t, 80, 24)
	r := other.at(p, func() {
		p.Sees("Password of ")
		p.Types("wrong\n")
		p.Sees("wrong password, 1st of 3 tries")
		p.Sees("Password of ")
		p.Types("canary horse\n")
	}, "import", o.path("x.pfx"))
	if r.code != 0 {
		t.Errorf("import: exit %d: %s", r.code, r.err)
	}
}

func TestThreeWrongPasswordsAreEnough(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path, p := o.pfx("x.pfx", "a.example.org", "right"), ptytest.Open(t, 80, 24)
	r := o.at(p, func() {
		for n := range passwordTries {
			if n > 0 {
				p.Sees(fmt.Sprintf("wrong password, %s of 3 tries", []string{"", "1st", "2nd"}[n]))
			}
			p.Sees("Password of ")
			p.Types("wrong\n")
		}
	}, "import", path)
	if r.code != 3 || strings.Count(p.Shown(), "Password of") != passwordTries {
		t.Errorf("exit %d, %s", r.code, p.Shown())
	}
}

// Each protected file is asked for by name, unless a password that was given opens it as well.
func TestPasswordsOfSeveralFilesAreAskedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	paths := []string{o.pfx("one.pfx", "one.example.org", "first"), o.pfx("two.pfx", "two.example.org", "second"), o.pfx("three.pfx", "three.example.org", "first")}
	p := ptytest.Open(t, 80, 24)
	r := o.at(p, func() {
		p.Sees("one.pfx: ")
		p.Types("first\n")
		p.Sees("two.pfx: ")
		p.Types("second\n")
	}, append([]string{"import"}, paths...)...)
	if r.code != 0 || len(o.list()) != 3 || strings.Count(p.Shown(), "Password of") != 2 {
		t.Errorf("exit %d, %d entries, %s", r.code, len(o.list()), p.Shown())
	}
}

func TestDERIsNotForATerminal(t *testing.T) {
	o := newOffice(t)
	p := ptytest.Open(t, 80, 24)
	streams := o.io(p.TTY, p.TTY)
	if code := Run(context.Background(), o.args([]string{"new", "--generate-request", "--domain-name", "a.example.org", "--binary-encoded"}), streams); code != 2 {
		t.Errorf("exit %d, want 2", code)
	}
}

// A terminal that can do nothing but lines gets the desk in lines, and not one escape.
func TestADumbTerminalGetsTheDeskInLines(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("a.example.org")
	p := ptytest.Open(t, 80, 24)
	streams := o.io(p.TTY, p.TTY)
	streams.In = p.TTY
	streams.Getenv = func(name string) string { return map[string]string{"TERM": "dumb"}[name] }
	done := make(chan int, 1)
	go func() { done <- Run(context.Background(), o.args(nil), streams) }()
	p.Sees("a.example.org")
	p.Sees("certdesk> ")
	p.Types("details\n")
	p.Sees("Private key")
	p.Types("q\nq\n")
	if code := <-done; code != 0 {
		t.Errorf("exit %d: %s", code, p.Shown())
	}
	if strings.Contains(p.Shown(), "\x1b") {
		t.Error("escape sequences on a dumb terminal")
	}
}

// atTheBinary starts the real program at the person's terminal, which becomes its controlling one.
func (o *office) atTheBinary(p *ptytest.Terminal, args ...string) *exec.Cmd {
	o.t.Helper()
	cmd := exec.Command(o.binary, o.args(args)...)
	cmd.Env = []string{"HOME=" + o.dir}
	p.Start(cmd)
	return cmd
}

// binary builds certdesk; the go command has its packages cached.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "certdesk")
	if out, err := exec.Command("go", "build", "-o", path, "certdesk").CombinedOutput(); err != nil {
		t.Fatalf("build certdesk: %v\n%s", err, out)
	}
	return path
}

// The terminal is left as it was found, whatever ends the wait for a password.
func TestASignalAtThePasswordPromptRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.binary = binary(t)
	e := o.selfSigned("a.example.org", "--private-key-exportable")
	for name, end := range map[string]func(*ptytest.Terminal, *os.Process){
		"^C":   func(p *ptytest.Terminal, _ *os.Process) { p.Types("\x03") },
		"TERM": func(_ *ptytest.Terminal, proc *os.Process) { _ = proc.Signal(syscall.SIGTERM) },
		"HUP":  func(_ *ptytest.Terminal, proc *os.Process) { _ = proc.Signal(syscall.SIGHUP) },
	} {
		t.Run(name, func(t *testing.T) {
			p := ptytest.Open(t, 80, 24)
			before := p.Modes()
			cmd := o.atTheBinary(p, "export", e.Thumbprint, "--path", o.path("x.pfx"))
			p.Sees("Password for the file: ")
			p.Becomes("without echo", func() bool { return p.Modes() != before })
			end(p, cmd.Process)
			if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 3 {
				t.Errorf("ended with %v, want exit 3", err)
			}
			if p.Modes() != before {
				t.Error("the terminal was left changed")
			}
			if _, err := os.Stat(o.path("x.pfx")); err == nil {
				t.Error("a file was written")
			}
		})
	}
}

// ^Z gives the terminal back with echo; fg takes it again without.
func TestSuspendAtThePasswordPrompt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.binary = binary(t)
	e := o.selfSigned("a.example.org", "--private-key-exportable")
	p := ptytest.Open(t, 80, 24)
	before := p.Modes()
	cmd := o.atTheBinary(p, "export", e.Thumbprint, "--path", o.path("x.pfx"))
	p.Sees("Password for the file: ")
	p.Becomes("without echo", func() bool { return p.Modes() != before })
	p.Types("\x1a")
	p.Becomes("stopped", func() bool {
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", cmd.Process.Pid))
		return bytes.Contains(stat, []byte(") T "))
	})
	if p.Modes() != before {
		t.Error("the shell got a terminal without echo")
	}
	_ = cmd.Process.Signal(syscall.SIGCONT)
	p.Sees("Password for the file: ")
	p.Becomes("without echo again", func() bool { return p.Modes() != before })
	p.Types("canary horse\n")
	p.Sees("The same again: ")
	p.Types("canary horse\n")
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, p.Shown())
	}
	if strings.Contains(p.Shown(), "horse") || p.Modes() != before {
		t.Errorf("echo was on, or stays off: %s", p.Shown())
	}
}

// The desk's demo makes a store to play with: where nothing may change it is refused, not opened for writing.
func TestTheDemosDeskIsNotOpenedForWriting(t *testing.T) {
	t.Parallel()
	o, p := newOffice(t), ptytest.Open(t, 80, 24)
	streams := o.io(p.TTY, p.TTY)
	streams.In = p.TTY
	streams.Desk = func(_ context.Context, c screen.Config) error {
		if c.Store.ReadOnly() == "" {
			t.Error("the desk was opened for writing")
		}
		return nil
	}
	Run(context.Background(), []string{"--demo", "--read-only"}, streams)
}

// On a terminal the missing certificate is fetched on a yes; any other answer imports without it.
func TestFetchingIsAskedForOnATerminal(t *testing.T) {
	o := newOffice(t)
	for answer, status := range map[string]string{"\n": "Untrusted", "n\n": "Untrusted", "y\n": "Valid"} {
		p := ptytest.Open(t, 80, 24)
		path := o.lacking(fmt.Sprintf("host%x.example.org", answer))
		r := o.at(p, func() { p.Sees("Fetch it? [y/N]"); p.Types(answer) }, "import", path)
		list := o.list()
		if e := list[len(list)-1]; r.code != 0 || string(e.Status) != status {
			t.Errorf("%q: exit %d, %s\n%s", answer, r.code, e.Status, p.Shown())
		}
		for _, e := range list {
			o.must("remove", e.Thumbprint, "--yes")
		}
	}
	p := ptytest.Open(t, 80, 24)
	if r := o.at(p, func() {}, "import", o.lacking("yes.example.org"), "--yes"); r.code != 0 || strings.Contains(p.Shown(), "[y/N]") || o.list()[0].Status != "Untrusted" {
		t.Errorf("--yes said that the network may be used: %d %s", r.code, p.Shown())
	}
}
