package request

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// renewScreen asks the store for the request that renews an entry and then becomes the wizard, filled in.
// Where another form was left unfinished it first asks which of the two to go on with.
type renewScreen struct {
	d      *screen.Desk
	memory *Memory
	entry  certstore.Entry
	ask    *form.Form
	pick   *form.Choice
	err    error
}

var _ screen.Asking = (*renewScreen)(nil)

const whichForm = "Which form?"

// renewalMsg is the store's answer.
type renewalMsg struct {
	request issuing.Request
	already string // what renews it already
	err     error
}

// NewRenewal opens the renewal of an entry.
func NewRenewal(d *screen.Desk, m *Memory, e certstore.Entry) screen.Screen {
	return &renewScreen{d: d, memory: m, entry: e}
}

func (s *renewScreen) Init() tea.Cmd {
	draft := s.memory.draft
	if draft == nil || draft.answers.RenewalOf == s.entry.ID {
		return s.load()
	}
	s.pick = form.NewChoice("which", "Go on with", "resume",
		form.Option{Value: "resume", Text: "The unfinished form", Note: "its answers are all there"},
		form.Option{Value: "renew", Text: "The renewal of " + words.Title(s.entry),
			Note: "the unfinished answers are thrown away"}).
		With("A form for a new certificate was left before it was finished.", nil)
	s.ask = form.New(s.pick).Titled(func() string { return whichForm })
	return s.ask.Focus("")
}

func (s *renewScreen) load() tea.Cmd {
	if draft := s.memory.draft; draft != nil && draft.answers.RenewalOf == s.entry.ID {
		return func() tea.Msg { return resumeMsg{} }
	}
	if s.d.Store == nil {
		return nil
	}
	store, e := s.d.Store, s.entry
	return s.d.Run(func(ctx context.Context) tea.Msg {
		request, err := store.RenewalRequest(ctx, e.ID)
		return renewalMsg{request, store.RenewalNote(e), err}
	})
}

// resumeMsg says that the draft on the desk is to be gone on with.
type resumeMsg struct{}

func (s *renewScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case resumeMsg:
		return screen.Become(newWizard(s.d, s.memory, s.memory.draft))
	case renewalMsg:
		if s.err = msg.err; s.err != nil {
			return s, nil
		}
		return screen.Become(newWizard(s.d, s.memory, renewalDraft(s.d.Env, msg.request, s.entry, msg.already)))
	case tea.KeyMsg:
		return s.key(msg)
	}
	return s, nil
}

func (s *renewScreen) key(k tea.KeyMsg) (screen.Screen, tea.Cmd) {
	if s.ask == nil {
		if kit.Pressed(k, screen.Keys.Leave) || s.err != nil && k.String() == "enter" {
			return s, screen.Pop
		}
		return s, nil
	}
	cmd, outcome := s.ask.Update(k)
	switch outcome {
	case form.Back:
		return s, screen.Pop
	case form.Next:
		return s.chosen()
	}
	return s, cmd
}

func (s *renewScreen) chosen() (screen.Screen, tea.Cmd) {
	if s.pick.Value() == "resume" {
		return screen.Become(newWizard(s.d, s.memory, s.memory.draft))
	}
	s.memory.draft, s.ask = nil, nil
	return s, s.load()
}

// View is the question, the reason it cannot be renewed, or that the store is being asked.
func (s *renewScreen) View(w, h int) string {
	st := s.d.Styles
	lines := []string{""}
	switch {
	case s.err != nil:
		lines = append(lines, "  "+st.Title.Render(words.Title(s.entry)+" cannot be renewed now"), "")
		for _, line := range words.ProblemLines(st, s.err, w-5) {
			lines = append(lines, "  "+line)
		}
	case s.ask != nil:
		lines = s.ask.View(st, w, h)
	default:
		lines = append(lines, "  "+st.Muted.Render("reading the certificate"))
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func (s *renewScreen) Verbs() []kit.Verb {
	if s.ask != nil {
		return s.ask.Verbs()
	}
	return []kit.Verb{screen.Keys.Back}
}

func (s *renewScreen) Typing() bool  { return false }
func (s *renewScreen) Title() string { return "Renew " + words.Title(s.entry) }

func (s *renewScreen) InLines() (string, *form.Form, error) {
	if s.err != nil {
		return "", nil, nil
	}
	return whichForm, s.ask, nil
}
