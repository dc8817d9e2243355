// Package records is what is told of the past and of the store itself: its history line by line, what was removed, and
// its health.
//
// Its promise: the journal is shown as it stands, the latest first; what can be restored is one key away, and a repair
// only ever adds.
package records

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// historyScreen is the journal for a person: who did what, and when, the latest first.
type historyScreen struct {
	followed
	past past
}

var (
	_ screen.Rowed = (*historyScreen)(nil)
	_ screen.Doer  = (*historyScreen)(nil)
)

// past is the journal at one moment, prepared for the list by a command. A line's id is its place in events plus one:
// lines are only ever added.
type past struct {
	events  []certstore.Event         // oldest first
	removed map[int64]certstore.Entry // what is removed now
	purged  map[int64]bool            // what was destroyed
	ids     []int64                   // of the lines, the latest first
	hay     []string                  // for ids[i]: what the filter looks in, in lower case
	who     int                       // cells of the longest name of a person
}

// opPurge is what the journal calls a purge.
const opPurge = "purge"

// pastMsg is the store's answer.
type pastMsg struct {
	past
	err error
}

// NewHistory is the history of the store.
func NewHistory(d *screen.Desk) screen.Screen {
	return &historyScreen{followed: followed{d: d, list: screen.SearchList{Table: kit.Table{Columns: historyColumns(0)}}}}
}

func (s *historyScreen) Init() tea.Cmd {
	return tea.Batch(s.busy.Start(s.d, "reading the history"), s.read())
}

func (s *historyScreen) read() tea.Cmd {
	return s.reads(func(ctx context.Context, store *certstore.Store) tea.Msg { return readPast(ctx, store) })
}

func readPast(ctx context.Context, store *certstore.Store) pastMsg {
	events, err := store.History(ctx)
	if err != nil {
		return pastMsg{err: err}
	}
	removed, err := store.List(ctx, true)
	return pastMsg{preparePast(events, removed), err}
}

// preparePast turns the journal round and makes what the filter looks in.
func preparePast(events []certstore.Event, removed []certstore.Entry) past {
	n := len(events)
	p := past{events: events, removed: make(map[int64]certstore.Entry, len(removed)), purged: map[int64]bool{},
		ids: make([]int64, n), hay: make([]string, n)}
	for _, e := range removed {
		p.removed[e.ID] = e
	}
	for i := range events {
		e := &events[n-1-i]
		p.ids[i] = int64(n - i)
		p.hay[i] = strings.ToLower(strings.Join([]string{words.MinuteOf(e), e.Who, e.Op, e.Text, e.Actor.TTY, e.Sum}, "\n"))
		p.who = max(p.who, kit.Width(e.Who))
		if e.Op == opPurge {
			for _, id := range e.IDs {
				p.purged[id] = true
			}
		}
	}
	return p
}

func (s *historyScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case pastMsg:
		return s, s.took(msg)
	case screen.EntriesMsg:
		return s, s.read()
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case screen.RestoredMsg:
		s.busy.Stop()
		return s, screen.Restored(s.d, msg)
	case kit.WheelMsg:
		s.list.Table = s.list.Table.Wheel(msg.By)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *historyScreen) took(msg pastMsg) tea.Cmd {
	if s.answered(msg.err) {
		s.past = msg.past
		s.list.Table.Columns = historyColumns(s.past.who)
		s.list.Set(s.past.ids, s.past.hay)
	}
	return s.more(s.read)
}

func (s *historyScreen) key(msg tea.KeyMsg) tea.Cmd {
	if s.list.Key(msg, max(1, s.d.BodyHeight()-6)) {
		return nil
	}
	cmd, _ := kit.Do(s.Verbs(), msg)
	return cmd
}

// event is the line under the cursor; nil in an empty list.
func (s *historyScreen) event() *certstore.Event {
	id, ok := s.list.Table.Selected()
	if !ok {
		return nil
	}
	return &s.past.events[id-1]
}

func (s *historyScreen) Verbs() []kit.Verb {
	ev := s.event()
	if ev == nil || s.busy.Runs() {
		return s.list.Verbs()
	}
	own := []kit.Verb{screen.Keys.Line.Does(func() tea.Cmd { return s.d.Push(historyLine(s, *ev)) })}
	if e, ok := s.restorable(ev); ok {
		own = append(own, screen.Keys.Restore.Does(func() tea.Cmd {
			return tea.Batch(s.busy.Start(s.d, "restoring "+words.Title(e)), screen.Restore(s.d, e))
		}))
	}
	return s.list.Verbs(own...)
}

// restorable is the one entry of a line that is removed now, where it names no other and the store can be written.
func (s *historyScreen) restorable(ev *certstore.Event) (certstore.Entry, bool) {
	if s.d.ReadOnly || len(ev.IDs) != 1 {
		return certstore.Entry{}, false
	}
	e, ok := s.past.removed[ev.IDs[0]]
	return e, ok
}

func (s *historyScreen) Title() string { return "History" }

// The columns of the history, in order.
const (
	pastWhen = iota
	pastWho
	pastWhat
)

// historyColumns is the layout; who is the width of the longest name.
func historyColumns(who int) []kit.Column {
	return []kit.Column{
		{Title: "WHEN", Min: 17, Want: 17},
		{Title: "WHO", Min: min(max(who, 3), 10), Want: min(max(who, 3), 24)},
		{Title: "WHAT", Min: 20, Want: 40, Grow: 1},
	}
}

func (s *historyScreen) cell(id int64, column, _ int) kit.Cell {
	e := &s.past.events[id-1]
	switch column {
	case pastWhen:
		return kit.Cell{Text: kit.PadLeft(words.MinuteOf(e), 17), Style: &s.d.Styles.Muted}
	case pastWho:
		return kit.Cell{Text: kit.Printable(e.Who)}
	}
	return kit.Cell{Text: kit.Printable(e.Text)}
}

func (s *historyScreen) View(w, h int) string {
	what, next := "", ""
	if s.rows() {
		what, next = s.Remark()
	}
	return s.view(w, h, s.cell, what, next, "Nothing has happened here yet.",
		"Every new, import, export, remove, restore and purge becomes a line here: who did it, and when.")
}

// Remark is what is wrong with the list, or the selected line and what became of what it names.
func (s *historyScreen) Remark() (what, next string) {
	ev := s.event()
	switch {
	case s.err != nil:
		problem, hint := words.Failure(s.err)
		return "The history could not be read again: " + words.Stop(problem), hint
	case s.busy.Runs():
		return s.busy.Text + " ...", ""
	case ev == nil:
		return "No line has these words.", "Next: esc clears the filter."
	}
	return words.Stop(fmt.Sprintf("%s %s", kit.Printable(ev.Who), kit.Printable(ev.Text))), s.outcome(ev)
}

// outcome says what became of the entries of a line, and which key restores what is removed.
func (s *historyScreen) outcome(ev *certstore.Event) string {
	switch gone, purged := s.lost(ev); {
	case len(ev.IDs) == 1 && gone == 1 && s.d.ReadOnly:
		return "It is removed now. Someone who may write to this store can restore it."
	case len(ev.IDs) == 1 && gone == 1:
		return "Next: r restores it: it is among the removed entries now."
	case len(ev.IDs) == 1 && purged == 1:
		return "It was purged since: only a backup can bring it back."
	case gone+purged > 0:
		return fmt.Sprintf("Next: %d of its %d entries %s gone from the table now; enter shows which.",
			gone+purged, len(ev.IDs), printable.Agree(gone+purged, "is", "are"))
	case len(ev.IDs) == 1:
		return s.standing(ev.IDs[0])
	}
	return ""
}

// standing says of an entry that is in the table how it is.
func (s *historyScreen) standing(id int64) string {
	e := s.d.Find(id)
	if e == nil {
		return "" // the table is being read
	}
	return "It is in the table now: " + e.Verdict.Word + "."
}

// lost counts the entries of a line that are removed now, and those that were purged.
func (s *historyScreen) lost(ev *certstore.Event) (gone, purged int) {
	for _, id := range ev.IDs {
		if _, removed := s.past.removed[id]; removed {
			gone++
		} else if s.past.purged[id] {
			purged++
		}
	}
	return gone, purged
}

// Name is none: a line of the journal has only a number.
func (s *historyScreen) Name(int64) string { return "" }

func (s *historyScreen) Spoken(id int64) string {
	e := &s.past.events[id-1]
	return words.MinuteOf(e) + ": " + kit.Printable(e.Who) + " " + kit.Printable(e.Text)
}
