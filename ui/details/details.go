// Package details is the page of one entry, and the questions asked about entries: what is copied, removed or
// destroyed.
//
// Its promise: the page shows what the list knows at once, and what the store has verified anew when it answers;
// nothing is removed before it is confirmed, and a key only goes behind digits that a person typed.
package details

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// detailsScreen is everything about one entry, live or removed. It shows at once what the list knows, and the rest when
// the store has verified the entry anew from its bytes.
type detailsScreen struct {
	d       *screen.Desk
	entry   certstore.Entry
	details certstore.Details
	known   bool // Details has been read
	gone    bool // the entry was purged
	err     error
	busy    screen.Busy
	scroll  kit.Scroll
}

var (
	_ screen.Paged     = (*detailsScreen)(nil)
	_ screen.Remarking = (*detailsScreen)(nil)
)

// ShownMsg is the store's answer.
type ShownMsg struct {
	Details certstore.Details
	err     error
}

// New is the page of an entry.
func New(d *screen.Desk, e certstore.Entry) screen.Screen {
	return &detailsScreen{d: d, entry: e}
}

// Init reads the entry, at first and whenever the list has changed: it may turn from pending to valid, or be removed,
// while somebody reads it.
func (s *detailsScreen) Init() tea.Cmd {
	if s.d.Store == nil {
		return nil
	}
	store, id := s.d.Store, s.entry.ID
	return s.d.Behind(func(ctx context.Context) tea.Msg {
		details, err := store.Show(ctx, id)
		return ShownMsg{details, err}
	})
}

func (s *detailsScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case ShownMsg:
		s.shown(msg)
	case screen.EntriesMsg:
		return s, s.Init()
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case screen.RestoredMsg:
		s.busy.Stop()
		return s, screen.Restored(s.d, msg)
	case screen.PurgedMsg:
		s.busy.Stop()
		return s, tea.Batch(screen.Purged(s.d, msg), s.Init())
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *detailsScreen) shown(msg ShownMsg) {
	s.err, s.gone = msg.err, fail.Is(msg.err, fail.NotFound)
	if s.err == nil {
		s.details, s.entry, s.known = msg.Details, msg.Details.Entry, true
	}
	if s.err == nil && s.d.Survey != nil && s.entry.Removed.IsZero() {
		s.d.Survey.Judge(&s.entry) // as the table says of it
	}
}

func (s *detailsScreen) key(msg tea.KeyMsg) tea.Cmd {
	if msg.Paste {
		return nil
	}
	if cmd, done := kit.Do(s.Verbs(), msg); done {
		return cmd
	}
	if cmd := screen.Declined(s, msg); cmd != nil {
		return cmd
	}
	s.scroll = screen.Scrolled(s.scroll, msg, len(s.Lines(s.d.Width)), s.d.PageHeight())
	return nil
}

// WhyNot is why a verb of an entry cannot be done now.
func (s *detailsScreen) WhyNot(v kit.Verb) string {
	if s.gone || s.busy.Runs() || !s.entry.Removed.IsZero() || v.Is(screen.Keys.Undo, screen.Keys.Unmark) {
		return ""
	}
	return screen.WhyNot(s.d, v, s.entry)
}

func (s *detailsScreen) Verbs() []kit.Verb {
	list := []kit.Verb{screen.Keys.Scroll, screen.Keys.Leave}
	switch {
	case s.gone || s.busy.Runs():
		return list
	case !s.entry.Removed.IsZero():
		return append(append(list, screen.RemovedVerbs(s.d, s.entry, &s.busy)...), screen.CopyVerb(s.d, s.entry),
			screen.ExchangeVerb(s.d))
	}
	if order := ordered(s.entry); !s.d.ReadOnly && order != nil {
		goOn := func() tea.Cmd { return s.d.Open(screen.ToOrder{Entry: *order}) }
		list = append([]kit.Verb{screen.Keys.GoOn.Does(goOn)}, list...)
	}
	list = append(append(list, screen.EntryVerbs(s.d, s.entry)...), screen.RareVerbs(s.d, s.entry)...)
	if !s.d.ReadOnly && revocable(s.entry) {
		list = append(list, screen.Keys.Revoke.Does(func() tea.Cmd { return s.d.Open(screen.ToRevoke{Entry: s.entry}) }))
	}
	return append(list, screen.WhyVerb(s.d, s.entry), screen.AskVerb(s.d, s.entry), screen.ExchangeVerb(s.d))
}

// ordered is the request that a CA is to answer: the entry, or what is to renew it and fails.
func ordered(e certstore.Entry) *certstore.Entry {
	switch {
	case e.Ordered():
		return &e
	case e.Failing != nil && e.Failing.By != nil && e.Failing.By.Ordered():
		return e.Failing.By
	}
	return nil
}

// revocable says whether a CA that is asked by itself can revoke an entry.
func revocable(e certstore.Entry) bool {
	return e.Kind == certstore.Certificate && words.OrderedFrom(e) != "" && e.Automatic.Revoked.At.IsZero()
}

func (s *detailsScreen) Typing() bool         { return false }
func (s *detailsScreen) Title() string        { return words.Title(s.entry) }
func (s *detailsScreen) View(w, h int) string { return s.scroll.View(s.d.Styles, s.Lines(w), w, h) }
