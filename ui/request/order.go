package request

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/acme/due"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ordering"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// orderScreen shows an order step by step as a CA answers it, and what came of it. Esc leaves it running.
type orderScreen struct {
	d      *screen.Desk
	memory *Memory
	order  *running // nil until it runs
	name   string
	ca     string
	state  orderState
	moved  <-chan struct{}
	busy   screen.Busy
	draft  *wizardDraft // that it comes from, until its request is made; nil for none
	form   *form.Form   // of what came of it; nil before
	heard  int          // of the steps, by whoever follows them in lines
}

var (
	_ screen.Asking        = (*orderScreen)(nil)
	_ screen.Doer          = (*orderScreen)(nil)
	_ screen.Stepper       = (*orderScreen)(nil)
	_ screen.Interruptible = (*orderScreen)(nil)
)

// movedMsg says that an order has another state.
type movedMsg struct{}

// NewOrder goes on with the order of a request, or shows it where it runs.
func NewOrder(d *screen.Desk, m *Memory, e certstore.Entry) screen.Screen {
	return &orderScreen{d: d, memory: m, order: m.ordered(e.ID), name: words.Title(e), ca: words.OrderedFrom(e),
		state: orderState{id: e.ID}}
}

// newOrder carries out the order that a form has led to.
func newOrder(d *screen.Desk, m *Memory, draft *wizardDraft, r issuing.Request) (screen.Screen, tea.Cmd) {
	s := &orderScreen{d: d, memory: m, draft: draft, name: kit.Printable(r.FriendlyName), ca: r.Order.CA}
	store, ca, profile := d.Store, r.Order.CA, r.Order.Profile
	cmd := s.begin(func(ctx context.Context, o ordering.Options) (certstore.Entry, error) {
		return store.Order(ctx, ordering.Request{Make: r, CA: ca, Profile: profile}, o)
	})
	return s, cmd
}

// Init goes on with an order that does not run.
func (s *orderScreen) Init() tea.Cmd {
	if s.order != nil {
		return s.follow()
	}
	return s.goOn()
}

func (s *orderScreen) goOn() tea.Cmd {
	store, id := s.d.Store, s.state.id
	if store == nil {
		return nil
	}
	return s.begin(func(ctx context.Context, o ordering.Options) (certstore.Entry, error) {
		return store.GoOn(ctx, id, o)
	})
}

func (s *orderScreen) begin(do carryOut) tea.Cmd {
	order, work := s.memory.start(s.d, s.state.id, s.name, s.ca, do)
	s.order, s.form, s.heard = order, nil, 0
	return tea.Batch(work, s.follow())
}

// follow shows an order that runs.
func (s *orderScreen) follow() tea.Cmd {
	s.state, s.moved = s.order.next()
	return tea.Batch(s.busy.Start(s.d, "ordering "+s.name+" from "+s.ca), s.listen())
}

func (s *orderScreen) listen() tea.Cmd {
	moved := s.moved
	return s.d.Behind(func(ctx context.Context) tea.Msg {
		select {
		case <-moved:
		case <-ctx.Done():
		}
		return movedMsg{}
	})
}

func (s *orderScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case movedMsg:
		return s, s.took()
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case tea.WindowSizeMsg:
		s.resize()
	case tea.KeyMsg:
		return s.key(msg)
	}
	return s, nil
}

// took takes the state in, and listens on until it is over.
func (s *orderScreen) took() tea.Cmd {
	s.state, s.moved = s.order.next()
	if s.state.id != 0 && s.draft != nil { // the answers are a request now
		s.draft.drop(s.memory)
		s.memory.sitting = &sitting{s.draft.answers, s.name}
		s.draft = nil
	}
	if !s.state.over {
		return s.listen()
	}
	s.busy.Stop()
	id, text, hint := s.button()
	if id == "" {
		s.form = form.New(form.NewNote("Ordered", "", "Enter goes to the table.", s.lines)).Leading("the table")
	} else {
		note := form.NewNote("Ordered", "", "Tab goes to the button; esc goes to the table.", s.lines)
		s.form = form.New(note, form.NewButton(id, text, hint)).Leading(text)
	}
	s.form.Titled(s.question)
	s.resize()
	return s.form.Focus(id)
}

// button is what can be done next; "" where there is nothing.
func (s *orderScreen) button() (id, text, hint string) {
	e := s.state.entry
	switch {
	case s.state.err == nil && s.enables():
		return "enable", "Enable it", "Chooses the services, those that it is wanted for first, and shows the plan."
	case s.state.err == nil:
		return "", "", ""
	case e.ID == 0 && s.state.id == 0:
		return "back", "Back to the review", "All answers are there."
	}
	if e.Refused() {
		return "again", "Order it once more", "On the same key; it will be refused unless the CA has other rules by now."
	}
	return "again", "Go on with the order", "On the same key; what was proven already stays proven."
}

// enables says whether what was issued can go to a service at once.
func (s *orderScreen) enables() bool {
	return s.d.AsksPorts() && len(screen.EnableVerbs(s.d, s.state.entry)) > 0 && len(s.d.Dead) == 0
}

func (s *orderScreen) key(k tea.KeyMsg) (screen.Screen, tea.Cmd) {
	if cmd, done := kit.Do(s.Verbs(), k); done || s.form == nil {
		return s, cmd
	}
	s.resize()
	cmd, outcome := s.form.Update(k)
	switch outcome {
	case form.Back:
		return s, s.leave()
	case form.Next:
		if id, _, _ := s.button(); id != "" {
			return s, s.form.Focus(id)
		}
		return s, s.leave()
	case form.Pressed:
		return s.press()
	}
	return s, cmd
}

func (s *orderScreen) press() (screen.Screen, tea.Cmd) {
	switch s.form.Field().ID() {
	case "enable":
		return s.d.Replace(screen.ToEnable{Entry: s.state.entry})
	case "back":
		return screen.Become(newWizard(s.d, s.memory, s.draft))
	}
	return s, s.goOn()
}

// leave goes to the row of what is ordered; where there is none yet it ends the order, and the form comes back.
func (s *orderScreen) leave() tea.Cmd {
	if s.state.id == 0 {
		return screen.Pop
	}
	id, said := s.state.id, ""
	if !s.state.over {
		said = s.name + " is being ordered from " + s.ca + "; enter on its row, twice, shows it again."
	}
	return func() tea.Msg { return screen.SelectMsg{ID: id, Said: said} }
}

// Interrupted stops the order; what a CA looks for just now stays until it has looked.
func (s *orderScreen) Interrupted() bool {
	if !s.busy.Runs() {
		return false
	}
	s.order.stop()
	s.busy.Text = "stopping"
	return true
}

func (s *orderScreen) halt() tea.Cmd {
	s.Interrupted()
	return nil
}

func (s *orderScreen) resize() {
	if s.form != nil {
		s.form.Resize(s.d.Styles, s.d.Width, s.d.PageHeight())
	}
}

// View is the steps while it runs, and then what came of it.
func (s *orderScreen) View(w, h int) string {
	st := s.d.Styles
	if s.form != nil {
		return kit.Fit(strings.Join(s.form.View(st, w, h), "\n"), w, h)
	}
	foot := append([]string{s.busy.Line(st, s.d.Now())}, words.Indented(st.Muted, s.staying(), "     ", "     ", w)...)
	steps := indented(stepLines(st, s.state.steps, w-4))
	steps = steps[max(0, len(steps)-max(1, h-4-len(foot))):] // the latest are seen
	lines := append([]string{"", "  " + st.Title.Render(kit.Cut(s.question(), w-4, st.Glyphs.Ellipsis)), ""}, steps...)
	return kit.Fit(strings.Join(append(append(lines, ""), foot...), "\n"), w, h)
}

// staying says what leaving would do.
func (s *orderScreen) staying() string {
	if s.state.id == 0 {
		return "Nothing is ordered yet: esc ends it, and the answers stay."
	}
	return "Esc leaves it running; its row in the table shows it. ctrl+c stops it, and it can be gone on with."
}

func indented(lines []string) []string {
	for i := range lines {
		lines[i] = "  " + lines[i]
	}
	return lines
}

// stepLines are steps, each with its sign; a reason is told whole.
func stepLines(st theme.Styles, steps []ordering.Progress, w int) (lines []string) {
	for _, p := range steps {
		glyph, style := st.Glyphs.Good, st.Good
		switch {
		case !p.Done:
			glyph, style = st.Glyphs.Cursor, st.Accent
		case p.Err != nil:
			glyph, style = st.Glyphs.Bad, st.Bad
		}
		for i, line := range kit.Wrap(kit.Printable(words.OrderStep(p)), w-2) {
			if i == 0 {
				lines = append(lines, style.Render(glyph)+" "+line)
				continue
			}
			lines = append(lines, "  "+line)
		}
	}
	return lines
}

// lines are what came of it: what was made or why not, and the steps.
func (s *orderScreen) lines(st theme.Styles, w int) (out []string) {
	now := s.state
	switch {
	case now.err == nil:
		out = append(words.Labelled(st, orderedFacts(s.d, now.entry), w), "")
	case words.Canceled(now.err):
		out = append(words.Signed(st.Warn, st.Glyphs.Warn, "It was stopped. Its key and request stay in the store.",
			w), "")
	default:
		out = append(words.ProblemLines(st, now.err, w), words.Indented(st.Text, s.nextTry(), "  ", "  ", w)...)
		out = append(out, "")
	}
	return append(out, stepLines(st, now.steps[min(s.heard, len(now.steps)):], w)...) // in lines they were told already
}

// nextTry says when it is tried again without anybody, or what else can be done.
func (s *orderScreen) nextTry() string {
	f := s.state.entry.Automatic.Failed()
	if s.state.entry.Refused() {
		return "It is not tried again by itself. On its row " + words.RefusedNext
	}
	if f == nil || !f.Next.After(s.d.Now()) {
		return ""
	}
	return "Without anybody it is tried again from " + words.Day(f.Next, s.d.Now()) + " on. Here it can be at once."
}

func orderedFacts(d *screen.Desk, e certstore.Entry) []wizard.Fact {
	facts := []wizard.Fact{
		{Label: "Name", Value: words.Title(e)},
		{Label: "Issuer", Value: words.IssuerFact(e)},
		{Label: "Valid until", Value: words.Day(e.NotAfter, d.Now())},
		{Label: "Thumbprint", Value: e.Thumbprint},
	}
	if m, renews := due.Renews(&e, d.Now()); renews {
		facts = append(facts, wizard.Fact{Label: "Renews", Value: "by itself on " + words.Day(m.At, d.Now())})
	}
	return facts
}

func (s *orderScreen) question() string {
	switch {
	case !s.state.over:
		return "Ordering " + s.name + " from " + s.ca
	case s.state.err == nil:
		return s.name + " is issued by " + s.ca
	case s.state.id == 0:
		return "Nothing was ordered"
	case s.state.entry.Refused():
		return s.name + " is refused by " + s.ca
	}
	return s.name + " is not there yet"
}

func (s *orderScreen) Verbs() []kit.Verb {
	switch {
	case s.form != nil && s.state.err == nil:
		others := slices.DeleteFunc(s.form.Verbs(), func(v kit.Verb) bool { return v.Is(screen.Keys.Back) })
		return append([]kit.Verb{screen.Keys.Done.On("esc").Does(s.leave)}, others...)
	case s.form != nil:
		return s.form.Verbs()
	case s.state.id == 0:
		return []kit.Verb{screen.Keys.CancelRun.Does(s.halt)}
	}
	return []kit.Verb{screen.Keys.Leave.Does(s.leave)}
}

func (s *orderScreen) Typing() bool  { return false }
func (s *orderScreen) Title() string { return "Order " + s.name }

func (s *orderScreen) InLines() (string, *form.Form, error) { return s.question(), s.form, nil }

func (s *orderScreen) Doing() string { return s.busy.Text }

// Happened are the steps that ended since somebody listened last.
func (s *orderScreen) Happened() (lines []string) {
	for ; s.heard < len(s.state.steps) && s.state.steps[s.heard].Done; s.heard++ {
		lines = append(lines, stepLines(s.d.Styles, s.state.steps[s.heard:s.heard+1], screen.ReadWidth)...)
	}
	return lines
}
