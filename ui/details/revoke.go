package details

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/ordering"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// revokeScreen asks why a certificate is revoked, has that confirmed by digits, and has its CA do it.
type revokeScreen struct {
	d      *screen.Desk
	entry  certstore.Entry
	reason *form.Choice
	form   *form.Form
	busy   screen.Busy
	err    error
}

var (
	_ screen.Asking = (*revokeScreen)(nil)
	_ screen.Doer   = (*revokeScreen)(nil)
)

// revokedMsg is what came of it.
type revokedMsg struct{ err error }

// reasonWords are the reasons as people say them.
var reasonWords = map[string][2]string{
	"unspecified":          {"No reason is given", ""},
	"superseded":           {"Another one took its place", ""},
	"cessationOfOperation": {"Its names are no longer used", ""},
	"affiliationChanged":   {"The organisation has changed", ""},
	"keyCompromise":        {"Somebody else may have the key", "the CA may block the key"},
}

// NewRevoke asks for the reason.
func NewRevoke(d *screen.Desk, e certstore.Entry) screen.Screen {
	s := &revokeScreen{d: d, entry: e}
	var list []form.Option
	for _, word := range ordering.Reasons() {
		said := reasonWords[word]
		list = append(list, form.Option{Value: word, Text: said[0], Note: said[1]})
	}
	s.reason = form.NewChoice("reason", "Why", "superseded", list...).
		With("The CA writes it into its list. Nobody can take a revocation back.", nil)
	s.form = form.New(s.reason, form.NewButton("revoke", "Revoke it",
		"Asks once more first. Clients that look refuse it from then on.")).
		Titled(func() string { return "Why is " + words.Title(e) + " revoked?" }).Below(s.below)
	return s
}

func (s *revokeScreen) Init() tea.Cmd { return s.form.Focus("") }

// below says what still uses it, and what went wrong.
func (s *revokeScreen) below(st theme.Styles, w int) []string {
	lines := words.ProblemLines(st, s.err, w)
	if s.entry.Services != 0 {
		lines = append(lines, words.Signed(st.Warn, st.Glyphs.Warn, "It is in use for "+s.entry.Services.String()+
			": renew it (R) and enable the new one first, or clients are refused.", w)...)
	}
	return lines
}

func (s *revokeScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case revokedMsg:
		return s, s.revoked(msg)
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *revokeScreen) key(k tea.KeyMsg) tea.Cmd {
	if s.busy.Runs() {
		cmd, _ := kit.Do(s.Verbs(), k)
		return cmd
	}
	cmd, outcome := s.form.Update(k)
	switch outcome {
	case form.Back:
		return screen.Pop
	case form.Next:
		return s.form.Focus("revoke")
	case form.Pressed:
		return s.confirm()
	}
	return cmd
}

func (s *revokeScreen) confirm() tea.Cmd {
	e := s.entry
	q := kit.Dialog{Title: "Revoke " + words.Title(e) + " for good?", Lines: []string{
		words.SubjectOrName(e) + ", " + words.NamesCount(e) + ".",
		words.SentenceCase(reasonWords[s.reason.Value()][0]) + ". " + words.OrderedFrom(e) + " is told so.",
		"Clients that look refuse it from then on, wherever it is served; nobody can take that back.",
		"Thumbprint " + kit.Printable(e.Thumbprint)},
		Buttons: []string{"Cancel", "Revoke"}, Word: e.Thumbprint[max(0, len(e.Thumbprint)-purgeDigits):], Danger: true}
	return s.d.Push(screen.Ask(q, nil, s.revoke))
}

func (s *revokeScreen) revoke() tea.Cmd {
	store, id, reason := s.d.Store, s.entry.ID, s.reason.Value()
	s.err = nil
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		_, err := store.Revoke(ctx, id, reason)
		return revokedMsg{err}
	})
	return tea.Batch(work, s.busy.Start(s.d, "having "+words.OrderedFrom(s.entry)+" revoke it"))
}

func (s *revokeScreen) revoked(msg revokedMsg) tea.Cmd {
	s.busy.Stop()
	if s.err = msg.err; s.err != nil {
		return s.form.Focus("")
	}
	id, said := s.entry.ID, words.Title(s.entry)+" is revoked. Next: R has another one issued in its place."
	return func() tea.Msg { return screen.SelectMsg{ID: id, Said: said} }
}

// View is the question, or that the CA is being asked.
func (s *revokeScreen) View(w, h int) string {
	st := s.d.Styles
	if s.busy.Runs() {
		return kit.Fit("\n"+s.busy.Line(st, s.d.Now()), w, h)
	}
	return kit.Fit(strings.Join(s.form.View(st, w, h), "\n"), w, h)
}

func (s *revokeScreen) Verbs() []kit.Verb {
	if s.busy.Runs() {
		return []kit.Verb{screen.Keys.CancelRun.Does(s.d.Stop)}
	}
	return s.form.Verbs()
}

func (s *revokeScreen) Typing() bool  { return false }
func (s *revokeScreen) Title() string { return "Revoke " + words.Title(s.entry) }
func (s *revokeScreen) Doing() string { return s.busy.Text }

func (s *revokeScreen) InLines() (string, *form.Form, error) {
	if s.busy.Runs() {
		return "", nil, nil
	}
	return "Why is " + words.Title(s.entry) + " revoked?", s.form, s.err
}
