package details

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// withScreen lists what an entry can be compared with: what has most of its names first.
type withScreen struct {
	d      *screen.Desk
	entry  certstore.Entry
	list   screen.SearchList
	shared map[int64]int // how many names each has in common with it
	loaded bool
}

var _ screen.Rowed = (*withScreen)(nil)

// rankedMsg is the order of the list.
type rankedMsg struct {
	ids    []int64
	hay    []string // for each of them: what the filter looks in
	shared map[int64]int
}

// NewCompareWith asks what an entry is to be compared with.
func NewCompareWith(d *screen.Desk, e certstore.Entry) screen.Screen {
	return &withScreen{d: d, entry: e, list: screen.SearchList{Table: kit.Table{Columns: withColumns}}}
}

// Init ranks the list in a command: it may be long.
func (s *withScreen) Init() tea.Cmd {
	entries, e := s.d.Entries, s.entry
	return s.d.Behind(func(context.Context) tea.Msg { return ranked(entries, e) })
}

// ranked puts first what has the most names in common with an entry, of those the latest.
func ranked(entries []certstore.Entry, with certstore.Entry) rankedMsg {
	mine := map[string]bool{}
	for _, name := range with.Names {
		mine[strings.ToLower(name)] = true
	}
	msg := rankedMsg{shared: map[int64]int{}}
	for i := range entries {
		e := &entries[i]
		if e.ID == with.ID || words.IsStranger(*e) {
			continue
		}
		msg.ids = append(msg.ids, e.ID)
		for _, name := range e.Names {
			if mine[strings.ToLower(name)] {
				msg.shared[e.ID]++
			}
		}
	}
	slices.SortFunc(msg.ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(msg.shared[b], msg.shared[a]), cmp.Compare(b, a))
	})
	hay := haystacks(entries)
	for _, id := range msg.ids {
		msg.hay = append(msg.hay, hay[id])
	}
	return msg
}

// haystacks are what the filter looks in for each entry: what it is called, who it is for, its names in both forms and
// how it fares.
func haystacks(entries []certstore.Entry) map[int64]string {
	all := make(map[int64]string, len(entries))
	for i := range entries {
		e := &entries[i]
		parts := append([]string{e.FriendlyName, e.Subject, e.Thumbprint, e.Verdict.Word}, words.NameTexts(e.Names)...)
		all[e.ID] = strings.ToLower(strings.Join(parts, "\n"))
	}
	return all
}

func (s *withScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case rankedMsg:
		s.shared, s.loaded = msg.shared, true
		s.list.Set(msg.ids, msg.hay)
	case screen.EntriesMsg:
		return s, s.Init()
	case kit.WheelMsg:
		s.list.Table = s.list.Table.Wheel(msg.By)
	case tea.KeyMsg:
		return s.key(msg)
	}
	return s, nil
}

func (s *withScreen) key(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	if s.list.Key(msg, max(1, s.d.BodyHeight()-6)) {
		return s, nil
	}
	if e, ok := s.selected(); ok && kit.Pressed(msg, withVerb) {
		old, next := certstore.OldFirst(s.entry, e)
		return s.d.Replace(screen.ToCompare{Old: old, New: next})
	}
	cmd, _ := kit.Do(s.Verbs(), msg)
	return s, cmd
}

// withVerb compares with the selected row.
var withVerb = screen.Keys.Compare.On("enter").Called("compare the two")

func (s *withScreen) selected() (certstore.Entry, bool) {
	id, ok := s.list.Table.Selected()
	if !ok {
		return certstore.Entry{}, false
	}
	return s.d.Entry(id)
}

func (s *withScreen) Verbs() []kit.Verb {
	if s.list.Table.Len() == 0 {
		return s.list.Verbs()
	}
	return s.list.Verbs(withVerb)
}

func (s *withScreen) Typing() bool  { return s.list.Filter.Open }
func (s *withScreen) Title() string { return "Compare " + words.Title(s.entry) + " with" }

var withColumns = []kit.Column{
	{Title: "STATUS", Min: 15, Want: 15},
	{Title: "NAME", Min: 12, Want: 18, Grow: 2, Max: 40},
	{Title: "NAMES", Min: 10, Want: 18, Grow: 2, Max: 60},
	{Title: "EXPIRES", Min: len("waiting 999 d"), Want: len("waiting 999 d"), Drop: 1},
}

func (s *withScreen) cell(id int64, column, w int) kit.Cell {
	e := s.d.Find(id)
	if e == nil {
		return kit.Cell{}
	}
	st := &s.d.Styles
	switch column {
	case 0:
		glyph, style := words.Look(st, e)
		return kit.Cell{Text: glyph + " " + e.Verdict.Word, Style: style}
	case 1:
		return kit.Cell{Text: words.Title(*e)}
	case 2:
		return kit.Cell{Text: words.Names(e, w, st.Glyphs.Ellipsis)}
	}
	return kit.Cell{Text: words.EndCell(*e, s.d.Now())}
}

func (s *withScreen) View(w, h int) string {
	what, next := s.Remark()
	return s.list.View(s.d.Styles, w, h, s.cell, what, next)
}

// Remark is what the selected row has in common with the entry.
func (s *withScreen) Remark() (what, next string) {
	e, ok := s.selected()
	switch {
	case !ok && s.loaded && s.list.Len() > 0:
		return "No row has these words.", ""
	case !ok && s.loaded:
		return "There is nothing to compare it with.", ""
	case !ok:
		return "Looking what has its names ...", ""
	}
	what = fmt.Sprintf("%s has %d of its %s.", words.Title(e), s.shared[e.ID], words.NamesCount(s.entry))
	return what, "Next: enter compares the two."
}

func (s *withScreen) IDs() []int64         { return screen.ShownIDs(s.loaded, s.list.Table) }
func (s *withScreen) At() int              { return s.list.Table.Position() }
func (s *withScreen) Name(id int64) string { e, _ := s.d.Entry(id); return words.Title(e) }

func (s *withScreen) Spoken(id int64) string {
	e, _ := s.d.Entry(id)
	return fmt.Sprintf("%s: %s, %s, %d in common", e.Verdict.Word, words.Title(e), words.NamesSpoken(&e, 0), s.shared[id])
}
