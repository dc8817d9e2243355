// Package request is the form for a new certificate, page by page, and the renewals that fill it in.
//
// Its promise: every key stroke goes into the draft, so that nothing is lost however the form is left; what the last
// page shows is the very value that is carried out.
package request

import (
	"slices"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/domains"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// wizardScreen walks a person through the pages of a new certificate. Every key stroke goes into the draft at
// once, so nothing is lost however the screen is left.
type wizardScreen struct {
	d      *screen.Desk
	memory *Memory
	env    wizard.Env
	draft  *wizardDraft
	page   *wizardPage
	said   []wizard.Finding // of the page's answers as they stand
	ahead  outlook          // what would come of them
	asked  bool             // the person asked for the next page: errors no field shows are shown too
	making making
	sought map[string]string // names that DNS was asked about, and the list they were held against
}

var (
	_ screen.Asking = (*wizardScreen)(nil)
	_ screen.Doer   = (*wizardScreen)(nil)
)

// wizardPage is one page: a question, fields, and how they and the answers go into each other.
type wizardPage struct {
	step     wizard.Step
	question string
	form     *form.Form
	save     func(a *wizard.Answers)
	refresh  func()                            // after every change of the answers; may be nil
	about    func(f wizard.Finding) string     // the field that shows a finding; nil: the one it is about
	notice   string                            // for the footer, once
	update   func(msg tea.Msg) (tea.Cmd, bool) // messages that are the page's own; may be nil
	pressed  func() (screen.Screen, tea.Cmd)   // the button
	keys     []kit.Verb                        // beside the form's
	leave    func() tea.Cmd                    // of a page within a step: where it came from, both ways; nil: the steps
}

// newWizard opens the form; a nil draft starts one, another is resumed where it was left.
func newWizard(d *screen.Desk, m *Memory, draft *wizardDraft) screen.Screen {
	s := &wizardScreen{d: d, memory: m, draft: draft, env: wizardEnv(d, m), sought: map[string]string{}}
	if draft == nil {
		s.draft = newDraft(m)
	}
	s.page = newPage(s, s.draft.step)
	return s
}

// Open opens the form for a new certificate; one that was left is resumed unless the person starts over.
func Open(d *screen.Desk, m *Memory) screen.Screen {
	if m.draft == nil {
		return newWizard(d, m, nil)
	}
	lines := []string{"You left a form for a new certificate before it was finished. Its answers are kept."}
	q := kit.Dialog{Title: "Resume the unfinished form?", Lines: lines, Buttons: []string{"Resume", "Start over"}}
	form := func(d *screen.Desk) screen.Screen { return newWizard(d, m, m.draft) }
	return screen.Ask(q,
		func() tea.Cmd { return d.Push(form) },
		func() tea.Cmd { m.draft = nil; return d.Push(form) })(d)
}

func (s *wizardScreen) Init() tea.Cmd { return tea.Batch(s.readDomains(), s.open(s.draft.step, "")) }

// newPage makes a page anew from the answers.
func newPage(s *wizardScreen, step wizard.Step) *wizardPage {
	switch step {
	case wizard.StepNames:
		return namesPage(s)
	case wizard.StepSubject:
		return subjectPage(s)
	case wizard.StepKey:
		return keyPage(s)
	case wizard.StepServices:
		return servicesPage(s)
	case wizard.StepFile:
		return filePage(s)
	case wizard.StepReview:
		return reviewPage(s)
	}
	return purposePage(s)
}

// open shows a page with the focus on a field, "" for its first.
func (s *wizardScreen) open(step wizard.Step, field string) tea.Cmd {
	s.draft.step = step
	s.env = wizardEnv(s.d, s.memory)
	return s.turnTo(newPage(s, step), field)
}

// turnTo shows a page of the present step.
func (s *wizardScreen) turnTo(page *wizardPage, field string) tea.Cmd {
	step := s.draft.step
	s.page, s.asked = page, false
	s.page.step = step
	s.page.form.Explain(fieldHelp).Check(s.objection).Remarks(s.remarks).
		Titled(func() string { return page.question })
	if step != wizard.StepReview {
		s.page.form.Beside("What it will be", s.preview)
	}
	cmd := s.page.form.Focus(field)
	s.judge()
	s.resize()
	cmd = tea.Batch(cmd, s.seek())
	if step == wizard.StepReview {
		cmd = tea.Batch(cmd, s.check(), s.d.After(kit.Grace, screen.WakeMsg{}))
	}
	return cmd
}

// Update routes a message; afterwards the answers are in the draft.
func (s *wizardScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	if _, ok := msg.(tea.WindowSizeMsg); ok {
		s.resize()
		s.lookAhead()
		return s, nil
	}
	switch msg := msg.(type) {
	case domainsMsg:
		return s, s.tookDomains(domains.Listing(msg))
	case evidenceMsg:
		s.tookEvidence(msg)
		return s, nil
	case hostsMsg:
		s.tookHosts(msg)
		return s, nil
	}
	if s.making.shown() {
		return s.updateMaking(msg)
	}
	if k, ok := msg.(tea.KeyMsg); ok {
		return s.key(k)
	}
	return s, s.other(msg)
}

func (s *wizardScreen) key(k tea.KeyMsg) (screen.Screen, tea.Cmd) {
	s.resize()
	if !k.Paste {
		if cmd, done := kit.Do(s.page.keys, k); done {
			return s, cmd
		}
	}
	cmd, outcome := s.page.form.Update(k)
	s.changed()
	notice := s.page.takeNotice()
	switch outcome {
	case form.Next:
		return s, tea.Batch(s.next(), notice)
	case form.Back:
		return s.back()
	case form.Pressed:
		return s.page.pressed()
	}
	return s, tea.Batch(cmd, notice, s.seek())
}

// resize tells what scrolls how much of it is seen.
func (s *wizardScreen) resize() {
	w, h := formSize(s.d.Width, s.d.PageHeight())
	s.shown().Resize(s.d.Styles, w, h)
}

func (s *wizardScreen) other(msg tea.Msg) tea.Cmd {
	if s.page.update != nil {
		if cmd, mine := s.page.update(msg); mine {
			return cmd
		}
	}
	cmd, outcome := s.page.form.Update(msg)
	s.changed()
	if outcome == form.Next {
		return s.next()
	}
	return tea.Batch(cmd, s.seek())
}

func (p *wizardPage) takeNotice() tea.Cmd {
	text := p.notice
	if p.notice = ""; text == "" {
		return nil
	}
	return screen.Notice(text)
}

// changed takes the answers from the fields.
func (s *wizardScreen) changed() {
	s.page.save(&s.draft.answers)
	if s.page.refresh != nil {
		s.page.refresh()
	}
	s.draft.keep(s.memory)
	s.judge()
}

// judge finds what is to be said of the page.
func (s *wizardScreen) judge() {
	s.said = wizard.Findings(s.draft.answers, s.env, s.page.step)
	s.lookAhead()
}

// field is where the page shows a finding.
func (p *wizardPage) field(f wizard.Finding) string {
	if p.about != nil {
		return p.about(f)
	}
	return f.Field
}

// objection is the error about a field, asked on leaving it.
func (s *wizardScreen) objection(id string) string {
	s.changed()
	for _, f := range s.said {
		if f.Severity == trust.Error && s.page.field(f) == id {
			return words.InDesk(f.Text)
		}
	}
	return ""
}

// remarks are the warnings, except about what is being typed; errors only once the next page was asked for.
func (s *wizardScreen) remarks() []form.Remark {
	var out []form.Remark
	if s.page.step == wizard.StepReview {
		return nil // the page itself lists them
	}
	typing := ""
	if s.page.form.Typing() {
		typing = s.page.form.Field().ID()
	}
	for _, f := range s.said {
		id := s.page.field(f)
		switch {
		case f.Severity == trust.Error && (!s.asked || s.page.form.Has(id)):
		case f.Severity != trust.Error && id == typing:
		default:
			out = append(out, form.Remark{Field: id, Text: words.InDesk(f.Text), Bad: f.Severity == trust.Error,
				Mild: f.Severity == trust.Info})
		}
	}
	return out
}

// next goes on unless an error stands.
func (s *wizardScreen) next() tea.Cmd {
	s.asked = true
	for _, f := range s.said {
		if f.Severity == trust.Error {
			return nil
		}
	}
	if s.page.leave != nil {
		return s.page.leave()
	}
	steps := wizard.Steps(s.draft.answers)
	i := slices.Index(steps, s.page.step)
	if i < 0 || i+1 >= len(steps) || steps[i+1] == wizard.StepMaking {
		return s.page.form.Focus("Create")
	}
	return s.open(steps[i+1], "")
}

// back goes one page back, or leaves and keeps the draft.
func (s *wizardScreen) back() (screen.Screen, tea.Cmd) {
	if s.page.leave != nil {
		return s, s.page.leave()
	}
	steps := wizard.Steps(s.draft.answers)
	i := slices.Index(steps, s.page.step)
	if i > 0 {
		return s, s.open(steps[i-1], "")
	}
	s.draft.keep(s.memory)
	if s.memory.draft == s.draft {
		return s, tea.Batch(screen.Pop, screen.Notice("your answers are kept: n continues with them"))
	}
	return s, screen.Pop
}

// Verbs are the form's, and the page's own.
func (s *wizardScreen) Verbs() []kit.Verb {
	if s.making.shown() {
		return s.makingVerbs()
	}
	return append(s.page.form.Verbs(), s.page.keys...)
}

// Typing says whether letters belong to a field.
func (s *wizardScreen) Typing() bool {
	return !s.making.shown() && s.page.form.Typing()
}

// Title says what is made and how far it is.
func (s *wizardScreen) Title() string {
	what := "New certificate"
	if s.draft.renews != "" {
		what = "Renew " + s.draft.renews
	}
	if s.making.shown() {
		return what
	}
	steps := wizard.Steps(s.draft.answers)
	steps = steps[:len(steps)-1] // the last one only shows what was made
	at := slices.Index(steps, s.draft.step) + 1
	return what + " " + s.d.Styles.Glyphs.Dot + " " + strconv.Itoa(at) + " of " + strconv.Itoa(len(steps))
}
