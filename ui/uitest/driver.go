// Package uitest drives the desk without a terminal, for the tests of every room of it: keys in, frames out, timers
// when they are asked for. Only tests import it.
//
// Its promise: a test sees what a person sees, byte for byte; nothing waits, and a command that blocks fails the test.
package uitest

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/ui"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/table"
	"certdesk/ui/theme"
)

// Update says that the golden frames are written anew.
var Update = flag.Bool("update", false, "write the golden frames anew")

// Driver runs a desk without a terminal: every command is carried out at once and its answer delivered before
// the next key, timers fire only when asked. What follows the store is left out; relist reads it again.
type Driver struct {
	T      testing.TB
	App    *ui.App
	Desk   *screen.Desk
	Timers []screen.TimerMsg
	Quit   bool
}

// ASCIIEnv is the environment golden frames are drawn in: no colours decided by the machine, ASCII signs.
func ASCIIEnv(name string) string { return map[string]string{"TERM": "xterm"}[name] }

// Drive opens a desk of w×h cells. A config without a store shows the entries it is given.
func Drive(t testing.TB, c screen.Config, w, h int, entries ...certstore.Entry) *Driver {
	t.Helper()
	if c.Now == nil {
		c.Now = func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	}
	d := screen.NewDesk(context.Background(), c, theme.New("dark", ASCIIEnv))
	r := &Driver{T: t, Desk: d}
	d.Clock = func(_ time.Duration, msg screen.TimerMsg) tea.Cmd {
		r.Timers = append(r.Timers, msg)
		return nil
	}
	d.Steady = func() time.Duration { return d.Now().Sub(time.Unix(0, 0)) } // no test sets one clock without the other
	r.App = ui.New(d)
	r.Send(tea.WindowSizeMsg{Width: w, Height: h})
	r.Run(r.App.Start())
	if c.Store != nil {
		r.Run(r.App.Relist())
	} else {
		r.Relisted(entries...)
	}
	return r
}

// Relisted is what the app does with a new listing.
func (r *Driver) Relisted(entries ...certstore.Entry) {
	r.T.Helper()
	r.Send(screen.TimerMsg{Msg: table.ListedMsg{Listing: table.Prepare(entries, table.Sorting{}),
		Changed: table.Changed(r.Desk.Entries, entries)}})
}

// Pushed opens a screen above the one that is open.
func (r *Driver) Pushed(s screen.Make) {
	r.T.Helper()
	r.Desk.Push(s)
	r.Send(nil)
}

// To goes to a place, as a verb does.
func (r *Driver) To(p screen.Place) {
	r.T.Helper()
	r.Pushed(screen.At(p))
}

// Opened is pushed, and its dialog is awake.
func (r *Driver) Opened(s screen.Make) {
	r.T.Helper()
	r.Pushed(s)
	r.Wait()
}

// Depth is how many screens are open.
func (r *Driver) Depth() int { return r.App.Depth() }

// UnderCursor is the id of the table's selected row, 0 where there is none.
func (r *Driver) UnderCursor() int64 {
	table := r.App.Table().(screen.Rowed)
	if ids := table.IDs(); len(ids) > 0 {
		return ids[table.At()]
	}
	return 0
}

// Send delivers messages one after the other, each with all that follows from it.
func (r *Driver) Send(msgs ...tea.Msg) {
	r.T.Helper()
	for _, msg := range msgs {
		_, cmd := r.App.Update(msg)
		r.Run(cmd)
	}
}

// Run carries out a command and what follows. A command that blocks fails the test: waiting is for desk.after.
func (r *Driver) Run(cmd tea.Cmd) {
	r.T.Helper()
	if cmd == nil {
		return
	}
	answer := make(chan tea.Msg, 1)
	go func() { answer <- cmd() }()
	select {
	case msg := <-answer:
		r.deliver(msg)
	case <-time.After(20 * time.Second):
		r.T.Fatal("a command has not answered for 20 s; use desk.after for waiting")
	}
}

func (r *Driver) deliver(msg tea.Msg) {
	r.T.Helper()
	switch msg := msg.(type) {
	case nil:
	case tea.QuitMsg:
		r.Quit = true
	case screen.PanicMsg:
		r.T.Fatal(msg.Trace)
	default:
		if members, ok := Commands(msg); ok {
			for _, cmd := range members {
				r.Run(cmd)
			}
			return
		}
		r.Send(msg)
	}
}

// Commands gives the members of a batch, or of a sequence, whose type Bubble Tea keeps to itself.
func Commands(msg tea.Msg) ([]tea.Cmd, bool) {
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

// Wait lets every timer fire that is set now, such as a dialog's grace period or one turn of a spinner.
func (r *Driver) Wait() {
	r.T.Helper()
	due := r.Timers
	r.Timers = nil
	for _, timer := range due {
		r.Send(timer)
	}
}

// Keys presses keys by name: "enter", "esc", "tab", "shift+tab", "ctrl+c", "f1", "space", or one character.
func (r *Driver) Keys(names ...string) {
	r.T.Helper()
	for _, name := range names {
		r.Send(Press(name))
	}
}

// Typing presses each character of a text.
func (r *Driver) Typing(text string) {
	r.T.Helper()
	for _, c := range text {
		if c == ' ' {
			r.Keys("space")
			continue
		}
		r.Keys(string(c))
	}
}

// Paste pastes a text in brackets, as a terminal does, with its newlines.
func (r *Driver) Paste(text string) {
	r.T.Helper()
	r.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.ReplaceAll(text, "\n", "\r")), Paste: true})
}

// Click presses the mouse where a text stands, the first from above.
func (r *Driver) Click(text string) {
	r.T.Helper()
	for y, line := range strings.Split(r.Screen(), "\n") {
		if before, _, found := strings.Cut(line, text); found {
			r.Send(Pointed(tea.MouseButtonLeft, ansi.StringWidth(before), y))
			return
		}
	}
	r.T.Fatalf("there is no %q to press:\n%s", text, r.Screen())
}

// Wheel turns the wheel by notches, down for more than 0.
func (r *Driver) Wheel(notches int) {
	r.T.Helper()
	button := tea.MouseButtonWheelDown
	if notches < 0 {
		button, notches = tea.MouseButtonWheelUp, -notches
	}
	for range notches {
		r.Send(Pointed(button, 5, 5))
	}
}

// Pointed is the message of a mouse that is pressed, or turned, at a cell.
func Pointed(button tea.MouseButton, x, y int) tea.MouseMsg {
	return tea.MouseMsg{X: x, Y: y, Button: button, Action: tea.MouseActionPress}
}

// Press is the message of a key by its name.
func Press(name string) tea.KeyMsg {
	if name == "space" {
		return kit.PressKey(" ")
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok && len(letter) == 1 && letter[0] >= 'a' {
		return tea.KeyMsg{Type: tea.KeyType(letter[0] - 'a' + 1)}
	}
	return kit.PressKey(name)
}

// Screen is what a person sees, without colours.
func (r *Driver) Screen() string { return ansi.Strip(r.App.View()) }

// Sees fails unless the frame holds each text.
func (r *Driver) Sees(texts ...string) {
	r.T.Helper()
	frame := r.Screen()
	for _, text := range texts {
		if !strings.Contains(frame, text) {
			r.T.Fatalf("the screen does not say %q:\n%s", text, frame)
		}
	}
}

// SeesNot fails if the frame holds one of the texts.
func (r *Driver) SeesNot(texts ...string) {
	r.T.Helper()
	frame := r.Screen()
	for _, text := range texts {
		if strings.Contains(frame, text) {
			r.T.Fatalf("the screen says %q:\n%s", text, frame)
		}
	}
}

// Exact fails unless the frame has exactly w×h cells.
func (r *Driver) Exact(w, h int) {
	r.T.Helper()
	r.Send(tea.WindowSizeMsg{Width: w, Height: h})
	lines := strings.Split(r.App.View(), "\n")
	if len(lines) != h {
		r.T.Fatalf("%dx%d: the frame has %d lines:\n%s", w, h, len(lines), r.Screen())
	}
	for i, line := range lines {
		if n := ansi.StringWidth(line); n != w {
			r.T.Fatalf("%dx%d: line %d has %d cells: %q", w, h, i+1, n, line)
		}
	}
}

// ExactEverywhere draws the frame at every width from 60 to 200 and every height from 18 to 60, each once;
// whole says to draw every pair, which only a run with CERTDESK_ALL does.
func (r *Driver) ExactEverywhere(whole bool) {
	r.T.Helper()
	if whole && os.Getenv("CERTDESK_ALL") != "" {
		for w := kit.MinWidth; w <= 200; w++ {
			for h := kit.MinHeight; h <= 60; h++ {
				r.Exact(w, h)
			}
		}
		return
	}
	for w := kit.MinWidth; w <= 200; w++ {
		r.Exact(w, kit.MinHeight+(w-kit.MinWidth)%43)
	}
	for _, small := range [][2]int{{59, 18}, {60, 17}, {1, 1}, {20, 5}, {3, 40}} {
		r.Exact(small[0], small[1])
	}
}

// Testdata is the path of a file below the module's testdata, wherever the test runs.
func Testdata(parts ...string) string {
	root := ""
	for ; !exists(filepath.Join(root, "go.mod")); root = filepath.Join(root, "..") {
	}
	return filepath.Join(append([]string{root, "testdata"}, parts...)...)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Golden compares the frame, with its colours if colour is set, with testdata/frames/<name>.golden of the
// module; go test ./ui/... -update writes it.
func (r *Driver) Golden(name string, colour bool) {
	r.T.Helper()
	frame := r.App.View()
	if !colour {
		frame = ansi.Strip(frame)
	}
	file := Testdata("frames", name+".golden")
	if *Update {
		if err := os.WriteFile(file, []byte(frame+"\n"), 0o644); err != nil {
			r.T.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		r.T.Fatalf("%v: go test ./ui/... -update writes it", err)
	}
	if frame+"\n" != string(want) {
		r.T.Errorf("%s differs (go test ./ui/... -update accepts it); got:\n%s\nwant:\n%s", file, frame, want)
	}
}

// Calls is how many commands of a desk have not answered yet, which only a test needs to know.
func Calls(d *screen.Desk) int { return reflect.ValueOf(d).Elem().FieldByName("calls").Len() }

// Onto moves the cursor to an entry.
func (r *Driver) Onto(id int64) {
	r.T.Helper()
	r.Keys("home")
	for range len(r.Desk.Entries) {
		if r.UnderCursor() == id {
			return
		}
		r.Keys("down")
	}
	r.T.Fatalf("entry %d is not listed", id)
}

// OnName puts the cursor on the entry of a friendly name.
func (r *Driver) OnName(name string) certstore.Entry {
	r.T.Helper()
	i := slices.IndexFunc(r.Desk.Entries, func(e certstore.Entry) bool { return e.FriendlyName == name })
	if i < 0 {
		r.T.Fatalf("no entry is called %s", name)
	}
	e := r.Desk.Entries[i]
	r.Onto(e.ID)
	return e
}

// Harmless fails if the frame holds a control but certdesk's own colours, or a mark that hides or turns text.
func (r *Driver) Harmless() {
	r.T.Helper()
	frame := r.App.View()
	for _, bad := range []string{"\x1b[31mnext", "\x1b]", "\x07", "\u202e", "\u200b", "\r", "\t", "\u009b", "\u2028",
		"\x00", "\xff"} {
		if strings.Contains(frame, bad) {
			r.T.Fatalf("the frame holds %q:\n%s", bad, r.Screen())
		}
	}
	for _, c := range r.Screen() {
		if c < 0x20 && c != '\n' || c == 0x7f {
			r.T.Fatalf("the frame holds the control %q", c)
		}
	}
}

// SelfSigned makes a self-signed certificate and puts the cursor on it.
func (r *Driver) SelfSigned(name string) certstore.Entry {
	r.T.Helper()
	made, err := r.Desk.Store.New(context.Background(),
		issuing.Request{SelfSigned: true, Subject: names.Subject{{Type: "CN", Value: name}},
			Names: []names.Name{{Kind: names.DNS, Value: name}}, Key: issuing.KeySpec{Algorithm: "rsa", Bits: 2048}})
	if err != nil {
		r.T.Fatal(err)
	}
	r.Run(r.App.Relist())
	r.Onto(made.Entry.ID)
	return made.Entry
}
