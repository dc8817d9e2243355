package records

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// removedScreen lists what was removed, the latest first: each can be restored, or purged for good.
type removedScreen struct {
	followed
	entries map[int64]certstore.Entry
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
	list := screen.SearchList{Table: kit.Table{Columns: removedColumns(nil, d.Now())}}
	return &removedScreen{followed: followed{d: d, list: list}, want: want}
}

func (s *removedScreen) Init() tea.Cmd {
	return tea.Batch(s.busy.Start(s.d, "reading the removed entries"), s.read())
}

func (s *removedScreen) read() tea.Cmd {
	return s.reads(func(ctx context.Context, store *certstore.Store) tea.Msg {
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
	case kit.WheelMsg:
		s.list.Table = s.list.Table.Wheel(msg.By)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *removedScreen) took(msg trashMsg) tea.Cmd {
	if s.answered(msg.err) {
		s.show(msg)
	}
	return s.more(s.read)
}

func (s *removedScreen) show(msg trashMsg) {
	s.entries = make(map[int64]certstore.Entry, len(msg.entries))
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
	if s.d.ReadOnly && kit.Pressed(msg, screen.Keys.Restore, screen.Keys.Purge) {
		return screen.Notice("read-only: nothing can be restored or purged here")
	}
	cmd, _ := kit.Do(s.Verbs(), msg)
	return cmd
}

func (s *removedScreen) selected() (certstore.Entry, bool) {
	id, ok := s.list.Table.Selected()
	return s.entries[id], ok
}

func (s *removedScreen) Verbs() []kit.Verb {
	e, ok := s.selected()
	if !ok || s.busy.Runs() {
		return s.list.Verbs()
	}
	own := []kit.Verb{screen.Keys.Open.Does(func() tea.Cmd { return s.d.Open(screen.ToDetails{Entry: e}) })}
	return s.list.Verbs(append(append(own, screen.RemovedVerbs(s.d, e, &s.busy)...), screen.CopyVerb(s.d, e))...)
}

func (s *removedScreen) Title() string { return "Removed entries" }

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
	what, next := "", ""
	if s.rows() {
		what, next = s.Remark()
	}
	return s.view(w, h, s.cell, what, next, "Nothing is removed.",
		"What D removes from the table comes here, with its key, until somebody restores or purges it.")
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

func (s *removedScreen) Name(id int64) string { return words.Title(s.entries[id]) }

func (s *removedScreen) Spoken(id int64) string {
	e := s.entries[id]
	parts := []string{words.Title(e), words.NamesSpoken(&e, 0), "from " + words.Issuer(e), "until " +
		words.Day(e.NotAfter, s.d.Now())}
	if e.Kind == certstore.PendingReq {
		parts = []string{words.Title(e), words.NamesSpoken(&e, 0), "a pending request"}
	}
	return strings.Join(append(parts, "removed on "+when.Recorded(e.Removed.Local())+" by "+
		kit.Printable(e.RemovedBy)), ", ")
}
