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
	carried string // what was taken over from the form before, in words, or ""
	folder  string // where the file before went, or ""
	offered string // the file offered there
}

// offer puts the request's file into the folder of the one before, called after the certificate; a path that a
// person typed stays as it is.
func (w *wizardDraft) offer(env wizard.Env) {
	if w.folder == "" || w.answers.Path != w.folder && w.answers.Path != w.offered {
		return
	}
	w.answers.Path = w.folder
	w.offered = wizard.FilePath(w.answers, env)
	w.answers.Path = w.offered
}

// sitting is the last form that was carried out, and what it made. Whoever makes two requests says only once who they
// are for.
type sitting struct {
	answers wizard.Answers
	name    string
}

func newDraft(d *desk) *wizardDraft {
	env := wizardEnv(d)
	if d.sitting == nil {
		a := wizard.Defaults()
		return &wizardDraft{answers: a, start: a}
	}
	a := wizard.Carry(d.sitting.answers, env)
	said := "As in " + d.sitting.name + ": " + wizard.Carried(d.sitting.answers) + ". Every page can change it."
	return &wizardDraft{answers: a, start: a, carried: said, folder: a.Path}
}

func renewalDraft(r certstore.Request, old certstore.Entry, already string) *wizardDraft {
	a := wizard.FromRequest(r)
	a.Renewal = wizard.Renewal{Thumbprint: old.Thumbprint, Plain: r, Already: already}
	return &wizardDraft{answers: a, start: a, renews: title(old)}
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
	env.FriendlyNames = nil
	for _, e := range d.entries {
		env.FriendlyNames = append(env.FriendlyNames, e.FriendlyName)
	}
	return env
}
