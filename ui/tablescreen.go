package ui

import (
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/kit"
)

// tableScreen is the desk's first page: one row a certificate or pending request, the worst first.
type tableScreen struct {
	d       *desk
	table   kit.Table
	filter  filterLine
	marks   marks
	sorting bool // the letter of a column is awaited
	loaded  bool
	err     error  // why the list could not be read
	turns   int    // of the spinner, while the first listing runs
	said    string // what was just done, until the next key
	touched bool   // the cursor is where somebody wants it, or on the worst there is
	want    int64  // an entry to put the cursor on once it is listed, or 0
}

// spinMsg is one turn of the spinner.
type spinMsg struct{}

const spinStep = 100 * time.Millisecond

func newTable(d *desk) *tableScreen {
	s := &tableScreen{d: d, marks: marks{}}
	s.table = kit.Table{Columns: tableColumns(0, 0, 0), Marked: func(id int64) bool { return s.marks[id] }}
	return s
}

func (s *tableScreen) Init() tea.Cmd {
	if s.loaded {
		return nil
	}
	return s.d.after(spinStep, spinMsg{})
}

// Update takes a message; the table then knows how much of it is seen.
func (s *tableScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	next, cmd := s.update(msg)
	s.table = s.table.Resize(s.rows(s.d.w, s.d.bodyHeight()))
	return next, cmd
}

func (s *tableScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case listedMsg:
		return s.listed(msg), nil
	case arrangedMsg:
		s.arrange()
		return s, nil
	case selectMsg:
		s.said = kit.Printable(msg.said)
		return s.aim(msg.id), nil
	case adoptedMsg:
		return s, adopted(s.d, msg)
	case spinMsg:
		s.turns++
		return s, s.Init()
	case tea.KeyMsg:
		return s.key(msg)
	}
	return s, nil
}

func (s *tableScreen) listed(msg listedMsg) screen {
	s.loaded, s.err = s.loaded || msg.err == nil, msg.err
	if msg.err != nil {
		return s
	}
	s.dropMarks()
	s.arrange()
	if !s.touched && s.d.survey != nil { // the ports tell for the first time, and maybe of another that is the worst
		s.table, s.touched = s.table.To(0), true
	}
	return s.aim(s.want)
}

// arrange shows the list in its order; the cursor stays on its entry.
func (s *tableScreen) arrange() {
	s.table.Columns = s.d.listing.columns(s.d.styles.Glyphs, s.d.Now())
	s.show()
}

// aim puts the cursor on an entry, now or as soon as it is listed. A filter that hides it is cleared.
func (s *tableScreen) aim(id int64) screen {
	s.want = id
	if id == 0 {
		return s
	}
	if _, listed := s.d.entry(id); !listed {
		return s
	}
	next, ok := s.table.Select(id)
	if !ok {
		s.setFilter("")
		next, _ = s.table.Select(id)
	}
	s.table, s.want, s.touched = next, 0, true
	return s
}

func (s *tableScreen) key(msg tea.KeyMsg) (screen, tea.Cmd) {
	s.said, s.touched = "", true
	if s.filter.open {
		return s.filterKey(msg)
	}
	if msg.Paste {
		return s, nil
	}
	if s.sorting {
		return s, s.sortKey(msg)
	}
	if next, moved := move(s.table, msg, s.page()); moved {
		s.table = next
		return s, nil
	}
	return s, s.command(msg)
}

// sortKey is the key after the one that sorts; whichever it is, the next one is the table's again.
func (s *tableScreen) sortKey(msg tea.KeyMsg) tea.Cmd {
	defer func() { s.sorting = false }()
	for _, v := range s.verbs() {
		if key.Matches(msg, v.key) {
			return v.run()
		}
	}
	return nil
}

// command carries out a key that acts; the keys are those of Keys.
func (s *tableScreen) command(msg tea.KeyMsg) tea.Cmd {
	for _, verb := range s.verbs() {
		if key.Matches(msg, verb.key) {
			return verb.run()
		}
	}
	return refused(s.d, msg)
}

// selected is the entry under the cursor.
func (s *tableScreen) selected() (certstore.Entry, bool) {
	id, ok := s.table.Selected()
	if !ok {
		return certstore.Entry{}, false
	}
	return s.d.entry(id)
}

// page is how many rows a page key moves.
func (s *tableScreen) page() int { return max(1, s.d.bodyHeight()-6) }

// move moves the cursor of a table; false for a key that moves nothing.
func move(t kit.Table, msg tea.KeyMsg, page int) (kit.Table, bool) {
	switch {
	case key.Matches(msg, keys.Up):
		return t.Move(-1), true
	case key.Matches(msg, keys.Down):
		return t.Move(1), true
	case key.Matches(msg, keys.PageUp):
		return t.Move(-page), true
	case key.Matches(msg, keys.PageDown):
		return t.Move(page), true
	case key.Matches(msg, keys.Home):
		return t.To(0), true
	case key.Matches(msg, keys.End):
		return t.To(t.Len() - 1), true
	}
	return t, false
}

func (s *tableScreen) Typing() bool  { return s.filter.open }
func (s *tableScreen) Title() string { return "" }

// failure is an error as a person reads it: what failed, and what to do.
func failure(err error) (text, hint string) {
	e := fail.Of(err)
	return kit.Printable(e.Text), kit.Printable(e.Hint)
}
