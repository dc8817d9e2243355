package ui_test

import (
	"strings"
	"testing"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// No action is cut in the palette, nor a line of the help, on a terminal of usual width.
func TestWhatKeysDoIsNotCut(t *testing.T) {
	for _, way := range [][]string{nil, {"enter"}, {"L"}, {"T"}, {"H"}, {","}} {
		r := uitest.ArticleDesk(t, 80, 60)
		r.Keys(append(way, "ctrl+p")...)
		for line := range strings.Lines(r.Screen()) {
			boxed := strings.HasPrefix(strings.TrimSpace(line), "| ")
			if boxed && strings.Contains(line, r.Desk.Styles.Glyphs.Ellipsis+" ") {
				t.Errorf("%v: %s", way, line)
			}
		}
		r.Keys("esc", "f1")
		for _, line := range r.App.Top().(screen.Paged).Lines(80) {
			if kit.Width(line) > 80 {
				t.Errorf("%v: %d cells: %s", way, kit.Width(line), line)
			}
		}
	}
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("f1")
	help := strings.Join(r.App.Top().(screen.Paged).Lines(80), "\n")
	for _, term := range words.Glossary {
		if !strings.Contains(help, term.Say+"  ") {
			t.Errorf("%s is cut", term.Say)
		}
	}
}

// Help begins with the field that has the focus, and with the filter while it is typed, as it stands.
func TestHelpBeginsWithWhatAPersonIsAt(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("n", "f1")
	r.Sees("What", "A request is sent to a CA")
	r.SeesNot("Signs")
	r.Keys("q", "ctrl+n", "f1")
	r.Sees("Add a name", "Every name that clients connect by")
	r.Keys("q", "esc", "esc", "/")
	r.Typing("days<9")
	r.Keys("f1")
	r.Sees("The filter", "name:mail.example.org", `show = "days<9"`)
	r.Keys("q", "esc", "?")
	r.SeesNot("The filter")
	r.Sees("The table")
}
