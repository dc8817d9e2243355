// Package importing takes in what a CA sent or another server exported: files or pasted text, then passwords, then what
// was found and what will become of it.
//
// Its promise: nothing is stored before the page that says what will happen; passwords are overwritten once they are
// not needed; the network is asked at the press of its button alone.
package importing

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/importing"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// importScreen takes what a CA sent, or another server exported: files or pasted text, a password where one is
// needed, then what was found and what will become of it, then the result. Where the files are about several
// certificates it shows a line for each and hands them to a batch.
type importScreen struct {
	d       *screen.Desk
	memory  *Memory
	keep    *importDraft
	stage   importStage
	form    *form.Form
	path    *form.Path
	text    *form.Area
	pass    *form.Password
	options *importOptions
	seals   importing.Seals
	groups  []importing.Group
	rows    *form.Rows      // of the groups, where there are several
	group   importing.Group // the one that is shown, where there is one
	done    certstore.Entry

	completed []string // sentences: other entries whose chains it completed
	err       error    // of the stage that is shown
	busy      screen.Busy
}

var (
	_ screen.Asking = (*importScreen)(nil)
	_ screen.Doer   = (*importScreen)(nil)
)

// importStage is a page of the import.
type importStage int

const (
	stageSource importStage = iota
	stagePassword
	stageFound
	stageSeveral
	stageDone
)

type (
	inspectedMsg struct {
		groups []importing.Group
		err    error
	}
	importedMsg struct{ certstore.Imported }
)

// newImport opens the import, with what was said before where it was left unfinished.
func newImport(d *screen.Desk, m *Memory) screen.Screen {
	if m.draft == nil {
		m.draft = &importDraft{}
	}
	return &importScreen{d: d, memory: m, keep: m.draft}
}

// Open opens the import; files that were chosen before are kept unless the person starts over.
func Open(d *screen.Desk, m *Memory) screen.Screen {
	if !m.draft.holds() {
		m.draft = nil
		return newImport(d, m)
	}
	lines := []string{"You left an import before it was finished: " + m.draft.said() + "."}
	q := kit.Dialog{Title: "Go on with the unfinished import?", Lines: lines, Buttons: []string{"Go on", "Start over"}}
	form := func(d *screen.Desk) screen.Screen { return newImport(d, m) }
	return screen.Ask(q,
		func() tea.Cmd { return d.Push(form) },
		func() tea.Cmd { m.draft = nil; return d.Push(form) })(d)
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
	case stageSeveral:
		s.form = s.severalForm()
	case stageDone:
		s.form = s.doneForm()
	}
	s.form.Titled(s.question)
	s.resize()
	switch {
	case stage == stageFound && s.onlyRaises():
		return s.form.Focus("export")
	case stage != stageSource:
		return s.form.Focus("")
	case s.keep.paste:
		return s.form.Focus("text")
	}
	return s.form.Focus("path")
}

func (s *importScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return s.key(msg)
	case tea.WindowSizeMsg:
		s.resize()
		return s, nil
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case inspectedMsg:
		return s, s.inspected(msg)
	case fetchedMsg:
		return s, s.fetched(msg)
	case importedMsg:
		return s, s.imported(msg)
	}
	cmd, _ := s.form.Update(msg)
	return s, cmd
}

// resize tells what scrolls how much of it is seen.
func (s *importScreen) resize() {
	s.form.Resize(s.d.Styles, s.d.Width, max(1, s.d.PageHeight()-len(s.problem(s.d.Width))))
}

// problem is why it cannot go on, above the form.
func (s *importScreen) problem(w int) (lines []string) {
	for _, line := range words.ProblemLines(s.d.Styles, s.err, w-5) {
		lines = append(lines, "  "+line)
	}
	return lines
}

func (s *importScreen) key(k tea.KeyMsg) (screen.Screen, tea.Cmd) {
	if cmd, done := kit.Do(s.Verbs(), k); done || s.busy.Runs() {
		return s, cmd
	}
	if s.stage == stageDone && s.enables() && kit.Pressed(k, screen.Keys.Enable) {
		return s.d.Replace(screen.ToEnable{Entry: s.done})
	}
	s.resize()
	cmd, outcome := s.form.Update(k)
	s.typed()
	switch outcome {
	case form.Back:
		return s.back()
	case form.Pressed:
		if s.form.Field().ID() == "fetch" {
			return s, s.fetch()
		}
		if s.stage == stageSeveral {
			return screen.Become(screen.NewBatch(s.d, s.batch()))
		}
		return s, s.next(outcome)
	case form.Next:
		return s, s.next(outcome)
	}
	return s, cmd
}

// back goes one page back; from the first it leaves, and what was said is kept.
func (s *importScreen) back() (screen.Screen, tea.Cmd) {
	if s.stage == stageSource && s.keep.holds() {
		return s, tea.Batch(screen.Pop, screen.Notice(s.keep.said()+": i continues with it"))
	}
	if s.stage == stageSource {
		return s, screen.Pop
	}
	s.forget()
	s.err = nil
	return s, s.open(stageSource)
}

// forget drops what was read, and overwrites the passwords.
func (s *importScreen) forget() {
	s.seals.Forget()
	s.group, s.groups, s.options = importing.Group{}, nil, nil
	if s.pass != nil {
		s.pass.Clear()
	}
}

func (s *importScreen) next(o form.Outcome) tea.Cmd {
	switch {
	case s.stage == stageSource:
		s.forget()
		return s.inspect()
	case s.stage == stagePassword && s.pass.Text.Value() == "" && len(s.groups) > 1:
		s.seals.Leave()
		return s.sorted()
	case s.stage == stagePassword:
		s.seals.Try(s.pass.Bytes())
		return s.inspect()
	case o == form.Next:
		return s.form.Focus("do")
	case s.nothingNew():
		id := s.group.Found.Existing.ID
		s.forget()
		s.memory.draft = nil
		return func() tea.Msg { return screen.SelectMsg{ID: id} }
	}
	return s.carryOut()
}

// inspect reads the files and asks the store what is in them.
func (s *importScreen) inspect() tea.Cmd {
	if s.d.Store == nil {
		return nil
	}
	store, paths, text, passwords := s.d.Store, s.chosenPaths(), s.pastedText(), s.seals.Passwords
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		request := readSources(paths, text)
		request.Passwords = passwords
		groups, err := store.InspectAll(ctx, request)
		return inspectedMsg{groups, err}
	})
	return tea.Batch(work, s.busy.Start(s.d, "reading"))
}

// inspected takes what was found, or says why nothing can be read.
func (s *importScreen) inspected(msg inspectedMsg) tea.Cmd {
	s.busy.Stop()
	s.err = nil
	switch {
	case words.Canceled(msg.err):
		return screen.Notice("cancelled")
	case msg.err != nil:
		cmd := s.open(stageSource)
		s.err = msg.err
		return cmd
	}
	s.groups = msg.groups
	return s.sorted()
}

// sorted asks for the password of the next file that wants one, then shows what was found.
func (s *importScreen) sorted() tea.Cmd {
	before := s.seals.Label
	switch s.seals.Next(s.groups) {
	case "":
		return s.show()
	case before:
		if s.stage == stagePassword {
			s.pass.Clear()
			return s.form.Refuse("password", words.WrongPassword(s.seals.Wrong, s.seals.Most))
		}
	}
	return s.open(stagePassword)
}

// show opens the page for one certificate, or for several; one that cannot be imported goes back to the files.
func (s *importScreen) show() tea.Cmd {
	if len(s.groups) != 1 {
		return s.open(stageSeveral)
	}
	g := s.groups[0]
	if g.Err != nil {
		cmd := s.open(stageSource)
		s.err = g.Err
		return cmd
	}
	s.group = g
	return s.open(stageFound)
}

func (s *importScreen) carryOut() tea.Cmd {
	group := s.options.fill(s.group)
	store := s.d.Store
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		return importedMsg{store.ImportGroup(ctx, group)}
	})
	return tea.Batch(work, s.busy.Start(s.d, "keeping it"))
}

func (s *importScreen) imported(msg importedMsg) tea.Cmd {
	s.busy.Stop()
	if msg.Err != nil {
		s.err = msg.Err
		if words.Canceled(msg.Err) {
			s.err = nil
			return screen.Notice("cancelled: nothing was imported")
		}
		return nil
	}
	s.forget()
	s.done, s.completed, s.err = msg.Entry, msg.Found.CompletedWords(), nil
	s.memory.draft = nil
	return s.open(stageDone)
}

// View is the question, why it cannot go on, and the form.
func (s *importScreen) View(w, h int) string {
	if s.form == nil {
		return kit.Fit("", w, h)
	}
	st, lines := s.d.Styles, s.problem(w)
	if s.busy.Runs() {
		lines = append([]string{"", "  " + st.Title.Render(s.question()), "", s.busy.Line(st, s.d.Now())}, lines...)
	} else {
		lines = append(lines, s.form.View(st, w, max(1, h-len(lines)))...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func (s *importScreen) question() string {
	switch s.stage {
	case stagePassword:
		const ask = " What is its password?"
		return s.protected(form.TitleWidth(s.d.Width)-len(ask)) + ask
	case stageFound:
		return s.foundTitle()
	case stageSeveral:
		return severalTitle(s.groups)
	case stageDone:
		return words.Title(s.done) + " is in the store"
	}
	return "What do you want to import?"
}

// protected names in w cells what wants a password.
func (s *importScreen) protected(w int) string {
	if s.keep.paste {
		return "The pasted text is protected."
	}
	const is = " is protected."
	return kit.CutLeft(kit.Printable(s.seals.Label), w-len(is), s.d.Styles.Glyphs.Ellipsis) + is
}

func (s *importScreen) Verbs() []kit.Verb {
	switch {
	case s.form == nil || s.busy.Runs():
		return []kit.Verb{screen.Keys.CancelRun.Does(s.d.Stop)}
	case s.stage == stageDone:
		list := []kit.Verb{screen.Keys.Done.Does(screen.ToRow(s.done.ID))}
		if s.enables() {
			list = append(list, screen.Keys.Enable)
		}
		list = append(list, screen.CompareRenewed(s.d, s.done)...)
		return append(list, s.form.Field().Verbs()...)
	}
	return s.form.Verbs()
}

// enables says whether what was imported can go to a service at once.
func (s *importScreen) enables() bool {
	return s.d.AsksPorts() && len(screen.EnableVerbs(s.d, s.done)) > 0 && len(s.d.Dead) == 0
}

func (s *importScreen) Typing() bool { return s.form != nil && !s.busy.Runs() && s.form.Typing() }

func (s *importScreen) Title() string { return "Import" }

func (s *importScreen) InLines() (string, *form.Form, error) {
	if s.busy.Runs() {
		return "", nil, nil
	}
	return s.question(), s.form, s.err
}

func (s *importScreen) Doing() string { return s.busy.Text }
