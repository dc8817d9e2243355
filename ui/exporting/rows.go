package exporting

import (
	"context"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/sheet"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// rowsScreen writes the rows that the table shows to a file for another program.
type rowsScreen struct {
	d     *screen.Desk
	rows  screen.Shown
	path  *form.Path
	form  *form.Form
	busy  screen.Busy
	err   error
	asked string // the path that is being written
}

var (
	_ screen.Asking = (*rowsScreen)(nil)
	_ screen.Doer   = (*rowsScreen)(nil)
)

// rowsMsg is what became of the file.
type rowsMsg struct{ err error }

// NewRows asks where rows are written to.
func NewRows(d *screen.Desk, rows screen.Shown) screen.Screen {
	s := &rowsScreen{d: d, rows: rows}
	s.path = screen.PathField(d, "path", "Write to", "").
		With("Its end says what is written: "+sheet.Endings+". "+screen.EmptyKeeps, "")
	s.path.Propose("certificates.csv")
	s.path.ToWrite()
	s.path.SetCheck(s.checkPath)
	do := form.NewButton("do", "Write", "Writes the file, mode 0600: only you can read it at first.")
	s.form = form.New(s.path, do).Titled(s.question).
		Below(func(st theme.Styles, w int) []string { return words.ProblemLines(st, s.err, w) })
	return s
}

func (s *rowsScreen) checkPath() string {
	switch _, known := sheet.ByPath(s.path.Value()); {
	case s.path.IsDir():
		return "this is a directory: add a file name, such as certificates.csv"
	case !known:
		return "such a file ends in " + sheet.Endings
	}
	return s.path.NoDirectory()
}

func (s *rowsScreen) Init() tea.Cmd { return s.form.Focus("path") }

func (s *rowsScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return s, s.key(msg)
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case rowsMsg:
		return s, s.wrote(msg.err)
	}
	cmd, outcome := s.form.Update(msg)
	if outcome == form.Next {
		return s, s.form.Focus("do")
	}
	return s, cmd
}

func (s *rowsScreen) key(k tea.KeyMsg) tea.Cmd {
	if s.busy.Runs() {
		cmd, _ := kit.Do(s.Verbs(), k)
		return cmd
	}
	switch cmd, outcome := s.form.Update(k); outcome {
	case form.Back:
		return screen.Pop
	case form.Next:
		return s.form.Focus("do")
	case form.Pressed:
		if missing, ok := s.form.Complete(); !ok {
			return missing
		}
		return s.write(false)
	default:
		return cmd
	}
}

func (s *rowsScreen) write(overwrite bool) tea.Cmd {
	s.asked, s.err = words.Absolute(s.path.Value()), nil
	store, rows, path, now := s.d.Store, s.rows, s.asked, s.d.Now()
	if store == nil {
		return nil
	}
	work := s.d.Run(func(context.Context) tea.Msg {
		format, _ := sheet.ByPath(path)
		data, err := format.Write(sheet.Rows{Entries: rows.List(), Now: now})
		if err == nil {
			err = store.Write(path, data, 0o600, overwrite)
		}
		return rowsMsg{err}
	})
	return tea.Batch(work, s.busy.Start(s.d, "writing"))
}

// wrote goes back to the table, which says where the file is.
func (s *rowsScreen) wrote(err error) tea.Cmd {
	s.busy.Stop()
	switch {
	case err == nil:
		said := words.Count(len(s.rows.IDs), "row") + " written to " + s.asked
		return func() tea.Msg { return screen.SelectMsg{Said: said} }
	case words.Canceled(err):
		return screen.Notice("cancelled: nothing was written")
	case fail.Is(err, fail.AlreadyExists):
		lines := []string{kit.Printable(s.asked) + " is there already. Replacing it loses what is in it."}
		return s.d.Push(screen.Confirm("Replace the file?", "Replace", lines, func() tea.Cmd { return s.write(true) }))
	}
	s.err = err
	return nil
}

func (s *rowsScreen) question() string {
	return "Write " + s.rows.Words() + " to which file?"
}

// View is the form below its question; while the file is written it is the question alone.
func (s *rowsScreen) View(w, h int) string {
	st := s.d.Styles
	lines := []string{"", "  " + st.Title.Render(s.question()), "", s.busy.Line(st, s.d.Now())}
	if !s.busy.Runs() {
		lines = s.form.View(st, w, h)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

// Verbs are those of the form.
func (s *rowsScreen) Verbs() []kit.Verb {
	if s.busy.Runs() {
		return []kit.Verb{screen.Keys.CancelRun.Does(s.d.Stop)}
	}
	return s.form.Verbs()
}

func (s *rowsScreen) Typing() bool  { return !s.busy.Runs() && s.form.Typing() }
func (s *rowsScreen) Title() string { return "Write " + filepath.Base(s.path.Value()) }
func (s *rowsScreen) Doing() string { return s.busy.Text }

func (s *rowsScreen) InLines() (string, *form.Form, error) {
	if s.busy.Runs() {
		return "", nil, nil
	}
	return s.question(), s.form, s.err
}
