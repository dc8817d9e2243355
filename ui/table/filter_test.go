package table_test

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/ui/screen"
	"certdesk/ui/table"
	"certdesk/ui/uitest"
)

// shownBy gives the ids a filter keeps of the article's entries, in order of id.
func shownBy(text string) string {
	l := table.Prepare(uitest.Article(), table.Sorting{})
	var out []string
	f := screen.ParseFilter(text)
	for i := range l.Entries {
		if f.Keeps(&l.Search()[i]) {
			out = append(out, fmt.Sprint(l.Entries[i].ID))
		}
	}
	return strings.Join(out, " ")
}

func TestTheFilterGrammar(t *testing.T) {
	for _, c := range []struct{ text, want, problem string }{
		{"", "1 2 3 4 5 6 7 8", ""},
		{"webmail", "2 3 5", ""},
		{"WEBMAIL 2025", "3", ""},
		{"webmail !2025", "2 5", ""},
		{"status:expired", "5", ""},
		{"status:exp", "1 5", ""},
		{"status:valid", "3 4", ""},
		{"!status:valid", "1 2 5 6 7 8", ""},
		{"status:expired,invalid", "5 8", ""},
		{"status:DateInvalid", "5 6", ""},
		{`status:"not yet"`, "6", ""},
		{"status:", "1 2 3 4 5 6 7 8", "status: takes invalid"},
		{"status:nonsense", "1 2 3 4 5 6 7 8", "status: takes invalid"},
		{"svc:smtp", "1", ""},
		{"svc:IIS", "2 3", ""},
		{"svc:smtp,imap", "1 3", ""},
		{"!svc:smtp !svc:iis", "4 5 6 7 8", ""},
		{"svc:x400", "1 2 3 4 5 6 7 8", "svc: takes IMAP"},
		{"days<30", "1 5", ""},
		{"days<=16", "1 5", ""},
		{"days>=300", "4 6", ""},
		{"days=80", "3", ""},
		{"days<30 days>0", "1", ""},
		{"!days<30", "2 3 4 6 7 8", ""},
		{"days<", "1 2 3 4 5 6 7 8", "days< takes a number"},
		{"days<soon", "1 2 3 4 5 6 7 8", "takes a number"},
		{"issuer:proexchange", "1 3 4 5 6 8", ""},
		{"issuer:itself", "4", ""},
		{`issuer:"proexchange ca"`, "1 3 5 6 8", ""},
		{"name:belgianbeers", "1 2 3 5", ""},
		{"name:proexchange", "1 2 3 4 5 6 7 8", ""}, // O=ProExchange is in every subject
		{"needs:attention", "1 5 6 7 8", ""},
		{"days", "", ""},
		{"!", "1 2 3 4 5 6 7 8", ""},
		{`"webmail 2025"`, "3", ""},
		{"2001:db8::1", "", ""}, // a colon makes no term of what is none
		{"ab:cd:ef", "", ""},
		{`"foo:bar"`, "", ""},
		{"foo:bar", "1 2 3 4 5 6 7 8", `unknown filter word "foo:"; there are status: svc: issuer: name: needs: and days<`},
		{"!stat:expired webmail", "2 3 5", `unknown filter word "stat:"`},
		{"needs:", "1 2 3 4 5 6 7 8", "needs: takes"},
		{"needs:nothing", "1 2 3 4 5 6 7 8", "needs: takes attention"},
	} {
		f := screen.ParseFilter(c.text)
		if got := shownBy(c.text); got != c.want || c.problem == "" && f.Problem != "" || !strings.Contains(f.Problem, c.problem) {
			t.Errorf("%q shows %q (%s), want %q (%s)", c.text, got, f.Problem, c.want, c.problem)
		}
	}
}

func TestANameFindsTheWildcardThatCoversIt(t *testing.T) {
	list := uitest.Article()
	list[3].Names = []string{"*.example.org"}
	s := table.Searchables(list)[3]
	for name, want := range map[string]bool{"name:mail.example.org": true, "mail.example.org": true, "a.b.example.org": false, "mail.example": false, "name:a.b.example.org": false, "name:example.org": true} {
		f := screen.ParseFilter(name)
		if f.Keeps(&s) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{"a !b", "status:expired days<30", `issuer:"x y`, "!!", "days<>=", "svc:,,", "name:."} {
		f.Add(seed)
	}
	list := uitest.Article()
	s := table.Searchables(list)[1]
	f.Fuzz(func(t *testing.T, text string) { screen.ParseFilter(text).Keeps(&s) })
}

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
	r.Sees(`unknown filter word "owner:"`, "8 of 8")
	r.Keys("enter")
	r.Sees(`unknown filter word "owner:"`)
	r.Keys("esc")
	r.SeesNot("unknown filter word")
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
