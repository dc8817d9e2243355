package details

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// Lines is the whole page, w cells wide: first what a person on the telephone is asked, last what is looked up once a
// year.
func (s *detailsScreen) Lines(w int) []string {
	st, e, now := s.d.Styles, s.entry, s.d.Now()
	var lines []string
	add := func(heading string, section []string) {
		if len(section) > 0 {
			lines = append(append(append(lines, " "+st.Title.Render(heading)), section...), "")
		}
	}
	facts := func(list ...[]wizard.Fact) []string {
		return words.FactLines(st, slices.Concat(list...), words.LabelColumn, w)
	}
	lines = s.verdictLines(w)
	add("Life", s.life(w))
	add("Told", facts(words.ToldFacts(s.details.History)))
	add("Automatic", facts(words.AutomaticFacts(e, s.details.Account, now)))
	add(fmt.Sprintf("Names (%d)", len(e.Names)), words.NameLines(e, words.MaxNames))
	add("Chain", append(words.ChainLines(st, e, now, w), s.missing(w)...))
	add("Findings", words.FindingLines(st, e.Verdict.Findings, w, true))
	add("Ports", s.ports(w))
	add("Key and services", facts(words.KeyFacts(e), words.ServiceFacts(e)))
	add("Identity", facts(words.IdentityFacts(e), words.RelativeFacts(s.details, s.d.Now()), words.PrintFacts(e)))
	if !s.known && s.err == nil {
		return append(lines, " "+st.Muted.Render("Reading the store ..."), "")
	}
	add("History", words.HistoryLines(st, s.details.History, w))
	add("Published", listed(s.details.Published, w))
	add("Files", listed(s.details.Files, w))
	add("Commands", s.commands(wizard.EntryCommands(e, s.details.Files, s.d.Env), words.PosixShell, w))
	add(words.ManagementShell, append([]string{"  " + st.Muted.Render(words.ExchangeNote(s.d.Env)), ""},
		s.commands(wizard.ExchangeCommands(e, s.d.Env), words.PowerShell, w)...))
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

// Remark is how it stands in a sentence, and what to do.
func (s *detailsScreen) Remark() (what, next string) {
	switch {
	case s.gone:
		return "This entry has been purged meanwhile: only a backup can bring it back.", ""
	case !s.entry.Removed.IsZero():
		return words.RemovedWords(s.entry, s.d.ReadOnly)
	}
	return words.Sentence(s.entry, s.d.Now(), !s.d.ReadOnly)
}

// verdictLines say how it stands and what to do.
func (s *detailsScreen) verdictLines(w int) []string {
	st, e := s.d.Styles, s.entry
	glyph, style := words.Look(&st, &e)
	out := []string{" " + style.Render(glyph+" "+e.Verdict.Word)}
	if !e.Verdict.At.IsZero() {
		out[0] += "  " + st.Muted.Render("as of "+when.Minute(e.Verdict.At.Local()))
	}
	what, next := s.Remark()
	switch {
	case s.gone:
		out[0] = " " + st.Muted.Render(st.Glyphs.Dot+" gone")
	case !e.Removed.IsZero():
		out[0] = " " + st.Muted.Render(st.Glyphs.Dot+" removed") + "  " + out[0][1:]
	}
	said := kit.Wrap(what, w-4)
	if next != "" {
		said = append(said, words.NextLines(st, next, w-4, 3)...)
	}
	for _, line := range said {
		out = append(out, "   "+line)
	}
	if s.err != nil && !s.gone {
		problem, hint := words.Failure(s.err)
		for _, line := range kit.Wrap(words.Stop(problem)+" "+hint, w-4) {
			out = append(out, "   "+st.Error.Render(line))
		}
	}
	if s.busy.Runs() {
		out = append(out, s.busy.Line(st, s.d.Now()))
	}
	return append(out, "")
}

// life is the bar between its two dates, and the facts.
func (s *detailsScreen) life(w int) []string {
	e, st := s.entry, s.d.Styles
	if e.Kind != certstore.Certificate {
		return words.FactLines(st, words.LifeFacts(e, s.d.Now()), words.LabelColumn, w)
	}
	style := words.LeftStyle(&st, &e, s.d.Now())
	from, until := words.Day(e.NotBefore, s.d.Now()), words.Day(e.NotAfter, s.d.Now())
	width := max(10, min(40, w-len(from)-len(until)-18))
	left := int(words.Share(&e, s.d.Now()) * 100)
	line := fmt.Sprintf(" %s  %s  %s  %s", from, style.Render(words.Gauge(st, &e, s.d.Now(), width)), until,
		st.Muted.Render(fmt.Sprintf("%d %% left", left)))
	return append([]string{line}, words.FactLines(st, slices.Concat(words.LifeFacts(e, s.d.Now()),
		words.RevocationFacts(e)), words.LabelColumn, w)...)
}

// listed are texts that may be long, one below the other.
func listed(list []string, w int) (lines []string) {
	for _, f := range list {
		for i, line := range kit.Wrap(kit.Printable(f), w-5) {
			lines = append(lines, strings.Repeat(" ", 2+2*min(i, 1))+line)
		}
	}
	return lines
}

// commands are what does the same outside the desk, each as it can be copied.
func (s *detailsScreen) commands(list []wizard.Equivalent, sh words.Shell, w int) []string {
	var lines []string
	for i, c := range list {
		block := words.CommandLines(s.d.Styles, c.Does, c.Command, sh, w-4)
		if i == 0 {
			block = block[1:] // the heading stands right above
		}
		for _, line := range block {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}

// ports are what each port serves that an entry is bound to, or that serves it.
func (s *detailsScreen) ports(w int) []string {
	if s.d.Survey == nil || !s.entry.Removed.IsZero() {
		return nil
	}
	ports := s.d.Survey.Of(s.entry)
	table := s.d.PortTable()
	return table.Lines(ports, words.WidestWord(ports), w, table.Advice)
}
