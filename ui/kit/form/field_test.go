package form

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

func draw(f Field, w, h int) string {
	lines, _ := f.View(formStyles(), w, h)
	return ansi.Strip(strings.Join(lines, "\n"))
}

func TestTextTakesNothingThatDoesNotShow(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                    "plain",
		"two\rlines\r":             "two lines",
		"\x1b[31mred":              "[31mred",
		"a\u202eb\u200bc":          "abc",
		"Sørensen & Søn":           "Sørensen & Søn",
		"trailing newline\r\n\r\n": "trailing newline",
	} {
		f := New(NewText("a", "A", ""))
		f.Focus("a")
		pasteInto(f, in)
		if got := f.Field().(*Text).Value(); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}

func TestThePasswordIsDrawnOnlyWhileAPersonAsksForIt(t *testing.T) {
	p := NewPassword("p", "Password")
	f := New(p)
	f.Focus("p")
	typeKeys(f, "sesame-42")
	for _, focused := range []bool{true, false} {
		if !focused {
			p.Blur()
		}
		if got := draw(p, 40, 1); strings.Contains(got, "s") || !strings.Contains(got, "*********") {
			t.Errorf("drawn as %q", got)
		}
	}
	f.Focus("p")
	f.Update(kit.PressKey("ctrl+r"))
	if got := draw(p, 40, 1); !strings.Contains(got, "sesame-42") || p.Verbs()[0].Word != "hide it" {
		t.Errorf("asked for, it is drawn as %q, and the key says %s", got, p.Verbs()[0].Word)
	}
	f.Update(kit.PressKey("ctrl+r"))
	if got := draw(p, 40, 1); strings.Contains(got, "sesame") {
		t.Errorf("hidden again, it is drawn as %q", got)
	}
	f.Update(kit.PressKey("ctrl+r"))
	p.Blur()
	p.Focus()
	if got := draw(p, 40, 1); strings.Contains(got, "sesame") {
		t.Errorf("once the field was left it is drawn as %q", got)
	}
	if string(p.Bytes()) != "sesame-42" {
		t.Errorf("typed %q", p.Bytes())
	}
}

func TestTheCursorShowsWithoutAnyColour(t *testing.T) {
	s := theme.Styles{Selected: theme.Style{}}
	if got := lineWithCursor(s, "abc", 3, 20, ""); got != "abc_" {
		t.Errorf("at the end: %q", got)
	}
	if got := lineWithCursor(s, "abc", 1, 20, ""); got != "a|bc" {
		t.Errorf("within: %q", got)
	}
	if got := lineWithCursor(s, strings.Repeat("x", 90)+"END", 93, 20, ""); !strings.HasSuffix(got, "END_") || kit.Width(got) > 20 {
		t.Errorf("a long line hides its end: %q", got)
	}
}

func TestPickFindsByCodeAndByName(t *testing.T) {
	options := []Option{{Value: "BY", Text: "Belarus"}, {Value: "BE", Text: "Belgium"}, {Value: "CH", Text: "Switzerland"}, {Value: "US", Text: "United States of America"}}
	for typed, want := range map[string]string{"be": "BE", "Belg": "BE", "switz": "CH", "states": "US", "": "CH", "xyz": "CH"} {
		p := NewPick("c", "Country", "CH", options)
		f := New(p, NewText("b", "Other", ""))
		f.Focus("c")
		typeKeys(f, typed, "tab")
		if p.Value() != want {
			t.Errorf("%q found %q, not %q", typed, p.Value(), want)
		}
	}
	p := NewPick("c", "Country", "CH", options)
	f := New(p)
	f.Focus("c")
	typeKeys(f, "backspace")
	if p.Value() != "" {
		t.Error("backspace does not empty it")
	}
	if typeKeys(f, "xyz", "ctrl+n") == Next || !strings.Contains(formText(f, 60, 12), "type the beginning") {
		t.Error("what finds nothing is taken")
	}
	typeKeys(f, "backspace", "backspace", "backspace", "bel", "down")
	if p.Value() != "BY" {
		t.Errorf("down chose %q, and was only to move", p.Value())
	}
	if typeKeys(f, "enter"); p.Value() != "BE" {
		t.Errorf("enter chose %q", p.Value())
	}
}

func TestTicksKeepTheCursorOnTheSameLine(t *testing.T) {
	f := NewTicks("t", "Names", "", "none")
	f.SetItems([]Tick{{Key: "a"}, {Key: "b"}, {Key: "c"}})
	f.Update(tea.KeyMsg{Type: tea.KeyDown})
	f.SetItems([]Tick{{Key: "x"}, {Key: "a"}, {Key: "b"}})
	if f.items[f.at].Key != "b" {
		t.Fatalf("on %q", f.items[f.at].Key)
	}
	f.SetItems(nil)
	f.SetItems([]Tick{{Key: "z"}})
	if draw(f, 40, 5) == "" || f.at != 0 {
		t.Fatal("an emptied list does not recover")
	}
}

func TestTicksSayWhatAKeyDidToWhichLine(t *testing.T) {
	var got []string
	say := func(what string) func(Tick) { return func(t Tick) { got = append(got, what+" "+t.Key) } }
	f := NewTicks("t", "Names", "", "").On(say("toggle"), say("mark"), say("drop"), KeyMark)
	f.SetItems([]Tick{{Key: "a"}, {Key: "b", Loose: true}})
	form := New(f)
	form.Focus("t")
	typeKeys(form, "space", "delete", "down", "c", "delete")
	if want := "toggle a, mark b, drop b"; strings.Join(got, ", ") != want {
		t.Fatalf("%v, not %s", got, want)
	}
}

func TestPathCompletesAndPicks(t *testing.T) {
	listing := []PathEntry{{Name: "secure.req"}, {Name: "secure.key"}, {Name: "sub", Dir: true}, {Name: ".hidden"}}
	var asked []string
	p := NewPath("p", "File", "", "/home/admin", func(_ *Path, dir string) tea.Cmd {
		asked = append(asked, dir)
		return nil
	})
	f := New(p, NewText("b", "Other", ""))
	f.Focus("p")
	typeKeys(f, "~/x/s")
	f.Update(PathListed{For: p, Dir: "/home/admin/x/", Entries: listing})
	if asked[len(asked)-1] != "/home/admin/x" && asked[len(asked)-1] != "/home/admin/x/" {
		t.Fatalf("asked for %q", asked)
	}
	f.Update(PathListed{For: p, Dir: asked[len(asked)-1], Entries: listing})
	if strings.Join(f.View(formStyles(), 60, 12), "\n"); strings.Contains(strings.Join(f.View(formStyles(), 60, 12), "\n"), "hidden") {
		t.Error("hidden files show without a dot typed")
	}
	typeKeys(f, "e", "tab")
	if p.Text.Value() != "~/x/secure." {
		t.Fatalf("tab made %q", p.Text.Value())
	}
	typeKeys(f, "r", "tab", "tab")
	if p.Value() != "/home/admin/x/secure.req" || f.Field().ID() != "b" {
		t.Fatalf("%q, then at %s: tab must complete while it adds something and then move on", p.Value(), f.Field().ID())
	}
}

func TestPathDropsAStaleListingAndSaysWhyOneFailed(t *testing.T) {
	p := NewPath("p", "File", "/a/", "", func(*Path, string) tea.Cmd { return nil })
	f := New(p)
	f.Focus("p")
	f.Update(PathListed{For: p, Dir: "/b/", Entries: []PathEntry{{Name: "wrong"}}})
	if strings.Contains(strings.Join(f.View(formStyles(), 60, 12), "\n"), "wrong") {
		t.Fatal("a stale listing shows")
	}
	f.Update(PathListed{For: p, Dir: "/a/", Problem: "you may not read this directory"})
	if !strings.Contains(strings.Join(f.View(formStyles(), 60, 12), "\n"), "you may not read") {
		t.Fatal("a failed listing says nothing")
	}
}

func TestAFileNameCannotReachTheTerminalRaw(t *testing.T) {
	p := NewPath("p", "File", "/a/", "", func(*Path, string) tea.Cmd { return nil })
	f := New(p)
	f.Focus("p")
	f.Update(PathListed{For: p, Dir: "/a/", Entries: []PathEntry{{Name: "x\x1b]0;owned\a\u202e"}}})
	typeKeys(f, "down")
	lines := f.View(formStyles(), 60, 12)
	if s := strings.Join(lines, "\n"); strings.Contains(s, "\x1b]") || strings.Contains(s, "\u202e") {
		t.Fatalf("raw: %q", s)
	}
	typeKeys(f, "enter")
	lines = f.View(formStyles(), 60, 12)
	if s := strings.Join(lines, "\n"); strings.Contains(s, "\x1b]") || strings.Contains(s, "\u202e") {
		t.Fatalf("raw once chosen: %q", s)
	}
}

func TestAnAreaKeepsEveryLineAndHidesKeys(t *testing.T) {
	a := NewArea("a", "Paste", "", 1<<20)
	f := New(a)
	f.Focus("a")
	pem := "-----BEGIN PRIVATE KEY-----\nMIISECRET\n-----END PRIVATE KEY-----\n"
	pasteInto(f, strings.ReplaceAll(pem, "\n", "\r"))
	if typeKeys(f, "more", "enter") != Stay {
		t.Fatal("enter left the area")
	}
	if a.Value() != pem+"more\n" {
		t.Fatalf("%q", a.Value())
	}
	if got := draw(a, 60, 10); strings.Contains(got, "SECRET") || !strings.Contains(got, "not shown") {
		t.Fatalf("a key is shown:\n%s", got)
	}
}

func TestANoteScrollsToItsEndAndNoFurther(t *testing.T) {
	for _, label := range []string{"", "The plan"} {
		n := NewNote("n", label, "a hint", func(theme.Styles, int) []string { return strings.Split(strings.Repeat("line\n", 40)+"last", "\n") })
		f := New(n, NewButton("do", "Do it", "")).Titled(func() string { return "What will be done" })
		f.Focus("n")
		f.Resize(formStyles(), 60, 24)
		for range 60 {
			typeKeys(f, "pgdown")
		}
		if !strings.Contains(formText(f, 60, 24), "last") {
			t.Fatalf("the end is not reached:\n%s", formText(f, 60, 24))
		}
		before := formText(f, 60, 24)
		if typeKeys(f, "up"); formText(f, 60, 24) == before {
			t.Fatal("up does nothing after too many downs")
		}
	}
}

func TestEveryBindingHasAWord(t *testing.T) {
	for _, b := range []kit.Verb{KeyNextField, KeyPrevField, KeyNextPage, KeyEnter, KeyBack, KeyToggle, KeyChoose,
		KeyMark, KeyDrop} {
		if b.Shown == "" || b.Says() == "" {
			t.Errorf("%v is not explained", b.Keys)
		}
	}
}

func TestALongPathShowsItsEnd(t *testing.T) {
	for w := 5; w < 40; w++ {
		got := kit.CutLeft("/a/very/long/path/that/ends/in/mail.pfx", w, "~")
		if kit.Width(got) > w || !strings.HasSuffix(got, ".pfx") {
			t.Fatalf("%d: %q", w, got)
		}
	}
}

// listed is a path field of many, whose directory holds the names.
func listed(names ...string) (*Form, *Path, *[]string) {
	var got []string
	list := func(asks *Path, dir string) tea.Cmd {
		out := PathListed{For: asks, Dir: dir, Missing: dir == "/gone/"}
		if out.Missing {
			out.Problem = "there is no such directory"
		}
		for _, name := range names {
			out.Entries = append(out.Entries, PathEntry{Name: name})
		}
		return func() tea.Msg { return out }
	}
	p := NewPath("p", "File", "", "", list).Many(func(path string) { got = append(got, path) })
	return New(p), p, &got
}

// handOver types a path, presses enter, and hands the listing that this asks for to the form.
func handOver(f *Form, paste string) {
	f.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(paste), Paste: true})
	if cmd, _ := f.Update(tea.KeyMsg{Type: tea.KeyEnter}); cmd != nil {
		f.Update(cmd())
	}
}

// A file that is not there is refused at once, at its field, and stays in the line to be put right.
func TestAMissingFileIsNotChosen(t *testing.T) {
	for path, says := range map[string]string{"/a/client.": "no such file", "/gone/x.cer": "no such directory"} {
		f, p, got := listed("client.cer")
		f.Focus("p")
		handOver(f, path)
		if len(*got) != 0 || !strings.Contains(strings.Join(f.View(formStyles(), 80, 12), "\n"), says) || p.Text.Value() != path {
			t.Errorf("%s: chosen %q, says %q", path, *got, p.Problem())
		}
	}
}

// A path is copied with what stands around it.
func TestAPastedPathLosesItsQuotesAndBlanks(t *testing.T) {
	for _, text := range []string{"/a/client.cer", "  /a/client.cer \n", `"/a/client.cer"`, " '/a/client.cer' "} {
		f, _, got := listed("client.cer")
		f.Focus("p")
		handOver(f, text)
		if len(*got) != 1 || (*got)[0] != "/a/client.cer" {
			t.Errorf("%q gives %q", text, *got)
		}
	}
}

// The line of an empty field does not move when it gets the focus.
func TestAnEmptyFieldDoesNotMoveOnFocus(t *testing.T) {
	field := NewText("t", "Name", "").With("", "may be left out")
	before, _ := field.View(formStyles(), 40, 1)
	field.Focus()
	after, _ := field.View(formStyles(), 40, 1)
	if ansi.Strip(before[0])[1:] != ansi.Strip(after[0])[1:] || kit.Width(before[0]) != kit.Width(after[0]) {
		t.Errorf("%q became %q", before[0], after[0])
	}
}

// Whoever types and goes on faster than the disk answers is stopped at the field all the same.
func TestTheNextPageWaitsForTheDirectory(t *testing.T) {
	for dir, want := range map[string]Outcome{"/a/": Next, "/gone/": Stay} {
		f, p, _ := listed()
		p.ToWrite()
		p.SetCheck(p.NoDirectory)
		p.chosen = nil
		f.Focus("p")
		cmd, _ := f.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(dir + "x.req"), Paste: true})
		if _, outcome := f.Update(tea.KeyMsg{Type: tea.KeyCtrlN}); outcome != Stay {
			t.Fatalf("%s: went on unseen", dir)
		}
		if _, outcome := f.Update(cmd()); outcome != want {
			t.Errorf("%s: %v, want %v", dir, outcome, want)
		}
	}
}
