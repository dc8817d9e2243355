package screen

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// Verb is a key and what it does now.
type Verb struct {
	Key key.Binding
	Run func() tea.Cmd
}

// KeysOf are the keys of verbs, in their order.
func KeysOf(list []Verb) []key.Binding {
	var out []key.Binding
	for _, v := range list {
		out = append(out, v.Key)
	}
	return out
}

// RunVerb carries out the verb a key stands for; nil where it stands for none.
func RunVerb(verbs []Verb, msg tea.KeyMsg) tea.Cmd {
	for _, v := range verbs {
		if key.Matches(msg, v.Key) {
			return v.Run()
		}
	}
	return nil
}

// Refused says why a verb does nothing on a store that is only read.
func Refused(d *Desk, msg tea.KeyMsg) tea.Cmd {
	if !d.ReadOnly || msg.Paste || !key.Matches(msg, Keys.New, Keys.Import, Keys.Enable, Keys.Adopt, Keys.Export,
		Keys.Renew, Keys.Remove) {
		return nil
	}
	return Notice("read-only: nothing can be made, imported, enabled, exported or removed here")
}

// StoreVerbs open what is told of the store as a whole.
func StoreVerbs(d *Desk) []Verb {
	return []Verb{
		{Keys.Ports, func() tea.Cmd { return d.Open(ToPorts{}) }},
		{Keys.History, func() tea.Cmd { return d.Open(ToHistory{}) }},
		{Keys.Removed, func() tea.Cmd { return d.Open(ToRemoved{}) }},
		{Keys.Doctor, func() tea.Cmd { return d.Open(ToDoctor{}) }},
	}
}

// PageOf is the page of a row: what is not in the store has no details but what its ports serve.
func PageOf(e certstore.Entry) Place {
	if words.IsStranger(e) {
		return ToPorts{}
	}
	return ToDetails{e}
}

// EntryVerbs is what can be done with one entry: on a read-only store only the copy, since an export too is written
// into the history.
func EntryVerbs(d *Desk, e certstore.Entry) []Verb {
	if words.IsStranger(e) {
		return strangerVerbs(d, e)
	}
	copied := CopyVerb(d, e)
	if d.ReadOnly {
		return []Verb{copied}
	}
	list := append(EnableVerbs(d, e), Verb{Keys.Export, func() tea.Cmd { return d.Open(ToExport{e}) }})
	if e.Verdict.Status != trust.PendingRequest {
		list = append(list, Verb{Keys.Renew, func() tea.Cmd { return d.Open(ToRenewal{e}) }})
	}
	return append(list, Verb{Keys.Remove, func() tea.Cmd { return d.Open(ToRemove{e}) }}, copied)
}

// strangerVerbs is what can be done with what is served and not in the store.
func strangerVerbs(d *Desk, e certstore.Entry) []Verb {
	if d.ReadOnly {
		return nil
	}
	return []Verb{{Keys.Adopt, func() tea.Cmd { return d.Open(ToAdopt{e}) }}}
}

// EnableVerbs give a certificate to services, once what died half-way is settled.
func EnableVerbs(d *Desk, e certstore.Entry) []Verb {
	switch {
	case len(d.Dead) > 0:
		return []Verb{{Keys.Enable, func() tea.Cmd { return d.Open(ToSettle{d.Dead[0]}) }}}
	case e.Kind == certstore.Certificate && e.HasKey && e.Defect == "" && e.Unread == "":
		return []Verb{{Keys.Enable, func() tea.Cmd { return d.Open(ToEnable{e}) }}}
	}
	return nil
}

// SeveralVerbs is what can be done with several entries at once.
func SeveralVerbs(d *Desk, list []certstore.Entry) []Verb {
	if d.ReadOnly {
		return nil
	}
	several := func(v Verb) Verb {
		word, _ := kit.Meaning(v.Key)
		v.Key.SetHelp(v.Key.Help().Key, fmt.Sprintf("%s %d: all that are marked", word, len(list)))
		return v
	}
	return []Verb{
		several(Verb{Keys.Export, func() tea.Cmd { return d.Open(ToExportAll{list}) }}),
		several(Verb{Keys.Renew, func() tea.Cmd { return d.Open(ToRenewAll{list}) }}),
		several(Verb{Keys.Remove, func() tea.Cmd { return d.Open(ToRemoveAll{list}) }}),
	}
}

// RemovedVerbs is what can be done with a removed entry, and b shows while it is done; nothing on a store that is only
// read.
func RemovedVerbs(d *Desk, e certstore.Entry, b *Busy) []Verb {
	if d.ReadOnly {
		return nil
	}
	return []Verb{
		{Keys.Restore, func() tea.Cmd { return tea.Batch(b.Start(d, "restoring "+words.Title(e)), Restore(d, e)) }},
		{Keys.Purge, func() tea.Cmd {
			return d.Open(ToPurge{e, func(files int) tea.Cmd { return purge(d, e, files, b) }})
		}},
	}
}

// CopyVerb opens the menu.
func CopyVerb(d *Desk, e certstore.Entry) Verb {
	return Verb{Keys.Copy, func() tea.Cmd { return d.Open(ToCopy{e}) }}
}

// VerbsOf leaves out the keys that only move: everybody tries those, and help lists them.
func VerbsOf(list []key.Binding) []key.Binding {
	return slices.DeleteFunc(slices.Clone(list), func(b key.Binding) bool {
		return IsOne(b, Moves()...)
	})
}
