package ui_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/wizard"
)

// A preview is a promise: each test does a thing on the desk, and the same by the command that the screen showed, in a
// copy of the store as it was before, and wants one and the same journal.

// promiser is a desk on a store in a directory with its configuration.
type promiser struct {
	*uitest.Driver
	dir  string
	also *regexp.Regexp // more fields of a journal that differ between two runs; nil for none
}

func newPromiser(t *testing.T) *promiser {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a")
	p := &promiser{Driver: uitest.StoreDeskIn(t, dir, 140, 60), dir: dir}
	config := fmt.Sprintf("server = \"ex2007ee.proexchange.global\"\ntrust = [%q]\ndiscover = false\n[accepted_domains]\n"+
		"names = [\"proexchange.global\", \"belgianbeers.rock\"]\n", dir+"/root.pem")
	p.must(os.WriteFile(dir+"/certdesk.toml", []byte(config), 0o600))
	p.Desk.Env.Flags = []string{"--store", dir + "/store", "--config", dir + "/certdesk.toml"}
	return p
}

func (p *promiser) must(err error) {
	p.T.Helper()
	if err != nil {
		p.T.Fatal(err)
	}
}

// shown is the command below a title on the screen, as a person would copy it.
func (p *promiser) shown(title string) string {
	p.T.Helper()
	_, rest, found := strings.Cut(p.Screen(), title+" ")
	if !found {
		p.T.Fatalf("there is no %q:\n%s", title, p.Screen())
	}
	_, rest, _ = strings.Cut(rest, "\n")
	var lines []string
	for line := range strings.SplitSeq(rest, "\n") {
		lines = append(lines, strings.TrimSpace(line))
		if !strings.HasSuffix(strings.TrimSpace(line), `\`) {
			break
		}
	}
	return strings.Join(lines, "\n")
}

// words are a command as a shell reads it.
func (p *promiser) words(command string) []string {
	p.T.Helper()
	out, err := exec.Command("sh", "-c", `certdesk() { printf '%s\0' "$@"; }; `+command).Output()
	p.must(err)
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// copied copies the store and all beside it.
func (p *promiser) copied() (dir string) {
	p.T.Helper()
	dir = filepath.Join(p.T.(*testing.T).TempDir(), "b")
	p.must(os.CopyFS(dir, os.DirFS(p.dir)))
	p.must(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return err
	}))
	return dir
}

// keeps compares what was done on the desk with what a command does in a copy from before.
func (p *promiser) keeps(command, before string) {
	p.T.Helper()
	args := p.words(command)
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, p.dir, before)
	}
	if code, out := runCommand(args, p.Desk.Now(), uitest.SmallKeys); code != 0 {
		p.T.Fatalf("%s\nexit %d: %s", command, code, out)
	}
	if desk, line := p.journal(p.dir), p.journal(before); desk != line {
		p.T.Errorf("the command shown does something else:\n%s\non the desk:\n%s\nby command:\n%s", command, desk, line)
	}
}

// own are the fields of a journal that differ between two runs: times, keys, what is made of them, and temporary files.
var own = regexp.MustCompile(`"(time|prev|sha256|spki|request|thumbprint|serial|created|inode|name)":("[0-9a-fA-FTZ:.+-]*"|"\.tmp-[^"]*"| [0-9]+)`)

func (p *promiser) journal(dir string) string {
	p.T.Helper()
	text, err := os.ReadFile(dir + "/store/journal")
	p.must(err)
	var out strings.Builder
	for line := range bytes.Lines(text) {
		var pretty bytes.Buffer
		p.must(json.Indent(&pretty, line[65:], "", " "))
		out.WriteString(strings.ReplaceAll(regexp.MustCompile(`": "`).ReplaceAllString(pretty.String(), `":"`), dir, "DIR"))
	}
	text = own.ReplaceAll([]byte(out.String()), []byte(`"$1":""`))
	if p.also != nil {
		text = p.also.ReplaceAll(text, []byte(`"$1":""`))
	}
	return string(text)
}

// create presses the review's button once it answers.
func (p *promiser) create() {
	p.T.Helper()
	p.Keys("tab")
	p.Wait()
	p.Keys("enter")
	p.Sees("is made")
}

func TestTheCommandOfANewRequestIsWhatTheFormMakes(t *testing.T) {
	p := newPromiser(t)
	p.Keys("n")
	p.Keys("tab")
	p.Typing(`it's "ours"`)
	p.Keys("enter")
	p.Paste("webmail.example.org, *.example.org")
	p.Keys("tab", "tab", "space", "tab", "space", "ctrl+n")
	p.Typing("Sunshine, Inc.")
	p.Keys("ctrl+n", "ctrl+n", "space", "ctrl+n")
	p.Typing(p.dir + "/a b.req")
	p.Keys("enter")
	command, before := p.shown("The same by command"), p.copied()
	p.create()
	p.keeps(command, before)
}

func TestTheCommandOfASelfSignedCertificateIsWhatTheFormMakes(t *testing.T) {
	p := newPromiser(t)
	p.Keys("n")
	p.Keys("down", "space", "ctrl+n")
	p.Typing("mail.example.org")
	p.Keys("enter", "ctrl+n", "ctrl+n", "tab", "space", "ctrl+n", "ctrl+n")
	command, before := p.shown("The same by command"), p.copied()
	p.create()
	p.keeps(command, before)
}

func TestTheCommandOfARenewalIsWhatTheFormMakes(t *testing.T) {
	for name, c := range map[string]struct {
		pages func(p *promiser)
		want  string // what the command begins with
	}{
		"as it is": {func(p *promiser) { p.Keys("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n") }, "certdesk renew "},
		"the same key": {func(p *promiser) {
			p.Keys("ctrl+n", "ctrl+n", "ctrl+n", "down", "space", "ctrl+n", "ctrl+n")
			p.Typing(p.dir + "/renewal.req")
			p.Keys("enter")
		}, "certdesk renew "},
		"one more name": {func(p *promiser) {
			p.Keys("ctrl+n")
			p.Typing("imap.example.org")
			p.Keys("enter", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n")
		}, "certdesk new --generate-request"},
		"one more name, the same key": {func(p *promiser) {
			p.Keys("ctrl+n")
			p.Typing("imap.example.org")
			p.Keys("enter", "ctrl+n", "ctrl+n", "down", "space", "ctrl+n", "ctrl+n", "ctrl+n")
		}, "certdesk new --generate-request"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPromiser(t)
			p.Chosen(uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(p.Driver, "webmail.example.org"))), "")
			p.Keys("ctrl+n", "enter", "enter")
			p.Keys("R")
			c.pages(p)
			p.Sees("Is this right?")
			command, before := p.shown("The same by command"), p.copied()
			if !strings.HasPrefix(command, c.want) || strings.Contains(command, "THUMBPRINT") {
				t.Errorf("command: %s", command)
			}
			p.create()
			p.keeps(command, before)
		})
	}
}

func TestTheCommandThatWritesACertificateIsWhatExportDoes(t *testing.T) {
	p := newPromiser(t)
	p.Chosen(uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(p.Driver, "webmail.example.org"))), "")
	p.Keys("ctrl+n", "enter", "enter")
	p.Keys("enter")
	p.Keys("G")
	command, before := p.shown("Write it to a file"), p.copied()
	command = strings.Replace(command, "./", p.dir+"/", 1)
	p.Keys("esc", "x")
	p.Keys("tab")
	p.Typing(p.dir + "/webmail.example.org.cer")
	p.Keys("ctrl+n", "enter")
	p.Sees("Written")
	p.keeps(command, before)
}

func TestTheCommandThatTakesARemovalBackDoes(t *testing.T) {
	p := newPromiser(t)
	p.Chosen(uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(p.Driver, "webmail.example.org"))), "")
	p.Keys("ctrl+n", "enter", "enter")
	p.Keys("D")
	p.Wait()
	p.Keys("tab", "enter")
	if len(p.Entries()) != 0 {
		t.Fatalf("it is still there:\n%s", p.Screen())
	}
	p.Sees("u takes it back, or: certdesk restore")
	what, _ := p.App.Top().(screen.Rowed).Remark()
	_, command, _ := strings.Cut(what, "takes it back, or: ")
	before := p.copied()
	p.Keys("T", "r")
	if len(p.Entries()) != 1 {
		t.Fatalf("r does not take it back:\n%s", p.Screen())
	}
	p.keeps(command, before)
}

// A command that names no store would mean the default one, whatever desk showed it.
func TestEveryCommandShownNamesTheStoreThatIsOpen(t *testing.T) {
	p := newPromiser(t)
	p.Chosen(uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(p.Driver, "webmail.example.org"))), "")
	p.Keys("ctrl+n", "enter", "enter", "enter")
	details, err := p.Desk.Store.Show(context.Background(), p.Entries()[0].ID)
	p.must(err)
	for _, c := range wizard.EntryCommands(details.Entry, details.Files, p.Desk.Env) {
		if strings.HasPrefix(c.Command, "certdesk") && !strings.Contains(c.Command, " --store ") {
			t.Errorf("%s: %s", c.Does, c.Command)
		}
	}
}
