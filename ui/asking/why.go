package asking

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/answering"
	"certdesk/certstore/domains"
	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// whyScreen takes a caller's question, and tells the answer below it: what is known at once, then what servers say.
type whyScreen struct {
	*talk
	selected certstore.Entry // what an empty question is about; its id is 0 for nothing
	line     *askLine
	answer   *answering.Answer // nil while there is none
}

var (
	_ screen.Asking = (*whyScreen)(nil)
	_ screen.Paged  = (*whyScreen)(nil)
	_ screen.Doer   = (*whyScreen)(nil)
)

// KnowsMsg is the answer to a question.
type KnowsMsg struct {
	Answer answering.Answer
	Err    error
}

const (
	whyTitle    = "What is wrong?"
	whyQuestion = "What does the caller say?"
	hintWhy     = "A host, the caller's mail address, a friendly name, or the words of the dialog."
)

// NewWhy takes a question; an empty one is about an entry, if there is one.
func NewWhy(d *screen.Desk, e certstore.Entry) screen.Screen {
	s := &whyScreen{talk: &talk{d: d, asks: "question"}, selected: e}
	s.asker = s
	s.line = &askLine{form.NewText("question", "Question", ""), s.ask, "find out"}
	s.line.With(hintWhy, "host, mail address, or words")
	if e.ID != 0 {
		s.line.With(hintWhy+" Left empty, it is about the selected certificate.", words.Title(e))
	}
	s.line.SetCheck(func() string {
		_, err := s.question()
		if err == nil {
			return ""
		}
		return fail.Of(err).Hint
	})
	s.form = form.New(s.line, form.NewButton("do", "Find out", "Looks and asks as clients do. Nothing is changed.")).
		Titled(func() string { return whyQuestion }).Leading("find out").
		Below(func(st theme.Styles, w int) []string { return words.ProblemLines(st, s.err, w) })
	return s
}

func (s *whyScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	if msg, ok := msg.(KnowsMsg); ok {
		return s, s.knows(msg)
	}
	return s, s.update(msg)
}

func (s *whyScreen) took()      {}
func (s *whyScreen) told() bool { return s.answer != nil }

// world is what the desk knows.
func (s *whyScreen) world() answering.World {
	w := answering.World{Now: s.d.Now(), Domains: domains.Names(s.d.Env.AcceptedDomains)}
	if s.d.Accepted != nil {
		w.Domains = domains.Names(s.d.Accepted.Domains)
	}
	if s.d.Survey != nil {
		w.Ports = s.d.Survey.Ports
	}
	w.Entries = slices.DeleteFunc(slices.Clone(s.d.Entries), words.IsStranger)
	return w
}

// question is what was typed, or what to type instead.
func (s *whyScreen) question() (answering.Question, error) {
	text := strings.TrimSpace(s.line.Value())
	if text == "" && s.selected.ID != 0 {
		text = s.selected.Thumbprint
	}
	return answering.Read(text, s.world())
}

// ask answers from what is known, and asks the servers behind that.
func (s *whyScreen) ask() tea.Cmd {
	if cmd, ok := s.form.Complete(); !ok {
		return cmd
	}
	q, err := s.question()
	if err != nil {
		return nil // which the form has said
	}
	w, ask := s.world(), s.d.Answers
	known := w.Known(q)
	s.err, s.answer, s.scroll = nil, &known, s.scroll.Home()
	if ask == nil || !q.Located() {
		return nil
	}
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		a, err := ask(ctx, w, q)
		return KnowsMsg{a, err}
	})
	return tea.Batch(work, s.busy.Start(s.d, "asking as clients do, ten seconds at most"))
}

func (s *whyScreen) knows(msg KnowsMsg) tea.Cmd {
	s.busy.Stop()
	switch {
	case words.Canceled(msg.Err):
		return screen.Notice("cancelled: what stands here was known before")
	case msg.Err != nil:
		s.err, s.answer = msg.Err, nil
		return s.form.Focus("question")
	}
	s.answer, s.scroll = &msg.Answer, s.scroll.Home()
	return nil
}

// again goes back to the line; what was typed goes with the first key that would replace it.
func (s *whyScreen) again() tea.Cmd {
	s.answer = nil
	s.line.SetValue("")
	return s.form.Focus("question")
}

func (s *whyScreen) why() words.Why {
	return words.Why{Answer: *s.answer, Now: s.d.Now(), CanWrite: !s.d.ReadOnly}
}

// Lines are the question and its answer.
func (s *whyScreen) Lines(w int) []string {
	st := s.d.Styles
	text := s.answer.Text
	if s.answer.Entry == s.selected.ID && s.selected.ID != 0 {
		text = words.Title(s.selected)
	}
	question := st.Muted.Render("Question  " + kit.Printable(text))
	lines := []string{"", " " + kit.Cut(question, max(w-1, 0), st.Glyphs.Ellipsis), ""}
	return append(append(lines, whyLines(st, s.why(), w)...), "")
}

// View is the line, or the question with its answer; what runs stands above it.
func (s *whyScreen) View(w, h int) string {
	st := s.d.Styles
	switch {
	case s.busy.Runs() && s.answer != nil && s.answer.Verdict != answering.Unknown && h > 3:
		return kit.Fit(s.busy.Line(st, s.d.Now()), w, 1) + "\n" + s.scroll.View(st, s.Lines(w), w, h-1)
	case s.busy.Runs():
		lines := []string{"", "  " + st.Title.Render(whyQuestion), "", s.busy.Line(st, s.d.Now())}
		return kit.Fit(strings.Join(lines, "\n"), w, h)
	case s.answer != nil:
		return s.scroll.View(st, s.Lines(w), w, h)
	}
	return kit.Fit(strings.Join(s.form.View(st, w, h), "\n"), w, h)
}

var keyAnotherQuestion = screen.Keys.Why.Called("another question")

// answerVerbs are what can be done about an answer.
func (s *whyScreen) answerVerbs() []kit.Verb {
	list := []kit.Verb{keyAnotherQuestion.Does(s.again), screen.Keys.Scroll}
	if e, found := s.entry(); found {
		list = append(list, screen.Keys.Open.Does(func() tea.Cmd { return s.d.Open(screen.ToDetails{Entry: e}) }))
	}
	if s.d.Answers != nil && s.answer.Located() {
		list = append(list, keyAskAgain.On("r").Does(s.ask))
	}
	return append(list, screen.Keys.Leave)
}

// entry is the certificate that an answer is about: what is served where it was decided, else what has the name.
func (s *whyScreen) entry() (certstore.Entry, bool) {
	if at := s.answer.At; at != nil {
		for _, a := range at.Answers {
			if e, listed := s.d.Entry(a.Entry.ID); listed && a.Ours() {
				return e, true
			}
		}
	}
	if len(s.answer.Covers) > 0 {
		return s.d.Entry(s.answer.Covers[0].ID)
	}
	return certstore.Entry{}, false
}

func (s *whyScreen) Title() string { return whyTitle }

func (s *whyScreen) InLines() (string, *form.Form, error) {
	if !s.asksNow() {
		return "", nil, nil
	}
	return whyQuestion, s.form, s.err
}
