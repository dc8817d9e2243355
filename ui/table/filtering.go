package table

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

func (s *tableScreen) openFilter() tea.Cmd {
	s.filter.Open = true
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
	s.filter.Words = screen.ParseFilter(s.filter.Text)
	if len(text) > screen.MaxFilter {
		s.filter.Words.Problem = fmt.Sprintf("cut after %d characters", screen.MaxFilter)
	}
	s.show()
}

// show gives the table the rows that the filter keeps, and counts what it hides.
func (s *tableScreen) show() {
	s.table = s.table.SetIDs(s.rows.Listing.kept(s.filter.Words))
	s.rows.Hidden = len(s.d.Entries) - s.table.Len()
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
	if len(s.d.Filters) > 0 {
		list = append(list, screen.Keys.NextFilter.Does(s.nextFilter))
	}
	return list
}

// nextFilter puts the next named filter into the line, the first after the last.
func (s *tableScreen) nextFilter() tea.Cmd {
	list, next := s.d.Filters, 0
	for i, f := range list {
		if f.Text == s.filter.Text {
			next = (i + 1) % len(list)
		}
	}
	s.setFilter(list[next].Text)
	return nil
}

// toggleAttention adds the term that keeps only what needs attention, or takes it out.
func (s *tableScreen) toggleAttention() tea.Cmd {
	words := strings.Fields(s.filter.Text)
	kept := strings.Fields(strings.ReplaceAll(" "+s.filter.Text+" ", " "+screen.AttentionTerm+" ", " "))
	if len(kept) == len(words) {
		kept = append([]string{screen.AttentionTerm}, kept...)
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

// filterView is the line above the rows, "" where no filter is in force: the filter, and what is hidden.
func (s *tableScreen) filterView(w int) string {
	if !s.filter.Open && s.filter.Words.Idle() {
		return ""
	}
	st := s.d.Styles
	beside := ""
	if name := s.filterName(); name != "" {
		beside = "= " + name
	}
	return s.filter.View(st, beside, fmt.Sprintf("%d of %d ", s.table.Len(), len(s.d.Entries)), w)
}

// Topic explains the filter while it is typed, and how to keep it.
func (s *tableScreen) Topic() screen.Topic {
	if !s.filter.Open {
		return screen.Topic{}
	}
	keep := "To keep a filter under a name, put three lines into the configuration; the digits then choose it:"
	text := s.filter.Text
	if text == "" {
		text = "days<30 svc:smtp"
	}
	return screen.Topic{Name: "The filter",
		Lines: append(slices.Clone(filterHelp), "", keep, "  [[filter]]", `  name = "a name"`, "  show = "+
			strconv.Quote(text))}
}

// filterHelp is the grammar by examples.
var filterHelp = []string{
	"webmail 2025           rows that contain both words",
	"!webmail               rows that do not contain it",
	"status:expired,invalid one of these, by the words of the column",
	"svc:smtp               wanted for SMTP; IMAP, POP, UM, IIS",
	"days<30                fewer than 30 days left; also > <= >= =",
	"issuer:\"Example CA\"    by who signed it; quotes keep blanks",
	"name:mail.example.org  has that name, or a wildcard that covers it",
	"needs:attention        what somebody should act on",
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
