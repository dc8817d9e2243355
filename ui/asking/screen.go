// Package asking asks any port, of this host or another, which certificate it serves: is it ours, is it what should be
// there, and what is to be done next. And it answers callers: is it the certificate?
//
// Its promise: it asks as a client does and changes nothing, so that whoever may read the store may ask; a question
// ends within its time, and sooner when it is cancelled.
package asking

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/probe"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// askScreen is the form, then what the port answered.
type askScreen struct {
	*talk
	offers  []offer
	own     string // what was typed before an offer was taken
	port    *askLine
	which   *form.Choice
	speaks  *form.Pick
	name    *form.Text
	answers []enabling.Answer // one for each kind of key; none while there is no answer
}

var (
	_ screen.Asking = (*askScreen)(nil)
	_ screen.Paged  = (*askScreen)(nil)
	_ screen.Doer   = (*askScreen)(nil)
)

// AnsweredMsg is what the port answered.
type AnsweredMsg struct {
	Answers []enabling.Answer
	Err     error
}

// New asks for a port; those of an entry are offered, or where its id is 0 those of all services.
func New(d *screen.Desk, e certstore.Entry) screen.Screen {
	s := &askScreen{talk: &talk{d: d, asks: "port"}, offers: offersFor(d.Survey, e)}
	s.asker = s
	s.makeForm()
	return s
}

func (s *askScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	if msg, ok := msg.(AnsweredMsg); ok {
		return s, s.answered(msg)
	}
	return s, s.update(msg)
}

func (s *askScreen) took()      { s.suggest() }
func (s *askScreen) told() bool { return len(s.answers) > 0 }

// ask asks, once every field is right.
func (s *askScreen) ask() tea.Cmd {
	if cmd, ok := s.form.Complete(); !ok {
		return cmd
	}
	request, problem := s.question()
	if problem != "" {
		return s.form.Refuse("port", problem)
	}
	if s.d.Store == nil {
		return nil
	}
	s.err, s.answers = nil, nil
	store := s.d.Store
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		answers, err := store.AskAny(ctx, []probe.Request{request})
		if err != nil {
			return AnsweredMsg{Err: err}
		}
		return AnsweredMsg{Answers: answers[0]}
	})
	return tea.Batch(work, s.busy.Start(s.d, "asking "+kit.Printable(request.Target.String())))
}

func (s *askScreen) answered(msg AnsweredMsg) tea.Cmd {
	s.busy.Stop()
	switch {
	case words.Canceled(msg.Err):
		return screen.Notice("cancelled: the port has not told what it serves")
	case msg.Err != nil:
		s.err = msg.Err
		return nil
	}
	s.answers, s.scroll = msg.Answers, s.scroll.Home()
	return nil
}

// again goes back to the form; what was typed is still there.
func (s *askScreen) again() tea.Cmd {
	s.answers = nil
	return s.form.Focus("port")
}

// View is the form, the wait, or the answer.
func (s *askScreen) View(w, h int) string {
	st := s.d.Styles
	if len(s.answers) > 0 && !s.busy.Runs() {
		return s.scroll.View(st, s.Lines(w), w, h)
	}
	lines := []string{"", "  " + st.Title.Render(question), "", s.busy.Line(st, s.d.Now())}
	if !s.busy.Runs() {
		lines = s.form.View(st, w, h)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

const question = "Which port is to be asked?"

func (s *askScreen) Title() string { return "Ask a port" }

func (s *askScreen) InLines() (string, *form.Form, error) {
	if !s.asksNow() {
		return "", nil, nil
	}
	return question, s.form, s.err
}
