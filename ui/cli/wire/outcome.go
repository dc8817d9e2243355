package wire

import (
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/printable"
)

// Enabled is what enable, and what settles an old change, did.
type Enabled struct {
	Results
	Services []Outcome `json:"services"`
}

// Outcome is what became of one service.
type Outcome struct {
	Service string         `json:"service"`
	Use     string         `json:"use"`
	Driver  string         `json:"driver"`
	State   enabling.State `json:"state"`
	Error   *Error         `json:"error"`

	Missed    []Missed `json:"missed,omitempty"`    // slots that bear its names and serve another one
	NotProven string   `json:"notProven,omitempty"` // why nobody could prove it
	Left      []Left   `json:"left,omitempty"`      // what was not changed
	Aside     []string `json:"aside,omitempty"`     // parts of the configuration that cannot be followed

	Ports   []Port   `json:"ports"`            // the proof; where it was rolled back, what is served again
	Failed  []Port   `json:"failed,omitempty"` // where it was rolled back, what the ports had served instead
	Trouble []string `json:"trouble,omitempty"`
	Kept    string   `json:"kept,omitempty"` // why older files were not removed

	Unpublished string `json:"unpublished,omitempty"` // why the directory does not have it yet
}

// Missed is a slot that still serves the old one.
type Missed struct {
	Slot  string `json:"slot"`
	Where string `json:"where"`
	Text  string `json:"text"`
	Ports []Port `json:"ports"`
}

// EnabledOf is what became of services.
func EnabledOf(outcomes []enabling.Outcome, now time.Time) Enabled {
	return Enabled{Results: ResultsOf(certstore.Results{}),
		Services: each(outcomes, func(o enabling.Outcome) Outcome { return OutcomeOf(o, now) })}
}

// OutcomeOf is what became of one service.
func OutcomeOf(o enabling.Outcome, now time.Time) Outcome {
	out := Outcome{Service: certstore.ServiceTitle(o.Service), Use: o.Service.Use, Driver: o.Service.Driver,
		State: o.State,
		Error: refusalOf(o.Err), NotProven: printable.Text(o.NotProven), Aside: printable.Texts(o.Aside),
		Ports:   ServicePortsOf(o.Ports, now),
		Trouble: printable.Texts(o.Trouble), Kept: printable.Text(o.Kept),
		Unpublished: printable.Text(o.Unpublished)}
	if len(o.Failed) > 0 {
		out.Failed = ServicePortsOf(o.Failed, now)
	}
	if len(o.Left) > 0 {
		out.Left = each(o.Left, leftOf)
	}
	for _, m := range o.Missed {
		out.Missed = append(out.Missed, Missed{printable.Text(m.Site.Slot()), printable.Text(m.Site.Where), m.Text(),
			ServicePortsOf(m.Ports, now)})
	}
	return out
}
