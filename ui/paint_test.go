package ui

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// painting is a canvas over a pipe, and what it has sent since one asked last.
func painting(t *testing.T) (c *canvas, sent func() string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	const mark = "\x00"
	return newCanvas(&sharedTerminal{file: w}), func() string {
		io.WriteString(w, mark)
		var all strings.Builder
		for b := make([]byte, 1); !strings.HasSuffix(all.String(), mark); all.Write(b) {
			if _, err := io.ReadFull(r, b); err != nil {
				t.Fatal(err)
			}
		}
		return strings.TrimSuffix(all.String(), mark)
	}
}

// What is on the screen is the desk's only while the alternate screen is there; and a terminal on a slow line is sent
// what changed, once.
func TestOnlyWhatChangedIsPaintedAndOnlyOnTheDesksOwnScreen(t *testing.T) {
	c, sent := painting(t)
	frame := func(lines ...string) string {
		c.show(strings.Join(lines, "\n"))
		c.paint()
		return sent()
	}
	says := func(when, got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q, want %q in it", when, got, want)
			}
		}
		if len(want) == 0 && got != "" {
			t.Errorf("%s: %q, want nothing", when, got)
		}
	}
	whole := []string{ansi.CursorPosition(1, 1) + "head" + ansi.EraseLineRight, ansi.CursorPosition(1, 2) + "a whole line"}
	c.resized(12)
	says("before the screen is there", frame("head", "a whole line"))
	io.WriteString(c, ansi.SetModeAltScreenSaveCursor)
	says("the sequence itself", sent(), ansi.SetModeAltScreenSaveCursor)
	got := frame("head", "a whole line")
	says("the first frame", got, whole...)
	if strings.HasSuffix(got, ansi.EraseLineRight) {
		t.Errorf("a full line loses its last cell: %q", got)
	}
	says("the same again", frame("head", "a whole line"))
	if got := frame("head", "another"); got != ansi.CursorPosition(1, 2)+"another"+ansi.EraseLineRight {
		t.Errorf("one line changed: %q", got)
	}
	says("a line less", frame("head"), ansi.CursorPosition(1, 2)+ansi.EraseScreenBelow)
	c.resized(12)
	says("another size", frame("head", "a whole line"), whole...)
	io.WriteString(c, ansi.EraseEntireScreen)
	sent()
	says("the screen was erased", frame("head", "a whole line"), whole...)
	io.WriteString(c, ansi.ResetModeAltScreenSaveCursor)
	sent()
	says("the screen is the shell's again", frame("head", "too late"))
}

// Of a line that changes only the end is sent, from a place at which no style is in force and no character is cut.
func TestOnlyTheEndOfALineIsSent(t *testing.T) {
	for _, c := range []struct{ old, line, same string }{
		{"a name and more", "a name and less", "a name and"},
		{"a \x1b[1mname\x1b[0m is", "a \x1b[1mnote\x1b[0m is", "a "},
		{"a \x1b[1mname it\x1b[0m is", "a \x1b[1mname me\x1b[0m is", "a "},
		{"a \x1b[1mname\x1b[0m is", "a \x1b[1mname\x1b[0m was", "a \x1b[1mname\x1b[0m"},
		{"\x1b[2m────\x1b[0m\x1b[2m 1 of 9\x1b[0m", "\x1b[2m────\x1b[0m\x1b[2m 2 of 9\x1b[0m", "\x1b[2m────\x1b[0m"},
		{"日本 語", "日本 誤", "日本"},
		{"e", "e\u0301", ""},
		{"", "new", ""},
	} {
		if got := c.line[:alike(c.old, c.line)]; got != c.same {
			t.Errorf("%q to %q leaves out %q, want %q", c.old, c.line, got, c.same)
		}
	}
}

// What a line ends with is left out where a style has ended in both, unless what follows has moved.
func TestTheEndThatStaysIsNotSent(t *testing.T) {
	for _, c := range []struct{ old, line, same string }{
		{"\x1b[1mone\x1b[0m and more", "\x1b[1mtwo\x1b[0m and more", " and more"},
		{"\x1b[1mone\x1b[0m\x1b[2m│\x1b[0m", "\x1b[1mtwo\x1b[0m\x1b[2m│\x1b[0m", "\x1b[2m│\x1b[0m"},
		{"\x1b[1mone\x1b[0m and more", "\x1b[1mthree\x1b[0m and more", ""},
		{"one \x1b[1mand more\x1b[0m", "two \x1b[1mand more\x1b[0m", ""},
		{"\x1b[1mone and\x1b[0m more", "two and\x1b[0m more", " more"},
		{"one and more", "two and more", ""},
	} {
		if n := alikeEnd(c.old, c.line, 0); c.line[len(c.line)-n:] != c.same {
			t.Errorf("%q to %q leaves out %q, want %q", c.old, c.line, c.line[len(c.line)-n:], c.same)
		}
	}
}
