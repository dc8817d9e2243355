package importing

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/importing"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
)

// What the tests of this room look at from outside.

type ImportScreen = importScreen

func MakeImportedMsg(entry certstore.Entry) importedMsg {
	return importedMsg{certstore.Imported{Entry: entry}}
}

var NewImport = newImport

const StageDone = stageDone

const StageFound = stageFound

const StagePassword = stagePassword

const StageSeveral = stageSeveral

const StageSource = stageSource

func (k *importDraft) Holds() bool { return k.holds() }

func (k *importDraft) Paths() []string { return k.paths }

func (k *importDraft) SetLine(v string) { k.line = v }

func (k *importDraft) SetPaste(v bool) { k.paste = v }

func (k *importDraft) SetPaths(v []string) { k.paths = v }

func (k *importDraft) SetText(v string) { k.text = v }

func (m *Memory) Draft() *importDraft { return m.draft }

func (s *importScreen) Batch() screen.Batch { return s.batch() }

func (s *importScreen) Form() *form.Form { return s.form }

func (s *importScreen) Group() importing.Group { return s.group }

func (s *importScreen) Keep() *importDraft { return s.keep }

func (s *importScreen) Memory() *Memory { return s.memory }

func (s *importScreen) Open(stage importStage) tea.Cmd { return s.open(stage) }

func (s *importScreen) Path() *form.Path { return s.path }

func (s *importScreen) Seals() *importing.Seals { return &s.seals }

func (s *importScreen) SetDone(v certstore.Entry) { s.done = v }

func (s *importScreen) SetGroup(v importing.Group) { s.group = v }

func (s *importScreen) SetGroups(v []importing.Group) { s.groups = v }
