package table_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"certdesk/certstore/trust"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// What a filter hides is said in the header, whatever screen is open, and what it lacks beside it.
func TestWhatIsHiddenIsSaid(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.SeesNot("hidden")
	r.Keys("!")
	r.Sees("3 hidden", "needs:attention", "5 of 8")
	r.Keys("enter")
	r.Sees("3 hidden", "Valid until")
	r.Keys("esc", "!")
	r.SeesNot("hidden", "needs:attention")
	r.Keys("/")
	r.Typing("days<")
	r.Sees("days< takes a number")
}

// A filter that hides the selected row does not lose it: cleared, the cursor is where it was.
func TestTheCursorReturnsToItsRow(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("down", "down", "down", "/")
	before := r.UnderCursor()
	r.Typing("days<300 zzz")
	r.Keys("esc")
	if r.UnderCursor() != before {
		t.Errorf("the cursor is on %d, was on %d", r.UnderCursor(), before)
	}
}

func TestNamedFiltersAreOnTheDigits(t *testing.T) {
	c := uitest.Hub()
	c.Filters = []screen.NamedFilter{{Name: "soon", Text: "days<30"}, {Name: "web", Text: "svc:iis"}}
	r := uitest.Drive(t, c, 80, 24, uitest.Article()...)
	r.Keys("2")
	r.Sees("/ svc:iis", "= web", "2 of 8")
	r.Keys("1")
	r.Sees("/ days<30", "= soon", "2 of 8")
	r.Keys("/", "tab")
	r.Sees("/ svc:iis", "= web")
	r.Keys("tab")
	r.Sees("/ days<30")
	r.Keys("enter", ":")
	r.Typing("web")
	r.Sees("filter web", "svc:iis")
	r.Keys("enter")
	r.Sees("/ svc:iis", "2 of 8")
}

// An unknown word shows every row, and goes on saying so once the line is closed.
func TestAnUnknownFilterWordIsSaidUntilItIsCleared(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 24)
	r.Keys("/")
	r.Typing("owner:me")
	r.Sees(`no filter word is called "owner:"`, "8 of 8")
	r.Keys("enter")
	r.Sees(`no filter word is called "owner:"`)
	r.Keys("esc")
	r.SeesNot("no filter word")
}

func TestAFilterThatIsCutSaysSo(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 24)
	r.Keys("/")
	r.Paste(strings.Repeat("webmail ", 40))
	r.Sees("cut after 200 characters")
}

// A thumbprint finds its row however it was copied, as it does by command.
func TestAPastedThumbprintFindsItsRow(t *testing.T) {
	for _, text := range []string{
		"\u200e00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 9a 3f 00 03",
		"00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:9A:3F:00:03",
		"000000000000000000000000000000009A3F0003",
	} {
		r := uitest.ArticleDesk(t, 140, 24)
		r.Keys("/")
		r.Paste(text)
		r.Sees("1 of 8")
		r.Keys("esc", "/")
		if !strings.Contains(text, " ") {
			r.Typing(text)
			r.Sees("1 of 8")
		}
	}
}

// What can be typed is offered below the line; tab takes it, and takes the next value in its place.
func TestTheFilterIsCompleted(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("/")
	r.Sees("tab is: its status, or what else it is", "before:", "expires<")
	r.Typing("be")
	r.Sees("tab before: ends before a day")
	r.Keys("tab")
	r.Sees("/ before:", "tab 30d 7d 90d", "takes a day: 25dec")
	r.Keys("tab")
	r.Sees("/ before:30d", "2 of 8 expire in less than 30 days", "tab 7d 90d")
	r.Keys("tab")
	r.Sees("/ before:7d", "tab 90d")
	r.Keys("ctrl+u")
	r.Typing("ca:part")
	r.Keys("tab")
	r.Sees(`/ ca:"Partner CA"`, `1 of 8 is issued by "Partner CA"`)
	r.Typing(" is:expird")
	r.Sees(`is: has no "expird"; did you mean expired?`)
	r.Keys("enter")
	r.SeesNot("tab ")
}

// Two keys and what is typed answer what expires before Christmas; it is said in words, in one read too.
func TestWhatExpiresBeforeChristmas(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Typing("/before:25dec")
	r.Keys("enter")
	r.Sees("2 of 8 expire before 25 Dec", "secure_smtp", "webmail 2023", "6 hidden")
	r.SeesNot("partner")
	uitest.ArticleDesk(t, 60, 18).Typing("/before:25dec")
}

// lit are the parts of the rows that stand out.
func lit(t *testing.T, r *uitest.Driver) string {
	t.Helper()
	rows, err := uitest.Cells(r.App.View())
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, row := range rows {
		on := false
		for _, c := range row {
			if on && !c.Ink.Underline {
				out.WriteByte(' ')
			}
			if on = c.Ink.Underline && c.Ink.Bold; on {
				out.WriteString(c.Text)
			}
		}
	}
	return strings.TrimSpace(out.String())
}

// A row shows the name that it was kept for, though it be its last, and what matched stands out without any colour,
// under the cursor too.
func TestWhatMatchedIsSeen(t *testing.T) {
	for _, c := range []struct {
		filter, lit string
		w           int
		sees        []string
	}{
		{"autodiscover.bel", "autodiscover.bel", 119, []string{"autodiscover.belg", "1 of 8"}},
		{"ex2007se", "ex2007s", 60, []string{"ex2007s~"}},
		{"broken", "broken broken", 140, []string{"broken.proexchange"}},
		{"is:expired", "x expired", 140, nil},
		{"before:25dec", "14 Oct 2026 -39 d 9 Dec 2026 16 d", 140, nil},
		{"service:imap", "I", 140, nil},
		{"ca:partner", "Partner", 100, nil},
		{"!webmail !exchange", "", 140, nil},
	} {
		for _, theme := range []string{"dark", "mono"} {
			config := uitest.Hub()
			config.Theme = theme
			r := uitest.Drive(t, config, c.w, 24, uitest.Article()...)
			r.Keys("/")
			r.Typing(c.filter)
			r.Keys("enter")
			if got := lit(t, r); got != c.lit {
				t.Errorf("%s in %s lights %q, want %q\n%s", c.filter, theme, got, c.lit, r.Screen())
			}
			r.Sees(c.sees...)
		}
	}
}

// What stands out is never a part of the sign that a text is cut, whose bytes may lie where a second match was.
func TestASecondMatchBehindTheCutIsNotLit(t *testing.T) {
	e := uitest.Certificate(1, "a", "valid", trust.Valid, 80, 398, "ex2007ee.proexchange.global", "ex2007ee")
	for w := 60; w <= 200; w++ {
		r := uitest.Drive(t, uitest.Hub(), w, 30, e)
		r.Desk.Styles.Glyphs.Ellipsis = "…"
		r.Typing("/x")
		if view := r.App.View(); !utf8.ValidString(view) {
			t.Fatalf("%d cells wide, not UTF-8:\n%q", w, view)
		}
	}
}
