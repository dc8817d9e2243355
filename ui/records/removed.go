package records

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// removedScreen lists what was removed, the latest first: each can be restored, or purged for good.
type removedScreen struct {
	d       *screen.Desk
	list    screen.SearchList
	entries map[int64]certstore.Entry
	loaded  bool
	reading bool
	again   bool // the list has changed since the reading under way began
	err     error
	busy    screen.Busy
	want    int64 // an entry to put the cursor on, or 0
}

var (
	_ screen.Rowed = (*removedScreen)(nil)
	_ screen.Doer  = (*removedScreen)(nil)
)

// trashMsg is what the store holds of removed entries, the latest first, prepared for the list.
type trashMsg struct {
	entries []certstore.Entry
	hay     []string
	err     error
}

// NewRemoved opens the removed entries with the cursor on one of them; 0 for the latest.
func NewRemoved(d *screen.Desk, want int64) screen.Screen {
	return &removedScreen{d: d, want: want,
		list: screen.SearchList{Table: kit.Table{Columns: removedColumns(nil, d.Now())}}}
}

func (s *removedScreen) Init() tea.Cmd {
	return tea.Batch(s.busy.Start(s.d, "reading the removed entries"), s.read())
}

// read reads the trash; while a reading is under way it only notes that one more is due.
func (s *removedScreen) read() tea.Cmd {
	if s.d.Store == nil {
		return nil
	}
	if s.again = s.reading; s.reading {
		return nil
	}
	s.reading = true
	store := s.d.Store
	return s.d.Behind(func(ctx context.Context) tea.Msg {
		entries, err := store.List(ctx, true)
		return trashed(entries, err)
	})
}

// trashed sorts removed entries and makes what the filter looks in.
func trashed(entries []certstore.Entry, err error) trashMsg {
	slices.SortStableFunc(entries, func(a, b certstore.Entry) int { return b.Removed.Compare(a.Removed) })
	msg := trashMsg{entries: entries, hay: make([]string, len(entries)), err: err}
	for i, e := range entries {
		parts := append([]string{e.FriendlyName, e.Subject, e.Issuer, e.Thumbprint, e.Serial, e.RemovedBy,
			when.Row(e.Removed.Local())}, e.Names...)
		if e.Kind == certstore.PendingReq {
			parts = append(parts, "pending request")
		}
		msg.hay[i] = strings.ToLower(strings.Join(parts, "\n"))
	}
	return msg
}

func (s *removedScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case trashMsg:
		return s, s.took(msg)
	case screen.EntriesMsg:
		return s, s.read()
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case screen.RestoredMsg:
		s.busy.Stop()
		return s, screen.Restored(s.d, msg)
	case screen.PurgedMsg:
		s.busy.Stop()
		return s, tea.Batch(screen.Purged(s.d, msg), s.read())
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *removedScreen) took(msg trashMsg) tea.Cmd {
	s.reading = false
	if !s.loaded {
		s.busy.Stop()
	}
	if s.err = msg.err; s.err == nil {
		s.show(msg)
	}
	if s.again {
		return s.read()
	}
	return nil
}

func (s *removedScreen) show(msg trashMsg) {
	s.loaded, s.entries = true, make(map[int64]certstore.Entry, len(msg.entries))
	ids := make([]int64, len(msg.entries))
	for i, e := range msg.entries {
		ids[i] = e.ID
		s.entries[e.ID] = e
	}
	s.list.Table.Columns = removedColumns(s.entries, s.d.Now())
	s.list.Set(ids, msg.hay)
	if _, here := s.entries[s.want]; here {
		s.list.Aim(s.want)
	}
	s.want = 0
}

func (s *removedScreen) key(msg tea.KeyMsg) tea.Cmd {
	if s.list.Key(msg, max(1, s.d.BodyHeight()-6)) {
		return nil
	}
	if s.d.ReadOnly && key.Matches(msg, screen.Keys.Restore, screen.Keys.Purge) {
		return screen.Notice("read-only: nothing can be restored or purged here")
	}
	return screen.RunVerb(s.verbs(), msg)
}

func (s *removedScreen) selected() (certstore.Entry, bool) {
	id, ok := s.list.Table.Selected()
	return s.entries[id], ok
}

func (s *removedScreen) verbs() []screen.Verb {
	e, ok := s.selected()
	if !ok || s.busy.Runs() {
		return s.list.Verbs()
	}
	own := []screen.Verb{{Key: screen.Keys.Open, Run: func() tea.Cmd { return s.d.Open(screen.ToDetails{Entry: e}) }}}
	return s.list.Verbs(append(append(own, screen.RemovedVerbs(s.d, e, &s.busy)...), screen.CopyVerb(s.d, e))...)
}

func (s *removedScreen) Keys() []key.Binding { return s.list.Keys(s.verbs()) }
func (s *removedScreen) Typing() bool        { return s.list.Filter.Open }
func (s *removedScreen) Title() string       { return "Removed entries" }

// The columns of the removed entries, in order.
const (
	gonName = iota
	gonNames
	gonIssuer
	gonExpires
	gonRemoved
	gonBy
)

// removedColumns are as wide as the days of the entries are told now.
func removedColumns(entries map[int64]certstore.Entry, now time.Time) []kit.Column {
	var ends []time.Time
	for _, e := range entries {
		ends = append(ends, e.NotAfter)
	}
	return []kit.Column{
		{Title: "NAME", Min: 12, Want: 18, Grow: 2, Max: 40},
		{Title: "NAMES", Min: 10, Want: 18, Grow: 2, Max: 60, Drop: 3, Late: true},
		{Title: "ISSUER", Min: 10, Want: 14, Grow: 1, Max: 30, Drop: 1},
		words.DaysColumn(kit.Column{Title: "EXPIRES", Drop: 2}, ends, now),
		{Title: "REMOVED", Min: words.DayWidth, Want: words.DayWidth},
		{Title: "BY", Min: 8, Want: 10, Grow: 1, Max: 24},
	}
}

func (s *removedScreen) cell(id int64, column, w int) kit.Cell {
	e := s.entries[id]
	st := &s.d.Styles
	switch column {
	case gonName:
		return kit.Cell{Text: words.Title(e)}
	case gonNames:
		return kit.Cell{Text: words.Names(&e, w, st.Glyphs.Ellipsis)}
	case gonIssuer:
		return kit.Cell{Text: words.Issuer(e), Style: &st.Muted}
	case gonExpires:
		return kit.Cell{Text: words.DayCell(e.NotAfter, s.d.Now())}
	case gonRemoved:
		return kit.Cell{Text: when.Recorded(e.Removed.Local())}
	}
	return kit.Cell{Text: kit.Printable(e.RemovedBy)}
}

func (s *removedScreen) View(w, h int) string {
	st := s.d.Styles
	switch {
	case s.loaded && len(s.list.IDs) > 0:
		what, next := s.Remark()
		return s.list.View(st, w, h, s.cell, what, next)
	case s.err != nil:
		return kit.Fit("\n"+strings.Join(words.ProblemLines(st, s.err, w-4), "\n"), w, h)
	case !s.loaded:
		return kit.Fit("\n"+s.busy.Line(st, s.d.Now()), w, h)
	}
	return kit.Fit("\n  "+st.Title.Render("Nothing is removed.")+"\n\n"+
		words.Indent("What D removes from the table comes here, with its key, until somebody restores or purges it.", w), w, h)
}

// Remark is what is wrong with the list, what runs, or what became of the selected entry and what can.
func (s *removedScreen) Remark() (what, next string) {
	e, ok := s.selected()
	switch {
	case s.err != nil:
		problem, hint := words.Failure(s.err)
		return "The list could not be read again: " + words.Stop(problem), hint
	case s.busy.Runs():
		return s.busy.Text + " ...", ""
	case !ok:
		return "No removed entry has these words.", "Next: esc clears the filter."
	}
	return words.RemovedWords(e, s.d.ReadOnly)
}

func (s *removedScreen) IDs() []int64 {
	return screen.ShownIDs(s.loaded && len(s.list.IDs) > 0, s.list.Table)
}

func (s *removedScreen) At() int { return s.list.Table.Position() }

func (s *removedScreen) Name(id int64) string { return words.Title(s.entries[id]) }

func (s *removedScreen) Spoken(id int64) string {
	e := s.entries[id]
	parts := []string{words.Title(e), words.NamesSpoken(&e), "from " + words.Issuer(e), "until " +
		words.Day(e.NotAfter, s.d.Now())}
	if e.Kind == certstore.PendingReq {
		parts = []string{words.Title(e), words.NamesSpoken(&e), "a pending request"}
	}
	return strings.Join(append(parts, "removed on "+when.Recorded(e.Removed.Local())+" by "+
		kit.Printable(e.RemovedBy)), ", ")
}

func (s *removedScreen) Doing() string { return s.busy.Text }
