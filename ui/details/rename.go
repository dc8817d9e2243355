package details

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// renameScreen is the dialog of one field that gives an entry another friendly name.
type renameScreen struct {
	d     *screen.Desk
	entry certstore.Entry
	name  *form.Text
	form  *form.Form
	awake bool // it has been there long enough for enter to be meant
	busy  screen.Busy
	err   error
}

var (
	_ screen.Floating = (*renameScreen)(nil)
	_ screen.Asking   = (*renameScreen)(nil)
	_ screen.Doer     = (*renameScreen)(nil)
)

// renamedMsg is the store's answer.
type renamedMsg struct {
	done certstore.Renamed
	err  error
}

// AskRename asks what an entry is to be called.
func AskRename(d *screen.Desk, e certstore.Entry) screen.Screen {
	s := &renameScreen{d: d, entry: e}
	s.name = form.NewText("new-name", "Friendly name", kit.Printable(e.FriendlyName)).
		With("How you find it in the table. The history keeps the old name.", "").
		Checked(nameProblem)
	s.form = form.New(s.name).Leading("rename").Remarks(s.remarks)
	return s
}

// nameProblem is what is wrong with a friendly name, and what to type instead.
func nameProblem(name string) string {
	err := names.CheckFriendlyName(strings.TrimSpace(name))
	if err == nil {
		return ""
	}
	problem, hint := words.Failure(err)
	return problem + ": " + hint
}

// remarks say that others are called so: that is allowed, and commands then want a thumbprint.
func (s *renameScreen) remarks() []form.Remark {
	named := certstore.Renamed{Shared: s.others(strings.TrimSpace(s.name.Value()))}
	text := words.SharedName(named)
	if text == "" {
		return nil
	}
	return []form.Remark{{Field: "new-name", Text: text}}
}

func (s *renameScreen) others(name string) (list []certstore.Entry) {
	for i := range s.d.Entries {
		if e := &s.d.Entries[i]; e.ID != s.entry.ID && !words.IsStranger(*e) && strings.EqualFold(e.FriendlyName, name) {
			list = append(list, *e)
		}
	}
	return list
}

func (s *renameScreen) Init() tea.Cmd {
	return tea.Batch(s.form.Focus(""), s.d.After(kit.Grace, screen.WakeMsg{}))
}

func (s *renameScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.WakeMsg:
		s.awake = true
	case renamedMsg:
		return s, s.renamed(msg)
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *renameScreen) key(msg tea.KeyMsg) tea.Cmd {
	if s.busy.Runs() {
		if kit.Pressed(msg, screen.Keys.CancelRun) {
			s.d.Cancel()
		}
		return nil
	}
	cmd, outcome := s.form.Update(msg)
	switch outcome {
	case form.Back:
		return screen.Pop
	case form.Next:
		if !s.awake {
			return screen.Notice("one moment: this has only just opened")
		}
		return s.rename()
	}
	return cmd
}

func (s *renameScreen) rename() tea.Cmd {
	store, id, name := s.d.Store, s.entry.ID, strings.TrimSpace(s.name.Value())
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		done, err := store.Rename(ctx, id, name)
		return renamedMsg{done, err}
	})
	return tea.Batch(work, s.busy.Start(s.d, "renaming it"))
}

// renamed closes the dialog and says what happened; what was refused stays until it is read.
func (s *renameScreen) renamed(msg renamedMsg) tea.Cmd {
	s.busy.Stop()
	if s.err = msg.err; s.err != nil {
		return nil
	}
	relist := func() tea.Msg { return screen.RelistMsg{} }
	return tea.Batch(screen.Pop, relist, screen.Notice(words.Renamed(msg.done)))
}

// Box draws the field, what is said of it, and its hint.
func (s *renameScreen) Box(w, h int) string {
	st, inner := s.d.Styles, min(w-6, 66)
	lines := append([]string{""}, words.ProblemLines(st, s.err, inner)...)
	lines = append(lines, s.fieldLines(st, inner, max(1, min(5, h-3-len(lines))))...)
	return kit.Box(st, "Rename "+words.Title(s.entry), lines, inner)
}

func (s *renameScreen) fieldLines(st theme.Styles, w, h int) []string {
	if s.busy.Runs() {
		return []string{s.busy.Line(st, s.d.Now())}
	}
	return s.form.View(st, w, h)
}

func (s *renameScreen) View(w, h int) string { return kit.Overlay("", s.Box(w, h), w, h) }

func (s *renameScreen) Verbs() []kit.Verb {
	if s.busy.Runs() {
		return []kit.Verb{screen.Keys.CancelRun}
	}
	return s.form.Verbs()
}

func (s *renameScreen) Typing() bool  { return !s.busy.Runs() && s.form.Typing() }
func (s *renameScreen) Title() string { return "" }
func (s *renameScreen) Doing() string { return s.busy.Text }

func (s *renameScreen) InLines() (string, *form.Form, error) {
	if s.busy.Runs() {
		return "", nil, nil
	}
	return "What is " + words.Title(s.entry) + " to be called?", s.form, s.err
}
