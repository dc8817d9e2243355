package table

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// details is what the list knows of an entry, in w×h cells. Of its names as many are listed as the rest leaves room
// for.
func (s *tableScreen) details(e certstore.Entry, w, h int) string {
	st := s.d.Styles
	head, tail := s.detailHead(e, w), s.detailTail(e, w)
	lines := append(head, st.Title.Render(fmt.Sprintf("Names (%d)", len(e.Names))))
	lines = append(lines, nameLines(e, w, max(leastNames, h-len(lines)-len(tail)))...)
	return kit.Fit(strings.Join(append(lines, tail...), "\n"), w, h)
}

// leastNames is how many lines the names have at least.
const leastNames = 3

// detailHead is how an entry stands, and its facts.
func (s *tableScreen) detailHead(e certstore.Entry, w int) []string {
	st, now := s.d.Styles, s.d.Now()
	glyph, style := words.Look(&st, &e)
	lines := []string{style.Render(glyph + " " + e.Verdict.Word)}
	if title := words.Title(e); kit.Width(title) > w-2 { // the edge has cut it
		for _, line := range kit.Wrap(title, w) {
			lines = append(lines, st.Title.Render(line))
		}
	}
	lines = append(lines, "")
	for _, line := range words.FactLines(st, slimFacts(e, now), words.PaneColumn, w+1) {
		lines = append(lines, line[1:]) // the pane has its own margin
	}
	lines = append(lines, thumbprintLines(st, e, w)...)
	if e.Kind == certstore.Certificate {
		gauge := words.LeftStyle(&st, &e, now).Render(words.Gauge(st, &e, now, w-words.PaneColumn-2))
		lines = append(lines, kit.Pad(words.LeftCell(e, now), words.PaneColumn+2)+gauge)
	}
	return append(lines, "")
}

// detailTail is what is below the names: the chain, and what is remarkable.
func (s *tableScreen) detailTail(e certstore.Entry, w int) (lines []string) {
	st := s.d.Styles
	add := func(title string, list []string) {
		lines = append(lines, "", st.Title.Render(title))
		for _, line := range list {
			lines = append(lines, line[1:])
		}
	}
	if e.Kind == certstore.Certificate && !e.SelfSigned {
		add("Chain", words.ChainLines(st, e, s.d.Now(), w+1))
	}
	if len(e.Verdict.Findings) > 0 {
		add("Findings", words.FindingLines(st, e.Verdict.Findings, w+1, false))
	}
	return lines
}

// nameLines are an entry's names in at most so many lines, a long one broken.
func nameLines(e certstore.Entry, w, most int) (lines []string) {
	for i, name := range e.Names {
		parts := kit.Wrap(kit.Printable(names.Shown(name)), w-1)
		if len(lines)+len(parts) > most || len(lines)+len(parts) == most && i < len(e.Names)-1 {
			return append(lines, fmt.Sprintf(" and %d more", len(e.Names)-i))
		}
		for _, part := range parts {
			lines = append(lines, " "+part)
		}
	}
	if len(lines) == 0 {
		return []string{" none"}
	}
	return lines
}

func slimFacts(e certstore.Entry, now time.Time) []wizard.Fact {
	facts := []wizard.Fact{{Label: "Subject", Value: words.SubjectOrName(e)}}
	if e.Kind == certstore.Certificate {
		facts = append(facts, wizard.Fact{Label: "Issuer", Value: words.IssuerFact(e)},
			wizard.Fact{Label: "Valid from", Value: words.Day(e.NotBefore, now)},
			wizard.Fact{Label: "Valid until", Value: words.Day(e.NotAfter, now)})
	} else {
		facts = append(facts, words.LifeFacts(e, now)...)
	}
	facts = append(facts, words.AutomaticFacts(e, nil, now)...)
	key := fmt.Sprintf("%s %d, %s", kit.Printable(e.KeyAlgorithm), e.KeySize, words.PrivateKey(e))
	return append(facts, wizard.Fact{Label: "Services", Value: words.UseWords(e)}, wizard.Fact{Label: "Key", Value: key})
}

// thumbprintLines are the thumbprint in one piece, since it is compared and copied: beside its label or below that. In
// a pane that is narrower than the digits these are broken in their middle.
func thumbprintLines(st theme.Styles, e certstore.Entry, w int) []string {
	digits := kit.Printable(e.Thumbprint)
	n := len(digits)
	label := st.Label.Render(kit.Pad("Thumbprint", words.PaneColumn)) + "  "
	switch {
	case words.PaneColumn+2+n <= w:
		return []string{label + digits}
	case n <= w:
		return []string{label, digits}
	}
	return []string{label + digits[:n/2], strings.Repeat(" ", words.PaneColumn+2) + digits[n/2:]}
}
