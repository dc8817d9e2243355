package kit

import (
	"strings"
	"testing"
)

// What is drawn in a zone is found wherever it was laid out, by every cell of it and no other; the marks cost no cell
// and are gone from what a terminal gets.
func TestAZoneIsFoundWhereItWasDrawn(t *testing.T) {
	s := utf8Styles()
	row := "a " + Zone("key:é", s.Accent.Render("日本")) + " " + Zone("row:1", "outer "+Zone("row:2", "in")+" er")
	if Width(row) != 2+4+1+6+2+3 {
		t.Fatalf("%d cells", Width(row))
	}
	frame := Overlay("", Box(s, "title", []string{row}, 30), 60, 9)
	lines := strings.Split(Unzoned(frame), "\n")
	for y, line := range lines {
		if strings.Contains(line, "\x1b[>") || Width(line) != 60 {
			t.Fatalf("line %d: %q", y, line)
		}
	}
	var found []string
	for y := range lines {
		for x := range 60 {
			if name := ZoneAt(frame, x, y); name != "" {
				found = append(found, name)
			}
		}
	}
	want := "key:é*4 row:1*6 row:2*2 row:1*3"
	if got := counted(found); got != want {
		t.Errorf("found %s, want %s", got, want)
	}
}

// counted tells a run of equal names as one.
func counted(names []string) string {
	var out []string
	for i := 0; i < len(names); {
		n := i
		for n < len(names) && names[n] == names[i] {
			n++
		}
		out = append(out, names[i]+"*"+string(rune('0'+n-i)))
		i = n
	}
	return strings.Join(out, " ")
}

// A box over a frame covers what lies below it, and what it only cuts is found in what is left of it.
func TestAZoneBelowABoxIsCovered(t *testing.T) {
	under := strings.Repeat(Zone("row:7", strings.Repeat("x", 60))+"\n", 8) + Zone("row:7", strings.Repeat("x", 60))
	frame := Overlay(under, Box(utf8Styles(), "", []string{"text"}, 20), 60, 9)
	if got := ZoneAt(frame, 30, 4); got != "" {
		t.Errorf("through the box %q is found", got)
	}
	for _, x := range []int{0, 17, 42, 59} {
		if got := ZoneAt(frame, x, 4); got != "row:7" {
			t.Errorf("beside the box at %d: %q", x, got)
		}
	}
}
