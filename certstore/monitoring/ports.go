package monitoring

import (
	"slices"

	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/renewing"
)

// Sight is what was seen beside the entries.
type Sight struct {
	Survey   enabling.Survey // see Question.About
	Silent   []string        // ports that had no time to answer: they may be well
	Renewals []renewing.Task
	Store    []string // sentences: what is wrong with the store itself, or was left half done
}

// About is a survey with what there is of those services and entries alone that are asked about.
func (q Question) About(v enabling.Survey) enabling.Survey {
	v.Ports = slices.DeleteFunc(slices.Clone(v.Ports), func(p enabling.Port) bool {
		one := enabling.Survey{Ports: []enabling.Port{p}}
		return q.Services != 0 && ledger.UseOf(p.Service)&q.Services == 0 ||
			!q.named(func(e ledger.Entry) bool { return len(one.Of(e)) > 0 })
	})
	v.Troubles = slices.DeleteFunc(slices.Clone(v.Troubles), func(text string) bool {
		return !q.named(func(e ledger.Entry) bool { return slices.Contains(v.TroublesOf(e), text) })
	})
	return v
}

// addPorts adds what the ports say that no entry has said: every verdict on clients is by Port.Right.
func (r *Report) addPorts(seen Sight) {
	v := seen.Survey
	all, wrong := map[string]bool{}, map[string]bool{}
	for _, p := range v.Ports {
		all[p.Listen] = true
		if p.Right() {
			continue
		}
		wrong[p.Listen] = true
		if item := portItem(p, v); !r.told(p) && !r.has(item) {
			r.Items = append(r.Items, item)
		}
	}
	r.Counts.Ports, r.Counts.PortsWrong = len(all), len(wrong)
	for _, url := range seen.Silent {
		r.Items = append(r.Items, Item{State: Unknown, Text: printable.Text(url) + " had not answered when time was up"})
	}
	for _, text := range seen.Store {
		r.Items = append(r.Items, Item{State: Warning, Text: printable.Text(text)})
	}
	for _, text := range v.Troubles {
		r.Items = append(r.Items, Item{State: Unknown, Text: printable.Text(text)})
	}
}

// told says whether what is wrong at a port follows from what is told of an entry already.
func (r *Report) told(p enabling.Port) bool {
	return slices.ContainsFunc(r.Items, func(it Item) bool {
		e := it.Entry
		return e != nil && it.State == Critical && !inTime(e) &&
			(p.Bound == e.ID || p.Expected == e.SHA256 || p.Report.SHA256 == e.SHA256)
	})
}

func (r *Report) has(item Item) bool {
	return slices.ContainsFunc(r.Items, func(it Item) bool { return it.Entry == nil && it.Text == item.Text })
}

// portItem says what is wrong at a port. Where clients are well until the daemon starts anew there is time to act.
func portItem(p enabling.Port, v enabling.Survey) Item {
	state := Critical
	if p.Lapses() {
		state = Warning
	}
	return Item{State: state, Text: ledger.ServiceTitle(p.Service) + ": " + printable.Text(p.Listen) + " " + p.Trouble(v.At)}
}
