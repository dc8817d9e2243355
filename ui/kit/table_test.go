package kit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"certdesk/ui/theme"
)

func plain() theme.Styles { return theme.New("mono", func(string) string { return "" }) }

var threeColumns = []Column{
	{Title: "STATUS", Min: 8, Want: 8},
	{Title: "NAME", Min: 6, Want: 12, Grow: 1},
	{Title: "ISSUER", Min: 8, Want: 8, Drop: 1},
	{Title: "DATE", Min: 11, Want: 11, Drop: 2, Late: true},
	{Title: "LEFT", Min: 6, Want: 6, Right: true},
}

func upTo(n int) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	return ids
}

func wordy(id int64, column, _ int) Cell { return Cell{Text: fmt.Sprintf("c%d of row %d", column, id)} }

// The cursor belongs to a row, not to a place: a refresh that adds, removes or reorders rows leaves it there.
func TestCursorStaysOnItsRow(t *testing.T) {
	table := Table{Columns: threeColumns}.SetIDs(upTo(10)).To(4)
	for _, ids := range [][]int64{{9, 8, 5, 1}, {5}, {1, 2, 3, 4, 6, 7, 5}} {
		next := table.SetIDs(ids)
		if id, _ := next.Selected(); id != 5 {
			t.Errorf("after SetIDs(%v) the cursor is on %d, want 5", ids, id)
		}
	}
}

// Where the row is gone the cursor stays at its place; an emptied and refilled table has a cursor again.
func TestCursorOfARowThatIsGone(t *testing.T) {
	table := Table{}.SetIDs(upTo(10)).To(4).SetIDs([]int64{1, 2, 3, 4, 6, 7})
	if id, _ := table.Selected(); id != 6 {
		t.Errorf("the cursor is on %d, want the row that took the place: 6", id)
	}
	table = table.SetIDs(nil)
	if _, ok := table.Selected(); ok {
		t.Error("an empty table has a selected row")
	}
	if id, ok := table.SetIDs(upTo(3)).Selected(); !ok || id != 1 {
		t.Errorf("after refilling the cursor is on %d, %v", id, ok)
	}
}

func TestMovesStopAtTheEnds(t *testing.T) {
	table := Table{}.SetIDs(upTo(5))
	for _, test := range []struct{ by, want int }{{-1, 0}, {2, 2}, {100, 4}, {-3, 1}, {-99, 0}} {
		if table = table.Move(test.by); table.Position() != test.want {
			t.Errorf("Move(%d): at %d, want %d", test.by, table.Position(), test.want)
		}
	}
}

// At every size the selected row is seen, and the frame is exactly as large as asked.
func TestSelectedRowIsSeenAtEverySize(t *testing.T) {
	table := Table{Columns: threeColumns}
	for i := range 2000 {
		w, h, n := 30+i*37%120, 3+i*17%40, 1+i*13%200
		table = table.SetIDs(upTo(n)).To(i * 7 % n)
		lines := strings.Split(table.View(plain(), w, h, wordy), "\n")
		if len(lines) != h {
			t.Fatalf("%dx%d: %d lines", w, h, len(lines))
		}
		seen := false
		for i, line := range lines {
			if got := ansi.StringWidth(line); got != w {
				t.Fatalf("%dx%d: line %d has %d cells", w, h, i, got)
			}
			seen = seen || strings.HasPrefix(ansi.Strip(line), " > ")
		}
		if !seen {
			t.Fatalf("%dx%d, %d rows: row %d is not seen", w, h, n, table.Position())
		}
	}
}

// While the cursor moves among the rows that are seen they stay where they are; past the edge it comes to the middle.
// A row that comes or goes above moves nothing.
func TestTheWindowStaysWhileTheCursorIsInIt(t *testing.T) {
	table := Table{Columns: threeColumns}.SetIDs(upTo(100)).Resize(11)
	first := func() string {
		line := strings.Split(table.View(plain(), 80, 11, wordy), "\n")[1]
		return strings.TrimSpace(strings.TrimPrefix(line[strings.Index(line, "row"):][:8], "row"))
	}
	for _, test := range []struct {
		does string
		next Table
		want string
	}{
		{"down to the last row seen", table.Move(9), "1"},
		{"one further", table.Move(10), "6"},
		{"and back up", table.Move(10).Move(-5), "6"},
		{"out of it again", table.Move(10).Move(-6), "1"},
		{"the end", table.To(99), "91"},
		{"a row above goes", table.To(50).SetIDs(upTo(100)[1:]), "46"},
		{"one comes above the first", table.SetIDs(append([]int64{777}, upTo(100)...)), "777"},
		{"the terminal grows", table.To(99).Resize(21).Move(-12), "81"},
	} {
		table = test.next
		if got := first(); got != test.want {
			t.Errorf("%s: the first row seen is %s, want %s", test.does, got, test.want)
		}
		table = Table{Columns: threeColumns}.SetIDs(upTo(100)).Resize(11)
	}
}

// Columns go in the stated order, the late one only after the others have shrunk.
func TestColumnsGoInTheirOrder(t *testing.T) {
	for _, test := range []struct {
		w    int
		want string
	}{
		{80, "STATUS NAME ISSUER DATE LEFT"},
		{54, "STATUS NAME ISSUER DATE LEFT"},
		{52, "STATUS NAME DATE LEFT"},
		{37, "STATUS NAME DATE LEFT"},
		{36, "STATUS NAME LEFT"},
		{24, "STATUS NAME LEFT"},
	} {
		widths := layout(threeColumns, test.w)
		var kept []string
		for i, c := range threeColumns {
			if widths[i] > 0 {
				kept = append(kept, c.Title)
			}
		}
		if got := strings.Join(kept, " "); got != test.want {
			t.Errorf("at %d cells: %s, want %s", test.w, got, test.want)
		}
	}
}

func TestNoWidthMakesLayoutTooWide(t *testing.T) {
	for w := 1; w < 200; w++ {
		sum := 0
		for _, width := range layout(threeColumns, w) {
			if width > 0 {
				sum += width + tableGap
			}
		}
		if w >= 24 && sum-tableGap > w {
			t.Errorf("%d cells: the columns take %d", w, sum-tableGap)
		}
	}
}

// The row under the cursor keeps the colours of its cells where it can have a background, and has none where it is
// reversed; what is marked and what has just changed is seen on it in any look.
func TestTheRowUnderTheCursor(t *testing.T) {
	many := theme.New("dark", func(name string) string { return map[string]string{"TERM": "xterm-256color"}[name] })
	few := theme.New("dark", func(string) string { return "" })
	always := func(int64) bool { return true }
	for _, test := range []struct {
		name     string
		styles   theme.Styles
		coloured bool
	}{{"256 colours", many, true}, {"sixteen", few, false}, {"mono", plain(), false}} {
		table := Table{Columns: threeColumns, Marked: always, Changed: always}.SetIDs(upTo(3))
		lines := strings.Split(table.View(test.styles, 80, 4, func(int64, int, int) Cell {
			return Cell{Text: test.styles.Good.Render("in use"), Style: &test.styles.Bad}
		}), "\n")
		if got := strings.Contains(lines[1], "\x1b[1;91m"); got != test.coloured {
			t.Errorf("%s: colours kept: %v: %q", test.name, got, lines[1])
		}
		if !strings.HasPrefix(ansi.Strip(lines[1]), "+>~in use") || !strings.HasPrefix(ansi.Strip(lines[2]), "+ ~in use") {
			t.Errorf("%s: signs are missing: %q, %q", test.name, lines[1], lines[2])
		}
		if below := strings.Split(Unlit(test.styles, lines[1]), "\x1b["); slices.ContainsFunc(below, func(part string) bool {
			return strings.HasPrefix(part, "7m") || strings.HasPrefix(part, "48;5")
		}) {
			t.Errorf("%s: below a dialog the row is lit still: %q", test.name, below)
		}
	}
}

func BenchmarkTableView(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			table := Table{Columns: threeColumns}.SetIDs(upTo(n)).To(n / 2)
			b.ReportAllocs()
			for b.Loop() {
				table = table.Move(1)
				_ = table.View(plain(), 120, 40, wordy)
			}
		})
	}
}
