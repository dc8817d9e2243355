package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// filterLine is the filter as a person types it: open while it has the keys, in force until it is cleared.
type filterLine struct {
	open  bool
	text  string
	words filter
}

// maxFilter is more than anybody types; a paste beyond it is cut.
const maxFilter = 200

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
	if len(text) > maxFilter {
		text = text[:maxFilter]
	}
	s.filter.text, s.filter.words = text, parseFilter(text)
	s.table = s.table.SetIDs(s.filter.words.apply(s.d.listing))
}

func (s *tableScreen) filterKey(msg tea.KeyMsg) (screen, tea.Cmd) {
	switch {
	case msg.Paste:
		s.setFilter(s.filter.text + " " + strings.Join(strings.Fields(kit.Printable(blank(msg.Runes))), " "))
	case key.Matches(msg, keys.Clear):
		s.clearFilter()
	case key.Matches(msg, keys.Keep):
		s.filter.open = false
	case msg.Type == tea.KeyUp, msg.Type == tea.KeyDown, msg.Type == tea.KeyPgUp, msg.Type == tea.KeyPgDown:
		s.table, _ = move(s.table, msg, s.page())
	default:
		if text, ok := edited(s.filter.text, msg); ok {
			s.setFilter(text)
		}
	}
	return s, nil
}

// blank turns the line ends of a paste into blanks.
func blank(runes []rune) string {
	return strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(string(runes))
}

func withoutLast(s string) string {
	r := []rune(s)
	return string(r[:max(0, len(r)-1)])
}

// filterView is the line above the rows, "" where no filter is in force.
func (s *tableScreen) filterView(w int) string {
	if !s.filter.open && s.filter.words.empty() {
		return ""
	}
	st := s.d.styles
	left := " " + st.Key.Render("/") + " " + s.filter.text
	if s.filter.open {
		left += st.Selected.Render(" ")
	}
	right := st.Muted.Render(fmt.Sprintf("%d of %d ", s.table.Len(), len(s.d.entries)))
	return kit.Sides(left, right, w, st.Glyphs.Ellipsis)
}
