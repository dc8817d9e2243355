package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/kit"
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
func (s *detailsScreen) Title() string        { return title(s.entry) }
func (s *detailsScreen) View(w, h int) string { return s.scroll.View(s.d.styles, s.lines(w), w, h) }

// pane is what stands beside the table on a wide terminal: the list's knowledge of the selected entry.
func (s *tableScreen) pane(w, h int) string {
	e, ok := s.selected()
	if !ok {
		return kit.Fit("", w, h)
	}
	st := s.d.styles
	glyph, style := lookOf(&st, &e)
	lines := []string{" " + st.Title.Render(kit.Cut(title(e), w-1, st.Glyphs.Ellipsis)), " " + style.Render(glyph+" "+e.Verdict.Word), ""}
	lines = append(lines, factLines(st, slimFacts(e, s.d.Now()), paneColumn, w)...)
	if e.Kind == certstore.Certificate {
		lines = append(lines, "", " "+style.Render(bar(st, &e, s.d.Now(), w-2)))
	}
	lines = append(lines, "", " "+st.Title.Render(fmt.Sprintf("Names (%d)", len(e.Names))))
	lines = append(lines, nameLines(e, max(1, h-len(lines)-8))...)
	if e.Kind == certstore.Certificate && !e.SelfSigned {
		lines = append(append(lines, "", " "+st.Title.Render("Chain")), chainLines(st, e, s.d.Now(), w)...)
	}
	if len(e.Verdict.Findings) > 0 {
		lines = append(append(lines, "", " "+st.Title.Render("Findings")), findingLines(st, e.Verdict.Findings, w)...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func slimFacts(e certstore.Entry, now time.Time) []Fact {
	facts := []Fact{{"Subject", kit.Printable(e.Subject)}}
	if e.Kind == certstore.Certificate {
		facts = append(facts, Fact{"Issuer", issuerFact(e)}, Fact{"Valid from", day(e.NotBefore, now)}, Fact{"Valid until", day(e.NotAfter, now)})
	}
	key := fmt.Sprintf("%s %d, %s", kit.Printable(e.KeyAlgorithm), e.KeySize, privateKey(e))
	return append(facts, Fact{"Services", useWords(e)}, Fact{"Key", key}, Fact{"Thumbprint", halves(kit.Printable(e.Thumbprint))})
}

// halves breaks a thumbprint in its middle.
func halves(s string) string {
	if len(s) < 40 {
		return s
	}
	return s[:len(s)/2] + "\n" + s[len(s)/2:]
}
