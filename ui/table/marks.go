package table

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
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

func (s *tableScreen) countMarks() { s.rows.Marked = len(s.marks) }

// dropMarks forgets the marks of what is listed no more.
func (s *tableScreen) dropMarks() {
	for id := range s.marks {
		if s.d.Find(id) == nil {
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
	for _, id := range s.rows.Listing.ids {
		if s.marks[id] {
			list = append(list, *s.d.Find(id))
		}
	}
	return list
}

// markVerbs mark and clear marks.
func (s *tableScreen) markVerbs() []kit.Verb {
	if s.table.Len() == 0 && len(s.marks) == 0 {
		return nil
	}
	list := []kit.Verb{screen.Keys.MarkAll.Does(s.markAll)}
	if e, ok := s.selected(); !ok || !words.IsStranger(e) {
		list = append([]kit.Verb{screen.Keys.Mark.Does(s.toggleMark)}, list...)
	}
	if len(s.marks) > 0 {
		list = append(list, screen.Keys.Unmark.Does(s.unmark))
	}
	return list
}

// meant are the entries that a verb acts on: the marked ones, or without marks the one under the cursor.
func (s *tableScreen) meant() []certstore.Entry {
	if list := s.markedEntries(); len(list) > 0 {
		return list
	}
	if e, ok := s.selected(); ok {
		return []certstore.Entry{e}
	}
	return nil
}

// verbsFor are what can be done with these entries.
func (s *tableScreen) verbsFor(list []certstore.Entry) []kit.Verb {
	switch len(list) {
	case 0:
		return nil
	case 1:
		return screen.EntryVerbs(s.d, list[0])
	}
	return screen.SeveralVerbs(s.d, list)
}
