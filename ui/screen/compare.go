package screen

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
)

// compareVerbs compare an entry: with what it renews or what renews it, where there is such a one, else with one that
// is chosen.
func compareVerbs(d *Desk, e certstore.Entry) []kit.Verb {
	if len(d.Entries) < 2 {
		return nil
	}
	return []kit.Verb{Keys.Compare.Does(func() tea.Cmd {
		if other, ok := counterpart(d, e); ok {
			return d.Open(comparison(e, other))
		}
		return d.Open(ToCompareWith{e})
	})}
}

// CompareRenewed compares a renewal with what it renews; none for what renews nothing that is listed.
func CompareRenewed(d *Desk, e certstore.Entry) []kit.Verb {
	old, ok := d.Entry(e.RenewalOf)
	if !ok {
		return nil
	}
	return []kit.Verb{Keys.Compare.Does(func() tea.Cmd { return d.Open(ToCompare{old, e}) })}
}

func comparison(a, b certstore.Entry) Place {
	old, next := certstore.OldFirst(a, b)
	return ToCompare{old, next}
}

// counterpart is what an entry renews or what takes its place, else the latest that renews it or gives way to it.
func counterpart(d *Desk, e certstore.Entry) (certstore.Entry, bool) {
	if old, ok := d.Entry(e.RenewalOf); ok {
		return old, true
	}
	if e.Successor != nil {
		if next, ok := d.Entry(e.Successor.ID); ok {
			return next, true
		}
	}
	for i := len(d.Entries) - 1; i >= 0; i-- {
		other := &d.Entries[i]
		if other.RenewalOf == e.ID || other.Successor != nil && other.Successor.ID == e.ID {
			return *other, true
		}
	}
	return certstore.Entry{}, false
}
