package table

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/screen"
)

// Keys are the verbs that exist now and how to move.
func (s *tableScreen) Keys() []key.Binding {
	list := screen.KeysOf(s.verbs())
	switch {
	case s.filter.Open && len(s.d.Filters) > 0:
		return []key.Binding{screen.Keys.Keep, screen.Keys.Clear, screen.Keys.NextFilter}
	case s.filter.Open:
		return []key.Binding{screen.Keys.Keep, screen.Keys.Clear}
	case s.sorting:
		return append(list, screen.Keys.Back)
	case s.table.Len() > 1:
		return append(list, screen.Moves()...)
	}
	return list
}

// verbs is what can be done now: nothing that writes on a read-only store, nothing with a row where there is none.
func (s *tableScreen) verbs() []screen.Verb {
	if s.sorting {
		return s.sortVerbs()
	}
	var list []screen.Verb
	add := func(works bool, verbs ...screen.Verb) {
		if works {
			list = append(list, verbs...)
		}
	}
	e, any := s.selected()
	add(!s.filter.Words.Idle(), screen.Verb{Key: screen.Keys.Clear, Run: s.clearFilter})
	add(!s.d.ReadOnly, screen.Verb{Key: screen.Keys.New, Run: func() tea.Cmd { return s.d.Open(screen.ToNew{}) }},
		screen.Verb{Key: screen.Keys.Import, Run: func() tea.Cmd { return s.d.Open(screen.ToImport{}) }})
	add(any, screen.Verb{Key: screen.Keys.Open, Run: func() tea.Cmd { return s.d.Open(screen.PageOf(e)) }})
	add(true, screen.Verb{Key: screen.Keys.Quit,
		Run: func() tea.Cmd { return func() tea.Msg { return screen.QuitMsg{} } }})
	add(len(s.d.Entries) > 0, screen.Verb{Key: screen.Keys.Filter, Run: s.openFilter})
	return slices.Concat(list, s.verbsFor(), s.markVerbs(), s.viewVerbs(), screen.StoreVerbs(s.d))
}

// viewVerbs change what is shown of the list, and in which order.
func (s *tableScreen) viewVerbs() []screen.Verb {
	if len(s.d.Entries) == 0 {
		return nil
	}
	list := []screen.Verb{{Key: screen.Keys.Attention, Run: s.toggleAttention},
		{Key: screen.Keys.Sort, Run: s.startSorting}, {Key: screen.Keys.Reverse, Run: s.reverse}}
	return append(list, s.namedVerbs()...)
}
