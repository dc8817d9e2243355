package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
)

// removedScreen lists what was removed, the latest first: each can be restored, or purged for good.
type removedScreen struct {
	d       *desk
	list    searchList
	entries map[int64]certstore.Entry
	loaded  bool
	reading bool
	again   bool // the list has changed since the reading under way began
	err     error
	busy    busy
	want    int64 // an entry to put the cursor on, or 0
}

// trashMsg is what the store holds of removed entries, the latest first, prepared for the list.
type trashMsg struct {
	entries []certstore.Entry
	hay     []string
	err     error
}

// newRemoved opens the removed entries with the cursor on one of them; 0 for the latest.
func newRemoved(d *desk, want int64) *removedScreen {
	return &removedScreen{d: d, want: want, list: searchList{table: kit.Table{Columns: removedColumns(nil, d.Now())}}}
}

func (s *removedScreen) Init() tea.Cmd {
	return tea.Batch(s.busy.start(s.d, "reading the removed entries"), s.read())
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
	return s.d.behind(func(ctx context.Context) tea.Msg {
		entries, err := store.List(ctx, true)
		return trashed(entries, err)
	})
}

// trashed sorts removed entries and makes what the filter looks in.
func trashed(entries []certstore.Entry, err error) trashMsg {
	slices.SortStableFunc(entries, func(a, b certstore.Entry) int { return b.Removed.Compare(a.Removed) })
	msg := trashMsg{entries: entries, hay: make([]string, len(entries)), err: err}
	for i, e := range entries {
		parts := append([]string{e.FriendlyName, e.Subject, e.Issuer, e.Thumbprint, e.Serial, e.RemovedBy, when.Row(e.Removed.Local())}, e.Names...)
		if e.Kind == certstore.PendingReq {
			parts = append(parts, "pending request")
		}
		msg.hay[i] = strings.ToLower(strings.Join(parts, "\n"))
	}
	return msg
}

func (s *removedScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case trashMsg:
		return s, s.took(msg)
	case entriesMsg:
		return s, s.read()
	case turnMsg:
		return s, s.busy.turned(s.d)
	case restoredMsg:
		s.busy.stop()
		return s, restored(s.d, msg)
	case purgedMsg:
		s.busy.stop()
		return s, tea.Batch(purged(s.d, msg), s.read())
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *removedScreen) took(msg trashMsg) tea.Cmd {
	s.reading = false
	if !s.loaded {
		s.busy.stop()
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
	s.list.table.Columns = removedColumns(s.entries, s.d.Now())
	s.list.set(ids, msg.hay)
	if _, here := s.entries[s.want]; here {
		s.list.aim(s.want)
	}
	s.want = 0
}

func (s *removedScreen) key(msg tea.KeyMsg) tea.Cmd {
	if s.list.key(msg, max(1, s.d.bodyHeight()-6)) {
		return nil
	}
	if s.d.readOnly && key.Matches(msg, keys.Restore, keys.Purge) {
		return notice("read-only: nothing can be restored or purged here")
	}
	return runVerb(s.verbs(), msg)
}

func (s *removedScreen) selected() (certstore.Entry, bool) {
	id, ok := s.list.table.Selected()
	return s.entries[id], ok
}

func (s *removedScreen) verbs() []verb {
	e, ok := s.selected()
	if !ok || s.busy.runs() {
		return s.list.verbs()
	}
	own := []verb{{keys.Open, func() tea.Cmd { return s.d.push(newDetails(s.d, e)) }}}
	return s.list.verbs(append(append(own, removedVerbs(s.d, e, &s.busy)...), copyVerb(s.d, e))...)
}

// removedVerbs is what can be done with a removed entry, and b shows while it is done; nothing on a store that is only read.
func removedVerbs(d *desk, e certstore.Entry, b *busy) []verb {
	if d.readOnly {
		return nil
	}
	return []verb{
		{keys.Restore, func() tea.Cmd { return tea.Batch(b.start(d, "restoring "+title(e)), restore(d, e)) }},
		{keys.Purge, func() tea.Cmd { return d.push(askPurge(d, e, b)) }},
	}
}

func (s *removedScreen) Keys() []key.Binding { return s.list.keys(s.verbs()) }
func (s *removedScreen) Typing() bool        { return s.list.filter.open }
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
		daysColumn(kit.Column{Title: "EXPIRES", Drop: 2}, ends, now),
		{Title: "REMOVED", Min: dayWidth, Want: dayWidth},
		{Title: "BY", Min: 8, Want: 10, Grow: 1, Max: 24},
	}
}

func (s *removedScreen) cell(id int64, column, w int) kit.Cell {
	e := s.entries[id]
	st := &s.d.styles
	switch column {
	case gonName:
		return kit.Cell{Text: title(e)}
	case gonNames:
		return kit.Cell{Text: namesIn(&e, w, st.Glyphs.Ellipsis)}
	case gonIssuer:
		return kit.Cell{Text: Issuer(e), Style: &st.Muted}
	case gonExpires:
		return kit.Cell{Text: dayCell(e.NotAfter, s.d.Now())}
	case gonRemoved:
		return kit.Cell{Text: when.Recorded(e.Removed.Local())}
	}
	return kit.Cell{Text: kit.Printable(e.RemovedBy)}
}

func (s *removedScreen) View(w, h int) string {
	st := s.d.styles
	switch {
	case s.loaded && len(s.list.ids) > 0:
		what, next := s.remark()
		return s.list.view(st, w, h, s.cell, what, next)
	case s.err != nil:
		return kit.Fit("\n"+strings.Join(problemLines(st, s.err, w-4), "\n"), w, h)
	case !s.loaded:
		return kit.Fit("\n"+s.busy.line(st, s.d.Now()), w, h)
	}
	return kit.Fit("\n  "+st.Title.Render("Nothing is removed.")+"\n\n"+
		indent("What D removes from the table comes here, with its key, until somebody restores or purges it.", w), w, h)
}

// remark is what is wrong with the list, what runs, or what became of the selected entry and what can.
func (s *removedScreen) remark() (what, next string) {
	e, ok := s.selected()
	switch {
	case s.err != nil:
		problem, hint := failure(s.err)
		return "The list could not be read again: " + stop(problem), hint
	case s.busy.runs():
		return s.busy.text + " ...", ""
	case !ok:
		return "No removed entry has these words.", "Next: esc clears the filter."
	}
	return removedWords(e, s.d.readOnly)
}

// removedWords say who removed an entry and when, and what can be done.
func removedWords(e certstore.Entry, readOnly bool) (what, next string) {
	what = fmt.Sprintf("%s was removed on %s by %s.", title(e), moment(e.Removed), kit.Printable(e.RemovedBy))
	if e.Kind == certstore.PendingReq {
		what += " It is a request: the CA's answer is refused until it is restored."
	}
	if readOnly {
		return what, "Somebody who may write this store can restore it."
	}
	return what, "Next: r restores it, as it was; P destroys it for good."
}
