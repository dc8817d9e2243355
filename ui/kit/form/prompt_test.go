package form

import (
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// answerTo gives an answer to the focused field of a form and presses its keys.
func answerTo(t *testing.T, f *Form, line string) (problem string) {
	t.Helper()
	keys, problem := f.Field().(Asked).Answer(line)
	for _, k := range keys {
		f.Update(k)
	}
	return problem
}

func TestAnAnswerIsWhatAPersonWouldPress(t *testing.T) {
	countries := []Option{{Value: "BE", Text: "Belgium"}, {Value: "GB", Text: "United Kingdom"}, {Value: "US", Text: "United States"}}
	for _, c := range []struct {
		what, line string
		field      Field
		holds      func(f Field) string
		want       string
		problem    string
	}{
		{"a text", "new", NewText("t", "", "old"), text, "new", ""},
		{"nothing", "-", NewText("t", "", "old"), text, "", ""},
		{"a literal dash", `\-`, NewText("t", "", "old"), text, "-", ""},
		{"a password as it is", `\-`, NewPassword("t", ""), text, `\-`, ""},
		{"a word that is a key", "right", NewText("t", "", ""), text, "right", ""},
		{"a choice by number", "2", abc(), text, "b", ""},
		{"a choice by its text", "third ONE", abc(), text, "c", ""},
		{"a choice by its beginning", "sec", abc(), text, "b", ""},
		{"a choice by its value", "c", abc(), text, "c", ""},
		{"no choice", "9", abc(), text, "a", "from 1 to 3"},
		{"a switch on", "yes", NewSwitch("s", "", "", "", false), onOff, "yes", ""},
		{"a switch that is on", "on", NewSwitch("s", "", "", "", true), onOff, "yes", ""},
		{"a switch off", "n", NewSwitch("s", "", "", "", true), onOff, "no", ""},
		{"no switch", "2", NewSwitch("s", "", "", "", true), onOff, "yes", "yes or no"},
		{"a row", "3, one", NewRow("r", "", "", []string{"one", "two", "three"}, []bool{false, true, false}), row, "one three", ""},
		{"an empty row", "none", NewRow("r", "", "", []string{"one", "two", "three"}, []bool{true, true, false}), row, "", ""},
		{"no row", "four", NewRow("r", "", "", []string{"one", "two"}, []bool{true, false}), row, "one", "one, two"},
		{"a country by its beginning", "bel", NewPick("p", "", "", countries), text, "BE", ""},
		{"a country by its code", "us", NewPick("p", "", "", countries), text, "US", ""},
		{"several countries", "united", NewPick("p", "", "BE", countries), text, "BE", "United Kingdom (GB), United States (US)"},
		{"no country", "xx", NewPick("p", "", "BE", countries), text, "BE", "nothing is called"},
		{"no country at all", "-", NewPick("p", "", "BE", countries), text, "", ""},
		{"an area", "one\ntwo\n", NewArea("a", "", "", 100), text, "one\ntwo\n", ""},
	} {
		f := New(c.field)
		f.Focus("")
		if problem := answerTo(t, f, c.line); !strings.Contains(problem, c.problem) || (c.problem == "") != (problem == "") {
			t.Errorf("%s: problem %q, want %q", c.what, problem, c.problem)
		}
		if got := c.holds(c.field); got != c.want {
			t.Errorf("%s: %q holds %q, want %q", c.what, c.line, got, c.want)
		}
	}
}

func abc() *Choice {
	return NewChoice("c", "", "a", Option{Value: "a", Text: "First one"}, Option{Value: "b", Text: "Second one"}, Option{Value: "c", Text: "Third one"})
}

func text(f Field) string { return f.(interface{ Value() string }).Value() }

func onOff(f Field) string { return yesNo(f.(*Switch).On()) }

func row(f Field) string {
	var on []string
	for i, text := range f.(*Row).texts {
		if f.(*Row).On(i) {
			on = append(on, text)
		}
	}
	return strings.Join(on, " ")
}

// Lines that go while an answer is carried out do not make it hit others.
func TestTakingLinesOutOfAListHitsThoseThatWereMeant(t *testing.T) {
	items := []Tick{{Key: "a", Text: "alpha", Loose: true}, {Key: "b", Text: "beta", Loose: true}, {Key: "c", Text: "gamma", Loose: true}}
	list := NewTicks("t", "", "", "")
	drop := func(gone Tick) {
		var left []Tick
		for _, item := range items {
			if item.Key != gone.Key {
				left = append(left, item)
			}
		}
		items = left
		list.SetItems(items)
	}
	list.On(drop, nil, drop, KeyMark)
	list.SetItems(items)
	f := New(list)
	f.Focus("")
	f.Update(tea.KeyMsg{Type: tea.KeyEnd})
	if problem := answerTo(t, f, "out 1 gamma"); problem != "" || len(items) != 1 || items[0].Key != "b" {
		t.Errorf("%q left %v", problem, items)
	}
	if problem := answerTo(t, f, "out delta"); !strings.Contains(problem, `"delta" is not in the list`) {
		t.Errorf("%q", problem)
	}
}

func TestADialogIsAnsweredByNumberOrWordAndSafelyByAnEmptyLine(t *testing.T) {
	plain := kit.Dialog{Title: "Which?", Buttons: []string{"Go on", "Start over"}}.Wake()
	danger := kit.Dialog{Title: "Remove?", Buttons: []string{"Cancel", "Remove"}, Danger: true}.Wake()
	worded := kit.Dialog{Title: "Remove?", Buttons: []string{"Cancel", "Remove"}, Word: "lose the key", Danger: true}.Wake()
	for _, c := range []struct {
		d    kit.Dialog
		line string
		want kit.Answer
	}{
		{plain, "", kit.Chosen}, {plain, "2", kit.Chosen + 1}, {plain, "start", kit.Chosen + 1}, {plain, "y", kit.Open}, {plain, "3", kit.Open},
		{danger, "", kit.Chosen}, {danger, "n", kit.Chosen}, {danger, "y", kit.Chosen + 1}, {danger, "2", kit.Chosen + 1},
		{worded, "", kit.Closed}, {worded, "y", kit.Open}, {worded, "2", kit.Open}, {worded, "Remove", kit.Open}, {worded, "lose the key", kit.Chosen + 1},
	} {
		keys, problem := c.d.Answer(c.line)
		d, answer := c.d, kit.Open
		for _, k := range keys {
			d, answer = d.Update(k)
		}
		if answer != c.want || (answer == kit.Open) != (problem != "") {
			t.Errorf("%s %q: answer %d, want %d; problem %q", c.d.Title, c.line, answer, c.want, problem)
		}
	}
}

// A file that is half typed is taken as it stands: only tab at the desk completes.
func TestLeavingAPathCompletesNothing(t *testing.T) {
	p := NewPath("p", "", "", "", func(p *Path, dir string) tea.Cmd {
		return func() tea.Msg { return PathListed{For: p, Dir: dir, Entries: []PathEntry{{Name: "secure.req"}}} }
	})
	f := New(p, NewText("next", "", ""))
	f.Update(f.Focus("")())
	answerTo(t, f, "sec")
	f.Update(f.Leave())
	if f.Field().ID() != "next" || p.Value() != "sec" {
		t.Errorf("on %s, the path is %q", f.Field().ID(), p.Value())
	}
}

func TestAGridIsAnsweredByLineAndColumn(t *testing.T) {
	g := NewGrid("g", "Sheet", []string{"web site", "SMTP"}, []string{"outside", "inside"}).
		With(func(int, int) string { return "" }, func(text string) string {
			if strings.Contains(text, "_") {
				return "no name"
			}
			return ""
		})
	g.SetCell(1, 1, "", "mail01")
	f := New(g)
	f.Focus("")
	for _, c := range []struct{ line, problem, cells string }{
		{"1 2 a.example, b.example", "", "|a.example, b.example||"},
		{"smtp outside c.example", "", "|a.example, b.example|c.example|"},
		{"2 1 bad_name", "no name", "|a.example, b.example|c.example|"},
		{"3 1 x", "answer with a line", "|a.example, b.example|c.example|"},
		{"nonsense", "answer with a line", "|a.example, b.example|c.example|"},
		{"take", "", "|a.example, b.example|c.example|mail01"},
		{"1 2 -", "", "||c.example|mail01"},
	} {
		if problem := answerTo(t, f, c.line); !strings.HasPrefix(problem, c.problem) || (problem == "") != (c.problem == "") {
			t.Errorf("%q: problem %q", c.line, problem)
		}
		if got := g.Cell(0, 0) + "|" + g.Cell(0, 1) + "|" + g.Cell(1, 0) + "|" + g.Cell(1, 1); got != c.cells {
			t.Errorf("%q: the cells are %q, want %q", c.line, got, c.cells)
		}
	}
	if lines := g.Prompt().Lines; lines[0] != "1 web site; 1 outside: blank; 2 inside: blank" {
		t.Errorf("%q", lines)
	}
}

func TestRowsAreToldWithAllThereIsToSay(t *testing.T) {
	rows := NewRows("r", "", "", 2, []kit.Column{{Title: "A", Min: 5}, {Title: "B", Min: 5}},
		func(row, column, _ int) kit.Cell {
			return kit.Cell{Text: []string{"done", "refused"}[row] + []string{"", " file"}[column]}
		},
		func(_ theme.Styles, row, _ int) []string { return []string{"done", "  why not"}[row : row+1] })
	want := []string{"1 done, done file", "2 refused, refused file", "  why not"}
	if got := rows.Tell(theme.Plain(), 80); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
