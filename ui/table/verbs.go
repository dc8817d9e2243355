package table

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// Verbs is what can be done now: nothing that writes on a read-only store, nothing with a row where there is none.
func (s *tableScreen) Verbs() []kit.Verb {
	switch {
	case s.filter.Open:
		return s.filterVerbs()
	case s.sorting:
		return append(s.sortVerbs(), screen.Keys.Back)
	case s.table.Len() > 1:
		return append(s.verbs(), screen.Moves()...)
	}
	return s.verbs()
}

// verbs are those of the rows.
func (s *tableScreen) verbs() []kit.Verb {
	var list []kit.Verb
	add := func(works bool, verbs ...kit.Verb) {
		if works {
			list = append(list, verbs...)
		}
	}
	e, selected := s.selected()
	add(!s.filter.Query.Idle(), screen.Keys.Clear.Does(s.clearFilter))
	add(!s.d.ReadOnly, screen.Keys.New.Does(func() tea.Cmd { return s.d.Open(screen.ToNew{}) }),
		screen.Keys.Import.Does(func() tea.Cmd { return s.d.Open(screen.ToImport{}) }))
	add(selected, screen.Keys.Open.Does(func() tea.Cmd { return s.d.Open(screen.PageOf(e)) }))
	add(true, screen.Keys.Quit)
	add(len(s.d.Entries) > 0, screen.Keys.Filter.Does(s.openFilter))
	meant := s.meant()
	own, why := s.verbsFor(meant), []kit.Verb{screen.WhyVerb(s.d, e)}
	if s.d.ReadOnly { // who only reads is asked by callers
		own, why = why, own
	}
	return slices.Concat(list, s.undoVerbs(), own, why, s.markVerbs(), s.viewVerbs(),
		screen.RareVerbs(s.d, meant...), screen.StoreVerbs(s.d, e))
}

// undoVerbs take back what was removed in this sitting, if anything was.
func (s *tableScreen) undoVerbs() []kit.Verb {
	if len(s.d.Removes) == 0 {
		return nil
	}
	return []kit.Verb{screen.Keys.Undo.Does(func() tea.Cmd { return screen.Undo(s.d) })}
}

// viewVerbs change what is shown of the list, and in which order.
func (s *tableScreen) viewVerbs() []kit.Verb {
	if len(s.d.Entries) == 0 {
		return nil
	}
	list := []kit.Verb{screen.Keys.Attention.Does(s.toggleAttention),
		screen.Keys.Sort.Does(s.startSorting), screen.Keys.Reverse.Does(s.reverse)}
	if s.table.Len() > 0 {
		write := func() tea.Cmd { return s.d.Open(screen.ToRows{Rows: s.rows.Shown()}) }
		list = append(list, screen.Keys.Write.Does(write))
	}
	return slices.Concat(list, s.namedVerbs(), s.badgeVerbs())
}
