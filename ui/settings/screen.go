package settings

import (
	"certdesk/ui/theme"
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/config"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// listScreen lists the settings. It reads the file each time it is opened and after each change.
type listScreen struct {
	d     *screen.Desk
	file  config.File
	rows  []row
	table kit.Table
	fixed string // why nothing can be changed here; "" where it can
	known bool
	err   error
}

var _ screen.Rowed = (*listScreen)(nil)

// ReadMsg is the configuration file as it is now.
type ReadMsg struct {
	File  config.File
	Fixed error // why it cannot be changed
	Err   error
}

// New opens the settings.
func New(d *screen.Desk) screen.Screen {
	return &listScreen{d: d, table: kit.Table{Columns: []kit.Column{
		{Title: "SETTING", Min: 18, Want: 18},
		{Title: "VALUE", Min: 20, Want: 30, Grow: 1},
		{Title: "FROM", Min: 10, Want: 10, Drop: 1},
	}}}
}

func (s *listScreen) Init() tea.Cmd { return s.read() }

func (s *listScreen) read() tea.Cmd {
	path := s.d.Settings
	return s.d.Behind(func(context.Context) tea.Msg {
		f, err := config.Read(path)
		if err != nil {
			return ReadMsg{Err: err}
		}
		return ReadMsg{File: f, Fixed: f.Writable()}
	})
}

func (s *listScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case ReadMsg:
		s.took(msg)
	case screen.ReopenedMsg:
		return s, s.read()
	case screen.PortsMsg:
		s.show()
	case kit.WheelMsg:
		s.table = s.table.Wheel(msg.By)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *listScreen) took(msg ReadMsg) {
	s.err, s.known = msg.Err, true
	if msg.Err != nil {
		return
	}
	s.file, s.fixed = msg.File, whyFixed(s.d, msg.Fixed)
	s.show()
}

// whyFixed says why nothing can be changed, and what would let it be; "" where it can.
func whyFixed(d *screen.Desk, err error) string {
	switch {
	case d.ReadOnly:
		return "This desk is read-only: the settings can be looked at, and none of them changed."
	case d.Reopen == nil:
		return "The settings cannot be changed from here."
	case err != nil:
		text, hint := words.Failure(err)
		return words.Stop(words.SentenceCase(text)) + " " + words.Stop(words.SentenceCase(hint))
	}
	return ""
}

// show makes the rows; the cursor stays.
func (s *listScreen) show() {
	s.rows = rowsOf(s.file, s.d.Server, foundBy(s.d.Survey))
	ids := make([]int64, len(s.rows))
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	s.table = s.table.SetIDs(ids)
}

func (s *listScreen) key(msg tea.KeyMsg) tea.Cmd {
	if msg.Paste {
		return nil
	}
	next, moved := screen.Move(s.table, msg, max(1, s.d.BodyHeight()-7))
	if s.table = next; moved {
		return nil
	}
	if s.fixed != "" && kit.Pressed(msg, screen.Keys.Edit, screen.Keys.Unset) {
		return screen.Notice("nothing can be changed here: the first line says why")
	}
	cmd, _ := kit.Do(s.Verbs(), msg)
	return cmd
}

func (s *listScreen) selected() (row, bool) {
	id, ok := s.table.Selected()
	if !ok || !s.known || s.err != nil {
		return row{}, false
	}
	return s.rows[id-1], true
}

// Verbs change the selected setting, where that is possible.
func (s *listScreen) Verbs() []kit.Verb {
	var list []kit.Verb
	if r, ok := s.selected(); ok && s.fixed == "" {
		list = append(list, screen.Keys.Edit.Does(func() tea.Cmd { return s.edit(r.setting) }))
		if r.inFile() {
			list = append(list, screen.Keys.Unset.Does(func() tea.Cmd { return s.unset(r.setting) }))
		}
	}
	list = append(list, screen.Keys.Leave,
		screen.Keys.History.Does(func() tea.Cmd { return s.d.Open(screen.ToHistory{}) }), screen.Keys.Again.Does(s.read))
	return append(list, screen.Moves()...)
}

func (s *listScreen) edit(of setting) tea.Cmd {
	file := s.file
	return s.d.Push(func(d *screen.Desk) screen.Screen { return newEdit(d, file, of) })
}

func (s *listScreen) unset(of setting) tea.Cmd {
	file := s.file
	return s.d.Push(func(d *screen.Desk) screen.Screen { return newUnset(d, file, of) })
}

// inFile says whether the file says something of it, which can be taken out.
func (r row) inFile() bool { return strings.HasPrefix(r.from, "line ") }

func (s *listScreen) Typing() bool  { return false }
func (s *listScreen) Title() string { return titleOf(s.d, s.file.Path) }

// titleOf says which file it is.
func titleOf(d *screen.Desk, path string) string {
	return strings.Join(words.NotEmpty("Settings", path), " "+d.Styles.Glyphs.Dot+" ")
}

// View is where they stand, the rows, and what the selected one is for.
func (s *listScreen) View(w, h int) string {
	st := s.d.Styles
	switch {
	case s.err != nil:
		return kit.Fit("\n"+strings.Join(words.ProblemLines(st, s.err, w-4), "\n"), w, h)
	case !s.known:
		return kit.Fit("", w, h)
	}
	text, style := s.where()
	above := []string{""}
	for _, line := range kit.Wrap(text, w-4) {
		above = append(above, "  "+style.Render(line))
	}
	above = append(above, "")
	what, next := s.Remark()
	below := words.RemarkBlock(st, what, next, words.PlaceIn(s.table), w)
	return strings.Join(above, "\n") + "\n" + s.table.View(st, w, h-len(above)-len(below), s.cell) + "\n" +
		strings.Join(below, "\n")
}

// where says what becomes of the file, or why nothing does.
func (s *listScreen) where() (string, theme.Style) {
	st := s.d.Styles
	switch {
	case s.fixed != "":
		return s.fixed, st.Warn
	case !s.file.Exists:
		return "The file is not there yet: it is made with the first setting that is saved.", st.Muted
	}
	return "What is changed here, and by whom, is told in the history. Comments and order of the file stay.", st.Muted
}

func (s *listScreen) cell(id int64, column, _ int) kit.Cell {
	r, st := s.rows[id-1], &s.d.Styles
	switch column {
	case 0:
		return kit.Cell{Text: r.name}
	case 1:
		if r.inFile() {
			return kit.Cell{Text: r.value}
		}
		return kit.Cell{Text: r.value, Style: &st.Muted}
	}
	return kit.Cell{Text: r.from, Style: &st.Muted}
}

// Remark is what the selected setting is for, and what can be done.
func (s *listScreen) Remark() (what, next string) {
	r, ok := s.selected()
	switch {
	case !ok:
		return "", ""
	case s.fixed != "":
		return r.about, "Nothing can be changed here: the first line says why."
	case r.adds:
		return r.about, "Next: enter asks for it, and tries it before it is saved."
	case r.inFile():
		return r.about, "Next: enter changes it, D takes it out of the file."
	}
	return r.about, "Next: enter sets it."
}

func (s *listScreen) IDs() []int64         { return screen.ShownIDs(s.known && s.err == nil, s.table) }
func (s *listScreen) At() int              { return s.table.Position() }
func (s *listScreen) Name(id int64) string { return s.rows[id-1].name }
func (s *listScreen) Spoken(id int64) string {
	r := s.rows[id-1]
	return strings.Join(words.NotEmpty(r.name+": "+r.value, r.from), ", ")
}
