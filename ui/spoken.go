package ui

import (
	"strings"

	"certdesk/certstore"
	"certdesk/ui/words"
)

func (s *tableScreen) ids() []int64 {
	return shownIDs(s.loaded && len(s.d.entries) > 0, s.table)
}

func (s *tableScreen) at() int { return s.table.Position() }

func (s *tableScreen) name(id int64) string {
	e, _ := s.d.entry(id)
	return words.Title(e)
}

func (s *tableScreen) spoken(id int64) string {
	e, _ := s.d.entry(id)
	parts := []string{e.Verdict.Word + ": " + words.Title(e), words.NamesSpoken(&e)}
	if e.Services != 0 {
		parts = append(parts, "in use for "+e.Services.String())
	}
	if wanted := e.Wanted &^ e.Services; wanted != 0 {
		parts = append(parts, "wanted for "+wanted.String())
	}
	if e.Kind == certstore.Certificate {
		parts = append(parts, "from "+words.Issuer(e), "until "+words.Day(e.NotAfter), words.LifeWords(e, s.d.Now()))
	}
	if marked := s.table.Marked; marked != nil && marked(id) {
		parts = append(parts, "marked")
	}
	return strings.Join(parts, ", ")
}
