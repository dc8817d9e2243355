package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
)

// verb is a key and what it does now.
type verb struct {
	key key.Binding
	run func() tea.Cmd
}

// Keys are the verbs that exist now and how to move.
func (s *tableScreen) Keys() []key.Binding {
	if s.filter.open {
		return []key.Binding{keys.Keep, keys.Clear}
	}
	var list []key.Binding
	for _, v := range s.verbs() {
		list = append(list, v.key)
	}
	if s.table.Len() > 1 {
		list = append(list, moves()...)
	}
	return list
}

// verbs is what can be done now: nothing that writes on a read-only store, nothing with a row where there is none.
func (s *tableScreen) verbs() []verb {
	var list []verb
	if !s.filter.words.empty() {
		list = append(list, verb{keys.Clear, s.clearFilter})
	}
	if !s.d.readOnly {
		list = append(list, verb{keys.New, s.startNew}, verb{keys.Import, s.startImport})
	}
	if e, ok := s.selected(); ok {
		list = append(list, verb{keys.Open, func() tea.Cmd { return s.d.push(newDetails(s.d, e)) }})
	}
	list = append(list, verb{keys.Quit, func() tea.Cmd { return func() tea.Msg { return quitMsg{} } }})
	if s.loaded && len(s.d.entries) > 0 {
		list = append(list, verb{keys.Filter, s.openFilter})
	}
	if e, ok := s.selected(); ok {
		list = append(list, entryVerbs(s.d, e)...)
	}
	return list
}

// entryVerbs is what can be done with one entry: on a read-only store nothing, since an export too is written
// into the history.
func entryVerbs(d *desk, e certstore.Entry) []verb {
	if d.readOnly {
		return nil
	}
	list := []verb{{keys.Export, func() tea.Cmd { return d.push(newExport(d, e)) }}}
	if e.Verdict.Status != trust.PendingRequest {
		list = append(list, verb{keys.Renew, func() tea.Cmd { return d.push(newRenewal(d, e)) }})
	}
	return append(list, verb{keys.Remove, func() tea.Cmd { return d.push(askRemove(d, e)) }})
}

// refused says why a verb does nothing on a store that is only read.
func refused(d *desk, msg tea.KeyMsg) tea.Cmd {
	if !d.readOnly || msg.Paste || !key.Matches(msg, keys.New, keys.Import, keys.Export, keys.Renew, keys.Remove) {
		return nil
	}
	return notice("read-only: nothing can be made, imported, exported or removed here")
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
