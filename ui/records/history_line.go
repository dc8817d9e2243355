package records

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// historyLineScreen is one line of the journal whole, with what became of each entry that it names.
type historyLineScreen struct {
	d       *screen.Desk
	history *historyScreen // which follows the store
	event   certstore.Event
	table   kit.Table
}

func historyLine(of *historyScreen, ev certstore.Event) screen.Make {
	return func(d *screen.Desk) screen.Screen {
		return &historyLineScreen{d: d, history: of, event: ev, table: kit.Table{Columns: lineColumns}.SetIDs(ev.IDs)}
	}
}

func (s *historyLineScreen) Init() tea.Cmd { return nil }

func (s *historyLineScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.RestoredMsg:
		return s, screen.Restored(s.d, msg)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *historyLineScreen) key(k tea.KeyMsg) tea.Cmd {
	if k.Paste {
		return nil
	}
	if next, moved := screen.Move(s.table, k, 5); moved {
		s.table = next
		return nil
	}
	cmd, _ := kit.Do(s.Verbs(), k)
	return cmd
}

func (s *historyLineScreen) Verbs() []kit.Verb {
	var list []kit.Verb
	id, _ := s.table.Selected()
	if gone, ok := s.history.past.removed[id]; ok {
		list = append(list, screen.Keys.Visit.Does(func() tea.Cmd { return s.d.Open(screen.ToRemoved{ID: id}) }))
		if !s.d.ReadOnly {
			list = append(list, screen.Keys.Restore.Does(func() tea.Cmd { return screen.Restore(s.d, gone) }))
		}
	} else if e, live := s.d.Entry(id); live {
		list = append(list, screen.Keys.Visit.Does(func() tea.Cmd { return s.d.Open(screen.ToDetails{Entry: e}) }))
	}
	list = append(list, screen.Keys.Leave)
	if s.table.Len() > 1 {
		list = append(list, screen.Moves()...)
	}
	return list
}

func (s *historyLineScreen) Typing() bool  { return false }
func (s *historyLineScreen) Title() string { return fmt.Sprintf("Line %d of the history", s.event.Seq) }

func (s *historyLineScreen) View(w, h int) string {
	st := s.d.Styles
	lines := words.FactLines(st, eventFacts(s.event), len("Logged in as"), w)
	lines = append(lines, "")
	if s.table.Len() > 0 {
		lines = append(lines, " "+st.Title.Render(fmt.Sprintf("What happened to it since (%d)", s.table.Len())))
		lines = append(lines, s.table.View(st, w, min(s.table.Len()+1, max(2, h-len(lines)-2)), s.cell), "")
		lines = append(lines, s.way(st)...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

// eventFacts is all that a line of the journal says.
func eventFacts(e certstore.Event) []wizard.Fact {
	a := e.Actor
	facts := []wizard.Fact{
		{Label: "When", Value: words.Moment(e.Time)},
		{Label: "Who", Value: kit.Printable(e.Who)},
		{Label: "What", Value: kit.Printable(e.Text)},
		{Label: "Operation", Value: kit.Printable(e.Op)},
		{Label: "User id", Value: strconv.Itoa(a.UID)},
	}
	if a.LoginUID != 0 {
		facts = append(facts, wizard.Fact{Label: "Logged in as", Value: fmt.Sprintf("user id %d", a.LoginUID)})
	}
	if a.Sudo != "" {
		facts = append(facts, wizard.Fact{Label: "With sudo", Value: kit.Printable(a.Sudo)})
	}
	if a.TTY != "" {
		facts = append(facts, wizard.Fact{Label: "Terminal", Value: kit.Printable(a.TTY)})
	}
	return append(facts, wizard.Fact{Label: "Sum", Value: kit.Printable(e.Sum)})
}

var lineColumns = []kit.Column{
	{Title: "NOW", Min: 9, Want: 13},
	{Title: "NAME", Min: 12, Want: 24, Grow: 1, Max: 40},
	{Title: "THUMBPRINT", Min: 12, Want: 12, Grow: 1, Max: 40},
}

func (s *historyLineScreen) cell(id int64, column, _ int) kit.Cell {
	st := &s.d.Styles
	e, word, style := s.d.Find(id), "  purged", &st.Muted
	if gone, removed := s.history.past.removed[id]; removed {
		e, word = &gone, "  removed"
	} else if e != nil {
		var glyph string
		glyph, style = words.LookOfWord(st, e.Verdict.Word)
		word = glyph + " " + e.Verdict.Word
	}
	if e == nil {
		e = &certstore.Entry{FriendlyName: fmt.Sprintf("entry %d", id)}
	}
	switch column {
	case 0:
		return kit.Cell{Text: word, Style: style}
	case 1:
		return kit.Cell{Text: words.Title(*e)}
	}
	return kit.Cell{Text: kit.Printable(e.Thumbprint)}
}

// way says where enter leads, or that there is nowhere to go.
func (s *historyLineScreen) way(st theme.Styles) []string {
	id, _ := s.table.Selected()
	next := "Next: enter opens it."
	if _, gone := s.history.past.removed[id]; gone {
		next = "Next: r restores it; enter goes to the removed entries."
		if s.d.ReadOnly {
			next = "Someone who may write to this store can restore it."
		}
	} else if s.history.past.purged[id] {
		next = "It was purged: only a backup can bring it back."
	}
	lines := words.NextLines(st, next, 70, 1)
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return lines
}
