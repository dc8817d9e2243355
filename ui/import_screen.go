package ui

import (
	"context"
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/kit"
)

// importScreen takes what a CA sent, or another server exported: files or pasted text, a password where one is
// needed, then what was found and what will become of it, then the result.
type importScreen struct {
	d       *desk
	keep    *importDraft
	stage   importStage
	form    *kit.Form
	path    *kit.Path
	text    *kit.Area
	pass    *kit.Password
	options *importOptions
	request certstore.ImportRequest
	found   certstore.Found
	done    certstore.Entry
	err     error // of the stage that is shown
	busy    busy
}

// importStage is a page of the import.
type importStage int

const (
	stageSource importStage = iota
	stagePassword
	stageFound
	stageDone
)

type (
	inspectedMsg struct {
		request certstore.ImportRequest
		found   certstore.Found
		err     error
	}
	importedMsg struct {
		entry certstore.Entry
		err   error
	}
)

// newImport opens the import, with what was said before where it was left unfinished.
func newImport(d *desk) screen {
	if d.importing == nil {
		d.importing = &importDraft{}
	}
	return &importScreen{d: d, keep: d.importing}
}

func (s *importScreen) Init() tea.Cmd { return s.open(stageSource) }

func (s *importScreen) open(stage importStage) tea.Cmd {
	s.stage = stage
	switch stage {
	case stageSource:
		s.form = s.sourceForm()
	case stagePassword:
		s.form = s.passwordForm()
	case stageFound:
		s.form = s.foundForm()
	case stageDone:
		s.form = s.doneForm()
	}
	s.resize()
	if stage == stageSource {
		return s.form.Focus(map[bool]string{true: "text", false: "path"}[s.keep.paste])
	}
	return s.form.Focus("")
}

func (s *importScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return s.key(msg)
	case tea.WindowSizeMsg:
		s.resize()
		return s, nil
	case turnMsg:
		return s, s.busy.turned(s.d)
	case inspectedMsg:
		return s, s.inspected(msg)
	case importedMsg:
		return s, s.imported(msg)
	}
	cmd, _ := s.form.Update(msg)
	return s, cmd
}

// resize tells what scrolls how much of it is seen.
func (s *importScreen) resize() { s.form.Resize(s.d.styles, s.d.w, s.d.h-5) }

func (s *importScreen) key(k tea.KeyMsg) (screen, tea.Cmd) {
	if s.busy.runs() {
		if key.Matches(k, keys.CancelRun) {
			s.d.cancel()
		}
		return s, nil
	}
	if s.stage == stageDone && key.Matches(k, keys.Done) {
		id := s.done.ID
		return s, func() tea.Msg { return selectMsg{id: id} }
	}
	s.resize()
	cmd, outcome := s.form.Update(k)
	s.typed()
	switch outcome {
	case kit.Back:
		return s.back()
	case kit.Next, kit.Pressed:
		return s, s.next(outcome)
	}
	return s, cmd
}

// back goes one page back; from the first it leaves, and what was said is kept.
func (s *importScreen) back() (screen, tea.Cmd) {
	if s.stage == stageSource && s.keep.holds() {
		return s, tea.Batch(pop, notice(s.keep.said()+": i goes on with it"))
	}
	if s.stage == stageSource {
		return s, pop
	}
	s.forget()
	s.err = nil
	return s, s.open(stageSource)
}

// forget overwrites the password.
func (s *importScreen) forget() {
	clear(s.request.Password)
	s.request = certstore.ImportRequest{}
	if s.pass != nil {
		s.pass.Clear()
	}
}

func (s *importScreen) next(o kit.Outcome) tea.Cmd {
	switch {
	case s.stage == stageSource:
		return s.inspect(nil)
	case s.stage == stagePassword:
		return s.inspect(s.pass.Bytes())
	case o == kit.Next:
		return s.form.Focus("do")
	case s.nothingNew():
		s.forget()
		s.d.importing = nil
		id := s.found.Existing.ID
		return func() tea.Msg { return selectMsg{id: id} }
	}
	return s.carryOut()
}

// inspect reads the files and asks the store what is in them.
func (s *importScreen) inspect(password []byte) tea.Cmd {
	if s.d.Store == nil {
		return nil
	}
	store, paths, text := s.d.Store, s.chosenPaths(), s.pastedText()
	work := s.d.run(func(ctx context.Context) tea.Msg {
		request, err := readSources(paths, text)
		request.Password = password
		var found certstore.Found
		if err == nil {
			found, err = store.Inspect(ctx, request)
		}
		return inspectedMsg{request, found, err}
	})
	return tea.Batch(work, s.busy.start(s.d, "reading"))
}

// inspected shows what was found, asks for the password, or says why it cannot be read.
func (s *importScreen) inspected(msg inspectedMsg) tea.Cmd {
	s.busy.stop()
	s.err = nil
	if msg.err != nil {
		clear(msg.request.Password)
	}
	switch {
	case msg.err == nil:
		s.request, s.found = msg.request, msg.found
		return s.open(stageFound)
	case canceled(msg.err):
		return notice("cancelled")
	case fail.Is(msg.err, fail.PasswordNeeded):
		return s.open(stagePassword)
	case fail.Is(msg.err, fail.WrongPassword) && s.stage == stagePassword:
		s.pass.Clear()
		return s.form.Refuse("password", "this password does not open it: type it again, or the file is damaged")
	case fail.Is(msg.err, fail.WrongPassword):
		return s.open(stagePassword)
	}
	cmd := s.open(stageSource)
	s.err = msg.err
	return cmd
}

func (s *importScreen) carryOut() tea.Cmd {
	request := s.options.fill(s.request)
	store := s.d.Store
	work := s.d.run(func(ctx context.Context) tea.Msg {
		entry, _, err := store.Import(ctx, request)
		return importedMsg{entry, err}
	})
	return tea.Batch(work, s.busy.start(s.d, "keeping it"))
}

func (s *importScreen) imported(msg importedMsg) tea.Cmd {
	s.busy.stop()
	if msg.err != nil {
		s.err = msg.err
		if canceled(msg.err) {
			s.err = nil
			return notice("cancelled: nothing was imported")
		}
		return nil
	}
	s.forget()
	s.done, s.err = msg.entry, nil
	s.d.importing = nil
	return s.open(stageDone)
}

// View is the question, why it cannot go on, and the form.
func (s *importScreen) View(w, h int) string {
	if s.form == nil {
		return kit.Fit("", w, h)
	}
	st := s.d.styles
	lines := []string{"", "  " + st.Title.Render(s.question()), ""}
	for _, line := range problemLines(st, s.err, w-5) {
		lines = append(lines, "  "+line)
	}
	if s.busy.runs() {
		lines = append(lines, s.busy.line(st, s.d.Now()))
	} else {
		lines = append(lines, s.form.View(st, w, max(1, h-len(lines)))...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func (s *importScreen) question() string {
	switch s.stage {
	case stagePassword:
		const ask = " What is its password?"
		return s.protected(s.d.w-4-len(ask)) + ask
	case stageFound:
		return s.foundTitle()
	case stageDone:
		return title(s.done) + " is in the store"
	}
	return "What do you want to import?"
}

// protected names in w cells what wants a password: the files, which belong together.
func (s *importScreen) protected(w int) string {
	paths := s.chosenPaths()
	switch len(paths) {
	case 0:
		return "The pasted text is protected."
	case 1:
		const is = " is protected."
		return kit.CutLeft(kit.Printable(paths[0]), w-len(is), s.d.styles.Glyphs.Ellipsis) + is
	}
	return fmt.Sprintf("One of the %d files is protected.", len(paths))
}

func (s *importScreen) Keys() []key.Binding {
	switch {
	case s.form == nil || s.busy.runs():
		return []key.Binding{keys.CancelRun}
	case s.stage == stageDone:
		return append([]key.Binding{keys.Done}, s.form.Field().Keys()...)
	}
	return s.form.Keys()
}

func (s *importScreen) Typing() bool { return s.form != nil && !s.busy.runs() && s.form.Typing() }

func (s *importScreen) Title() string { return "Import" }
