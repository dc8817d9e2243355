package request

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// making is the last page: what runs, then what came of it.
type making struct {
	screen.Busy
	made   []issuing.Made // what was made
	err    error          // why nothing was made; or, beside made, why its file was not written
	result *form.Form
}

// madeMsg is the store's answer.
type madeMsg struct {
	made []issuing.Made
	err  error
}

func (m making) shown() bool { return m.Runs() || len(m.made) > 0 }

func (m making) title() string {
	switch {
	case m.Runs():
		return "Making it"
	case len(m.made) > 1:
		return fmt.Sprintf("The %d requests are made", len(m.made))
	case m.made[0].Entry.Kind == certstore.PendingReq:
		return "The request is made"
	}
	return "The certificate is made"
}

// startMaking carries the request out.
func (s *wizardScreen) startMaking(list []issuing.Request) tea.Cmd {
	if s.d.Store == nil {
		return nil
	}
	s.making = making{}
	r, several := list[0], len(list) > 1
	text := "making the key, then " + what(r)
	switch {
	case several:
		text = fmt.Sprintf("making %d keys, then their requests", len(list))
	case r.ReuseKey:
		text = "making " + what(r) + " with the key that is here"
	}
	turn := s.making.Start(s.d, text)
	store := s.d.Store
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		if several {
			made, err := store.NewAll(ctx, list)
			return madeMsg{made, err}
		}
		made, err := store.New(ctx, r)
		return madeMsg{[]issuing.Made{made}, err}
	})
	return tea.Batch(work, turn)
}

func what(r issuing.Request) string {
	if r.SelfSigned {
		return "the certificate"
	}
	return "the request"
}

func (s *wizardScreen) updateMaking(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case madeMsg:
		return s, s.finished(msg)
	case screen.TurnMsg:
		return s, s.making.Turned(s.d)
	case tea.KeyMsg:
		return s.makingKey(msg)
	}
	return s, nil
}

// finished shows what was made; where nothing was, the review comes back with the reason and all answers.
func (s *wizardScreen) finished(msg madeMsg) tea.Cmd {
	s.making.Stop()
	if msg.err != nil && !fail.Is(msg.err, fail.KeptPending) {
		s.making.err = msg.err
		if words.Canceled(msg.err) {
			s.making.err = nil
			return tea.Batch(s.open(wizard.StepReview, ""), screen.Notice("cancelled: nothing was made"))
		}
		text, _ := words.Failure(msg.err)
		return tea.Batch(s.open(wizard.StepReview, ""), screen.Notice("nothing was made: "+text))
	}
	s.draft.drop(s.memory)
	s.memory.sitting = &sitting{s.draft.answers, words.Title(msg.made[0].Entry)}
	s.making.made, s.making.err = msg.made, msg.err
	note := form.NewNote("Made", "", "Enter goes to the table, to the new row; n makes another, with the same "+
		"organisation, key and directory.", s.madeText)
	s.making.result = form.New(note).Titled(s.making.title)
	s.resize()
	return s.making.result.Focus("")
}

func (s *wizardScreen) makingKey(k tea.KeyMsg) (screen.Screen, tea.Cmd) {
	if cmd, done := kit.Do(s.makingVerbs(), k); done || s.making.Runs() {
		return s, cmd
	}
	if kit.Pressed(k, screen.Keys.Another) {
		return screen.Become(newWizard(s.d, s.memory, nil))
	}
	s.resize()
	cmd, _ := s.making.result.Update(k)
	return s, cmd
}

func (s *wizardScreen) makingVerbs() []kit.Verb {
	if s.making.Runs() || s.making.result == nil {
		return []kit.Verb{screen.Keys.CancelRun.Does(s.d.Stop)}
	}
	list := []kit.Verb{screen.Keys.Done.Does(screen.ToRow(s.making.made[0].Entry.ID)), screen.Keys.Another}
	return append(list, s.making.result.Field().Verbs()...)
}

// madeText is what was made, where it is, the next step, and the text itself.
func (s *wizardScreen) madeText(st theme.Styles, w int) []string {
	m := s.making
	out := words.ProblemLines(st, m.err, w)
	for _, one := range m.made {
		out = append(out, words.Labelled(st, madeFacts(one), w)...)
		out = append(out, "")
	}
	out = append(out, words.Signed(st.Accent, st.Glyphs.Cursor, nextSteps(m.made), w)...)
	for _, one := range m.made {
		out = append(out, "")
		for line := range strings.SplitSeq(strings.TrimSpace(string(one.PEM)), "\n") {
			out = append(out, st.Text.Render(kit.Cut(kit.Printable(line), w, st.Glyphs.Ellipsis)))
		}
	}
	return out
}

// nextSteps is what is to be done with what was made.
func nextSteps(list []issuing.Made) string {
	if len(list) == 1 {
		return nextStep(list[0])
	}
	return "Send all of them to your CA. When the answers come, press i in the table and choose their files: certdesk finds " +
		"each request by its key."
}

func madeFacts(m issuing.Made) []wizard.Fact {
	e := m.Entry
	facts := []wizard.Fact{
		{Label: "Name", Value: words.Title(e)},
		{Label: "Thumbprint", Value: e.Thumbprint},
		{Label: "Key", Value: fmt.Sprintf("%s %d, in the store%s", e.KeyAlgorithm, e.KeySize, exportWords(e))},
	}
	if e.Kind == certstore.PendingReq {
		facts = append(facts, wizard.Fact{Label: "File", Value: fileWords(m.Path)})
	}
	return facts
}

func exportWords(e certstore.Entry) string {
	if e.Exportable || e.KeyExportable {
		return ", exportable"
	}
	return ", not exportable"
}

func fileWords(path string) string {
	if path == "" {
		return "none; x in the table writes it at any time"
	}
	return path
}

func nextStep(m issuing.Made) string {
	switch {
	case m.Entry.Kind != certstore.PendingReq:
		return "It is in the table now. Clients that do not know it will warn until they are told to trust it."
	case m.Path == "":
		return "Send the text below to your CA. When the answer comes, press i in the table and choose its file: certdesk " +
			"finds this request by its key."
	}
	return "Send the file to your CA. When the answer comes, press i in the table and choose its file: certdesk finds " +
		"this request by its key."
}
