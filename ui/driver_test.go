package ui

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
)

var update = flag.Bool("update", false, "write the golden frames anew")

// driver runs a desk without a terminal: every command is carried out at once and its answer delivered before
// the next key, timers fire only when asked. What follows the store is left out; relist reads it again.
type driver struct {
	t      testing.TB
	app    *app
	timers []screen.TimerMsg
	quit   bool
}

// asciiEnv is the environment golden frames are drawn in: no colours decided by the machine, ASCII signs.
func asciiEnv(name string) string { return map[string]string{"TERM": "xterm"}[name] }

// drive opens a desk of w×h cells. A config without a store shows the entries it is given.
func drive(t testing.TB, c screen.Config, w, h int, entries ...certstore.Entry) *driver {
	t.Helper()
	if c.Now == nil {
		c.Now = func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	}
	d := screen.NewDesk(context.Background(), c, theme.New("dark", asciiEnv))
	r := &driver{t: t}
	d.After = func(_ time.Duration, msg tea.Msg) tea.Cmd {
		r.timers = append(r.timers, screen.TimerMsg{Owner: d.Owner, Msg: msg})
		return nil
	}
	r.app = newApp(d)
	r.app.live.changes = nil
	r.send(tea.WindowSizeMsg{Width: w, Height: h})
	r.run(r.app.initTop())
	if c.Store != nil {
		r.run(r.app.relist())
	} else {
		r.run(r.app.own(listedMsg{listing: prepare(entries, sorting{})}))
	}
	return r
}

// send delivers messages one after the other, each with all that follows from it.
func (r *driver) send(msgs ...tea.Msg) {
	r.t.Helper()
	for _, msg := range msgs {
		_, cmd := r.app.Update(msg)
		r.run(cmd)
	}
}

// run carries out a command and what follows. A command that blocks fails the test: waiting is for desk.after.
func (r *driver) run(cmd tea.Cmd) {
	r.t.Helper()
	if cmd == nil {
		return
	}
	answer := make(chan tea.Msg, 1)
	go func() { answer <- cmd() }()
	select {
	case msg := <-answer:
		r.deliver(msg)
	case <-time.After(20 * time.Second):
		r.t.Fatal("a command has not answered for 20 s; use desk.after for waiting")
	}
}

func (r *driver) deliver(msg tea.Msg) {
	r.t.Helper()
	switch msg := msg.(type) {
	case nil:
	case tea.QuitMsg:
		r.quit = true
	case screen.PanicMsg:
		r.t.Fatal(msg.Trace)
	default:
		if members, ok := commands(msg); ok {
			for _, cmd := range members {
				r.run(cmd)
			}
			return
		}
		r.send(msg)
	}
}

// commands gives the members of a batch, or of a sequence, whose type Bubble Tea keeps to itself.
func commands(msg tea.Msg) ([]tea.Cmd, bool) {
	v := reflect.ValueOf(msg)
	if v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return nil, false
	}
	cmds := make([]tea.Cmd, v.Len())
	for i := range cmds {
		cmds[i] = v.Index(i).Interface().(tea.Cmd)
	}
	return cmds, true
}

// wait lets every timer fire that is set now, such as a dialog's grace period or one turn of a spinner.
func (r *driver) wait() {
	r.t.Helper()
	due := r.timers
	r.timers = nil
	for _, timer := range due {
		r.send(timer)
	}
}

// keys presses keys by name: "enter", "esc", "tab", "shift+tab", "ctrl+c", "f1", "space", or one character.
func (r *driver) keys(names ...string) {
	r.t.Helper()
	for _, name := range names {
		r.send(press(name))
	}
}

// typing presses each character of a text.
func (r *driver) typing(text string) {
	r.t.Helper()
	for _, c := range text {
		if c == ' ' {
			r.keys("space")
			continue
		}
		r.keys(string(c))
	}
}

// paste pastes a text in brackets, as a terminal does, with its newlines.
func (r *driver) paste(text string) {
	r.t.Helper()
	r.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.ReplaceAll(text, "\n", "\r")), Paste: true})
}

func press(name string) tea.KeyMsg {
	if name == "space" {
		return kit.PressKey(" ")
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok && len(letter) == 1 && letter[0] >= 'a' {
		return tea.KeyMsg{Type: tea.KeyType(letter[0] - 'a' + 1)}
	}
	return kit.PressKey(name)
}

// screen is what a person sees, without colours.
func (r *driver) screen() string { return ansi.Strip(r.app.View()) }

// sees fails unless the frame holds each text.
func (r *driver) sees(texts ...string) {
	r.t.Helper()
	frame := r.screen()
	for _, text := range texts {
		if !strings.Contains(frame, text) {
			r.t.Fatalf("the screen does not say %q:\n%s", text, frame)
		}
	}
}

// seesNot fails if the frame holds one of the texts.
func (r *driver) seesNot(texts ...string) {
	r.t.Helper()
	frame := r.screen()
	for _, text := range texts {
		if strings.Contains(frame, text) {
			r.t.Fatalf("the screen says %q:\n%s", text, frame)
		}
	}
}

// exact fails unless the frame has exactly w×h cells.
func (r *driver) exact(w, h int) {
	r.t.Helper()
	r.send(tea.WindowSizeMsg{Width: w, Height: h})
	lines := strings.Split(r.app.View(), "\n")
	if len(lines) != h {
		r.t.Fatalf("%dx%d: the frame has %d lines:\n%s", w, h, len(lines), r.screen())
	}
	for i, line := range lines {
		if n := ansi.StringWidth(line); n != w {
			r.t.Fatalf("%dx%d: line %d has %d cells: %q", w, h, i+1, n, line)
		}
	}
}

// exactEverywhere draws the frame at every width from 60 to 200 and every height from 18 to 60, each once;
// whole says to draw every pair, which only a run with CERTDESK_ALL does.
func (r *driver) exactEverywhere(whole bool) {
	r.t.Helper()
	if whole && os.Getenv("CERTDESK_ALL") != "" {
		for w := kit.MinWidth; w <= 200; w++ {
			for h := kit.MinHeight; h <= 60; h++ {
				r.exact(w, h)
			}
		}
		return
	}
	for w := kit.MinWidth; w <= 200; w++ {
		r.exact(w, kit.MinHeight+(w-kit.MinWidth)%43)
	}
	for _, small := range [][2]int{{59, 18}, {60, 17}, {1, 1}, {20, 5}, {3, 40}} {
		r.exact(small[0], small[1])
	}
}

// golden compares the frame, with its colours if colour is set, with testdata/frames/<name>.golden of the
// module; go test ./ui -update writes it.
func (r *driver) golden(name string, colour bool) {
	r.t.Helper()
	frame := r.app.View()
	if !colour {
		frame = ansi.Strip(frame)
	}
	file := filepath.Join("..", "testdata", "frames", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(frame+"\n"), 0o644); err != nil {
			r.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		r.t.Fatalf("%v: go test ./ui -update writes it", err)
	}
	if frame+"\n" != string(want) {
		r.t.Errorf("%s differs (go test ./ui -update accepts it); got:\n%s\nwant:\n%s", file, frame, want)
	}
}

// calls is how many commands of a desk have not answered yet, which only a test needs to know.
func calls(d *screen.Desk) int { return reflect.ValueOf(d).Elem().FieldByName("calls").Len() }
