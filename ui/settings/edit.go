package settings

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/config"
	"certdesk/certstore/query"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// editScreen asks for a setting, tries it, shows what would be written, and writes it.
type editScreen struct {
	d       *screen.Desk
	file    config.File
	setting setting
	fields  []*entryField
	form    *form.Form // of the fields; nil where the setting is taken out
	page    *form.Form // of what was tried; nil before
	tried   trial
	awake   bool // the page has been there long enough to be meant
	busy    screen.Busy
	err     error
	styles  theme.Styles // as they were, for whoever goes back
}

var (
	_ screen.Asking = (*editScreen)(nil)
	_ screen.Doer   = (*editScreen)(nil)
)

// The answers that the screen waits for.
type (
	triedMsg struct {
		trial
		err error
	}
	savedMsg struct{ err error }
)

// newEdit asks for a setting.
func newEdit(d *screen.Desk, f config.File, s setting) screen.Screen {
	e := &editScreen{d: d, file: f, setting: s, styles: d.Styles}
	var fields []form.Field
	for _, a := range s.asks {
		field := newField(f, s, a, e.shown)
		e.fields, fields = append(e.fields, field), append(fields, field.field)
	}
	e.form = form.New(fields...).Titled(e.question).Leading("try it").Hide(e.hides).
		Remarks(e.remarks).Below(e.below)
	return e
}

// newUnset tries what holds when the file no longer says it.
func newUnset(d *screen.Desk, f config.File, s setting) screen.Screen {
	return &editScreen{d: d, file: f, setting: s, styles: d.Styles}
}

func (s *editScreen) Init() tea.Cmd {
	if s.form == nil {
		return s.try()
	}
	return s.form.Focus("")
}

// shown shows a choice of colours at once.
func (s *editScreen) shown(a asked, value string) {
	if a.key == "theme" && s.d.StylesOf != nil {
		s.d.Styles = s.d.StylesOf(value)
	}
}

func (s *editScreen) remarks() (list []form.Remark) {
	show := s.value("show")
	problem := query.Parse(show, s.d.Now()).Problem
	if s.setting.table == "filter" && problem != "" {
		list = append(list, form.Remark{Field: "show", Text: words.SentenceCase(problem)})
	}
	if s.setting.asks[0].key == "theme" && s.d.ThemeSaid {
		list = append(list, form.Remark{Field: "theme",
			Text: "--theme was given: this desk follows it, whatever is saved here.", Mild: true})
	}
	return list
}

func (s *editScreen) below(st theme.Styles, w int) []string { return words.ProblemLines(st, s.err, w) }

func (s *editScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.resize()
		return s, nil
	case triedMsg:
		return s, s.took(msg)
	case savedMsg:
		return s, s.saved(msg)
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case screen.WakeMsg:
		s.awake = true
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *editScreen) key(k tea.KeyMsg) tea.Cmd {
	switch {
	case s.busy.Runs(), s.page == nil && s.form == nil:
		cmd, _ := kit.Do(s.Verbs(), k)
		return cmd
	case s.page != nil:
		return s.pageKey(k)
	}
	cmd, outcome := s.form.Update(k)
	switch outcome {
	case form.Back:
		return s.leave()
	case form.Next:
		return s.try()
	}
	return cmd
}

// leave goes back to the list, in the colours that were.
func (s *editScreen) leave() tea.Cmd {
	s.d.Styles = s.styles
	return screen.Pop
}

// pageKey answers on the page of what was tried.
func (s *editScreen) pageKey(k tea.KeyMsg) tea.Cmd {
	cmd, outcome := s.page.Update(k)
	switch {
	case outcome == form.Back, outcome == form.Next && hasError(s.tried.findings):
		return s.toForm()
	case outcome == form.Next:
		return s.page.Focus("save")
	case outcome == form.Pressed && s.awake:
		return s.save()
	}
	return cmd
}

// toForm goes back to what was typed.
func (s *editScreen) toForm() tea.Cmd {
	s.page = nil
	if s.form == nil {
		return s.leave()
	}
	if slices.ContainsFunc(s.tried.findings, func(f trust.Finding) bool { return f.Code == termsShown }) {
		return s.form.Focus("accept_terms")
	}
	return s.form.Focus("")
}

// try tries the setting in a command.
func (s *editScreen) try() tea.Cmd {
	s.err = nil
	if s.d.Store == nil {
		return nil
	}
	d, f, of, changes := s.d.Config, s.file, s.setting, s.changes()
	if len(changes) == 0 {
		return s.refuse("this is what holds already: change something, or press esc")
	}
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		t, err := try(ctx, d, f, of, changes)
		return triedMsg{t, err}
	})
	return tea.Batch(s.busy.Start(s.d, "trying it"), work)
}

// refuse says what is wrong at the field that has it.
func (s *editScreen) refuse(text string) tea.Cmd {
	at := s.form.Field().ID()
	return s.form.Refuse(at, text)
}

func (s *editScreen) took(msg triedMsg) tea.Cmd {
	s.busy.Stop()
	switch {
	case words.Canceled(msg.err):
		return screen.Notice("cancelled: nothing was changed")
	case msg.err != nil && s.form != nil:
		s.err = msg.err
		return s.form.Focus("")
	case msg.err != nil:
		s.err = msg.err
		return nil
	}
	s.tried = msg.trial
	fields := []form.Field{form.NewNote("what", "", "Lines with + come into the file, those with - go.", s.what)}
	focus, leads := "what", "back"
	if !hasError(s.tried.findings) {
		fields = append(fields, form.NewButton("save", "Save it", "Writes the file, and into the history who changed it.").
			Ready(func() bool { return s.awake }))
		focus, leads = "save", ""
	}
	s.page = form.New(fields...).Titled(s.question).Leading(leads)
	s.awake = false
	s.resize()
	return tea.Batch(s.page.Focus(focus), s.d.After(kit.Grace, screen.WakeMsg{}))
}

// what is what trying found, and what would be written.
func (s *editScreen) what(st theme.Styles, w int) (lines []string) {
	for _, f := range s.tried.findings {
		glyph, style := words.SeverityGlyph(st, f.Severity), words.SeverityStyle(st, f.Severity)
		if f.Severity == trust.Info {
			glyph, style = st.Glyphs.Good, st.Text
		}
		lines = append(lines, words.Signed(style, glyph, f.Text, w)...)
	}
	if len(lines) > 0 {
		lines = append(lines, "")
	}
	return append(lines, words.DiffLines(st, s.tried.draft.Diff(), w)...)
}

// save writes the file and the history, and then has the desk use it.
func (s *editScreen) save() tea.Cmd {
	store, draft := s.d.Store, s.tried.draft
	ca, orders := s.setting.authority(draft.Config)
	orders = orders && s.form != nil
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		if orders {
			if _, err := store.Register(ctx, ca); err != nil {
				return savedMsg{err}
			}
		}
		return savedMsg{store.SaveSettings(ctx, draft)}
	})
	return tea.Batch(s.busy.Start(s.d, "saving"), work)
}

func (s *editScreen) saved(msg savedMsg) tea.Cmd {
	s.busy.Stop()
	if msg.err != nil {
		s.err, s.page = msg.err, nil
		if s.form == nil {
			return nil
		}
		return s.form.Focus("")
	}
	said := "saved, and in use; the history (L) says by whom"
	if _, orders := s.setting.authority(s.tried.draft.Config); orders && s.form != nil {
		said = "saved, and in use: " + screen.Keys.New.Shown + " in the table orders from it"
	}
	reopened := screen.ReopenedMsg{Config: s.tried.next, Said: said}
	return func() tea.Msg { return reopened }
}

func (s *editScreen) resize() {
	if s.page != nil {
		s.page.Resize(s.d.Styles, s.d.Width, s.d.PageHeight())
	}
}

// View is the form or what was tried, below its question; while that is tried it is the question alone.
func (s *editScreen) View(w, h int) string {
	st := s.d.Styles
	lines := []string{"", "  " + st.Title.Render(s.question()), ""}
	switch {
	case s.busy.Runs():
		lines = append(lines, s.busy.Line(st, s.d.Now()))
	case s.page != nil:
		lines = s.page.View(st, w, h)
	case s.form != nil:
		lines = s.form.View(st, w, h)
	default:
		lines = append(lines, words.ProblemLines(st, s.err, w-4)...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func (s *editScreen) question() string {
	switch {
	case s.page != nil && hasError(s.tried.findings):
		return "This cannot be saved"
	case s.page != nil:
		return "This would be written"
	case s.form == nil:
		return "Take it out of the file"
	case s.setting.adds && s.setting.table == "acme":
		return "Which CA?"
	case s.setting.adds && s.setting.table == "notify":
		return "Who is told?"
	case s.setting.adds:
		return "Which " + s.setting.table + "?"
	}
	return s.setting.name
}

// Verbs are those of the form, or of the page of what was tried.
func (s *editScreen) Verbs() []kit.Verb {
	switch {
	case s.busy.Runs():
		return []kit.Verb{screen.Keys.CancelRun.Does(s.d.Stop)}
	case s.page != nil:
		return s.page.Verbs()
	case s.form != nil:
		return s.form.Verbs()
	}
	return []kit.Verb{screen.Keys.Leave}
}

func (s *editScreen) Typing() bool {
	return !s.busy.Runs() && s.page == nil && s.form != nil && s.form.Typing()
}

func (s *editScreen) Title() string { return titleOf(s.d, s.file.Path) }

func (s *editScreen) InLines() (string, *form.Form, error) {
	switch {
	case s.busy.Runs():
		return "", nil, nil
	case s.page != nil:
		return s.question(), s.page, nil
	}
	return s.question(), s.form, s.err
}

func (s *editScreen) Doing() string { return s.busy.Text }
