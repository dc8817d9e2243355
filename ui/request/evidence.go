package request

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/domains"
	"certdesk/certstore/evidence"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// evidenceMsg is what DNS says of one name, held against a list.
type evidenceMsg struct {
	evidence.Result
	list string
}

// seek asks DNS about each name that was not held against the list as it is now, behind the form.
func (s *wizardScreen) seek() tea.Cmd {
	if s.d.Evidence == nil || !s.d.Asks || s.page.step != wizard.StepNames {
		return nil
	}
	w, list := s.world()
	now := shortly(w)
	var all []tea.Cmd
	for _, n := range list[:min(len(list), mostSought)] {
		if s.sought[n.Value] != now {
			all = append(all, s.d.Behind(s.find(w, n)))
		}
	}
	return tea.Batch(all...)
}

// mostSought is about how many names DNS is asked without being told to: no certificate has more.
const mostSought = 300

// find is the work of asking about one name.
func (s *wizardScreen) find(w evidence.World, n names.Name) func(ctx context.Context) tea.Msg {
	list := shortly(w)
	s.sought[n.Value] = list
	ask := s.d.Evidence
	return func(ctx context.Context) tea.Msg { return evidenceMsg{ask(ctx, w, n), list} }
}

// shortly tells one list from another.
func shortly(w evidence.World) string {
	return strings.Join(w.Names, " ") + "/" + strings.Join(w.Domains, " ")
}

// world is what a name is held against: the names that are on, and the accepted domains.
func (s *wizardScreen) world() (w evidence.World, list []names.Name) {
	list = wizard.Chosen(wizard.Expand(s.draft.answers, s.env))
	for _, n := range list {
		w.Names = append(w.Names, n.Value)
	}
	w.Domains = domains.Names(s.env.AcceptedDomains)
	return w, list
}

// tookEvidence shows it, unless the list has changed meanwhile: then an answer about the present one is on its way.
func (s *wizardScreen) tookEvidence(msg evidenceMsg) {
	r := msg.Result
	if s.sought[r.Name] != msg.list {
		return
	}
	s.memory.found[r.Name] = r
	if s.page.refresh == nil || s.making.shown() {
		return
	}
	s.page.refresh()
	if s.draft.answers.RenewalOf != 0 { // else no finding speaks of DNS, and hundreds of names may be answered at once
		s.ahead.known = false
		s.judge()
	}
}

// beside is what stands beside a name: why it is there, which does not move when it is known where it leads.
func (s *wizardScreen) beside(c wizard.Candidate) string {
	return strings.Join(words.NotEmpty(strings.Join(reasons(c), ", "), s.memory.found[c.Name.Value].Text()), "; ")
}

// openWhy turns to a page with all that is known of a name, and asks DNS anew: the list may have changed since.
func (s *wizardScreen) openWhy(name string) tea.Cmd {
	n, err := names.Normalize(name)
	if err != nil {
		return nil
	}
	list := s.page
	w, _ := s.world()
	delete(s.memory.found, name)
	ask := s.d.Run(s.find(w, n))
	text := func(st theme.Styles, w int) []string { return s.why(st, n, w) }
	page := &wizardPage{
		question: "Why is " + names.Shown(name) + " in the list, and does it work?",
		form:     form.New(form.NewNote("Why", "", "Enter goes back to the list.", text)).Leading("to the list"),
		save:     func(*wizard.Answers) {},
		leave:    func() tea.Cmd { return s.turnTo(list, "Off") },
	}
	return tea.Batch(s.turnTo(page, ""), ask)
}

// why is the text of that page.
func (s *wizardScreen) why(st theme.Styles, n names.Name, w int) []string {
	var lines []string
	for _, c := range wizard.Expand(s.draft.answers, s.env) {
		if c.Name == n {
			lines = append(lines, kit.Wrap(words.Stop(words.SentenceCase("in the list: "+strings.Join(reasons(c), ", "))), w)...)
		}
	}
	found, known := s.memory.found[n.Value]
	switch {
	case !known:
		return append(lines, "", st.Muted.Render("DNS is being asked."))
	case len(found.Facts) == 0:
		return append(lines, "", st.Muted.Render("DNS has nothing to say of it."))
	}
	lines = append(lines, "")
	for _, f := range found.Facts {
		glyph, style := words.SeverityGlyph(st, f.Severity), words.SeverityStyle(st, f.Severity)
		if f.Severity == trust.Info {
			glyph, style = st.Glyphs.Good, st.Text
		}
		lines = append(lines, words.Signed(style, glyph, words.Stop(begun(f.Text)), w)...)
	}
	return lines
}

// begun begins a sentence, but for one that begins with a name or an address.
func begun(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if strings.Contains(first, ".") || strings.Contains(first, ":") {
		return text
	}
	return words.SentenceCase(text)
}
