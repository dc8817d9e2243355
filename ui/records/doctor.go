package records

import (
	"context"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// doctorScreen says in plain words how the store fares, and repairs what can be repaired by adding.
type doctorScreen struct {
	d      *screen.Desk
	exam   exam
	known  bool // exam is an answer
	err    error
	busy   screen.Busy
	scroll kit.Scroll
}

var _ screen.Paged = (*doctorScreen)(nil)

// exam is what a look at the store found, the worst first.
type exam struct {
	ailments []ailment
	sound    bool
	missing  bool // there is no store yet
	at       time.Time
	took     time.Duration
}

// ailment is all findings of one kind.
type ailment struct {
	severity trust.Severity
	code     string
	texts    []string
}

// examMsg is the store's answer.
type examMsg struct {
	exam
	err error
}

// NewDoctor is the health of the store, looked at when it is opened.
func NewDoctor(d *screen.Desk) screen.Screen { return &doctorScreen{d: d} }

func (s *doctorScreen) Init() tea.Cmd { return s.look(false) }

// look examines the store, after repairing it where that is asked.
func (s *doctorScreen) look(repair bool) tea.Cmd {
	if s.d.Store == nil {
		return nil
	}
	what := "looking at every line of the journal, every certificate and every key"
	if repair {
		what = "repairing, then looking at everything again"
	}
	store, now := s.d.Store, s.d.Now
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		began := now()
		report, err := store.Doctor(ctx, repair)
		return examMsg{exam{ailments: sortAilments(report.Findings), sound: report.OK, missing: !store.Exists(), at: began,
			took: now().Sub(began)}, err}
	})
	return tea.Batch(s.busy.Start(s.d, what), work)
}

// severities are in the order in which a person reads: what is broken first.
var severities = []trust.Severity{trust.Error, trust.Warning, trust.Info}

// sortAilments puts findings of one kind together, the worst kinds first, each kind where it was first found.
func sortAilments(findings []trust.Finding) (list []ailment) {
	for _, severity := range severities {
		for _, f := range findings {
			if f.Severity != severity {
				continue
			}
			i := slices.IndexFunc(list, func(a ailment) bool { return a.code == f.Code && a.severity == severity })
			if i < 0 {
				i, list = len(list), append(list, ailment{severity: severity, code: f.Code})
			}
			list[i].texts = append(list[i].texts, kit.Printable(f.Text))
		}
	}
	return list
}

func (s *doctorScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case examMsg:
		s.busy.Stop()
		s.examined(msg)
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

// examined keeps what was known where the new look failed or was cancelled.
func (s *doctorScreen) examined(msg examMsg) {
	if s.err = msg.err; s.err == nil {
		s.exam, s.known, s.scroll = msg.exam, true, kit.Scroll{}
	}
}

func (s *doctorScreen) key(msg tea.KeyMsg) tea.Cmd {
	if msg.Paste {
		return nil
	}
	if s.d.ReadOnly && kit.Pressed(msg, screen.Keys.Repair) {
		return screen.Notice("read-only: nothing can be repaired here")
	}
	if cmd, done := kit.Do(s.Verbs(), msg); done {
		return cmd
	}
	s.scroll = screen.Scrolled(s.scroll, msg, len(s.Lines(s.d.Width)), s.d.PageHeight())
	return nil
}

func (s *doctorScreen) Verbs() []kit.Verb {
	list := []kit.Verb{screen.Keys.Scroll}
	if !s.busy.Runs() {
		list = append(list, screen.Keys.Again.Does(func() tea.Cmd { return s.look(false) }))
		if s.repairable() {
			list = append(list, screen.Keys.Repair.Does(s.askRepair))
		}
	}
	return append(list, screen.Keys.Leave)
}

// repairable says whether the store's own repair helps with anything that was found.
func (s *doctorScreen) repairable() bool {
	return !s.d.ReadOnly && slices.ContainsFunc(s.exam.ailments, func(a ailment) bool { return remedyOf(a).repair })
}

func (s *doctorScreen) askRepair() tea.Cmd {
	lines := []string{"A repair only ever adds lines to the journal: it records what is damaged, and lists again what " +
		"is here and in no list.",
		"Nothing is deleted, and no file is changed. What is due in the directory is done there.",
		"What it adds stays in the history, with your name."}
	return s.d.Push(screen.Confirm("Repair the store?", "Repair", lines, func() tea.Cmd { return s.look(true) }))
}

func (s *doctorScreen) Typing() bool         { return false }
func (s *doctorScreen) Title() string        { return "The store's health" }
func (s *doctorScreen) View(w, h int) string { return s.scroll.View(s.d.Styles, s.Lines(w), w, h) }
