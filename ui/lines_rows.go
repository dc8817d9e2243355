package ui

import (
	"fmt"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
)

// How the screens of rows are read out.

// shownIDs are the rows of a table, nil while there is no list.
func shownIDs(any bool, t kit.Table) []int64 {
	if !any {
		return nil
	}
	return append([]int64{}, t.IDs()...)
}

func (s *tableScreen) ids() []int64 {
	return shownIDs(s.loaded && len(s.d.entries) > 0, s.table)
}

func (s *tableScreen) at() int { return s.table.Position() }

func (s *tableScreen) name(id int64) string {
	e, _ := s.d.entry(id)
	return title(e)
}

func (s *tableScreen) spoken(id int64) string {
	e, _ := s.d.entry(id)
	parts := []string{e.Verdict.Word + ": " + title(e), namesSpoken(&e)}
	if e.Services != 0 {
		parts = append(parts, "in use for "+e.Services.String())
	}
	if wanted := e.Wanted &^ e.Services; wanted != 0 {
		parts = append(parts, "wanted for "+wanted.String())
	}
	if e.Kind == certstore.Certificate {
		parts = append(parts, "from "+Issuer(e), "until "+day(e.NotAfter, s.d.Now()), lifeWords(e, s.d.Now()))
	}
	if marked := s.table.Marked; marked != nil && marked(id) {
		parts = append(parts, "marked")
	}
	return strings.Join(parts, ", ")
}

// namesSpoken is the first name and how many more there are.
func namesSpoken(e *certstore.Entry) string {
	more := len(e.Names) - 1
	if more < 1 {
		return namesIn(e, lineWidth, "...")
	}
	return fmt.Sprintf("%s and %d more", kit.Printable(e.Names[0]), more)
}

func (s *historyScreen) ids() []int64 { return shownIDs(s.loaded && len(s.list.ids) > 0, s.list.table) }
func (s *historyScreen) at() int      { return s.list.table.Position() }

// name is none: a line of the journal has only a number.
func (s *historyScreen) name(int64) string { return "" }

func (s *historyScreen) spoken(id int64) string {
	e := &s.past.events[id-1]
	return minuteOf(e) + ": " + kit.Printable(e.Who) + " " + kit.Printable(e.Text)
}

func (s *removedScreen) ids() []int64 { return shownIDs(s.loaded && len(s.list.ids) > 0, s.list.table) }
func (s *removedScreen) at() int      { return s.list.table.Position() }

func (s *removedScreen) name(id int64) string { return title(s.entries[id]) }

func (s *removedScreen) spoken(id int64) string {
	e := s.entries[id]
	parts := []string{title(e), namesSpoken(&e), "from " + Issuer(e), "until " + day(e.NotAfter, s.d.Now())}
	if e.Kind == certstore.PendingReq {
		parts = []string{title(e), namesSpoken(&e), "a pending request"}
	}
	return strings.Join(append(parts, "removed on "+when.Recorded(e.Removed.Local())+" by "+kit.Printable(e.RemovedBy)), ", ")
}

func (s *historyScreen) doing() string { return s.busy.text }
func (s *removedScreen) doing() string { return s.busy.text }
