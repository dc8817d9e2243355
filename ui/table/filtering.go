package table

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/query"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

func (s *tableScreen) openFilter() tea.Cmd {
	s.filter.Open, s.filter.Named = true, s.d.Filters
	return nil
}

func (s *tableScreen) clearFilter() tea.Cmd {
	s.filter.Open = false
	s.setFilter("")
	return nil
}

// setFilter applies a filter; the cursor stays on its entry where that is still shown.
func (s *tableScreen) setFilter(text string) {
	s.filter.Text = screen.Limit(text)
	s.parse()
	if len(text) > screen.MaxFilter {
		s.filter.Query.Problem = fmt.Sprintf("cut after %d characters", screen.MaxFilter)
	}
	s.show()
}

// parse reads the filter as it is meant now: its days move.
func (s *tableScreen) parse() { s.filter.Query = query.Parse(s.filter.Text, s.d.Now().Local()) }

// show gives the table the rows that the filter keeps, and counts what it hides.
func (s *tableScreen) show() {
	q := s.filter.Query
	s.rows.ids, s.rows.ahead = s.rows.Listing.kept(q)
	s.table = s.table.SetIDs(s.rows.ids)
	s.rows.Hidden, s.rows.Problem, s.rows.Says = len(s.d.Entries)-s.table.Len(), q.Problem, ""
	if !q.Empty() {
		s.rows.Says = q.Says(s.table.Len(), len(s.d.Entries))
	}
}

func (s *tableScreen) filterKey(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	_, done := kit.Do(s.filterVerbs(), msg)
	switch {
	case done:
	case msg.Type == tea.KeyUp, msg.Type == tea.KeyDown, msg.Type == tea.KeyPgUp, msg.Type == tea.KeyPgDown:
		s.table, _ = screen.Move(s.table, msg, s.page())
	default:
		if text, ok := s.filter.After(msg); ok {
			s.setFilter(text)
		}
	}
	return s, nil
}

// filterVerbs are those of the filter while it is typed.
func (s *tableScreen) filterVerbs() []kit.Verb {
	list := []kit.Verb{screen.Keys.Keep.Does(s.filter.Keep), screen.Keys.Clear.Does(s.clearFilter)}
	if len(s.filter.Offered(s.rows.Listing.values)) > 0 {
		list = append(list, screen.Keys.Complete.Does(s.complete))
	}
	return list
}

// complete takes what is offered.
func (s *tableScreen) complete() tea.Cmd {
	if text, ok := s.filter.Take(s.rows.Listing.values); ok {
		s.setFilter(text)
	}
	return nil
}

// toggleAttention adds the term that keeps only what needs attention, or takes it out.
func (s *tableScreen) toggleAttention() tea.Cmd {
	words := strings.Fields(s.filter.Text)
	kept := strings.Fields(strings.ReplaceAll(" "+s.filter.Text+" ", " "+query.Attention+" ", " "))
	if len(kept) == len(words) {
		kept = append([]string{query.Attention}, kept...)
	}
	s.setFilter(strings.Join(kept, " "))
	return nil
}

// namedVerbs are the filters of the configuration, on the digits.
func (s *tableScreen) namedVerbs() []kit.Verb {
	var list []kit.Verb
	for i, f := range s.d.Filters[:min(len(s.d.Filters), len(filterDigits))] {
		digit := filterDigits[i : i+1]
		verb := kit.NewVerb(kit.VerbID("filter-"+digit), "filter "+kit.Printable(f.Name), digit)
		list = append(list, verb.About(kit.Printable(f.Text)).Does(func() tea.Cmd {
			s.setFilter(f.Text)
			return nil
		}))
	}
	return list
}

const filterDigits = "123456789"

// filterView is what stands above the rows, "" where no filter is in force: the filter and what it shows, and below it,
// while it is typed, what it can go on with.
func (s *tableScreen) filterView(w int) string {
	if !s.filter.Open && s.filter.Query.Idle() {
		return ""
	}
	st := s.d.Styles
	beside := ""
	if name := s.filterName(); name != "" {
		beside = "= " + name
	}
	n, all := s.table.Len(), len(s.d.Entries)
	line := s.filter.View(st, beside, []string{s.filter.Query.Says(n, all), fmt.Sprintf("%d of %d", n, all)}, w)
	if !s.filter.Open {
		return line
	}
	return line + "\n" + s.filter.Below(st, s.rows.Listing.values, w)
}

// Topic explains the filter while it is typed, and how to keep it.
func (s *tableScreen) Topic() screen.Topic {
	if !s.filter.Open {
		return screen.Topic{}
	}
	keep := "To keep a filter under a name, put three lines into the configuration; the digits then choose it:"
	text := s.filter.Text
	if text == "" {
		text = "before:25dec service:smtp"
	}
	return screen.Topic{Name: "The filter",
		Lines: append(slices.Clone(filterHelp), "", keep, "  [[filter]]", `  name = "a name"`, "  show = "+
			strconv.Quote(text))}
}

// filterHelp is the grammar by examples.
var filterHelp = []string{
	"webmail 2025           rows that contain both words; !webmail: that do not",
	"is:expired,invalid     one of these; is:attention, is:in-use, is:self-signed",
	"before:25dec           ends before that day, after:dec after; 2026-12-25, 30d",
	"expires<30d            in less than 30 days; also > <= >= =",
	"service:smtp           for SMTP, in use or wanted; server:postfix: served by it",
	"name:mail.example.org  a name has it, or a wildcard covers it",
	"ca:\"Example CA\"        who issued it; quotes keep blanks",
	"key:rsa                rsa, ecdsa, 2048, p256",
}

// filterName is what the configuration calls the filter in force, or "".
func (s *tableScreen) filterName() string {
	for _, f := range s.d.Filters {
		if f.Text == s.filter.Text {
			return kit.Printable(f.Name)
		}
	}
	return ""
}
