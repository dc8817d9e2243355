package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/words"
)

// marks are the entries a person has chosen to act on together, by id: a live change and a filter leave them.
type marks map[int64]bool

func (s *tableScreen) toggleMark() tea.Cmd {
	if id, ok := s.table.Selected(); ok {
		if s.marks[id] || id < 0 { // what is not in the store cannot be acted on with others
			delete(s.marks, id)
		} else {
			s.marks[id] = true
		}
		s.table = s.table.Move(1)
	}
	s.countMarks()
	return nil
}

// markAll marks every row that is shown.
func (s *tableScreen) markAll() tea.Cmd {
	for _, id := range s.table.IDs() {
		if id > 0 {
			s.marks[id] = true
		}
	}
	s.countMarks()
	return nil
}

func (s *tableScreen) unmark() tea.Cmd {
	clear(s.marks)
	s.countMarks()
	return nil
}

func (s *tableScreen) countMarks() { s.rows.marked = len(s.marks) }

// dropMarks forgets the marks of what is listed no more.
func (s *tableScreen) dropMarks() {
	for id := range s.marks {
		if s.d.find(id) == nil {
			delete(s.marks, id)
		}
	}
	s.countMarks()
}

// markedEntries are the marked entries in the table's order, those that a filter hides too.
func (s *tableScreen) markedEntries() []certstore.Entry {
	if len(s.marks) == 0 {
		return nil
	}
	var list []certstore.Entry
	for _, id := range s.rows.listing.ids {
		if s.marks[id] {
			list = append(list, *s.d.find(id))
		}
	}
	return list
}

// markVerbs mark and clear marks.
func (s *tableScreen) markVerbs() []verb {
	if s.d.readOnly || s.table.Len() == 0 && len(s.marks) == 0 {
		return nil // nothing can be done with several
	}
	list := []verb{{keys.MarkAll, s.markAll}}
	if e, ok := s.selected(); !ok || !words.IsStranger(e) {
		list = append([]verb{{keys.Mark, s.toggleMark}}, list...)
	}
	if len(s.marks) > 0 {
		list = append(list, verb{keys.Unmark, s.unmark})
	}
	return list
}

// verbsFor are what can be done with the marked entries, or without marks with the one under the cursor.
func (s *tableScreen) verbsFor() []verb {
	list := s.markedEntries()
	if len(list) > 1 {
		return severalVerbs(s.d, list)
	}
	if len(list) == 1 {
		return entryVerbs(s.d, list[0])
	}
	if e, ok := s.selected(); ok {
		return entryVerbs(s.d, e)
	}
	return nil
}
