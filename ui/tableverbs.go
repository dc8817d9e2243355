package ui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// Keys are the verbs that exist now and how to move.
func (s *tableScreen) Keys() []key.Binding {
	list := keysOf(s.verbs())
	switch {
	case s.filter.open && len(s.d.Filters) > 0:
		return []key.Binding{keys.Keep, keys.Clear, keys.NextFilter}
	case s.filter.open:
		return []key.Binding{keys.Keep, keys.Clear}
	case s.sorting:
		return append(list, keys.Back)
	case s.table.Len() > 1:
		return append(list, moves()...)
	}
	return list
}

// verbs is what can be done now: nothing that writes on a read-only store, nothing with a row where there is none.
func (s *tableScreen) verbs() []verb {
	if s.sorting {
		return s.sortVerbs()
	}
	var list []verb
	add := func(works bool, verbs ...verb) {
		if works {
			list = append(list, verbs...)
		}
	}
	e, any := s.selected()
	add(!s.filter.words.idle(), verb{keys.Clear, s.clearFilter})
	add(!s.d.readOnly, verb{keys.New, func() tea.Cmd { return s.d.open(toNew{}) }},
		verb{keys.Import, func() tea.Cmd { return s.d.open(toImport{}) }})
	add(any, verb{keys.Open, func() tea.Cmd { return s.d.open(opened(e)) }})
	add(true, verb{keys.Quit, func() tea.Cmd { return func() tea.Msg { return quitMsg{} } }})
	add(len(s.d.entries) > 0, verb{keys.Filter, s.openFilter})
	return slices.Concat(list, s.verbsFor(), s.markVerbs(), s.viewVerbs(), storeVerbs(s.d))
}

// viewVerbs change what is shown of the list, and in which order.
func (s *tableScreen) viewVerbs() []verb {
	if len(s.d.entries) == 0 {
		return nil
	}
	list := []verb{{keys.Attention, s.toggleAttention}, {keys.Sort, s.startSorting}, {keys.Reverse, s.reverse}}
	return append(list, s.namedVerbs()...)
}
