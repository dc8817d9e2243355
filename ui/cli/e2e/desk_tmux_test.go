//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"certdesk/ui/kit"
)

// deskPatience is how long a desk may take for what it does at once; a busy machine gets its share.
const deskPatience = 30 * time.Second

// tmux is a terminal multiplexer of a test's own: its socket, no configuration, no key but those that are sent.
type tmux struct {
	testing.TB
	dir string
	env []string
}

// pane is one terminal of it.
type pane struct {
	*tmux
	name    string
	pressed int // keys so far; a paste is one
	wrote   int // of these, letters of a text
}

func newTmux(t testing.TB) *tmux {
	t.Helper()
	need(t, "tmux")
	dir, err := os.MkdirTemp("", "desk") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	m := &tmux{TB: t, dir: dir, env: []string{"HOME=" + dir, "TMUX_TMPDIR=" + dir, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TERM=xterm-256color", "TZ=UTC", "PS1=$ ", "ENV="}}
	t.Cleanup(func() {
		_ = m.command("kill-server").Run()
		os.RemoveAll(dir)
	})
	return m
}

func (m *tmux) command(args ...string) *exec.Cmd {
	cmd := exec.Command("tmux", append([]string{"-L", "desk", "-f", "/dev/null"}, args...)...)
	cmd.Env = m.env
	return cmd
}

func (m *tmux) call(args ...string) string {
	m.Helper()
	out, err := m.command(args...).CombinedOutput()
	if err != nil {
		m.Fatalf("tmux %q: %v: %s", args, err, out)
	}
	return string(out)
}

// open runs a program on a new terminal of w×h cells. The terminal stays when the program ends.
func (m *tmux) open(name, w, h string, program ...string) *pane {
	m.Helper()
	args := []string{"new-session", "-d", "-s", name, "-x", w, "-y", h, "-c", m.dir, ";", "set-option", "-w", "remain-on-exit", "on", ";", "respawn-pane", "-k"}
	m.call(append(args, program...)...)
	return &pane{tmux: m, name: name}
}

// desk opens a desk of 80×24 on a site's store.
func (m *tmux) desk(s *site, name string, more ...string) *pane {
	m.Helper()
	p := m.open(name, "80", "24", append([]string{binary(m)}, s.args(more...)...)...)
	p.shows("? help")
	return p
}

// keys sends keys by name, as fast as a machine does.
func (p *pane) keys(names ...string) {
	p.Helper()
	p.pressed += len(names)
	p.call(append([]string{"send-keys", "-t", p.name}, names...)...)
}

// typed sends text, letter by letter.
func (p *pane) typed(text string) {
	p.Helper()
	p.pressed += len([]rune(text))
	p.wrote += len([]rune(text))
	p.call("send-keys", "-t", p.name, "-l", "--", text)
}

// paste sends text as a terminal sends a paste, bracketed.
func (p *pane) paste(text string) {
	p.Helper()
	load := p.command("load-buffer", "-")
	load.Stdin = strings.NewReader(text)
	if out, err := load.CombinedOutput(); err != nil {
		p.Fatalf("tmux load-buffer: %v: %s", err, out)
	}
	p.pressed++
	p.call("paste-buffer", "-p", "-d", "-t", p.name)
}

// screen is what a person sees; styled has the colours too.
func (p *pane) screen() string { p.Helper(); return p.call("capture-pane", "-p", "-t", p.name) }
func (p *pane) styled() string { p.Helper(); return p.call("capture-pane", "-p", "-e", "-t", p.name) }

var blanks = regexp.MustCompile(` +`)

// squeezed has one blank between words: how wide a column is depends on its neighbours.
func squeezed(text string) string { return blanks.ReplaceAllString(text, " ") }

// ask gives what tmux knows of the terminal.
func (p *pane) ask(format string) string {
	p.Helper()
	return strings.TrimSpace(p.call("display-message", "-p", "-t", p.name, format))
}

func (p *pane) alive() {
	p.Helper()
	if p.ask("#{pane_dead}") != "0" {
		p.Fatalf("the desk has ended; the screen says\n%s", p.screen())
	}
}

// until waits for a screen of which the condition holds.
func (p *pane) until(what string, holds func(screen string) bool) string {
	p.Helper()
	last := ""
	for deadline := time.Now().Add(deskPatience); time.Now().Before(deadline); time.Sleep(40 * time.Millisecond) {
		if last = p.screen(); holds(last) {
			return last
		}
	}
	p.Fatalf("%s: never; the screen says\n%s", what, last)
	return ""
}

// shows waits for words to stand on the screen, all at once, with one blank between them.
func (p *pane) shows(words ...string) string {
	p.Helper()
	return p.until(strings.Join(words, " and ")+" shown", func(screen string) bool {
		for _, word := range words {
			if !strings.Contains(squeezed(screen), word) {
				return false
			}
		}
		return true
	})
}

func (p *pane) hides(word string) {
	p.Helper()
	p.until(word+" gone", func(screen string) bool { return !strings.Contains(screen, word) })
}

// does sends keys and waits for words they bring.
func (p *pane) does(word string, names ...string) {
	p.Helper()
	p.keys(names...)
	p.shows(word)
}

// cursorLine is the line the cursor is on: a row of the table, a field of a form.
func cursorLine(screen string) (pointed string) {
	for _, line := range strings.Split(screen, "\n") {
		line = strings.Replace(line, "▌", "►", 1) // the bar of a row that keeps its colours
		line = squeezed(strings.Trim(line, " │"))
		if strings.HasPrefix(line, "►") {
			return line
		}
		if strings.Contains(line+" ", " ► ") {
			pointed = line
		}
	}
	return pointed
}

// onto waits until the cursor is on a line with that word.
func (p *pane) onto(word string) {
	p.Helper()
	p.until("the cursor on "+word, func(screen string) bool { return strings.Contains(cursorLine(screen), word) })
}

// goTo presses a key until the cursor is on a line with that word. It looks at whole frames: a key too many, pressed
// at a frame that was drawn in part, can lead back to where it began.
func (p *pane) goTo(word, key string) {
	p.Helper()
	for range 40 {
		was := settled(p)
		if strings.Contains(cursorLine(was), word) {
			return
		}
		p.keys(key)
		p.until(key+" doing something", func(screen string) bool { return screen != was })
	}
	p.Fatalf("%s never came to %q:\n%s", key, word, p.screen())
}

// choose presses a button of a dialog that is shown. It turns to it with tab once the buttons stand in brackets, since
// until then a dialog hears nothing, and changes by itself when it begins to.
func (p *pane) choose(button string) {
	p.Helper()
	p.until("the button "+button+", in brackets since it answers", func(screen string) bool {
		return strings.Contains(screen, "[ "+button+" ]")
	})
	for moved, tries := false, 0; tries < 40; tries++ {
		was := p.screen()
		if moved && strings.Contains(was, "►[ "+button+" ]") {
			p.keys("Enter")
			return
		}
		p.keys("Tab")
		for deadline := time.Now().Add(time.Second); p.screen() == was && time.Now().Before(deadline); {
			time.Sleep(30 * time.Millisecond)
		}
		moved = moved || p.screen() != was
	}
	p.Fatalf("no button %s answers:\n%s", button, p.screen())
}

// resize makes the terminal w×h and waits until the desk has drawn itself that size.
func (p *pane) resize(w, h string, words ...string) {
	p.Helper()
	p.call("resize-window", "-t", p.name, "-x", w, "-y", h)
	p.shows(words...)
}

// isTable says whether a screen is the table with nothing above it.
func isTable(screen string) bool {
	footer := lastLine(screen)
	if strings.Contains(screen, "No certificate is here yet.") {
		return true
	}
	boxes := strings.Replace(screen, "┌─ Certificates", "", 1) // on a wide terminal the table is one
	return strings.Contains(screen, "STATUS") && !strings.Contains(boxes, "┌") && !strings.HasPrefix(footer, " enter keep")
}

func lastLine(screen string) string {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	return lines[len(lines)-1]
}

// escapes presses esc at a person's pace, ten times and until the table is there.
func (p *pane) escapes() {
	p.Helper()
	for i := 0; i < 10 || i < 60 && !isTable(p.screen()); i++ {
		p.keys("Escape")
		time.Sleep(20 * time.Millisecond) // two at once would be alt+esc
	}
	p.alive()
	p.until("the table", isTable)
	p.inStep()
}

// inStep waits until the table has heard every key: the next one after an esc that is still on its way would be
// alt and that key. It opens the filter, which takes everything, and closes it empty.
func (p *pane) inStep() {
	p.Helper()
	open := func() bool { return strings.HasPrefix(lastLine(p.screen()), " enter keep") }
	for tries := 0; !open(); tries++ {
		if tries == 30 {
			p.Fatalf("the table does not open its filter:\n%s", p.screen())
		}
		p.keys("/")
		for deadline := time.Now().Add(time.Second); !open() && time.Now().Before(deadline); {
			time.Sleep(30 * time.Millisecond)
		}
	}
	p.keys("C-u", "Enter")
	p.until("the table", isTable)
}

// ignores presses a key that must do nothing on a table of two rows, with the cursor on the first.
func (p *pane) ignores(key string) {
	p.Helper()
	row := func(screen string) string { // without the time that is left, which passes
		words := strings.Fields(cursorLine(screen))
		return strings.Join(words[:min(4, len(words))], " ")
	}
	was := row(p.screen())
	p.keys(key, "Down")
	p.until(key+" doing nothing, then down", func(screen string) bool { return isTable(screen) && row(screen) != was })
	p.keys(key, "Up")
	p.until(key+" doing nothing, then up", func(screen string) bool { return isTable(screen) && row(screen) == was })
}

// awake waits until a page that has just opened, or a dialog, answers keys.
func (p *pane) awake() { time.Sleep(kit.Grace + 100*time.Millisecond) }
