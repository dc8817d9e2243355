package table

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// pane is what stands beside the table on a wide terminal: the list's knowledge of the selected entry.
func (s *tableScreen) pane(w, h int) string {
	e, ok := s.selected()
	if !ok {
		return kit.Fit("", w, h)
	}
	st := s.d.Styles
	glyph, style := words.Look(&st, &e)
	lines := []string{" " + st.Title.Render(kit.Cut(words.Title(e), w-1, st.Glyphs.Ellipsis)), " " +
		style.Render(glyph+" "+e.Verdict.Word), ""}
	lines = append(lines, words.FactLines(st, slimFacts(e, s.d.Now()), words.PaneColumn, w)...)
	if e.Kind == certstore.Certificate {
		lines = append(lines, "", " "+style.Render(words.Bar(st, &e, s.d.Now(), w-2)))
	}
	lines = append(lines, "", " "+st.Title.Render(fmt.Sprintf("Names (%d)", len(e.Names))))
	lines = append(lines, words.NameLines(e, max(1, h-len(lines)-8))...)
	if e.Kind == certstore.Certificate && !e.SelfSigned {
		lines = append(append(lines, "", " "+st.Title.Render("Chain")), words.ChainLines(st, e, s.d.Now(), w)...)
	}
	if len(e.Verdict.Findings) > 0 {
		lines = append(append(lines, "", " "+st.Title.Render("Findings")), words.FindingLines(st, e.Verdict.Findings, w)...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func slimFacts(e certstore.Entry, now time.Time) []wizard.Fact {
	facts := []wizard.Fact{{Label: "Subject", Value: kit.Printable(e.Subject)}}
	if e.Kind == certstore.Certificate {
		facts = append(facts, wizard.Fact{Label: "Issuer", Value: words.IssuerFact(e)},
			wizard.Fact{Label: "Valid from", Value: words.Day(e.NotBefore, now)},
			wizard.Fact{Label: "Valid until", Value: words.Day(e.NotAfter, now)})
	} else {
		facts = append(facts, words.LifeFacts(e, now)...)
	}
	key := fmt.Sprintf("%s %d, %s", kit.Printable(e.KeyAlgorithm), e.KeySize, words.PrivateKey(e))
	return append(facts, wizard.Fact{Label: "Services", Value: words.UseWords(e)}, wizard.Fact{Label: "Key", Value: key},
		wizard.Fact{Label: "Thumbprint", Value: halves(kit.Printable(e.Thumbprint))})
}

// halves breaks a thumbprint in its middle.
func halves(s string) string {
	if len(s) < 40 {
		return s
	}
	return s[:len(s)/2] + "\n" + s[len(s)/2:]
}
