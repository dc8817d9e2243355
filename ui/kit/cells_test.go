package kit

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"certdesk/ui/theme"
)

var awkward = []string{"", "plain", "日本語の証明書", "e\u0301tude", "\x1b[1mbold\x1b[0m text", "a日b", "grün", strings.Repeat("x", 300)}

// Whatever the characters and colours, a padded line has exactly the cells asked for.
func TestPadIsExact(t *testing.T) {
	for _, s := range awkward {
		for w := 0; w < 40; w++ {
			for name, got := range map[string]string{"Pad": Pad(s, w), "PadLeft": PadLeft(s, w), "Sides": Sides(s, "日", w, "~")} {
				if n := ansi.StringWidth(got); n != w {
					t.Errorf("%s(%q, %d) has %d cells: %q", name, s, w, n, got)
				}
			}
		}
	}
}

func TestCutEndsInItsTail(t *testing.T) {
	for _, test := range []struct {
		text string
		w    int
		want string
	}{{"webmail", 7, "webmail"}, {"webmail", 6, "webma~"}, {"webmail", 1, "w"}, {"webmail", 0, ""}, {"日本語", 4, "日~"}} {
		if got := Cut(test.text, test.w, "~"); got != test.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", test.text, test.w, got, test.want)
		}
	}
}

func TestFitIsExact(t *testing.T) {
	text := strings.Join(awkward, "\n")
	for w := 1; w < 30; w++ {
		for h := 1; h < 12; h++ {
			exactFrame(t, Fit(text, w, h), w, h)
		}
	}
}

// A dialog over a page of wide characters and colours leaves the frame's size as it was.
func TestOverlayIsExact(t *testing.T) {
	page := strings.Repeat("日本\x1b[31m語の\x1b[0m証明書 certificate\n", 30)
	box := Box(plain(), "Title", []string{"one", "二", strings.Repeat("long ", 30)}, 20)
	for w := 30; w < 70; w++ {
		for h := 3; h < 20; h++ {
			exactFrame(t, Overlay(page, box, w, h), w, h)
		}
	}
}

func TestTooSmallSaysTheSizeItNeeds(t *testing.T) {
	if _, small := TooSmall(MinWidth, MinHeight); small {
		t.Error("the smallest size is refused")
	}
	frame, small := TooSmall(59, 18)
	if !small || !strings.Contains(frame, "60x18") || !strings.Contains(frame, "59x18") {
		t.Errorf("%v: %s", small, frame)
	}
	for w := 1; w < 60; w++ {
		frame, _ := TooSmall(w, 5)
		exactFrame(t, frame, w, 5)
	}
}

func exactFrame(t *testing.T, frame string, w, h int) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if len(lines) != h {
		t.Fatalf("%dx%d: %d lines", w, h, len(lines))
	}
	for i, line := range lines {
		if n := ansi.StringWidth(line); n != w {
			t.Fatalf("%dx%d: line %d has %d cells: %q", w, h, i, n, line)
		}
	}
}

func TestScrollShowsAllAndSaysWhatIsLeft(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(strings.Repeat("line\n", 49)+"last"), "\n")
	sc := Scroll{}
	if view := sc.View(plain(), lines, 40, 10); !strings.Contains(view, "41 more") {
		t.Errorf("the first window does not say that 41 lines follow:\n%s", view)
	}
	sc = sc.Move(1000, len(lines), 10)
	if view := ansi.Strip(sc.View(plain(), lines, 40, 10)); !strings.Contains(view, "last") || strings.Contains(view, "more") {
		t.Errorf("the end is not shown:\n%s", view)
	}
	for h := 1; h < 60; h++ {
		for by := -3; by < 60; by += 7 {
			exactFrame(t, sc.Move(by, len(lines), h).View(plain(), lines, 30, h), 30, h)
		}
	}
}

func TestACutTextShowsWhatMatters(t *testing.T) {
	for _, c := range []struct {
		text, matters, want, lit string
		w                        int
	}{
		{"autodiscover.example.org", "auto", "autodisc~", "auto", 9},
		{"autodiscover.example.org", "org", "~mple.org", "org", 9},
		{"autodiscover.example.org", "example", "~example~", "example", 9},
		{"autodiscover.example.org", "discover", "~discov~", "discov", 8},
		{"autodiscover", "autodiscover", "autod~", "autod", 6},
		{"short", "ort", "short", "ort", 9},
		{"日本語example", "example", "~example", "example", 8},
	} {
		from := strings.Index(c.text, c.matters)
		got, at := CutAt(c.text, c.w, [2]int{from, from + len(c.matters)}, "~")
		if got != c.want || got[at[0]:at[1]] != c.lit || Width(got) > c.w {
			t.Errorf("%s in %d: %q with %q, want %q with %q", c.text, c.w, got, got[at[0]:at[1]], c.want, c.lit)
		}
	}
}

// What a box covers leaves no styles behind: each would be sent with every frame.
func TestOverlayLeavesNoEmptyStyles(t *testing.T) {
	s := utf8Styles()
	under := strings.Repeat(s.Bad.Render(strings.Repeat("left ", 3))+s.Good.Render(" covered ")+
		s.Warn.Render(" covered ")+s.Bad.Render(strings.Repeat("right ", 3))+"\n", 9)
	line := strings.Split(Overlay(under, Box(s, "", []string{"a text"}, 21), 51, 9), "\n")[4]
	if styles := strings.Count(line, theme.StyleEnd); styles != 4 || strings.Count(line, "\x1b[") != 2*styles {
		t.Errorf("not two margins and two edges: %q", line)
	}
}

// A style that begins within another ends where that does, and none runs over the end of a line.
func TestACutEndsTheStylesItLeaves(t *testing.T) {
	for line, want := range map[string]string{
		"\x1b[4mab\x1b[0m c":                    "\x1b[4mab\x1b[0m c",
		"\x1b[4m\x1b[1;96m\x1b[0m  ":            "  ",
		"\x1b[4mab\x1b[1;96m\x1b[0m  ":          "\x1b[4mab\x1b[0m  ",
		"\x1b[1m\x1b[0m\x1b[4m  \x1b[0m":        "\x1b[4m  \x1b[0m",
		"\x1b[4ma\x1b[1mb\x1b[0m\x1b[1m\x1b[0m": "\x1b[4ma\x1b[1mb\x1b[0m",
		"plain":                                 "plain",
	} {
		if got := unstyled(line); got != want {
			t.Errorf("%q becomes %q, want %q", line, got, want)
		}
	}
}
