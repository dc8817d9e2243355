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
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"certdesk/ui/screen"
)

// person sits at a terminal: what the program shows is kept, what is typed goes in.
type person struct {
	t       *testing.T
	master  *os.File
	tty     *os.File
	mutex   sync.Mutex
	shown   bytes.Buffer
	checked int
}

func newPerson(t *testing.T) *person {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, master: master, tty: tty}
	t.Cleanup(func() { tty.Close(); master.Close() })
	go p.watch()
	return p
}

func (p *person) watch() {
	buf := make([]byte, 4096)
	for {
		n, err := p.master.Read(buf)
		p.mutex.Lock()
		p.shown.Write(buf[:n])
		p.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

func (p *person) screen() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.shown.String()
}

// sees waits until text is shown that was not there when it last saw something.
func (p *person) sees(text string) {
	p.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		s := p.screen()
		if i := strings.Index(s[p.checked:], text); i >= 0 {
			p.checked += i + len(text)
			return
		}
	}
	p.t.Fatalf("%q never appeared in:\n%s", text, p.screen())
}

func (p *person) types(text string) {
	p.t.Helper()
	time.Sleep(20 * time.Millisecond) // echo is switched off just after the prompt
	if _, err := p.master.WriteString(text); err != nil {
		p.t.Fatal(err)
	}
}

// at runs a command line at the person's terminal, and does what they do meanwhile.
func (o *office) at(p *person, meanwhile func(), args ...string) result {
	o.t.Helper()
	var out bytes.Buffer
	streams := o.io(&out, p.tty)
	streams.In = p.tty
	done := make(chan int, 1)
	go func() { done <- Run(context.Background(), o.args(args), streams) }()
	meanwhile()
	select {
	case code := <-done:
		return result{code, out.String(), p.screen()}
	case <-time.After(30 * time.Second):
		o.t.Fatalf("%v never ended:\n%s", args, p.screen())
	}
	return result{}
}

func TestQuestionsOnATerminal(t *testing.T) {
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
		before, p := o.snapshot(), newPerson(t)
		r := o.at(p, func() { p.sees(c.prompt); p.types(c.answer) }, c.args...)
		if r.code != c.exit {
			t.Errorf("%v, %q: exit %d, want %d\n%s", c.args, c.answer, r.code, c.exit, r.err)
		}
		if c.exit != 0 {
			o.unchanged(before)
		}
		if c.exit != 0 && strings.HasPrefix(c.prompt, "Type") {
			p.sees(`that was not "lose the key"`)
			p.sees("hint: type it exactly as shown")
		}
	}
	o.selfSigned("again.example.org")
	p := newPerson(t)
	if r := o.at(p, func() {}, "remove", pending.Thumbprint, "--yes"); r.code == 0 {
		t.Error("--yes lost a key")
	}
}

func TestExportAsksTwiceWithoutEcho(t *testing.T) {
	o := newOffice(t)
	e := o.selfSigned("a.example.org", "--private-key-exportable")
	for _, c := range []struct {
		second string
		exit   int
	}{{"other horse\n", 3}, {"canary horse\n", 0}} {
		p := newPerson(t)
		r := o.at(p, func() {
			p.sees("Password for the file: ")
			p.types("canary horse\n")
			p.sees("The same again: ")
			p.types(c.second)
		}, "export", e.Thumbprint, "--path", o.path("x.pfx"))
		if r.code != c.exit {
			t.Errorf("exit %d, want %d: %s", r.code, c.exit, r.err)
		}
		if strings.Contains(p.screen(), "horse") {
			t.Error("the password was shown")
		}
	}
	other := newOffice(t)
	p := newPerson(t)
	r := other.at(p, func() {
		p.sees("Password of ")
		p.types("wrong\n")
		p.sees("try again")
		p.sees("Password of ")
		p.types("canary horse\n")
	}, "import", o.path("x.pfx"))
	if r.code != 0 {
		t.Errorf("import: exit %d: %s", r.code, r.err)
	}
}

func TestThreeWrongPasswordsAreEnough(t *testing.T) {
	o := newOffice(t)
	path, p := o.pfx("x.pfx", "a.example.org", "right"), newPerson(t)
	r := o.at(p, func() {
		for range passwordTries {
			p.sees("Password of ")
			p.types("wrong\n")
		}
	}, "import", path)
	if r.code != 3 || strings.Count(p.screen(), "Password of") != passwordTries {
		t.Errorf("exit %d, %s", r.code, p.screen())
	}
}

// Each protected file is asked for by name, unless a password that was given opens it as well.
func TestPasswordsOfSeveralFilesAreAskedOneAfterTheOther(t *testing.T) {
	o := newOffice(t)
	paths := []string{o.pfx("one.pfx", "one.example.org", "first"), o.pfx("two.pfx", "two.example.org", "second"), o.pfx("three.pfx", "three.example.org", "first")}
	p := newPerson(t)
	r := o.at(p, func() {
		p.sees("one.pfx: ")
		p.types("first\n")
		p.sees("two.pfx: ")
		p.types("second\n")
	}, append([]string{"import"}, paths...)...)
	if r.code != 0 || len(o.list()) != 3 || strings.Count(p.screen(), "Password of") != 2 {
		t.Errorf("exit %d, %d entries, %s", r.code, len(o.list()), p.screen())
	}
}

func TestDERIsNotForATerminal(t *testing.T) {
	o := newOffice(t)
	p := newPerson(t)
	streams := o.io(p.tty, p.tty)
	if code := Run(context.Background(), o.args([]string{"new", "--generate-request", "--domain-name", "a.example.org", "--binary-encoded"}), streams); code != 2 {
		t.Errorf("exit %d, want 2", code)
	}
}

// A terminal that can do nothing but lines gets the desk in lines, and not one escape.
func TestADumbTerminalGetsTheDeskInLines(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("a.example.org")
	p := newPerson(t)
	streams := o.io(p.tty, p.tty)
	streams.In = p.tty
	streams.Getenv = func(name string) string { return map[string]string{"TERM": "dumb"}[name] }
	done := make(chan int, 1)
	go func() { done <- Run(context.Background(), o.args(nil), streams) }()
	p.sees("a.example.org")
	p.sees("certdesk> ")
	p.types("details\n")
	p.sees("Private key")
	p.types("q\nq\n")
	if code := <-done; code != 0 {
		t.Errorf("exit %d: %s", code, p.screen())
	}
	if strings.Contains(p.screen(), "\x1b") {
		t.Error("escape sequences on a dumb terminal")
	}
}

// atTheBinary starts the real program at the person's terminal, which becomes its controlling one.
func (o *office) atTheBinary(p *person, args ...string) *exec.Cmd {
	o.t.Helper()
	cmd := exec.Command(o.binary, o.args(args)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.tty, p.tty, p.tty
	cmd.Env = []string{"HOME=" + o.dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = cmd.Process.Kill() })
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

func (p *person) state() term.State {
	p.t.Helper()
	state, err := term.GetState(int(p.tty.Fd()))
	if err != nil {
		p.t.Fatal(err)
	}
	return *state
}

// becomes waits until a condition holds.
func (p *person) becomes(what string, condition func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("never %s; shown:\n%s", what, p.screen())
		}
	}
}

// The terminal is left as it was found, whatever ends the wait for a password.
func TestASignalAtThePasswordPromptRestoresTheTerminal(t *testing.T) {
	o := newOffice(t)
	o.binary = binary(t)
	e := o.selfSigned("a.example.org", "--private-key-exportable")
	for name, end := range map[string]func(*person, *os.Process){
		"^C":   func(p *person, _ *os.Process) { p.types("\x03") },
		"TERM": func(_ *person, proc *os.Process) { _ = proc.Signal(syscall.SIGTERM) },
		"HUP":  func(_ *person, proc *os.Process) { _ = proc.Signal(syscall.SIGHUP) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t)
			before := p.state()
			cmd := o.atTheBinary(p, "export", e.Thumbprint, "--path", o.path("x.pfx"))
			p.sees("Password for the file: ")
			p.becomes("without echo", func() bool { return p.state() != before })
			end(p, cmd.Process)
			if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 3 {
				t.Errorf("ended with %v, want exit 3", err)
			}
			if p.state() != before {
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
	o := newOffice(t)
	o.binary = binary(t)
	e := o.selfSigned("a.example.org", "--private-key-exportable")
	p := newPerson(t)
	before := p.state()
	cmd := o.atTheBinary(p, "export", e.Thumbprint, "--path", o.path("x.pfx"))
	p.sees("Password for the file: ")
	p.becomes("without echo", func() bool { return p.state() != before })
	p.types("\x1a")
	p.becomes("stopped", func() bool {
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", cmd.Process.Pid))
		return bytes.Contains(stat, []byte(") T "))
	})
	if p.state() != before {
		t.Error("the shell got a terminal without echo")
	}
	_ = cmd.Process.Signal(syscall.SIGCONT)
	p.sees("Password for the file: ")
	p.becomes("without echo again", func() bool { return p.state() != before })
	p.types("canary horse\n")
	p.sees("The same again: ")
	p.types("canary horse\n")
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, p.screen())
	}
	if strings.Contains(p.screen(), "horse") || p.state() != before {
		t.Errorf("echo was on, or stays off: %s", p.screen())
	}
}

// The desk's demo makes a store to play with: where nothing may change it is refused, not opened for writing.
func TestTheDemosDeskIsNotOpenedForWriting(t *testing.T) {
	o, p := newOffice(t), newPerson(t)
	streams := o.io(p.tty, p.tty)
	streams.In = p.tty
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
		p := newPerson(t)
		path := o.lacking(fmt.Sprintf("host%x.example.org", answer))
		r := o.at(p, func() { p.sees("Fetch it? [y/N]"); p.types(answer) }, "import", path)
		list := o.list()
		if e := list[len(list)-1]; r.code != 0 || string(e.Status) != status {
			t.Errorf("%q: exit %d, %s\n%s", answer, r.code, e.Status, p.screen())
		}
		for _, e := range list {
			o.must("remove", e.Thumbprint, "--yes")
		}
	}
	p := newPerson(t)
	if r := o.at(p, func() {}, "import", o.lacking("yes.example.org"), "--yes"); r.code != 0 || strings.Contains(p.screen(), "[y/N]") || o.list()[0].Status != "Untrusted" {
		t.Errorf("--yes said that the network may be used: %d %s", r.code, p.screen())
	}
}
