package ui

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// recorder is a screen that records what reaches it.
type recorder struct {
	got    []tea.Msg
	typing bool
}

func (p *recorder) Init() tea.Cmd { return nil }
func (p *recorder) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	p.got = append(p.got, msg)
	return p, nil
}
func (p *recorder) View(w, h int) string { return kit.Fit("recorder", w, h) }
func (p *recorder) Keys() []key.Binding  { return nil }
func (p *recorder) Typing() bool         { return p.typing }
func (p *recorder) Title() string        { return "Probe" }
func (p *recorder) last() tea.Msg        { return p.got[len(p.got)-1] }
func answering(text string) func(context.Context) tea.Msg {
	return func(context.Context) tea.Msg { return screen.NoticeMsg{Text: text} }
}

// An answer comes to the screen that asked, also when another has been opened above it meanwhile.
func TestAnAnswerFindsWhoAsked(t *testing.T) {
	r := articleDesk(t, 80, 24)
	asked := &recorder{}
	r.run(r.app.push(asked))
	cmd := r.app.d.Run(answering("here"))
	r.run(r.app.push(&recorder{}))
	r.run(cmd)
	if got, ok := asked.last().(screen.NoticeMsg); !ok || got.Text != "here" {
		t.Errorf("got %#v", asked.last())
	}
}

// Leaving a screen cancels what it waits for, and the late answer reaches nobody.
func TestALateAnswerIsDropped(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.run(r.app.push(&recorder{}))
	var seen context.Context
	cmd := r.app.d.Run(func(ctx context.Context) tea.Msg { seen = ctx; return screen.NoticeMsg{Text: "late"} })
	r.send(screen.PopMsg{})
	r.run(cmd)
	if seen.Err() == nil {
		t.Error("the call was not cancelled")
	}
	r.seesNot("late")
	if n := calls(r.app.d); n != 0 {
		t.Errorf("%d calls are still known", n)
	}
}

// ctrl+c cancels what runs; with nothing running it wants to be pressed again, within two seconds.
func TestInterrupt(t *testing.T) {
	r := articleDesk(t, 80, 24)
	cmd := r.app.d.Run(func(ctx context.Context) tea.Msg { return ctx.Err() })
	r.keys("ctrl+c")
	r.sees("cancelled")
	r.run(cmd)
	r.keys("ctrl+c")
	r.sees("ctrl+c again to quit")
	r.wait()
	r.seesNot("again to quit")
	r.keys("ctrl+c", "down", "ctrl+c")
	if r.quit {
		t.Fatal("two presses with a key between have quit")
	}
	r.keys("ctrl+c")
	if !r.quit {
		t.Error("the second press did not quit")
	}
}

// Work nobody waits for, such as the watch, is not what ctrl+c cancels.
func TestInterruptLeavesTheWatch(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.app.d.Behind(answering(""))
	r.keys("ctrl+c")
	r.sees("again to quit")
}

// q on the table quits, but asks first where a form would be lost; enter then is Cancel.
func TestQuitAsksForADraft(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.app.forms.draft = &wizardDraft{}
	r.keys("q")
	r.sees("Quit with an unfinished form?")
	r.wait()
	r.keys("enter")
	if r.quit || r.depth() != 1 {
		t.Fatalf("enter did not cancel: quit %v, %d screens", r.quit, r.depth())
	}
	r.keys("q")
	r.wait()
	r.keys("tab", "enter")
	if !r.quit {
		t.Error("the Quit button did not quit")
	}
}

func TestQuitWithoutADraft(t *testing.T) {
	r := articleDesk(t, 80, 24)
	if r.keys("q"); !r.quit {
		t.Error("q on the table does not quit")
	}
}

// esc never quits, wherever it is pressed ten times.
func TestTenEscapesNeverQuit(t *testing.T) {
	for _, way := range [][]string{{}, {"/", "a"}, {"enter"}, {"enter", "D"}, {"?"}, {"enter", "?"}, {"D"}, {"D", "?"}} {
		r := articleDesk(t, 80, 24)
		r.keys(way...)
		for range 10 {
			r.keys("esc")
		}
		if r.quit || r.depth() != 1 {
			t.Errorf("after %v: quit %v, %d screens open", way, r.quit, r.depth())
		}
	}
}

// Help lists the keys of the screen it was called from; "?" is a letter where letters are typed, f1 is not.
func TestHelpKnowsItsScreen(t *testing.T) {
	r := articleDesk(t, 80, 48)
	r.keys("?")
	r.sees("The table", "import", "renew", "ctrl+z", "IMAP, POP, UM")
	r.keys("esc", "enter", "f1")
	r.sees("broken", "scroll")
	r.seesNot("filter")
	typing := articleDesk(t, 80, 24)
	p := &recorder{typing: true}
	typing.run(typing.app.push(p))
	typing.sees("f1 help")
	typing.keys("?")
	if typing.depth() != 2 {
		t.Error("a question mark in a field opened help")
	}
	if typing.keys("f1"); typing.depth() != 3 {
		t.Error("f1 did not open help")
	}
}

// A notice stands in the footer until the next key, and foreign text in it is harmless.
func TestANoticeGoesWithTheNextKey(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.run(screen.Notice("done\x1b[31m"))
	r.sees(`done\u{1b}[31m`)
	r.keys("down")
	r.seesNot("done")
}

func TestTheHeaderSaysWhatMatters(t *testing.T) {
	c := hub()
	c.Demo, c.StoreNote = true, "/srv/store"
	r := drive(t, c, 140, 24, article()...)
	r.app.d.ReadOnly = true
	r.sees("certdesk", "DEMO", "read-only", "/srv/store", "mail01.proexchange.global", "hub", "2 valid  1 pending  1 expiring  4 faults")
	r.app.d.Banner = "line 7 is damaged: run doctor"
	r.sees("! line 7 is damaged: run doctor")
	r.exactEverywhere(false)
}

// A panic in a command ends the desk; what is left for the person is a coded error and the trace.
func TestAPanicInACommandEndsTheDesk(t *testing.T) {
	r := articleDesk(t, 80, 24)
	for name, cmd := range map[string]tea.Cmd{
		"a call": r.app.d.Run(func(context.Context) tea.Msg { panic("of a call") }),
		"a batch": func() tea.Msg {
			return guarded(tea.Batch(func() tea.Msg { panic("of a batch") }, screen.Pop))().(tea.BatchMsg)[0]()
		},
	} {
		msg, ok := guarded(cmd)().(screen.PanicMsg)
		if !ok || !strings.Contains(msg.Trace, "panic: of") {
			t.Fatalf("%s: %#v", name, msg)
		}
		r.app.Update(msg)
	}
	var stderr bytes.Buffer
	err := outcome(context.Background(), r.app, nil, &stderr)
	if !fail.Is(err, fail.Failed) || !strings.Contains(stderr.String(), "app_test.go") {
		t.Errorf("%v; trace: %s", err, stderr.String())
	}
}

func TestTheOutcomeOfASignalIsItsCause(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	hangup := errors.New("hangup")
	cancel(hangup)
	if err := outcome(ctx, articleDesk(t, 80, 24).app, tea.ErrProgramKilled, nil); !errors.Is(err, hangup) {
		t.Errorf("%v", err)
	}
}

// A long path of the store gives way from its beginning, before the server and its role do.
func TestALongStorePathKeepsItsEnd(t *testing.T) {
	c := hub()
	c.Server, c.StoreNote = "mail01", "/srv/a/very/long/way/to/the/directory/of/the/store3"
	r := drive(t, c, 80, 24, article()[2:4]...)
	r.sees("store3", "mail01", "hub", "2 valid")
	r.seesNot("/srv/a")
}

// A slow line delivers two keys at once: the second belongs to the dialog that the first opens.
func TestAKeyRightBehindAVerbReachesTheDialog(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("D")})
	r.app.Update(tea.KeyMsg{Type: tea.KeyEnter})
	r.sees("Remove")
	if r.depth() != 2 {
		t.Errorf("%d screens are open, want the table and the dialog", r.depth())
	}
}

// Letters that arrive together are letters, also where they spell the name of a key.
func TestATypedWordIsNotAKey(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("/")
	for _, word := range []string{"right", "esc", "enter"} {
		r.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(word)})
	}
	r.sees("rightescenter")
}
