package request

import (
	"context"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/issuing"
	"certdesk/certstore/ordering"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// review is the last page before anything is made: the very value that will be carried out, what is to be said
// of it, and the commands that would do the same.
type review struct {
	s       *wizardScreen
	request issuing.Request   // the first, where there are several
	list    []issuing.Request // all that will be carried out
	err     error             // why the answers give no request
	refused error             // what the store would refuse, or did
	awake   bool              // the page has been there for kit.Grace: keys that were in flight when it opened make nothing
}

// checkedMsg is what the store says to a request that was not carried out.
type checkedMsg struct{ err error }

func reviewPage(s *wizardScreen) *wizardPage {
	r := &review{s: s}
	if r.list, r.err = wizard.BuildRequests(s.draft.answers, s.env); r.err == nil {
		r.request = r.list[0]
	}
	if s.making.err != nil {
		r.refused, s.making.err = s.making.err, nil
	}
	text := form.NewNote("Review", "", "Read it through: tab goes to the button. Nothing has been made yet.", r.lines)
	create := form.NewButton("Create", r.verb(), r.effect()).Ready(func() bool { return r.awake })
	return &wizardPage{
		question: "Is this right?",
		form:     form.New(text, create),
		save:     func(*wizard.Answers) {},
		update:   r.update,
		pressed:  r.create,
		keys:     []kit.Verb{screen.Keys.Exchange.Does(r.older)},
	}
}

// older shows the command of another version of Exchange.
func (r *review) older() tea.Cmd {
	said := r.s.d.OlderExchange()
	r.s.env = wizardEnv(r.s.d, r.s.memory)
	return said
}

// effect is what the button does.
func (r *review) effect() string {
	switch {
	case len(r.list) > 1:
		return "Makes a key and a request for each part of the names, all or none, and keeps them in the store."
	case r.request.Order != nil:
		return "Makes the key and the request, has " + r.request.Order.CA + " prove the names, and keeps what it issues."
	case r.request.ReuseKey:
		return "Makes " + what(r.request) + " with the key of the certificate it renews, and keeps it in the store."
	}
	return "Makes the key and " + what(r.request) + ", and keeps both in the store."
}

func (r *review) verb() string {
	switch {
	case r.s.draft.answers.CA != "":
		return "Order the certificate"
	case r.s.draft.answers.SelfSigned:
		return "Create the certificate"
	case len(r.list) > 1:
		return "Create the " + strconv.Itoa(len(r.list)) + " requests"
	}
	return "Create the request"
}

// check asks the store what it would refuse.
func (s *wizardScreen) check() tea.Cmd {
	list, err := wizard.BuildRequests(s.draft.answers, s.env)
	if err != nil || s.d.Store == nil {
		return nil
	}
	store := s.d.Store
	return s.d.Behind(func(ctx context.Context) tea.Msg {
		if first := list[0]; first.Order != nil {
			return checkedMsg{store.CheckOrder(ctx, ordering.Request{Make: first, CA: first.Order.CA})}
		}
		for _, r := range list {
			if err := store.Check(ctx, r); err != nil {
				return checkedMsg{err}
			}
		}
		return checkedMsg{}
	})
}

func (r *review) update(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case checkedMsg:
		r.refused = msg.err
	case screen.WakeMsg:
		r.awake = true
	default:
		return nil, false
	}
	return nil, true
}

// create carries it out, unless an answer is wrong: then the page of that answer opens, with the field in focus.
func (r *review) create() (screen.Screen, tea.Cmd) {
	s := r.s
	if !r.awake {
		return s, screen.Notice("one moment: this page has only just opened; press again")
	}
	if f, bad := wizard.FirstError(wizard.All(s.draft.answers, s.env)); bad {
		cmd := s.open(f.Step, "")
		return s, tea.Batch(cmd, s.page.form.Refuse(s.page.field(f), f.Text))
	}
	if r.err != nil {
		return s, nil
	}
	if r.request.Order != nil && s.d.Store != nil {
		return newOrder(s.d, s.memory, s.draft, r.request)
	}
	return s, s.startMaking(r.list)
}

// lines is the whole page.
func (r *review) lines(st theme.Styles, w int) []string {
	var out []string
	out = append(out, words.ProblemLines(st, r.err, w)...)
	out = append(out, words.ProblemLines(st, r.refused, w)...)
	if r.err == nil {
		out = append(out, words.Labelled(st, append(wizard.ReviewAll(r.list), r.proven()...), w)...)
	}
	out = append(out, r.findings(st, w)...)
	a, env := r.s.draft.answers, r.s.env
	out = append(out, words.CommandLines(st, "The same by command", wizard.CertdeskCommand(a, env),
		words.PosixShell, w)...)
	out = append(out, "", st.Label.Render("In the "+words.ManagementShell))
	shell := words.CommandLines(st, words.ExchangeNote(env), wizard.ShellCommand(a, env), words.PowerShell, w)
	return append(out, shell[1:]...)
}

// proven says how the names of what is ordered are proven, and what is tried before.
func (r *review) proven() []wizard.Fact {
	for _, ca := range r.s.env.Authorities {
		if r.request.Order != nil && ca.Name == r.request.Order.CA {
			return []wizard.Fact{{Label: "Proven by", Value: kit.Printable(wizard.ProvenBy(ca)) +
				"; certdesk looks at each name itself before the CA is asked"}}
		}
	}
	return nil
}

func (r *review) findings(st theme.Styles, w int) []string {
	var out []string
	for _, f := range wizard.All(r.s.draft.answers, r.s.env) {
		if f.Severity == trust.Info {
			continue
		}
		out = append(out, words.Signed(words.SeverityStyle(st, f.Severity), words.SeverityGlyph(st, f.Severity),
			f.Step.Title()+": "+f.Text, w)...)
	}
	if len(out) > 0 {
		out = append([]string{""}, out...)
	}
	return out
}
