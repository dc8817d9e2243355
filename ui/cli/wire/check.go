package wire

import (
	"certdesk/certstore/monitoring"
	"certdesk/certstore/printable"
)

// Check is what monitoring is told.
type Check struct {
	State   string    `json:"state"` // OK, WARNING, CRITICAL, UNKNOWN
	Text    string    `json:"text"`
	Entries []Checked `json:"entries"` // that were looked at, the worst first
	Others  []Alarm   `json:"others"`  // what is no entry's: ports, expected names, the store

	Counts CheckCounts `json:"counts"`
}

// Checked is an entry as monitoring sees it.
type Checked struct {
	Alarm
	Entry
}

// Alarm is a state and its reason.
type Alarm struct {
	State string `json:"state"`
	Text  string `json:"text"`
}

// CheckCounts are the numbers of a check.
type CheckCounts struct {
	Certificates int `json:"certificates"`
	Expiring     int `json:"expiring"`
	Invalid      int `json:"invalid"`
	Pending      int `json:"pending"`
	Ports        int `json:"ports"`
	PortsWrong   int `json:"portsWrong"`
}

// CheckOf is the answer to monitoring; text is the sentence of its first line.
func CheckOf(r monitoring.Report, text string) Check {
	out := Check{State: r.State.String(), Text: printable.Text(text), Entries: []Checked{}, Others: []Alarm{},
		Counts: CheckCounts(r.Counts)}
	for _, it := range r.Items {
		alarm := Alarm{it.State.String(), printable.Text(it.Text)}
		if it.Entry == nil {
			out.Others = append(out.Others, alarm)
			continue
		}
		out.Entries = append(out.Entries, Checked{alarm, EntryOf(*it.Entry)})
	}
	return out
}
