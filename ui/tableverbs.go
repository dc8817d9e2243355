package ui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// verb is a key and what it does now.
type verb struct {
	key key.Binding
	run func() tea.Cmd
}

// Keys are the verbs that exist now and how to move.
func (s *tableScreen) Keys() []key.Binding {
	list := keysOf(s.verbs())
	switch {
	case s.filter.open && len(s.d.Filters) > 0:
		return []key.Binding{keys.Keep, keys.Clear, keys.NextFilter}
	case s.filter.open:
		return []key.Binding{keys.Keep, keys.Clear}
	case s.sorting:
		return append(list, keys.Back)
	case s.table.Len() > 1:
		return append(list, moves()...)
	}
	return list
}

func keysOf(list []verb) []key.Binding {
	var out []key.Binding
	for _, v := range list {
		out = append(out, v.key)
	}
	return out
}

// verbs is what can be done now: nothing that writes on a read-only store, nothing with a row where there is none.
func (s *tableScreen) verbs() []verb {
	if s.sorting {
		return s.sortVerbs()
	}
	var list []verb
	add := func(works bool, verbs ...verb) {
		if works {
			list = append(list, verbs...)
		}
	}
	e, any := s.selected()
	add(!s.filter.words.idle(), verb{keys.Clear, s.clearFilter})
	add(!s.d.readOnly, verb{keys.New, s.startNew}, verb{keys.Import, s.startImport})
	add(any, verb{keys.Open, func() tea.Cmd { return s.d.push(opened(s.d, e)) }})
	add(true, verb{keys.Quit, func() tea.Cmd { return func() tea.Msg { return quitMsg{} } }})
	add(len(s.d.entries) > 0, verb{keys.Filter, s.openFilter})
	return slices.Concat(list, s.verbsFor(), s.markVerbs(), s.viewVerbs(), storeVerbs(s.d))
}

// opened is the page of a row: what is not in the store has no details but what its ports serve.
func opened(d *desk, e certstore.Entry) screen {
	if words.IsStranger(e) {
		return newPorts(d)
	}
	return newDetails(d, e)
}

// viewVerbs change what is shown of the list, and in which order.
func (s *tableScreen) viewVerbs() []verb {
	if len(s.d.entries) == 0 {
		return nil
	}
	list := []verb{{keys.Attention, s.toggleAttention}, {keys.Sort, s.startSorting}, {keys.Reverse, s.reverse}}
	return append(list, s.namedVerbs()...)
}

// storeVerbs open what is told of the store as a whole.
func storeVerbs(d *desk) []verb {
	return []verb{
		{keys.Ports, func() tea.Cmd { return d.push(newPorts(d)) }},
		{keys.History, func() tea.Cmd { return d.push(newHistory(d)) }},
		{keys.Removed, func() tea.Cmd { return d.push(newRemoved(d, 0)) }},
		{keys.Doctor, func() tea.Cmd { return d.push(newDoctor(d)) }},
	}
}

// entryVerbs is what can be done with one entry: on a read-only store only the copy, since an export too is written
// into the history.
func entryVerbs(d *desk, e certstore.Entry) []verb {
	if words.IsStranger(e) {
		return strangerVerbs(d, e)
	}
	copied := copyVerb(d, e)
	if d.readOnly {
		return []verb{copied}
	}
	list := append(enableVerbs(d, e), verb{keys.Export, func() tea.Cmd { return d.push(newExport(d, e)) }})
	if e.Verdict.Status != trust.PendingRequest {
		list = append(list, verb{keys.Renew, func() tea.Cmd { return d.push(newRenewal(d, e)) }})
	}
	return append(list, verb{keys.Remove, func() tea.Cmd { return d.push(askRemove(d, e)) }}, copied)
}

// strangerVerbs is what can be done with what is served and not in the store.
func strangerVerbs(d *desk, e certstore.Entry) []verb {
	if d.readOnly {
		return nil
	}
	return []verb{{keys.Adopt, func() tea.Cmd { return d.push(askAdopt(d, e)) }}}
}

// enableVerbs give a certificate to services, once what died half-way is settled.
func enableVerbs(d *desk, e certstore.Entry) []verb {
	switch {
	case len(d.dead) > 0:
		return []verb{{keys.Enable, func() tea.Cmd { return d.push(askSettle(d, d.dead[0])) }}}
	case e.Kind == certstore.Certificate && e.HasKey && e.Defect == "" && e.Unread == "":
		return []verb{{keys.Enable, func() tea.Cmd { return d.push(newEnable(d, e)) }}}
	}
	return nil
}

// refused says why a verb does nothing on a store that is only read.
func refused(d *desk, msg tea.KeyMsg) tea.Cmd {
	if !d.readOnly || msg.Paste || !key.Matches(msg, keys.New, keys.Import, keys.Enable, keys.Adopt, keys.Export, keys.Renew, keys.Remove) {
		return nil
	}
	return notice("read-only: nothing can be made, imported, enabled, exported or removed here")
}

// startImport opens the import; files that were chosen before are kept unless the person starts over.
func (s *tableScreen) startImport() tea.Cmd {
	d := s.d
	if !d.importing.holds() {
		d.importing = nil
		return d.push(newImport(d))
	}
	lines := []string{"You left an import before it was finished: " + d.importing.said() + "."}
	q := kit.Dialog{Title: "Go on with the unfinished import?", Lines: lines, Buttons: []string{"Go on", "Start over"}}
	return d.push(ask(d, q,
		func() tea.Cmd { return d.push(newImport(d)) },
		func() tea.Cmd { d.importing = nil; return d.push(newImport(d)) }))
}

// startNew opens the wizard; an unfinished form is resumed unless the person starts over.
func (s *tableScreen) startNew() tea.Cmd {
	d := s.d
	if d.draft == nil {
		return d.push(newWizard(d, nil))
	}
	lines := []string{"You left a form for a new certificate before it was finished. Its answers are kept."}
	q := kit.Dialog{Title: "Resume the unfinished form?", Lines: lines, Buttons: []string{"Resume", "Start over"}}
	return d.push(ask(d, q,
		func() tea.Cmd { return d.push(newWizard(d, d.draft)) },
		func() tea.Cmd { d.draft = nil; return d.push(newWizard(d, nil)) }))
}
