package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

func (s *tableScreen) openFilter() tea.Cmd {
	s.filter.open = true
	return nil
}

func (s *tableScreen) clearFilter() tea.Cmd {
	s.filter.open = false
	s.setFilter("")
	return nil
}

// setFilter applies a filter; the cursor stays on its entry where that is still shown.
func (s *tableScreen) setFilter(text string) {
	s.filter.text = limited(text)
	s.filter.words = parseFilter(s.filter.text)
	if len(text) > maxFilter {
		s.filter.words.problem = fmt.Sprintf("cut after %d characters", maxFilter)
	}
	s.show()
}

// show gives the table the rows that the filter keeps, and counts what it hides.
func (s *tableScreen) show() {
	s.table = s.table.SetIDs(s.rows.listing.kept(s.filter.words))
	s.rows.hidden = len(s.d.entries) - s.table.Len()
}

func (s *tableScreen) filterKey(msg tea.KeyMsg) (screen, tea.Cmd) {
	switch {
	case key.Matches(msg, keys.Clear):
		s.clearFilter()
	case key.Matches(msg, keys.Keep):
		s.filter.open = false
	case key.Matches(msg, keys.NextFilter):
		s.nextFilter()
	case msg.Type == tea.KeyUp, msg.Type == tea.KeyDown, msg.Type == tea.KeyPgUp, msg.Type == tea.KeyPgDown:
		s.table, _ = move(s.table, msg, s.page())
	default:
		if text, ok := s.filter.after(msg); ok {
			s.setFilter(text)
		}
	}
	return s, nil
}

// nextFilter puts the next named filter into the line, the first after the last.
func (s *tableScreen) nextFilter() {
	list, next := s.d.Filters, 0
	if len(list) == 0 {
		return
	}
	for i, f := range list {
		if f.Text == s.filter.text {
			next = (i + 1) % len(list)
		}
	}
	s.setFilter(list[next].Text)
}

// toggleAttention adds the term that keeps only what needs attention, or takes it out.
func (s *tableScreen) toggleAttention() tea.Cmd {
	words := strings.Fields(s.filter.text)
	kept := strings.Fields(strings.ReplaceAll(" "+s.filter.text+" ", " "+attentionTerm+" ", " "))
	if len(kept) == len(words) {
		kept = append([]string{attentionTerm}, kept...)
	}
	s.setFilter(strings.Join(kept, " "))
	return nil
}

// namedVerbs are the filters of the configuration, on the digits.
func (s *tableScreen) namedVerbs() []verb {
	var list []verb
	for i, f := range s.d.Filters[:min(len(s.d.Filters), len(filterDigits))] {
		digit := filterDigits[i : i+1]
		list = append(list, verb{bind(digit, "filter "+kit.Printable(f.Name)+": "+kit.Printable(f.Text), digit), func() tea.Cmd {
			s.setFilter(f.Text)
			return nil
		}})
	}
	return list
}

const filterDigits = "123456789"

// filterView is the line above the rows, "" where no filter is in force: the filter, and what is hidden.
func (s *tableScreen) filterView(w int) string {
	if !s.filter.open && s.filter.words.idle() {
		return ""
	}
	st := s.d.styles
	beside := ""
	if name := s.filterName(); name != "" {
		beside = "= " + name
	}
	return s.filter.view(st, beside, fmt.Sprintf("%d of %d ", s.table.Len(), len(s.d.entries)), w)
}

// topic explains the filter while it is typed, and how to keep it.
func (s *tableScreen) topic() topic {
	if !s.filter.open {
		return topic{}
	}
	keep := "To keep a filter under a name, put three lines into the configuration; the digits then choose it:"
	text := s.filter.text
	if text == "" {
		text = "days<30 svc:smtp"
	}
	return topic{"The filter", append(slices.Clone(filterHelp), "", keep, "  [[filter]]", `  name = "a name"`, "  show = "+strconv.Quote(text))}
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
		if f.Text == s.filter.text {
			return kit.Printable(f.Name)
		}
	}
	return ""
}
