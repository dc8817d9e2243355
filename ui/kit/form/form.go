// Package form holds forms and their fields: text, paths, choices, ticks, grids, buttons, each drawn, typed into and,
// where nothing is drawn, asked for by a line.
//
// Its promise: an answer in a line is turned into the keys that a person at the desk would press, so that what follows
// is the same; a field that refuses says what to type instead.
package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Outcome is what a key meant to a form.
type Outcome int

// The outcomes.
const (
	Stay    Outcome = iota // the form dealt with it
	Next                   // the person is done with the page, and nothing in it is wrong
	Back                   // the person wants the page before; nothing was asked or said
	Pressed                // the focused button was pressed
)

// Remark is a sentence shown below a field; one whose field is not in the form stands below them all.
type Remark struct {
	Field string
	Text  string
	Bad   bool // an error that keeps a person from going on; otherwise a warning
	Mild  bool // only worth knowing
}

// Form is a page of fields with a focus ring. It speaks of what is wrong when a person leaves a field forwards
// and when they ask for the next page, never on the way back, and never holds anybody in a field.
type Form struct {
	fields      []Field
	at          int
	wrong       map[string]string
	hidden      func(id string) bool
	check       func(id string) string
	remark      func() []Remark
	below       func(s theme.Styles, w int) []string
	leads       string        // what Next leads to, for the footer; "": the form says so itself
	question    func() string // nil: the form is no card
	besideTitle string
	beside      func(s theme.Styles, w, h int) []string
	asked       bool // the next page was asked for while a field was settling
	opensLater  bool // it begins on a field that is not its first
}

// New makes a form whose first field has the focus once Focus is called.
func New(fields ...Field) *Form {
	return &Form{fields: fields, wrong: map[string]string{}}
}

// Leading sets what the footer says that Next leads to, where that is neither the next page nor the form's button.
func (f *Form) Leading(to string) *Form { f.leads = to; return f }

// Hide sets which fields are absent at the moment.
func (f *Form) Hide(hidden func(id string) bool) *Form { f.hidden = hidden; return f }

// Check sets a second judge beside each field's own: what to type instead in a field, or "".
func (f *Form) Check(check func(id string) string) *Form { f.check = check; return f }

// Remarks sets what is said of the answers as they stand.
func (f *Form) Remarks(remark func() []Remark) *Form { f.remark = remark; return f }

// Explain gives the fields their help, by their ids; one that has none there keeps its hint.
func (f *Form) Explain(help map[string]string) *Form {
	for _, field := range f.fields {
		field.SetHelp(help[field.ID()])
	}
	return f
}

// Has says whether the form shows a field of that id now.
func (f *Form) Has(id string) bool {
	for i, field := range f.fields {
		if field.ID() == id && f.shown(i) {
			return true
		}
	}
	return false
}

// Below sets lines drawn below the fields: what follows from the answers.
func (f *Form) Below(lines func(s theme.Styles, w int) []string) *Form { f.below = lines; return f }

// Field gives the focused field.
func (f *Form) Field() Field { return f.fields[f.at] }

// OpenOn has the form begin on the field of that id, which is not its first.
func (f *Form) OpenOn(id string) *Form {
	f.turnTo(id)
	f.opensLater = true
	return f
}

// turnTo makes the field of that id the one that keys reach, where it is shown.
func (f *Form) turnTo(id string) {
	for i, field := range f.fields {
		if field.ID() == id && f.shown(i) {
			f.at = i
		}
	}
}

// Focus puts the focus on the field of that id, or keeps it where it was for "".
func (f *Form) Focus(id string) tea.Cmd {
	f.turnTo(id)
	if !f.shown(f.at) {
		f.at = f.step(f.at, 1)
	}
	for i, field := range f.fields {
		if i != f.at {
			field.Blur()
		}
	}
	return f.fields[f.at].Focus()
}

func (f *Form) shown(i int) bool { return f.hidden == nil || !f.hidden(f.fields[i].ID()) }

// step is the next shown field in a direction, all the way round.
func (f *Form) step(from, by int) int {
	n := len(f.fields)
	for i := 1; i <= n; i++ {
		if at := ((from+by*i)%n + n) % n; f.shown(at) {
			return at
		}
	}
	return from
}

// last says whether the focused field is the last one shown.
func (f *Form) last() bool { return f.step(f.at, 1) <= f.at }

func (f *Form) first() bool { return f.step(f.at, -1) >= f.at }

// Typing says whether letters belong to the focused field.
func (f *Form) Typing() bool { return f.Field().Typing() }

// Update gives a key to the focused field or moves; any other message goes to every field.
func (f *Form) Update(msg tea.Msg) (tea.Cmd, Outcome) {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return f.heard(msg)
	}
	if !kit.Pressed(k, KeyNextPage, KeyEnter) {
		f.asked = false
	}
	if k.Paste || f.Field().Takes(k) {
		return f.give(k), Stay
	}
	switch {
	case kit.Pressed(k, KeyBack):
		return f.settle(), Back
	case kit.Pressed(k, KeyNextPage):
		return f.next()
	case kit.Pressed(k, KeyNextField):
		return f.forward(), Stay
	case kit.Pressed(k, KeyPrevField):
		return f.move(-1), Stay
	case kit.Pressed(k, KeyEnter):
		return f.enter()
	case k.String() == "up", k.String() == "k" && !f.Typing():
		return f.up(), Stay
	case k.String() == "down", k.String() == "j" && !f.Typing():
		return f.down(), Stay
	}
	return f.give(k), Stay
}

func (f *Form) broadcast(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for _, field := range f.fields {
		cmds = append(cmds, field.Update(msg))
	}
	return tea.Batch(cmds...)
}

// give hands a key to the focused field; what was said of it no longer holds.
func (f *Form) give(k tea.KeyMsg) tea.Cmd {
	delete(f.wrong, f.Field().ID())
	return f.Field().Update(k)
}

func (f *Form) enter() (tea.Cmd, Outcome) {
	if f.Field().Shape().Button {
		return nil, Pressed
	}
	f.Field().Choose()
	if f.last() {
		return f.next()
	}
	return f.forward(), Stay
}

func (f *Form) up() tea.Cmd {
	if f.first() {
		return nil
	}
	cmd := f.move(-1)
	f.Field().Reached(-1)
	return cmd
}

func (f *Form) down() tea.Cmd {
	if f.last() {
		return nil
	}
	cmd := f.forward()
	f.Field().Reached(1)
	return cmd
}

// forward moves on and says what is wrong in the field that is left.
func (f *Form) forward() tea.Cmd {
	left := f.at
	cmd := f.move(1)
	f.judge(left)
	return cmd
}

func (f *Form) move(by int) tea.Cmd {
	f.Field().Blur()
	f.at = f.step(f.at, by)
	return f.Field().Focus()
}

// judge asks a field, then the form's own check, and keeps what they say.
func (f *Form) judge(i int) bool {
	field := f.fields[i]
	text := field.Validate()
	if text == "" && f.check != nil {
		text = f.check(field.ID())
	}
	delete(f.wrong, field.ID())
	if text != "" {
		f.wrong[field.ID()] = text
	}
	return text == ""
}

func (f *Form) next() (tea.Cmd, Outcome) {
	var settled tea.Cmd
	if !f.asked { // what was asked for is here now: it is not asked for once more
		settled = f.settle()
	}
	if f.Field().Settling() && !f.asked { // asked again, it goes on as it is
		f.asked = true
		return settled, Stay
	}
	f.asked = false
	if cmd, ok := f.Complete(); !ok {
		return cmd, Stay
	}
	return settled, Next
}

// settle makes the focused field take what is half typed; it keeps the focus.
func (f *Form) settle() tea.Cmd {
	f.Field().Blur()
	return f.Field().Focus()
}

// Complete judges every field and puts the focus on the first one that is wrong.
func (f *Form) Complete() (tea.Cmd, bool) {
	bad := ""
	for i := range f.fields {
		if f.shown(i) && !f.judge(i) && bad == "" {
			bad = f.fields[i].ID()
		}
	}
	if bad == "" {
		return nil, true
	}
	return f.Focus(bad), false
}

// Refuse shows a sentence at a field and puts the focus there: an answer from outside, such as a wrong password.
func (f *Form) Refuse(id, text string) tea.Cmd {
	f.wrong[id] = text
	return f.Focus(id)
}

// heard gives a message to every field, and goes on to the next page where that was all a person waited for.
func (f *Form) heard(msg tea.Msg) (tea.Cmd, Outcome) {
	cmd := f.broadcast(msg)
	if listed, ok := msg.(PathListed); ok {
		f.judgeAnew(listed.For)
	}
	if !f.asked || f.Field().Settling() {
		return cmd, Stay
	}
	next, outcome := f.next()
	return tea.Batch(cmd, next), outcome
}

// judgeAnew asks once more about a path that was refused, now that more is known of its directory.
func (f *Form) judgeAnew(path *Path) {
	for i, field := range f.fields {
		if field.ID() == path.ID() && f.wrong[field.ID()] != "" {
			f.judge(i)
		}
	}
}
