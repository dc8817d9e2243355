package details

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// compareScreen tells two entries apart: first what would be lost if the new one took the place of the old.
type compareScreen struct {
	d      *screen.Desk
	found  certstore.Comparison
	scroll kit.Scroll
}

var _ screen.Paged = (*compareScreen)(nil)

// NewCompare compares two entries.
func NewCompare(d *screen.Desk, old, next certstore.Entry) screen.Screen {
	return &compareScreen{d: d, found: certstore.Compare(old, next)}
}

func (s *compareScreen) Init() tea.Cmd { return nil }

func (s *compareScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.EntriesMsg:
		s.follow()
	case tea.KeyMsg:
		return s.key(msg)
	}
	return s, nil
}

// follow compares anew what the list says now; one that was removed stays as it was.
func (s *compareScreen) follow() {
	old, next := s.found.Old, s.found.New
	if e, ok := s.d.Entry(old.ID); ok {
		old = e
	}
	if e, ok := s.d.Entry(next.ID); ok {
		next = e
	}
	s.found = certstore.Compare(old, next)
}

func (s *compareScreen) key(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	switch {
	case msg.Paste:
		return s, nil
	case kit.Pressed(msg, screen.Keys.Compare):
		return s.d.Replace(screen.ToCompareWith{Entry: s.found.New})
	}
	cmd, done := kit.Do(s.Verbs(), msg)
	if !done {
		s.scroll = screen.Scrolled(s.scroll, msg, len(s.Lines(s.d.Width)), s.d.PageHeight())
	}
	return s, cmd
}

func (s *compareScreen) swap() tea.Cmd {
	s.found, s.scroll = certstore.Compare(s.found.New, s.found.Old), kit.Scroll{}
	return nil
}

func (s *compareScreen) Verbs() []kit.Verb {
	return []kit.Verb{screen.Keys.Scroll, screen.Keys.Swap.Does(s.swap), screen.Keys.Leave,
		screen.Keys.Compare.Called("another").About("compare the new one with another entry")}
}

// Lines is the whole page, w cells wide.
func (s *compareScreen) Lines(w int) []string {
	return append([]string{""}, words.ComparedLines(s.d.Styles, s.found, s.d.Now(), w-1)...)
}

func (s *compareScreen) Typing() bool         { return false }
func (s *compareScreen) Title() string        { return "Compare" }
func (s *compareScreen) View(w, h int) string { return s.scroll.View(s.d.Styles, s.Lines(w), w, h) }
