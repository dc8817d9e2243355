package kit

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"certdesk/ui/theme"
)

func utf8Styles() theme.Styles {
	return theme.New("dark", func(name string) string { return map[string]string{"LANG": "C.UTF-8"}[name] })
}

// Whatever stands in panes, they take exactly the cells they are given, titles and wide characters too.
func TestPanesAreExact(t *testing.T) {
	s := utf8Styles()
	bands := func(cells int) []Band {
		return []Band{
			{Lines: 4, Panes: []Pane{{Title: "日本の証明書", Body: "a\nlonger line than the pane is", Cells: cells},
				{Title: strings.Repeat("long ", 40), Note: "1 of 10", Body: "b", Focus: true}}},
			{Lines: 1, Panes: []Pane{{Title: "below", Body: strings.Repeat("日", 300), Look: &s.Bad}}},
		}
	}
	for w := 24; w < 130; w++ {
		lines := strings.Split(Panes(s, w, bands(w/2-4)...), "\n")
		if len(lines) != 4+1+3 {
			t.Fatalf("w %d: %d lines", w, len(lines))
		}
		for _, line := range lines {
			if Width(line) != w {
				t.Fatalf("w %d: %d cells in %q", w, Width(line), ansi.Strip(line))
			}
		}
	}
}

// Panes that touch share an edge, and the signs of their corners say so.
func TestEdgesAreJoined(t *testing.T) {
	got := ansi.Strip(Panes(utf8Styles(), 20,
		Band{Lines: 1, Panes: []Pane{{Title: "a", Cells: 5}, {Title: "b"}}}, Band{Lines: 1, Panes: []Pane{{Note: "n"}}}))
	want := strings.Join([]string{
		"┌─ a ───┬─ b ──────┐", "│       │          │", "├───────┴──────────┤", "│                  │", "└────────────── n ─┘",
	}, "\n")
	if got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

// Where no colour is shown the pane that has the keys is told from the others all the same.
func TestFocusIsSeenWithoutColour(t *testing.T) {
	mono := theme.New("mono", func(string) string { return "" })
	if (Pane{Title: "a", Focus: true}).View(mono, 20, 4) == (Pane{Title: "a"}).View(mono, 20, 4) {
		t.Error("focus looks like none")
	}
}
