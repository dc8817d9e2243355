package asking

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// answerVerbs are what can be done about an answer.
func (s *askScreen) answerVerbs() []kit.Verb {
	list := []kit.Verb{screen.Keys.Scroll}
	a := s.answers[0]
	if a.Here() && !a.Right() && a.Meant.ID != 0 {
		list = append(list, s.enableVerbs(a)...)
	}
	if _, listed := s.d.Entry(a.Entry.ID); listed && a.Ours() {
		list = append(list, screen.Keys.Open.Does(func() tea.Cmd { return s.d.Open(screen.ToDetails{Entry: a.Entry}) }))
	}
	return append(list, keyAskAgain.Does(s.ask), keyAnother.Does(s.again), screen.Keys.Leave)
}

var (
	keyAskAgain = screen.Keys.AskAgain.Called("ask again").On("r")
	keyAnother  = screen.Keys.AskPort.Called("another port")
)

// enableVerbs give the port what it should serve.
func (s *askScreen) enableVerbs(a enabling.Answer) []kit.Verb {
	if s.d.ReadOnly {
		return nil
	}
	return screen.EnableVerbs(s.d, a.Meant)
}

// Lines are the answer: what is served, whose it is, what should be there, what clients mind, what to do; then all
// there is to know of it.
func (s *askScreen) Lines(w int) []string {
	st := s.d.Styles
	lines := []string{""}
	for i, a := range s.answers {
		if i > 0 {
			title := "Clients that take a key of type " + string(a.Report.Key)
			lines = append(lines, "", " "+st.Title.Render(title), "")
		}
		lines = append(append(lines, s.verdict(a, w)...), "")
		lines = append(lines, words.FactLines(st, words.AnswerFacts(a, s.d.Now()), words.AnswerColumn, w)...)
	}
	return append(lines, "")
}

// verdict is the answer in sentences.
func (s *askScreen) verdict(a enabling.Answer, w int) []string {
	const lead = "   "
	st, now := s.d.Styles, s.d.Now()
	sign, style := levelLook(st, words.LevelOf(a))
	lines := words.Indented(st.Title, words.ServedSentence(a, now), " "+style.Render(sign)+" ", lead, w)
	for _, text := range words.NotEmpty(words.OursSentence(a), words.MeantSentence(a, now), words.Cause(a)) {
		lines = append(lines, words.Indented(st.Text, text, lead, lead, w)...)
	}
	for _, text := range words.Minded(a, now) {
		lines = append(lines, words.Indented(style, text, lead, lead, w)...)
	}
	next := words.NextStep(a, now, !s.d.ReadOnly)
	if next != "" && next != words.OthersAct {
		next = "Next: " + next
	}
	if next != "" {
		lines = append(lines, words.Indented(st.Accent, next, lead, lead, w)...)
	}
	return lines
}
