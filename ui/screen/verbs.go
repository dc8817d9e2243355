package screen

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// StoreVerbs open what is told of the store as a whole, and of ports; e is the row they are opened from.
func StoreVerbs(d *Desk, e certstore.Entry) []kit.Verb {
	return []kit.Verb{
		Keys.Ports.Does(func() tea.Cmd { return d.Open(ToPorts{}) }), AskVerb(d, e),
		Keys.History.Does(func() tea.Cmd { return d.Open(ToHistory{}) }),
		Keys.Removed.Does(func() tea.Cmd { return d.Open(ToRemoved{}) }),
		Keys.Doctor.Does(func() tea.Cmd { return d.Open(ToDoctor{}) }),
		Keys.Settings.Does(func() tea.Cmd { return d.Open(ToSettings{}) }),
	}
}

// AskVerb asks any port; those of an entry are offered first.
func AskVerb(d *Desk, e certstore.Entry) kit.Verb {
	return Keys.AskPort.Does(func() tea.Cmd { return d.Open(ToAskPort{e}) })
}

// WhyVerb takes a caller's question; an empty one is about an entry.
func WhyVerb(d *Desk, e certstore.Entry) kit.Verb {
	if words.IsStranger(e) {
		e = certstore.Entry{}
	}
	return Keys.Why.Does(func() tea.Cmd { return d.Open(ToWhy{e}) })
}

// PageOf is the page of a row: what is not in the store has no details but what its ports serve.
func PageOf(e certstore.Entry) Place {
	if words.IsStranger(e) {
		return ToPorts{}
	}
	return ToDetails{e}
}

// EntryVerbs is what can be done with one entry: what is public can be copied and exported from a read-only store too.
func EntryVerbs(d *Desk, e certstore.Entry) []kit.Verb {
	if words.IsStranger(e) {
		return strangerVerbs(d, e)
	}
	copied, export := CopyVerb(d, e), Keys.Export.Does(func() tea.Cmd { return d.Open(ToExport{e}) })
	if d.ReadOnly {
		return []kit.Verb{export, copied}
	}
	list := append(EnableVerbs(d, e), export)
	if e.Verdict.Status != trust.PendingRequest {
		list = append(list, Keys.Renew.Does(func() tea.Cmd { return d.Open(ToRenewal{e}) }))
	}
	if !words.InUse(e) {
		list = append(list, Keys.Remove.Does(func() tea.Cmd { return d.Open(ToRemove{e}) }))
	}
	return append(list, copied)
}

// RareVerbs is what is done with entries now and then: one is compared and renamed, two are compared.
func RareVerbs(d *Desk, list ...certstore.Entry) []kit.Verb {
	switch {
	case len(list) == 2:
		return []kit.Verb{Keys.Compare.Does(func() tea.Cmd { return d.Open(comparison(list[0], list[1])) })}
	case len(list) != 1 || words.IsStranger(list[0]):
		return nil
	case d.ReadOnly:
		return compareVerbs(d, list[0])
	}
	return append(compareVerbs(d, list[0]), Keys.Rename.Does(func() tea.Cmd { return d.Open(ToRename{list[0]}) }))
}

// strangerVerbs is what can be done with what is served and not in the store.
func strangerVerbs(d *Desk, e certstore.Entry) []kit.Verb {
	if d.ReadOnly {
		return nil
	}
	return []kit.Verb{Keys.Adopt.Does(func() tea.Cmd {
		return d.Open(ToAdopt{e, func(found []enabling.Stranger) tea.Cmd { return adopt(d, found) }})
	})}
}

// EnableVerbs give a certificate to services, once what died half-way is settled.
func EnableVerbs(d *Desk, e certstore.Entry) []kit.Verb {
	switch {
	case len(d.Dead) > 0:
		return []kit.Verb{Keys.Enable.Does(func() tea.Cmd { return d.Open(ToSettle{d.Dead[0]}) })}
	case e.Kind == certstore.Certificate && e.HasKey && e.Defect == "" && e.Unread == "" &&
		e.Verdict.Status != trust.Revoked:
		return []kit.Verb{Keys.Enable.Does(func() tea.Cmd { return d.Open(ToEnable{e}) })}
	}
	return nil
}

// SeveralVerbs is what can be done with several entries at once.
func SeveralVerbs(d *Desk, list []certstore.Entry) []kit.Verb {
	if d.ReadOnly {
		return nil
	}
	several := func(v kit.Verb) kit.Verb {
		return v.Called(fmt.Sprintf("%s %d", v.Word, len(list))).About("all that are marked")
	}
	verbs := []kit.Verb{
		several(Keys.Export.Does(func() tea.Cmd { return d.Open(ToExportAll{list}) })),
		several(Keys.Renew.Does(func() tea.Cmd { return d.Open(ToRenewAll{list}) })),
	}
	if !allInUse(list) {
		verbs = append(verbs, several(Keys.Remove.Does(func() tea.Cmd { return d.Open(ToRemoveAll{list}) })))
	}
	return verbs
}

func allInUse(list []certstore.Entry) bool {
	return !slices.ContainsFunc(list, func(e certstore.Entry) bool { return !words.InUse(e) })
}

// RemovedVerbs is what can be done with a removed entry, and b shows while it is done; nothing on a store that is only
// read.
func RemovedVerbs(d *Desk, e certstore.Entry, b *Busy) []kit.Verb {
	if d.ReadOnly {
		return nil
	}
	return []kit.Verb{
		Keys.Restore.Does(func() tea.Cmd { return tea.Batch(b.Start(d, "restoring "+words.Title(e)), Restore(d, e)) }),
		Keys.Purge.Does(func() tea.Cmd {
			return d.Open(ToPurge{e, func(files int) tea.Cmd { return purge(d, e, files, b) }})
		}),
	}
}

// ExchangeVerb shows the commands of another version of Exchange, from now on.
func ExchangeVerb(d *Desk) kit.Verb {
	return Keys.Exchange.Does(d.OlderExchange)
}

// CopyVerb opens the menu.
func CopyVerb(d *Desk, e certstore.Entry) kit.Verb {
	return Keys.Copy.Does(func() tea.Cmd { return d.Open(ToCopy{e}) })
}

// VerbsOf leaves out the verbs that only move: everybody tries those, and help lists them.
func VerbsOf(list []kit.Verb) []kit.Verb {
	return slices.DeleteFunc(slices.Clone(list), func(v kit.Verb) bool { return v.Is(Moves()...) })
}
