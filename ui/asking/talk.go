package asking

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
)

// talk is what the screens of this room share: a form, the wait for an answer, and the page that tells it.
type talk struct {
	d      *screen.Desk
	asker  asker
	form   *form.Form
	asks   string // the field whose enter asks
	busy   screen.Busy
	err    error
	scroll kit.Scroll
}

// asker is one of the screens: what it asks, and how it tells what was answered.
type asker interface {
	ask() tea.Cmd
	took() // the form took a key
	told() bool
	Lines(w int) []string
	answerVerbs() []kit.Verb
}

func (t *talk) Init() tea.Cmd { return t.form.Focus(t.asks) }

// update is a message to the form that is no key, and a turn of the wait.
func (t *talk) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return t.key(msg)
	case screen.TurnMsg:
		return t.busy.Turned(t.d)
	}
	cmd, _ := t.form.Update(msg)
	return cmd
}

func (t *talk) key(k tea.KeyMsg) tea.Cmd {
	switch {
	case t.busy.Runs() && kit.Pressed(k, screen.Keys.CancelRun):
		t.d.Cancel()
		return nil
	case t.busy.Runs():
		return nil
	case t.asker.told():
		return t.read(k)
	}
	cmd, outcome := t.form.Update(k)
	t.asker.took()
	switch outcome {
	case form.Back:
		return screen.Pop
	case form.Next, form.Pressed:
		return t.asker.ask()
	}
	return cmd
}

// read is a key of the page that tells the answer.
func (t *talk) read(k tea.KeyMsg) tea.Cmd {
	if k.Paste {
		return nil
	}
	if cmd, done := kit.Do(t.Verbs(), k); done {
		return cmd
	}
	t.scroll = screen.Scrolled(t.scroll, k, len(t.asker.Lines(t.d.Width)), t.d.PageHeight())
	return nil
}

// Verbs are those of what stands there; where enter asks nobody need be told of another key that does.
func (t *talk) Verbs() []kit.Verb {
	switch {
	case t.busy.Runs():
		return []kit.Verb{screen.Keys.CancelRun}
	case t.asker.told():
		return t.asker.answerVerbs()
	}
	list := t.form.Verbs()
	if t.form.Field().ID() != t.asks {
		return list
	}
	return slices.DeleteFunc(list, func(v kit.Verb) bool { return v.Is(form.KeyNextPage) })
}

func (t *talk) Typing() bool  { return t.asksNow() && t.form.Typing() }
func (t *talk) Doing() string { return t.busy.Text }

// asksNow says whether the form is what stands there.
func (t *talk) asksNow() bool { return !t.busy.Runs() && !t.asker.told() }
