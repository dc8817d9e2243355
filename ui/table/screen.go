// Package table is the desk's first page: one row a certificate or request, in an order, behind a filter, with marks.
//
// Its promise: no key waits for a list, however long it is: sorting and listing run in commands; the cursor stays on
// its entry whatever changes.
package table

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// tableScreen is the desk's first page: one row a certificate or pending request, the worst first.
type tableScreen struct {
	d       *screen.Desk
	rows    *Rows
	table   kit.Table
	filter  screen.FilterLine
	marks   marks
	sorting bool // the letter of a column is awaited
	loaded  bool
	err     error          // why the list could not be read
	turns   int            // of the spinner, while the first listing runs
	said    string         // what was just done, until the next key
	touched bool           // the cursor is where somebody wants it, or on the worst there is
	changed map[int64]bool // rows that have just changed
	changes int            // how many changes there were
	past    past           // of the selected entry
	want    int64          // an entry to put the cursor on once it is listed, or 0
}

var (
	_ screen.Rowed      = (*tableScreen)(nil)
	_ screen.Explaining = (*tableScreen)(nil)
	_ screen.Reasoner   = (*tableScreen)(nil)
)

// spinMsg is one turn of the spinner.
type spinMsg struct{}

const spinStep = 100 * time.Millisecond

// New is the table of a desk; it shows rows, which the app keeps.
func New(d *screen.Desk, r *Rows) screen.Screen {
	s := &tableScreen{d: d, rows: r, marks: marks{}, filter: screen.FilterLine{Offers: true}}
	s.table = kit.Table{Columns: tableColumns(0, 0, 0), Marked: func(id int64) bool { return s.marks[id] },
		Changed: func(id int64) bool { return s.changed[id] }}
	return s
}

func (s *tableScreen) Init() tea.Cmd {
	if s.loaded {
		return nil
	}
	return s.d.After(spinStep, spinMsg{})
}

// Update takes a message; the table then knows how much of it is seen.
func (s *tableScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	next, cmd := s.update(msg)
	cmd = tea.Batch(cmd, s.askPast())
	s.table = s.table.Resize(s.tableHeight(s.d.Width, s.height(s.d.Width, s.d.BodyHeight())))
	return next, cmd
}

func (s *tableScreen) update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case ListedMsg:
		return s.listed(msg), s.mark(msg.Changed)
	case settledMsg:
		s.settled(msg)
		return s, nil
	case ArrangedMsg:
		s.arrange()
		return s, nil
	case screen.SelectMsg:
		s.said = kit.Printable(msg.Said)
		return s.aim(msg.ID), nil
	case screen.UndoneMsg:
		return s, screen.Undone(s.d, msg)
	case screen.AdoptedMsg:
		return s, screen.Adopted(s.d, msg)
	case restMsg:
		return s, s.rested(msg)
	case pastMsg:
		s.past.id, s.past.events = msg.id, msg.events
		return s, nil
	case spinMsg:
		s.turns++
		return s, s.Init()
	case kit.VerbMsg:
		return s, s.keyless(msg.ID)
	case kit.WheelMsg:
		s.table, s.touched = s.table.Wheel(msg.By), true
	case tea.KeyMsg:
		return s.key(msg)
	}
	return s, nil
}

// keyless does what a verb without a key does, if it can be done now.
func (s *tableScreen) keyless(id kit.VerbID) tea.Cmd {
	for _, v := range s.Verbs() {
		if v.ID == id && v.Run != nil {
			return v.Run()
		}
	}
	return nil
}

func (s *tableScreen) listed(msg ListedMsg) screen.Screen {
	s.loaded, s.err = s.loaded || msg.Err == nil, msg.Err
	if msg.Err != nil {
		return s
	}
	s.dropMarks()
	s.parse()
	s.arrange()
	if !s.touched && s.d.Survey != nil { // the ports tell for the first time, and maybe of another that is the worst
		s.table, s.touched = s.table.To(0), true
	}
	return s.aim(s.want)
}

// arrange shows the list in its order; the cursor stays on its entry.
func (s *tableScreen) arrange() {
	s.table.Columns = s.rows.Listing.columns(s.d.Styles.Glyphs, s.d.Now())
	s.show()
}

// aim puts the cursor on an entry, now or as soon as it is listed. A filter that hides it is cleared.
func (s *tableScreen) aim(id int64) screen.Screen {
	s.want = id
	if id == 0 {
		return s
	}
	if _, listed := s.d.Entry(id); !listed {
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

func (s *tableScreen) key(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	s.said, s.touched = "", true
	if s.filter.Open {
		return s.filterKey(msg)
	}
	if msg.Paste {
		return s, nil
	}
	if s.sorting {
		return s, s.columnKey(msg)
	}
	if next, moved := screen.Move(s.table, msg, s.page()); moved {
		s.table = next
		return s, nil
	}
	return s, s.command(msg)
}

// columnKey is the key after the one that sorts; whichever it is, the next one is the table's again.
func (s *tableScreen) columnKey(msg tea.KeyMsg) tea.Cmd {
	defer func() { s.sorting = false }()
	cmd, _ := kit.Do(s.Verbs(), msg)
	return cmd
}

// command carries out a key that acts.
func (s *tableScreen) command(msg tea.KeyMsg) tea.Cmd {
	if cmd, done := kit.Do(s.Verbs(), msg); done {
		return cmd
	}
	return screen.Declined(s, msg)
}

// WhyNot is why a verb cannot be done now; a mark is of the row under the cursor, whatever else is marked.
func (s *tableScreen) WhyNot(v kit.Verb) string {
	if e, selected := s.selected(); selected && v.Is(screen.Keys.Mark) {
		return screen.WhyNot(s.d, v, e)
	}
	return screen.WhyNot(s.d, v, s.meant()...)
}

// selected is the entry under the cursor.
func (s *tableScreen) selected() (certstore.Entry, bool) {
	id, ok := s.table.Selected()
	if !ok {
		return certstore.Entry{}, false
	}
	return s.d.Entry(id)
}

// page is how many rows a page key moves.
func (s *tableScreen) page() int { return max(1, s.d.BodyHeight()-6) }

func (s *tableScreen) Typing() bool  { return s.filter.Open }
func (s *tableScreen) Title() string { return "" }
