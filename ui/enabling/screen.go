// Package enabling gives a certificate to services: the plan, the steps and the proof, and what every port serves.
//
// Its promise: until "Enable it" is pressed nothing has been touched; what is stopped or fails is put back, and the
// page says on which ports that is proven.
package enabling

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/services"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// enableScreen leads from the services to the plan, from the plan to what is done, one line a step, and to the proof,
// one line a port. Until "Enable it" is pressed nothing has been touched.
type enableScreen struct {
	d     *screen.Desk
	entry certstore.Entry
	busy  screen.Busy
	err   error

	here     []services.Instance // what it can be enabled for
	troubles []string
	ticks    []*form.Switch
	slots    []slotTick // of the plan
	form     *form.Form // of the page that is shown; nil while something runs

	wanted certstore.Services // those that were ticked when the plan was made

	plan  *enabling.Plan
	awake bool // the plan has been there long enough to be meant

	steps    []enabling.Progress
	heard    int    // of the steps, by whoever follows them in lines
	what     string // that they do: "enabling webmail 2025"
	undoing  bool   // what died half-way is put back
	stopped  bool   // somebody stopped it: what was changed is put back
	told     chan enabling.Progress
	outcomes []enabling.Outcome
	over     bool
}

var (
	_ screen.Asking        = (*enableScreen)(nil)
	_ screen.Doer          = (*enableScreen)(nil)
	_ screen.Stepper       = (*enableScreen)(nil)
	_ screen.Interruptible = (*enableScreen)(nil)
)

// The answers that the screen waits for.
type (
	ServicesMsg struct {
		Here     []services.Instance
		troubles []string
	}
	PlannedMsg struct {
		Plan enabling.Plan
		err  error
	}
	stepMsg struct {
		step enabling.Progress
		more bool
	}
	outcomesMsg struct {
		outcomes []enabling.Outcome
		err      error
	}
)

// New asks which services are given an entry.
func New(d *screen.Desk, e certstore.Entry) screen.Screen { return &enableScreen{d: d, entry: e} }

func (s *enableScreen) Init() tea.Cmd {
	if s.d.Store == nil {
		return nil
	}
	store := s.d.Store
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		here, troubles := store.ServicesHere(ctx)
		return ServicesMsg{here, troubles}
	})
	return tea.Batch(s.busy.Start(s.d, "looking which services are here"), work)
}

func (s *enableScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case ServicesMsg:
		return s, s.found(msg)
	case PlannedMsg:
		return s, s.planned(msg)
	case screen.WakeMsg:
		s.awake = true
	case stepMsg:
		return s, s.stepped(msg)
	case outcomesMsg:
		return s, s.ended(msg)
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

// found asks for which of the services that are here.
func (s *enableScreen) found(msg ServicesMsg) tea.Cmd {
	s.busy.Stop()
	s.here, s.troubles = msg.Here, msg.troubles
	return s.choose()
}

// choose shows the services: ticked is what it is wanted for or bound to, or the only one there is.
func (s *enableScreen) choose() tea.Cmd {
	s.plan, s.ticks, s.slots = nil, nil, nil
	on := s.entry.Wanted | s.entry.Services
	var fields []form.Field
	for _, use := range words.ServiceOrder {
		if titles := s.titles(use); titles != "" {
			label := ""
			if len(fields) == 0 {
				label = "Services"
			}
			sw := form.NewSwitch("Services-"+use.String(), label, kit.Pad(use.String(), 4), titles, on.Has(use)).
				With("Space ticks it. What is enabled for other services stays as it is.", nil)
			s.ticks, fields = append(s.ticks, sw), append(fields, sw)
		}
	}
	if len(fields) == 0 {
		s.form = nil
		return nil
	}
	if len(s.ticks) == 1 && !s.ticks[0].On() {
		s.ticks[0].Update(kit.PressKey(" "))
	}
	fields = append(fields, form.NewButton("plan", "Show the plan",
		"Looks at the services and says what would be changed. Nothing is touched yet."))
	s.form = form.New(fields...).Below(s.absent)
	return s.form.Focus("")
}

// titles names the services of one use.
func (s *enableScreen) titles(use certstore.Services) string {
	text := ""
	for _, in := range s.here {
		if u, _ := certstore.ParseServices(in.Use); u == use {
			if text != "" {
				text += ", "
			}
			text += kit.Printable(serviceBy(in))
		}
	}
	return text
}

// serviceBy is the daemon of a service, and what tells it from its likes.
func serviceBy(in services.Instance) string {
	by := in.By()
	if in.Name != "" {
		by += " for " + in.Name
	}
	return by
}

func (s *enableScreen) chosen() (set certstore.Services) {
	i := 0
	for _, use := range words.ServiceOrder {
		if s.titles(use) == "" {
			continue
		}
		if s.ticks[i].On() {
			set |= use
		}
		i++
	}
	return set
}

func (s *enableScreen) key(k tea.KeyMsg) tea.Cmd {
	if cmd, done := kit.Do(s.Verbs(), k); done {
		return cmd
	}
	switch {
	case s.busy.Runs(), s.form == nil:
		return nil
	case s.plan != nil && !s.over && !s.awake && k.String() == "enter":
		return screen.Notice("one moment: this page has only just opened; press again")
	}
	cmd, outcome := s.form.Update(k)
	switch outcome {
	case form.Back:
		return s.back()
	case form.Next:
		if s.plan != nil {
			return s.form.Focus("enable")
		}
		return s.form.Focus("plan")
	case form.Pressed:
		return s.press()
	}
	return cmd
}

// cancel ends what runs; what is being changed is put back before the answer comes.
func (s *enableScreen) cancel() tea.Cmd {
	if s.d.Cancel() {
		s.Interrupted()
	}
	return nil
}

// Interrupted says what becomes of a change that was stopped, by esc or ctrl+c.
func (s *enableScreen) Interrupted() bool {
	if s.told == nil || !s.busy.Runs() {
		return false
	}
	s.stopped, s.busy.Text = true, "stopping: what was changed is put back"
	return true
}

// back is one page back: from the plan to the services, from there to where it was opened.
func (s *enableScreen) back() tea.Cmd {
	if s.plan == nil || s.over {
		return screen.Pop
	}
	s.plan.Discard()
	s.err = nil
	return s.choose()
}

func (s *enableScreen) press() tea.Cmd {
	if s.plan == nil || s.form.Field().ID() == "again" {
		return s.look()
	}
	replaces, drops := s.plan.Questions(), s.plan.Dropping()
	next := func() tea.Cmd { return s.apply(len(replaces) > 0, len(drops) > 0) }
	if len(drops) > 0 {
		apply := next
		next = func() tea.Cmd { return s.d.Push(askDrop(drops, apply)) }
	}
	if len(replaces) > 0 {
		return s.d.Push(askReplaceSMTP(s.d, s.plan.Entry, replaces, next))
	}
	return next()
}

// look makes the plan.
func (s *enableScreen) look() tea.Cmd {
	s.err = nil
	if s.plan == nil {
		s.wanted = s.chosen()
	}
	store, request := s.d.Store, enabling.Request{ID: s.entry.ID, Services: s.wanted, Only: s.ticked()}
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		plan, err := store.PlanEnable(ctx, request)
		return PlannedMsg{plan, err}
	})
	return tea.Batch(s.busy.Start(s.d, "looking at the services, and asking what they serve now"), work)
}

func (s *enableScreen) planned(msg PlannedMsg) tea.Cmd {
	s.busy.Stop()
	if s.err = msg.err; s.err != nil {
		if words.Canceled(s.err) {
			s.err = nil
		}
		return s.form.Focus("")
	}
	if s.plan != nil {
		s.plan.Discard()
	}
	s.plan, s.awake = &msg.Plan, false
	s.form = s.planForm()
	return tea.Batch(s.form.Focus(""), s.d.After(kit.Grace, screen.WakeMsg{}))
}

// apply carries the plan out; each step is told as it happens.
func (s *enableScreen) apply(replace, drop bool) tea.Cmd {
	store, plan := s.d.Store, *s.plan
	return s.carryOut("enabling "+words.Title(s.entry),
		func(ctx context.Context, watch func(enabling.Progress)) outcomesMsg {
			defer plan.Discard()
			out, err := store.Enable(ctx, plan, enabling.Options{ReplaceSMTP: replace, Drop: drop, Watch: watch})
			return outcomesMsg{out, err}
		})
}

// carryOut runs work that tells its steps; they come through a channel, since a command has one answer.
func (s *enableScreen) carryOut(what string, do func(context.Context, func(enabling.Progress)) outcomesMsg) tea.Cmd {
	told := make(chan enabling.Progress, 256)
	s.told, s.steps, s.heard, s.what, s.stopped, s.form = told, nil, 0, what, false, nil
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		defer close(told)
		return do(ctx, func(step enabling.Progress) {
			select {
			case told <- step:
			default: // nobody reads any more: the work goes on all the same
			}
		})
	})
	return tea.Batch(s.busy.Start(s.d, what), work, s.listen())
}

func (s *enableScreen) listen() tea.Cmd {
	told := s.told
	return s.d.Behind(func(context.Context) tea.Msg {
		step, more := <-told
		return stepMsg{step, more}
	})
}

// stepped keeps the latest word on each step.
func (s *enableScreen) stepped(msg stepMsg) tea.Cmd {
	if !msg.more {
		return nil
	}
	n := len(s.steps)
	if n > 0 && s.steps[n-1].Step == msg.step.Step && s.steps[n-1].Service.Same(msg.step.Service) {
		if msg.step.Ports == nil {
			msg.step.Ports = s.steps[n-1].Ports
		}
		s.steps[n-1] = msg.step
	} else {
		s.steps = append(s.steps, msg.step)
	}
	return s.listen()
}

// ended shows what became of each service; where nothing was begun the plan comes back with the reason.
func (s *enableScreen) ended(msg outcomesMsg) tea.Cmd {
	s.busy.Stop()
	s.outcomes, s.over = msg.outcomes, true
	s.err = msg.err
	s.form = form.New(form.NewNote("done", "", "Enter goes to the table.", s.outcomeLines)).Leading("the table")
	return tea.Batch(s.form.Focus(""), screen.AskPorts)
}

func (s *enableScreen) leave() tea.Cmd {
	id, said := s.entry.ID, words.Stop(s.said())
	return func() tea.Msg { return screen.SelectMsg{ID: id, Said: said} }
}

func (s *enableScreen) Verbs() []kit.Verb {
	switch {
	case s.busy.Runs():
		return []kit.Verb{screen.Keys.CancelRun.Does(s.cancel)}
	case s.over:
		return append([]kit.Verb{screen.Keys.Done.Does(s.leave)}, s.form.Field().Verbs()...)
	case s.form == nil:
		return []kit.Verb{screen.Keys.Leave}
	}
	return append(s.form.Verbs(), screen.CompareRenewed(s.d, s.entry)...)
}

func (s *enableScreen) Typing() bool  { return false }
func (s *enableScreen) Title() string { return "Enable " + words.Title(s.entry) }
