package request

import (
	"reflect"
	"slices"

	"certdesk/certstore"
	"certdesk/certstore/evidence"
	"certdesk/certstore/issuing"
	"certdesk/ui/screen"
	"certdesk/ui/words"
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

func newDraft(m *Memory) *wizardDraft {
	if m.sitting == nil {
		a := wizard.Defaults()
		return &wizardDraft{answers: a, start: a}
	}
	a := wizard.Carry(m.sitting.answers)
	said := "As in " + m.sitting.name + ": " + wizard.Carried(m.sitting.answers) + ". Every page can change it."
	return &wizardDraft{answers: a, start: a, carried: said, folder: a.Path}
}

// renewalDraft is what renews an entry: what was ordered from a CA is ordered there again, if it is still configured.
func renewalDraft(env wizard.Env, r issuing.Request, old certstore.Entry, already string) *wizardDraft {
	a := wizard.FromRequest(r).Reordered(old, env)
	if a.CA != "" {
		a.Path, a.Services = "", a.Services|old.Services
	}
	a.Renewal = wizard.Renewal{Thumbprint: old.Thumbprint, Plain: r, Already: already}
	return &wizardDraft{answers: a, start: a, renews: words.Title(old)}
}

// untouched says that nothing was said yet that leaving could lose.
func (w *wizardDraft) untouched() bool {
	return w.typing == "" && reflect.DeepEqual(w.answers, w.start)
}

// keep remembers the draft, or forgets it while there is nothing in it.
func (w *wizardDraft) keep(m *Memory) {
	switch {
	case !w.untouched():
		m.draft = w
	case m.draft == w:
		m.draft = nil
	}
}

// drop forgets the draft: it was carried out, or thrown away.
func (w *wizardDraft) drop(m *Memory) {
	if m.draft == w {
		m.draft = nil
	}
}

// Memory is what outlives the screens of the form.
type Memory struct {
	draft   *wizardDraft               // a form that was left unfinished, or nil
	found   map[string]evidence.Result // what DNS says of names
	hosts   []evidence.Host            // that DNS names for the accepted domains
	sitting *sitting                   // what was made last, or nil: the next form begins with it
	orders  []*running                 // those that run, and some that ran
}

// Unfinished says whether a form was left that still has answers.
func (m *Memory) Unfinished() bool { return m.draft != nil }

// known are the names by which services are reached, as the ports and a directory say.
func known(d *screen.Desk) (list []wizard.Known) {
	if d.Accepted != nil {
		list = wizard.KnownInDirectory(d.Accepted.Points)
	}
	if d.Survey != nil {
		list = append(list, wizard.KnownAtPorts(d.Survey.Ports)...)
	}
	return list
}

// wizardEnv is the world as the form sees it now.
func wizardEnv(d *screen.Desk, m *Memory) wizard.Env {
	env := d.Env
	if env.FriendlyNames = nil; d.Accepted != nil {
		env.AcceptedDomains, env.DomainRemarks = d.Accepted.Domains, d.Accepted.Remarks
	}
	env.DomainsAwaited = d.Domains != nil && d.Accepted == nil
	if m.found == nil {
		m.found = map[string]evidence.Result{}
	}
	env.Found, env.Present = m.found, wizard.PresentOf(d.Entries)
	env.Known = slices.Concat(wizard.KnownInDNS(m.hosts), known(d), wizard.KnownNow(env.Present))
	for _, e := range d.Entries {
		env.FriendlyNames = append(env.FriendlyNames, e.FriendlyName)
	}
	return env
}
