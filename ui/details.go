package ui

import (
	"context"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// detailsScreen is everything about one entry, live or removed. It shows at once what the list knows, and the rest when
// the store has verified the entry anew from its bytes.
type detailsScreen struct {
	d       *desk
	entry   certstore.Entry
	details certstore.Details
	known   bool // details has been read
	gone    bool // the entry was purged
	err     error
	busy    busy
	scroll  kit.Scroll
}

var _ paged = (*detailsScreen)(nil)

// shownMsg is the store's answer.
type shownMsg struct {
	details certstore.Details
	err     error
}

func newDetails(d *desk, e certstore.Entry) *detailsScreen { return &detailsScreen{d: d, entry: e} }

// Init reads the entry, at first and whenever the list has changed: it may turn from pending to valid, or be removed,
// while somebody reads it.
func (s *detailsScreen) Init() tea.Cmd {
	if s.d.Store == nil {
		return nil
	}
	store, id := s.d.Store, s.entry.ID
	return s.d.behind(func(ctx context.Context) tea.Msg {
		details, err := store.Show(ctx, id)
		return shownMsg{details, err}
	})
}

func (s *detailsScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case shownMsg:
		s.shown(msg)
	case entriesMsg:
		return s, s.Init()
	case turnMsg:
		return s, s.busy.turned(s.d)
	case restoredMsg:
		s.busy.stop()
		return s, restored(s.d, msg)
	case purgedMsg:
		s.busy.stop()
		return s, tea.Batch(purged(s.d, msg), s.Init())
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *detailsScreen) shown(msg shownMsg) {
	s.err, s.gone = msg.err, fail.Is(msg.err, fail.NotFound)
	if s.err == nil {
		s.details, s.entry, s.known = msg.details, msg.details.Entry, true
	}
}

func (s *detailsScreen) key(msg tea.KeyMsg) tea.Cmd {
	if msg.Paste {
		return nil
	}
	if key.Matches(msg, keys.Leave) {
		return pop
	}
	if cmd := runVerb(s.verbs(), msg); cmd != nil {
		return cmd
	}
	if cmd := refused(s.d, msg); cmd != nil {
		return cmd
	}
	s.scroll = scrolled(s.scroll, msg, len(s.lines(s.d.w)), s.d.bodyHeight())
	return nil
}

func (s *detailsScreen) verbs() []verb {
	switch {
	case s.gone || s.busy.runs():
		return nil
	case !s.entry.Removed.IsZero():
		return append(removedVerbs(s.d, s.entry, &s.busy), copyVerb(s.d, s.entry))
	}
	return entryVerbs(s.d, s.entry)
}

func (s *detailsScreen) Keys() []key.Binding {
	list := []key.Binding{keys.Scroll, keys.Leave}
	for _, v := range s.verbs() {
		list = append(list, v.key)
	}
	return list
}

func (s *detailsScreen) Typing() bool         { return false }
func (s *detailsScreen) Title() string        { return words.Title(s.entry) }
func (s *detailsScreen) View(w, h int) string { return s.scroll.View(s.d.styles, s.lines(w), w, h) }
