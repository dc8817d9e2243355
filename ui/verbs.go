package ui

import (
	"fmt"

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

func keysOf(list []verb) []key.Binding {
	var out []key.Binding
	for _, v := range list {
		out = append(out, v.key)
	}
	return out
}

// runVerb carries out the verb a key stands for; nil where it stands for none.
func runVerb(verbs []verb, msg tea.KeyMsg) tea.Cmd {
	for _, v := range verbs {
		if key.Matches(msg, v.key) {
			return v.run()
		}
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

// storeVerbs open what is told of the store as a whole.
func storeVerbs(d *desk) []verb {
	return []verb{
		{keys.Ports, func() tea.Cmd { return d.open(toPorts{}) }},
		{keys.History, func() tea.Cmd { return d.open(toHistory{}) }},
		{keys.Removed, func() tea.Cmd { return d.open(toRemoved{}) }},
		{keys.Doctor, func() tea.Cmd { return d.open(toDoctor{}) }},
	}
}

// opened is the page of a row: what is not in the store has no details but what its ports serve.
func opened(e certstore.Entry) place {
	if words.IsStranger(e) {
		return toPorts{}
	}
	return toDetails{e}
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
	list := append(enableVerbs(d, e), verb{keys.Export, func() tea.Cmd { return d.open(toExport{e}) }})
	if e.Verdict.Status != trust.PendingRequest {
		list = append(list, verb{keys.Renew, func() tea.Cmd { return d.open(toRenewal{e}) }})
	}
	return append(list, verb{keys.Remove, func() tea.Cmd { return d.open(toRemove{e}) }}, copied)
}

// strangerVerbs is what can be done with what is served and not in the store.
func strangerVerbs(d *desk, e certstore.Entry) []verb {
	if d.readOnly {
		return nil
	}
	return []verb{{keys.Adopt, func() tea.Cmd { return d.open(toAdopt{e}) }}}
}

// enableVerbs give a certificate to services, once what died half-way is settled.
func enableVerbs(d *desk, e certstore.Entry) []verb {
	switch {
	case len(d.dead) > 0:
		return []verb{{keys.Enable, func() tea.Cmd { return d.open(toSettle{d.dead[0]}) }}}
	case e.Kind == certstore.Certificate && e.HasKey && e.Defect == "" && e.Unread == "":
		return []verb{{keys.Enable, func() tea.Cmd { return d.open(toEnable{e}) }}}
	}
	return nil
}

// severalVerbs is what can be done with several entries at once.
func severalVerbs(d *desk, list []certstore.Entry) []verb {
	if d.readOnly {
		return nil
	}
	several := func(v verb) verb {
		word, _ := kit.Meaning(v.key)
		v.key.SetHelp(v.key.Help().Key, fmt.Sprintf("%s %d: all that are marked", word, len(list)))
		return v
	}
	return []verb{
		several(verb{keys.Export, func() tea.Cmd { return d.open(toExportAll{list}) }}),
		several(verb{keys.Renew, func() tea.Cmd { return d.open(toRenewAll{list}) }}),
		several(verb{keys.Remove, func() tea.Cmd { return d.open(toRemoveAll{list}) }}),
	}
}

// removedVerbs is what can be done with a removed entry, and b shows while it is done; nothing on a store that is only read.
func removedVerbs(d *desk, e certstore.Entry, b *busy) []verb {
	if d.readOnly {
		return nil
	}
	return []verb{
		{keys.Restore, func() tea.Cmd { return tea.Batch(b.start(d, "restoring "+words.Title(e)), restore(d, e)) }},
		{keys.Purge, func() tea.Cmd {
			return d.open(toPurge{e, func(files int) tea.Cmd { return purge(d, e, files, b) }})
		}},
	}
}

// copyVerb opens the menu.
func copyVerb(d *desk, e certstore.Entry) verb {
	return verb{keys.Copy, func() tea.Cmd { return d.open(toCopy{e}) }}
}
