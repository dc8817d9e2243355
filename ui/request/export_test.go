package request

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/wizard"
)

// What the tests of this room look at from outside.

var FieldHelp = fieldHelp

func MakeMadeMsg(made issuing.Made) madeMsg { return madeMsg{made: []issuing.Made{made}} }

func MakeMadeMsgErr(made issuing.Made, err error) madeMsg {
	return madeMsg{made: []issuing.Made{made}, err: err}
}

func MakeRenewal(entry certstore.Entry, request issuing.Request) renewal {
	return renewal{entry: entry, request: request}
}

type RenewAllScreen = renewAllScreen

type RenewalsMsg = renewalsMsg

type WizardDraft = wizardDraft

type WizardPage = wizardPage

type WizardScreen = wizardScreen

func (m *Memory) Draft() *wizardDraft { return m.draft }

func (s *renewAllScreen) Loaded(msg renewalsMsg) tea.Cmd { return s.loaded(msg) }

func (s renewalsMsg) Can() []renewal { return s.can }

func (s renewalsMsg) Refused() []screen.Result { return s.refused }

func (s *renewalsMsg) SetCan(v []renewal) { s.can = v }

func (s *renewalsMsg) SetRefused(v []screen.Result) { s.refused = v }

func (w *wizardDraft) Answers() wizard.Answers { return w.answers }

func (w *wizardDraft) AnswersRef() *wizard.Answers { return &w.answers }

func (w *wizardDraft) Typing() string { return w.typing }

func (p *wizardPage) Form() *form.Form { return p.form }

func (p *wizardPage) Pressed() func() (screen.Screen, tea.Cmd) { return p.pressed }

func (s *wizardScreen) Draft() *wizardDraft { return s.draft }

func (s *wizardScreen) Env() wizard.Env { return s.env }

func (s *wizardScreen) Finished(msg madeMsg) tea.Cmd { return s.finished(msg) }

func (s *wizardScreen) Memory() *Memory { return s.memory }

func (s *wizardScreen) Open(step wizard.Step, field string) tea.Cmd { return s.open(step, field) }

func (s *wizardScreen) OpenSheet() tea.Cmd { return s.openSheet() }

func (s *wizardScreen) Page() *wizardPage { return s.page }

type MovedMsg = movedMsg

func (m *Memory) Start(d *screen.Desk, id int64, name, ca string, do carryOut) tea.Cmd {
	_, cmd := m.start(d, id, name, ca, do)
	return cmd
}
