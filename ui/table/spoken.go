package table

import (
	"strings"

	"certdesk/certstore"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

func (s *tableScreen) IDs() []int64 {
	return screen.ShownIDs(s.loaded && len(s.d.Entries) > 0, s.table)
}

func (s *tableScreen) At() int { return s.table.Position() }

func (s *tableScreen) Name(id int64) string {
	e, _ := s.d.Entry(id)
	return words.Title(e)
}

func (s *tableScreen) Spoken(id int64) string {
	e, _ := s.d.Entry(id)
	parts := []string{e.Verdict.Word + ": " + words.Title(e), words.NamesSpoken(&e, s.matched(&e))}
	if e.Services != 0 {
		parts = append(parts, "in use for "+e.Services.String())
	}
	if wanted := e.Wanted &^ e.Services; wanted != 0 {
		parts = append(parts, "wanted for "+wanted.String())
	}
	if e.Kind == certstore.Certificate {
		parts = append(parts, "from "+words.Issuer(e), "until "+words.Day(e.NotAfter, s.d.Now()),
			words.LifeWords(e, s.d.Now()))
	}
	if e.Automatic != nil {
		parts = append(parts, words.EndCell(e, s.d.Now()))
	}
	if waited := words.WaitedWords(e, s.d.Now()); waited != "" {
		parts = append(parts, "waiting "+waited)
	}
	if marked := s.table.Marked; marked != nil && marked(id) {
		parts = append(parts, "marked")
	}
	return strings.Join(parts, ", ")
}
