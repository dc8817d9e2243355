package table_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/table"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// cellsOf are the cells of the frame.
func cellsOf(t *testing.T, r *uitest.Driver) [][]uitest.Cell {
	t.Helper()
	rows, err := uitest.Cells(r.App.View())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Below each mark of the timeline stands its sign again with a name, and the title says what the signs mean.
func TestTheTimelineNamesItsMarks(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 45)
	r.Sees("The next 90 days: x expires, ! renewal due", "x secure_smtp 9 Dec", "! webmail 2025 12 Jan", "today", "1 Jan")
	rows := cellsOf(t, r)
	title := slices.IndexFunc(rows, func(row []uitest.Cell) bool { return strings.Contains(uitest.TextOf(row), "The next 90") })
	marks := 0
	for x, c := range rows[title+2] {
		if c.Text != "x" && c.Text != "!" {
			continue
		}
		marks++
		if !slices.ContainsFunc(rows[title+3:], func(row []uitest.Cell) bool { return row[x].Text == c.Text }) {
			t.Errorf("the mark at cell %d has no name\n%s", x, r.Screen())
		}
	}
	if marks != 3 {
		t.Errorf("%d marks, want 3\n%s", marks, r.Screen())
	}
}

// What is renewed or waits for its renewal's answer needs no renewal; nothing is due of a request, or beyond the days
// that are shown.
func TestWhatIsDueInTime(t *testing.T) {
	renewed := uitest.Certificate(1, "renewed", "expiring", trust.Expiring, 20, 365, "a.example.org")
	renewed.Successor = &certstore.Successor{Renews: true, Name: "next"}
	asked := uitest.Certificate(2, "asked", "valid", trust.Valid, 40, 365, "b.example.org")
	asked.Successor = &certstore.Successor{Waits: true, Name: "request"}
	far := uitest.Certificate(3, "far", "valid", trust.Valid, 130, 365, "c.example.org")
	r := uitest.Drive(t, uitest.Hub(), 140, 45, renewed, asked, far)
	r.Sees("x asked 2 Jan")
	r.SeesNot("! asked", "x renewed", "! renewed", "x far", "! far")
	uitest.Drive(t, uitest.Hub(), 140, 45, far).Sees("Nothing ends and no renewal is due.")
}

// The timeline tells of the rows that are shown: what a filter hides is not on it.
func TestTheTimelineFollowsTheFilter(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 45)
	r.Keys("/")
	r.Typing("webmail")
	r.Sees("! webmail 2025 12 Jan")
	r.SeesNot("x secure_smtp 9 Dec")
	r.Keys("esc", "esc")
	r.Sees("x secure_smtp 9 Dec", "! webmail 2025 12 Jan")
}

// Where the details stand beside the list, a name is whole before the issuer, which they tell too, has a column.
func TestANameIsWholeBeforeTheIssuerStays(t *testing.T) {
	long := uitest.Certificate(1, "mail example (internal)", "valid", trust.Valid, 200, 365, "a.example.org")
	r := uitest.Drive(t, uitest.Hub(), 140, 45, long)
	for line := range strings.Lines(r.Screen()) {
		if strings.Contains(line, "> * valid") && !strings.Contains(line, "mail example (internal)  ") {
			t.Errorf("cut: %s", line)
		}
	}
	r = uitest.Drive(t, uitest.Hub(), 200, 45, long)
	r.Sees("ISSUER", "mail example (internal)  ")
}

// Rows matter more than the timeline, and of many names as many are written as there is room for.
func TestTheTimelineGivesWayToRows(t *testing.T) {
	uitest.Drive(t, uitest.Hub(), 140, 45, uitest.Thousands(100)...).SeesNot("The next 90 days")
	r := uitest.Drive(t, uitest.Hub(), 140, 80, uitest.Thousands(40)...)
	r.Sees("The next 90 days", "more")
	r.ExactEverywhere(false)
}

// At 140x45 the details say all that they know: nothing is cut, no name is left out.
func TestNothingIsCutInTheDetails(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 45)
	for range r.Desk.Entries {
		e, _ := r.Desk.Entry(r.UnderCursor())
		beside := ""
		for _, row := range cellsOf(t, r)[1:38] {
			beside += uitest.TextOf(row[96:]) + "\n"
		}
		for _, name := range e.Names {
			if !strings.Contains(beside, " "+name+" ") {
				t.Errorf("%s: %s is missing:\n%s", words.Title(e), name, beside)
			}
		}
		if strings.Contains(beside, "~") || !strings.Contains(beside, e.Thumbprint) {
			t.Errorf("%s is cut:\n%s", words.Title(e), beside)
		}
		r.Keys("down")
	}
	r.Sees("ISSUER")
}

// A row that looks otherwise bears a sign for a moment, whatever its colours; days that pass change nothing.
func TestARowThatChangedBearsASign(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	list := uitest.Article()
	list[0].DaysLeft--
	r.Relisted(list...)
	r.SeesNot(" ~")
	list = uitest.Article()
	list[2].Services = certstore.IIS
	list = append(list, uitest.Certificate(9, "brand new", "valid", trust.Valid, 90, 365, "new.example.org"))
	r.Relisted(list...)
	r.Sees("  ~* valid          brand new", "  ~* valid          webmail 2025")
	r.SeesNot("~! expiring")
	r.Wait()
	r.SeesNot(" ~*")
}

func TestWhatChanged(t *testing.T) {
	if got := table.Changed(nil, uitest.Article()); got != nil {
		t.Errorf("of a first list %v has changed", got)
	}
	before, after := uitest.Article(), uitest.Article()[1:]
	after[0].FriendlyName, after[3].Verdict.Word = "renamed", "valid"
	after[4].NotAfter = after[4].NotAfter.Add(time.Hour) // an hour alone is seen nowhere
	if got := table.Changed(before, after); !slices.Equal(got, []int64{2, 5}) {
		t.Errorf("changed are %v, want 2 and 5", got)
	}
}
