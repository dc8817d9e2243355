package ui

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
)

// A preview is a promise: each test does a thing on the desk, and the same by the command that the screen showed, in a
// copy of the store as it was before, and wants one and the same journal.

// KeyMaker and RunCommand let a test outside this package lend it the command line.
type KeyMaker = func(certstore.KeySpec) (crypto.Signer, error)

var RunCommand func(args []string, now time.Time, newKey KeyMaker) (code int, out string)

// promiser is a desk on a store in a directory with its configuration.
type promiser struct {
	*driver
	dir string
}

func newPromiser(t *testing.T) *promiser {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a")
	p := &promiser{storeDeskIn(t, dir, 140, 60), dir}
	config := fmt.Sprintf("server = \"ex2007ee.proexchange.global\"\ntrust = [%q]\ndiscover = false\n[accepted_domains]\n"+
		"names = [\"proexchange.global\", \"belgianbeers.rock\"]\n", dir+"/root.pem")
	p.must(os.WriteFile(dir+"/certdesk.toml", []byte(config), 0o600))
	p.app.d.Env.Flags = []string{"--store", dir + "/store", "--config", dir + "/certdesk.toml"}
	return p
}

func (p *promiser) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// shown is the command below a title on the screen, as a person would copy it.
func (p *promiser) shown(title string) string {
	p.t.Helper()
	_, rest, found := strings.Cut(p.screen(), title+" ")
	if !found {
		p.t.Fatalf("there is no %q:\n%s", title, p.screen())
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
	p.t.Helper()
	out, err := exec.Command("sh", "-c", `certdesk() { printf '%s\0' "$@"; }; `+command).Output()
	p.must(err)
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// copied copies the store and all beside it.
func (p *promiser) copied() (dir string) {
	p.t.Helper()
	dir = filepath.Join(p.t.(*testing.T).TempDir(), "b")
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
	p.t.Helper()
	args := p.words(command)
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, p.dir, before)
	}
	if code, out := RunCommand(args, p.app.d.Now(), smallKeys); code != 0 {
		p.t.Fatalf("%s\nexit %d: %s", command, code, out)
	}
	if desk, line := p.journal(p.dir), p.journal(before); desk != line {
		p.t.Errorf("the command shown does something else:\n%s\non the desk:\n%s\nby command:\n%s", command, desk, line)
	}
}

// own are the fields of a journal that differ between two runs: times, keys, what is made of them, and temporary files.
var own = regexp.MustCompile(`"(time|prev|sha256|spki|request|thumbprint|serial|created|inode|name)":("[0-9a-fA-FTZ:.+-]*"|"\.tmp-[^"]*"| [0-9]+)`)

func (p *promiser) journal(dir string) string {
	p.t.Helper()
	text, err := os.ReadFile(dir + "/store/journal")
	p.must(err)
	var out strings.Builder
	for line := range bytes.Lines(text) {
		var pretty bytes.Buffer
		p.must(json.Indent(&pretty, line[65:], "", " "))
		out.WriteString(strings.ReplaceAll(regexp.MustCompile(`": "`).ReplaceAllString(pretty.String(), `":"`), dir, "DIR"))
	}
	return own.ReplaceAllString(out.String(), `"$1":""`)
}

// create presses the review's button once it answers.
func (p *promiser) create() {
	p.t.Helper()
	p.keys("tab")
	p.wait()
	p.keys("enter")
	p.sees("is made")
}

func TestTheCommandOfANewRequestIsWhatTheFormMakes(t *testing.T) {
	p := newPromiser(t)
	startWizard(p.driver)
	p.keys("tab")
	p.typing(`it's "ours"`)
	p.keys("enter")
	p.paste("webmail.example.org, *.example.org")
	p.keys("tab", "tab", "space", "tab", "space", "ctrl+n")
	p.typing("Sunshine, Inc.")
	p.keys("ctrl+n", "ctrl+n", "space", "ctrl+n", "tab")
	p.typing(p.dir + "/a b.req")
	p.keys("enter")
	command, before := p.shown("The same by command"), p.copied()
	p.create()
	p.keeps(command, before)
}

func TestTheCommandOfASelfSignedCertificateIsWhatTheFormMakes(t *testing.T) {
	p := newPromiser(t)
	startWizard(p.driver)
	p.keys("down", "ctrl+n")
	p.typing("mail.example.org")
	p.keys("enter", "ctrl+n", "ctrl+n", "tab", "space", "ctrl+n", "ctrl+n")
	command, before := p.shown("The same by command"), p.copied()
	p.create()
	p.keeps(command, before)
}

func TestTheCommandOfARenewalIsWhatTheFormMakes(t *testing.T) {
	for name, c := range map[string]struct {
		pages func(p *promiser)
		want  string // what the command begins with
	}{
		"as it is": {func(p *promiser) { p.keys("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n") }, "certdesk renew "},
		"the same key": {func(p *promiser) {
			p.keys("ctrl+n", "ctrl+n", "ctrl+n", "down", "ctrl+n", "ctrl+n", "tab")
			p.typing(p.dir + "/renewal.req")
			p.keys("enter")
		}, "certdesk renew "},
		"one more name": {func(p *promiser) {
			p.keys("ctrl+n")
			p.typing("imap.example.org")
			p.keys("enter", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n")
		}, "certdesk new --generate-request"},
		"one more name, the same key": {func(p *promiser) {
			p.keys("ctrl+n")
			p.typing("imap.example.org")
			p.keys("enter", "ctrl+n", "ctrl+n", "down", "ctrl+n", "ctrl+n", "ctrl+n")
		}, "certdesk new --generate-request"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPromiser(t)
			p.chosen(fileWith(t, "answer.cer", answer(t, pending(p.driver, "webmail.example.org"))), "")
			p.keys("ctrl+n", "enter", "enter")
			p.keys("R")
			c.pages(p)
			p.sees("Is this right?")
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
	p.chosen(fileWith(t, "answer.cer", answer(t, pending(p.driver, "webmail.example.org"))), "")
	p.keys("ctrl+n", "enter", "enter")
	p.keys("enter")
	p.keys("G")
	command, before := p.shown("Write it to a file"), p.copied()
	command = strings.Replace(command, "./", p.dir+"/", 1)
	p.keys("esc", "x")
	p.keys("tab")
	p.typing(p.dir + "/webmail.example.org.cer")
	p.keys("ctrl+n", "enter")
	p.sees("Written")
	p.keeps(command, before)
}

func TestTheCommandThatTakesARemovalBackDoes(t *testing.T) {
	p := newPromiser(t)
	p.chosen(fileWith(t, "answer.cer", answer(t, pending(p.driver, "webmail.example.org"))), "")
	p.keys("ctrl+n", "enter", "enter")
	p.keys("D")
	p.wait()
	p.keys("tab", "enter")
	if len(p.entries()) != 0 {
		t.Fatalf("it is still there:\n%s", p.screen())
	}
	p.sees("This takes it back: certdesk restore")
	_, command, _ := strings.Cut(p.app.top().(*tableScreen).said, "takes it back: ")
	before := p.copied()
	p.keys("T", "r")
	if len(p.entries()) != 1 {
		t.Fatalf("r does not take it back:\n%s", p.screen())
	}
	p.keeps(command, before)
}

// What the import page says of a certificate is what the store then says of it.
func TestTheImportPageShowsWhatIsStored(t *testing.T) {
	formats := filepath.Join("..", "testdata", "formats")
	for name, path := range map[string]string{"a PFX": filepath.Join(formats, "default.pfx"), "what Firefox writes": filepath.Join(formats, "nss.p12")} {
		t.Run(name, func(t *testing.T) {
			p := newPromiser(t)
			p.chosen(path, "secret")
			promised := p.app.top().(*importScreen).group.Found.Leaf
			p.keys("ctrl+n", "enter")
			p.sees("is in the store")
			kept := p.entries()[0]
			kept.ID, kept.Created, promised.Created = promised.ID, time.Time{}, time.Time{}
			if fmt.Sprintf("%+v", kept) != fmt.Sprintf("%+v", promised) {
				t.Errorf("promised\n%+v\nstored\n%+v", promised, kept)
			}
		})
	}
}

// A command that names no store would mean the default one, whatever desk showed it.
func TestEveryCommandShownNamesTheStoreThatIsOpen(t *testing.T) {
	p := newPromiser(t)
	p.chosen(fileWith(t, "answer.cer", answer(t, pending(p.driver, "webmail.example.org"))), "")
	p.keys("ctrl+n", "enter", "enter", "enter")
	details, err := p.app.d.Store.Show(context.Background(), p.entries()[0].ID)
	p.must(err)
	for _, c := range entryCommands(p.app.d, details.Entry, details.Files) {
		if strings.HasPrefix(c.Command, "certdesk") && !strings.Contains(c.Command, " --store ") {
			t.Errorf("%s: %s", c.Does, c.Command)
		}
	}
}
