package table

import (
	"context"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// past is the history of the selected entry, for the third pane.
type past struct {
	asked  int64 // the entry that it was asked for last
	id     int64 // the entry that it is of
	events []certstore.Event
}

// restMsg says that the cursor may have come to rest on an entry; pastMsg brings its history.
type (
	restMsg struct{ id int64 }
	pastMsg struct {
		id     int64
		events []certstore.Event
	}
)

// restTime is how long the cursor stays until the store is asked: not for every row it passes.
const restTime = 150 * time.Millisecond

// askPast has the history read of the entry under the cursor, where there is a pane for it.
func (s *tableScreen) askPast() tea.Cmd {
	id, ok := s.table.Selected()
	if !ok || id < 0 || id == s.past.asked || s.d.Width < thirdFrom || s.d.Store == nil {
		return nil
	}
	s.past.asked = id
	return s.d.After(restTime, restMsg{id})
}

// rested reads the history unless the cursor has gone on.
func (s *tableScreen) rested(msg restMsg) tea.Cmd {
	if id, ok := s.table.Selected(); !ok || id != msg.id {
		return nil
	}
	store := s.d.Store
	return s.d.Behind(func(ctx context.Context) tea.Msg {
		details, err := store.Show(ctx, msg.id)
		if err != nil {
			return nil // the details page tells
		}
		return pastMsg{msg.id, details.History}
	})
}

// thirdPane is what only a very wide terminal has room for: what the ports serve that belong to the selected entry, or
// where none does its history.
func (s *tableScreen) thirdPane(h int) kit.Pane {
	st := s.d.Styles
	e, ok := s.selected()
	if !ok {
		return kit.Pane{Title: "History"}
	}
	if v := s.d.Survey; v != nil {
		if ports := v.Of(e); len(ports) > 0 {
			return kit.Pane{Title: "Ports", Body: strings.Join(s.d.PortTable().Stacked(ports, thirdCells), "\n")}
		}
	}
	p := kit.Pane{Title: "History"}
	if s.past.id == e.ID {
		lines := words.HistoryLines(st, s.past.events, thirdCells)
		p.Body = strings.Join(lines[:min(len(lines), h)], "\n")
	}
	return p
}
