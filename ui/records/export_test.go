package records

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
)

// What the tests of this room look at from outside.

type ExamMsg = examMsg

func MakeExam(at time.Time, ailments []ailment) exam { return exam{at: at, ailments: ailments} }

func MakeExamMsg(exam exam) examMsg { return examMsg{exam: exam} }

func MakeExamMsgErr(err error) examMsg { return examMsg{err: err} }

func MakeExamSound(at time.Time, sound bool) exam { return exam{at: at, sound: sound} }

func MakePastMsg(past past) pastMsg { return pastMsg{past: past} }

var OpenKey = openKey

type PastMsg = pastMsg

var PreparePast = preparePast

var Remedies = remedies

type Remedy = remedy

type RemovedScreen = removedScreen

var SortAilments = sortAilments

var Trashed = trashed

func (s *historyScreen) Read() tea.Cmd { return s.read() }

func (s *historyScreen) Took(msg pastMsg) tea.Cmd { return s.took(msg) }

func (s remedy) Command() string { return s.command }

func (s remedy) Means() string { return s.means }

func (s remedy) Next() string { return s.next }

func (s remedy) Title() string { return s.title }

func (s *removedScreen) Entries() map[int64]certstore.Entry { return s.entries }

type HistoryScreen = historyScreen
