package ui

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/wizard"
)

// lines is the whole page, w cells wide: first what a person on the telephone is asked, last what is looked up once a year.
func (s *detailsScreen) lines(w int) []string {
	st, e, now := s.d.styles, s.entry, s.d.Now()
	var lines []string
	add := func(heading string, section []string) {
		if len(section) > 0 {
			lines = append(append(append(lines, " "+st.Title.Render(heading)), section...), "")
		}
	}
	facts := func(list ...[]Fact) []string { return factLines(st, slices.Concat(list...), labelColumn, w) }
	lines = append([]string{""}, s.verdictLines(w)...)
	add("Life", s.life(w))
	add(fmt.Sprintf("Names (%d)", len(e.Names)), nameLines(e, maxNames))
	add("Chain", append(chainLines(st, e, now, w), s.missing(w)...))
	add("Findings", findingLines(st, e.Verdict.Findings, w))
	add("Ports", s.ports(w))
	add("Key and services", facts(KeyFacts(e), ServiceFacts(e)))
	add("Identity", facts(IdentityFacts(e), RelativeFacts(s.details, s.d.Now()), PrintFacts(e)))
	if !s.known && s.err == nil {
		return append(lines, " "+st.Muted.Render("Reading the store ..."), "")
	}
	add("History", s.history(w))
	add("Files", s.files(w))
	add("Commands", s.commands(w))
	return lines
}

// missing says where what the chain lacks could be had.
func (s *detailsScreen) missing(w int) (lines []string) {
	for _, gap := range s.details.Gaps {
		text := "The certificate of " + gap.Issuer + ": " + gap.Where()
		if len(gap.Fetchable()) > 0 {
			text += ". To fetch it import this certificate's own file once more (i): the desk then offers it"
		}
		for i, line := range kit.Wrap(text, w-5) {
			lines = append(lines, strings.Repeat(" ", 2+2*min(i, 1))+line)
		}
	}
	return lines
}

// verdictLines say how it stands and what to do.
func (s *detailsScreen) verdictLines(w int) []string {
	st, e := s.d.styles, s.entry
	glyph, style := lookOf(&st, &e)
	out := []string{" " + style.Render(glyph+" "+e.Verdict.Word)}
	what, next := sentence(e, s.d.Now(), !s.d.readOnly)
	switch {
	case s.gone:
		out[0] = " " + st.Muted.Render(st.Glyphs.Dot+" gone")
		what, next = "This entry has been purged meanwhile: only a backup can bring it back.", ""
	case !e.Removed.IsZero():
		out[0] = " " + st.Muted.Render(st.Glyphs.Dot+" removed") + "  " + out[0][1:]
		what, next = removedWords(e, s.d.readOnly)
	}
	for _, line := range append(kit.Wrap(what, w-4), nextLines(st, next, w-4, 3)...) {
		out = append(out, "   "+line)
	}
	if s.err != nil && !s.gone {
		problem, hint := failure(s.err)
		for _, line := range kit.Wrap(stop(problem)+" "+hint, w-4) {
			out = append(out, "   "+st.Error.Render(line))
		}
	}
	if s.busy.runs() {
		out = append(out, s.busy.line(st, s.d.Now()))
	}
	return append(out, "")
}

// life is the bar between its two dates, and the facts.
func (s *detailsScreen) life(w int) []string {
	e, st := s.entry, s.d.styles
	if e.Kind != certstore.Certificate {
		return nil
	}
	_, style := lookOf(&st, &e)
	if e.Verdict.Status == trust.Untrusted || e.Verdict.Status == trust.Invalid {
		style = &st.Muted // time is not what is wrong
	}
	from, until := day(e.NotBefore, s.d.Now()), day(e.NotAfter, s.d.Now())
	width := max(10, min(40, w-len(from)-len(until)-18))
	left := int(share(&e, s.d.Now()) * 100)
	line := fmt.Sprintf(" %s  %s  %s  %s", from, style.Render(bar(st, &e, s.d.Now(), width)), until, st.Muted.Render(fmt.Sprintf("%d %% left", left)))
	return append([]string{line}, factLines(st, LifeFacts(e, s.d.Now()), labelColumn, w)...)
}

// history is who did what with this entry, the latest first.
func (s *detailsScreen) history(w int) []string {
	var lines []string
	for _, event := range slices.Backward(s.details.History) {
		when := s.d.styles.Muted.Render(kit.PadLeft(minuteOf(&event), 17))
		for i, line := range kit.Wrap(kit.Printable(event.Who)+" "+kit.Printable(event.Text), w-23) {
			if i > 0 {
				when = strings.Repeat(" ", 17)
			}
			lines = append(lines, "  "+when+"  "+line)
		}
	}
	return lines
}

func (s *detailsScreen) files(w int) []string {
	var lines []string
	for _, f := range s.details.Files {
		for i, line := range kit.Wrap(kit.Printable(f), w-5) {
			lines = append(lines, strings.Repeat(" ", 2+2*min(i, 1))+line)
		}
	}
	return lines
}

func entryCommands(d *desk, e certstore.Entry, files []string) []wizard.Equivalent {
	return append(wizard.EntryCommands(e, files, d.Env), wizard.SameAgain(e, d.Env)...)
}

// commands are what does the same outside the desk, each as it can be copied.
func (s *detailsScreen) commands(w int) []string {
	var lines []string
	for i, c := range entryCommands(s.d, s.entry, s.details.Files) {
		sh := posixShell
		if c.PowerShell {
			sh = powerShell
		}
		block := commandLines(s.d.styles, c.Does, c.Command, sh, w-4)
		if i == 0 {
			block = block[1:] // the heading stands right above
		}
		for _, line := range block {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}
