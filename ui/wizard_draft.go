package ui

import (
	"reflect"

	"certdesk/certstore"
	"certdesk/wizard"
)

// wizardDraft is a form for a new certificate as far as it has been filled in. It outlives the screen that
// shows it: leaving keeps it on the desk, in memory only.
type wizardDraft struct {
	answers wizard.Answers
	start   wizard.Answers // as the form began; answers equal to these are nothing to lose
	step    wizard.Step
	typing  string // what stands in the names line and is no name yet
	renews  string // the friendly name of what this renews, or ""
}

func newDraft(d *desk) *wizardDraft {
	a := wizard.Defaults(wizardEnv(d))
	return &wizardDraft{answers: a, start: a}
}

func renewalDraft(r certstore.Request, name string) *wizardDraft {
	a := wizard.FromRequest(r)
	return &wizardDraft{answers: a, start: a, renews: name}
}

// untouched says that nothing was said yet that leaving could lose.
func (w *wizardDraft) untouched() bool {
	return w.typing == "" && reflect.DeepEqual(w.answers, w.start)
}

// keep puts the draft on the desk, or takes it off while there is nothing in it.
func (w *wizardDraft) keep(d *desk) {
	switch {
	case !w.untouched():
		d.draft = w
	case d.draft == w:
		d.draft = nil
	}
}

// drop forgets the draft: it was carried out, or thrown away.
func (w *wizardDraft) drop(d *desk) {
	if d.draft == w {
		d.draft = nil
	}
}

// wizardEnv is the world as the form sees it now.
func wizardEnv(d *desk) wizard.Env {
	env := d.Env
	env.Now = d.Now()
	env.FriendlyNames = nil
	for _, e := range d.entries {
		env.FriendlyNames = append(env.FriendlyNames, e.FriendlyName)
	}
	return env
}
