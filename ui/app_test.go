package ui_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/fail"
	"certdesk/ui"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

func answering(text string) func(context.Context) tea.Msg {
	return func(context.Context) tea.Msg { return screen.NoticeMsg{Text: text} }
}

// An answer comes to the screen that asked, also when another has been opened above it meanwhile.
func TestAnAnswerFindsWhoAsked(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	asked := &uitest.Recorder{}
	r.Pushed(asked.Open)
	cmd := asked.D.Run(answering("here"))
	r.Pushed(new(uitest.Recorder).Open)
	r.Run(cmd)
	if got, ok := asked.Last().(screen.NoticeMsg); !ok || got.Text != "here" {
		t.Errorf("got %#v", asked.Last())
	}
}

// Leaving a screen cancels what it waits for, and the late answer reaches nobody.
func TestALateAnswerIsDropped(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	left := &uitest.Recorder{}
	r.Pushed(left.Open)
	var seen context.Context
	cmd := left.D.Run(func(ctx context.Context) tea.Msg { seen = ctx; return screen.NoticeMsg{Text: "late"} })
	r.Send(screen.PopMsg{})
	r.Run(cmd)
	if seen.Err() == nil {
		t.Error("the call was not cancelled")
	}
	r.SeesNot("late")
	if n := uitest.Calls(r.Desk); n != 0 {
		t.Errorf("%d calls are still known", n)
	}
}

// ctrl+c cancels what runs; with nothing running it wants to be pressed again, within two seconds.
func TestInterrupt(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	cmd := r.Desk.Run(func(ctx context.Context) tea.Msg { return ctx.Err() })
	r.Keys("ctrl+c")
	r.Sees("cancelled")
	r.Run(cmd)
	r.Keys("ctrl+c")
	r.Sees("ctrl+c again to quit")
	r.Wait()
	r.SeesNot("again to quit")
	r.Keys("ctrl+c", "down", "ctrl+c")
	if r.Quit {
		t.Fatal("two presses with a key between have quit")
	}
	r.Keys("ctrl+c")
	if !r.Quit {
		t.Error("the second press did not quit")
	}
}

// Whoever leaves a screen by q and presses it once too often still has the desk; with a moment or another key between it
// quits, and so does one q more.
func TestOneQTooManyDoesNotQuit(t *testing.T) {
	for between, quits := range map[string]bool{"": false, "q": true, "down": true, "wait": true} {
		r := uitest.ArticleDesk(t, 80, 24)
		r.Keys("L", "q")
		switch between {
		case "":
		case "wait":
			r.Wait()
		default:
			r.Keys(between)
		}
		if r.Quit {
			t.Fatalf("%q has quit", between)
		}
		if r.Keys("q"); r.Quit != quits {
			t.Errorf("q, %q, q: quit %v\n%s", between, r.Quit, r.Screen())
		}
		if !quits {
			r.Sees("q again to quit")
		}
	}
}

// Work nobody waits for, such as the watch, is not what ctrl+c cancels.
func TestInterruptLeavesTheWatch(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Desk.Behind(answering(""))
	r.Keys("ctrl+c")
	r.Sees("again to quit")
}

// q on the table quits, but asks first where a form would be lost; enter then is Cancel.
func TestQuitAsksForADraft(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("n", "tab")
	r.Typing("kept")
	for r.Depth() > 1 {
		r.Keys("esc")
	}
	r.Keys("q")
	r.Sees("Quit with an unfinished form?")
	r.Wait()
	r.Keys("enter")
	if r.Quit || r.Depth() != 1 {
		t.Fatalf("enter did not cancel: quit %v, %d screens", r.Quit, r.Depth())
	}
	r.Keys("q")
	r.Wait()
	r.Keys("tab", "enter")
	if !r.Quit {
		t.Error("the Quit button did not quit")
	}
}

func TestQuitWithoutADraft(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	if r.Keys("q"); !r.Quit {
		t.Error("q on the table does not quit")
	}
}

// esc never quits, wherever it is pressed ten times.
func TestTenEscapesNeverQuit(t *testing.T) {
	for _, way := range [][]string{{}, {"/", "a"}, {"enter"}, {"enter", "D"}, {"?"}, {"enter", "?"}, {"D"}, {"D", "?"}} {
		r := uitest.ArticleDesk(t, 80, 24)
		r.Keys(way...)
		for range 10 {
			r.Keys("esc")
		}
		if r.Quit || r.Depth() != 1 {
			t.Errorf("after %v: quit %v, %d screens open", way, r.Quit, r.Depth())
		}
	}
}

// Help lists the keys of the screen it was called from; "?" is a letter where letters are typed, f1 is not.
func TestHelpKnowsItsScreen(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 60)
	r.Keys("?")
	r.Sees("The table", "import", "renew", "ctrl+z", "IMAP, POP, UM")
	r.Keys("esc", "enter", "f1")
	r.Sees("broken", "scroll")
	r.SeesNot("filter")
	typing := uitest.ArticleDesk(t, 80, 24)
	p := &uitest.Recorder{Types: true}
	typing.Run(typing.App.Push(p.Open))
	typing.Sees("f1 help")
	typing.Keys("?")
	if typing.Depth() != 2 {
		t.Error("a question mark in a field opened help")
	}
	if typing.Keys("f1"); typing.Depth() != 3 {
		t.Error("f1 did not open help")
	}
}

// A notice stands in the footer until the next key or for some seconds, takes no key, is there long enough to be read,
// and foreign text in it is harmless.
func TestANoticeComesAndGoes(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Run(screen.Notice("done\x1b[31m"))
	r.Sees(`done\u{1b}[31m`)
	set := r.Timers[len(r.Timers)-2:]
	over, read := set[0], set[1]
	before := r.UnderCursor()
	if r.Keys("down"); r.UnderCursor() == before {
		t.Error("a notice took a key")
	}
	r.Sees("done") // the key may have been on its way
	r.Send(read)
	r.Sees("done")
	r.Keys("down")
	r.SeesNot("done")
	r.Run(screen.Notice("done again"))
	r.Send(over)
	r.Sees("done again") // that was another's time
	r.Wait()
	r.SeesNot("done")
	r.Send(tea.KeyMsg{Type: tea.KeyF8})
	r.Sees("does nothing here")
	r.Wait()
	r.SeesNot("does nothing here")
}

func TestTheHeaderSaysWhatMatters(t *testing.T) {
	c := uitest.Hub()
	c.Demo, c.StoreNote = true, "/srv/store"
	r := uitest.Drive(t, c, 140, 24, uitest.Article()...)
	r.Desk.ReadOnly = true
	r.Sees("mail01.proexchange.global - hub - /srv/store", "DEMO  read-only  x 4 faults  ! 1 expiring  . 1 pending  * 2 valid")
	r.Keys("enter")
	r.Sees("mail01.proexchange.global - hub - /srv/store", "DEMO  read-only  x 4 faults  ! 1 expiring  . 1 pending  * 2 valid", "- broken -")
	r.Keys("esc")
	r.Desk.Banner = "line 7 is damaged: run doctor"
	r.Sees("! line 7 is damaged: run doctor")
	r.ExactEverywhere(false)
}

// A panic in a command ends the desk; what is left for the person is a coded error and the trace.
func TestAPanicInACommandEndsTheDesk(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	for name, cmd := range map[string]tea.Cmd{
		"a call": r.Desk.Run(func(context.Context) tea.Msg { panic("of a call") }),
		"a batch": func() tea.Msg {
			return ui.Guarded(tea.Batch(func() tea.Msg { panic("of a batch") }, screen.Pop))().(tea.BatchMsg)[0]()
		},
	} {
		msg, ok := ui.Guarded(cmd)().(screen.PanicMsg)
		if !ok || !strings.Contains(msg.Trace, "panic: of") {
			t.Fatalf("%s: %#v", name, msg)
		}
		r.App.Update(msg)
	}
	var stderr bytes.Buffer
	err := ui.Outcome(context.Background(), r.App, nil, &stderr)
	if !fail.Is(err, fail.Failed) || !strings.Contains(stderr.String(), "app_test.go") {
		t.Errorf("%v; trace: %s", err, stderr.String())
	}
}

func TestTheOutcomeOfASignalIsItsCause(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	hangup := errors.New("hangup")
	cancel(hangup)
	if err := ui.Outcome(ctx, uitest.ArticleDesk(t, 80, 24).App, tea.ErrProgramKilled, nil); !errors.Is(err, hangup) {
		t.Errorf("%v", err)
	}
}

// A long path of the store gives way from its beginning, before the server and its role do.
func TestALongStorePathKeepsItsEnd(t *testing.T) {
	c := uitest.Hub()
	c.Server, c.StoreNote = "mail01", "/srv/a/very/long/way/to/the/directory/of/the/store3"
	r := uitest.Drive(t, c, 60, 24, uitest.Article()[2:4]...)
	r.Sees("store3", "mail01", "hub", "2 valid")
	r.SeesNot("/srv/a")
}

// A slow line delivers two keys at once: the second belongs to the dialog that the first opens.
func TestAKeyRightBehindAVerbReachesTheDialog(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.App.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("D")})
	r.App.Update(tea.KeyMsg{Type: tea.KeyEnter})
	r.Sees("Remove")
	if r.Depth() != 2 {
		t.Errorf("%d screens are open, want the table and the dialog", r.Depth())
	}
}

// Letters that arrive together are letters, also where they spell the name of a key.
func TestATypedWordIsNotAKey(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("/")
	for _, word := range []string{"right", "esc", "enter"} {
		r.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(word)})
	}
	r.Sees("rightescenter")
}

// The header is the same on every page, and at every width its badges are in one order with the same signs; their words
// stand there where there is room for all.
func TestTheHeaderIsOneAtEveryWidth(t *testing.T) {
	for w := 60; w <= 200; w += 7 {
		r := uitest.ArticleDesk(t, w, 24)
		head, _, _ := strings.Cut(r.Screen(), "\n")
		if named := strings.Contains(head, "x 4 faults  ! 1 expiring  . 1 pending  * 2 valid"); !named && !strings.Contains(head, "x 4  ! 1  . 1  * 2") {
			t.Errorf("%d cells: %q", w, head)
		}
		if !strings.HasPrefix(head, " mail01.proexchange.global") {
			t.Errorf("%d cells: the host is not first: %q", w, head)
		}
		r.Keys("enter")
		if page, _, _ := strings.Cut(r.Screen(), "\n"); page != head {
			t.Errorf("%d cells: a page has another header: %q, not %q", w, page, head)
		}
	}
}
