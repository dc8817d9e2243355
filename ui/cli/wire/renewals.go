package wire

import (
	"time"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/certstore/renewing"
	"certdesk/ui/words"
)

// Renewals is what renew --due did, or what it would do.
type Renewals struct {
	Results
	Services []Outcome  `json:"services"`        // that a renewal was enabled for
	Tasks    []Renewal  `json:"tasks"`           // what is to be done, what is due first
	Told     []Delivery `json:"told"`            // whom the configuration has told of what
	Other    string     `json:"other,omitempty"` // who is at it: this run did nothing
}

// Renewal is what is to be done about an entry.
type Renewal struct {
	Thumbprint   string        `json:"thumbprint"`
	FriendlyName string        `json:"friendlyName"`
	Task         renewing.Deed `json:"task"`
	CA           string        `json:"ca"` // "" for one that is asked by hand
	At           *string       `json:"at"`
	Due          bool          `json:"due"`
	Why          string        `json:"why"`
	By           string        `json:"by,omitempty"` // the thumbprint of what renews it, or of the request that waits
	Failures     int           `json:"failures"`     // since it last went well
	Failure      string        `json:"failure,omitempty"`
}

// RenewalsOf is what was done, and what is to be done from now on.
func RenewalsOf(done []renewing.Result, tasks []renewing.Task, now time.Time) Renewals {
	out := Renewals{Results: ResultsOf(certstore.Results{}), Services: []Outcome{}, Told: []Delivery{},
		Tasks: each(tasks, func(t renewing.Task) Renewal { return renewalOf(t, now) })}
	for _, r := range done {
		for _, o := range r.Outcomes {
			out.Services = append(out.Services, OutcomeOf(o, now))
		}
		if r.Err != nil {
			out.Refused = append(out.Refused, Refusal{Thumbprint: r.Task.Old.Thumbprint, Error: ErrorOf(r.Err)})
			continue
		}
		out.Done = append(out.Done, EntryOf(r.Entry))
	}
	return out
}

func renewalOf(t renewing.Task, now time.Time) Renewal {
	out := Renewal{Thumbprint: t.Old.Thumbprint, FriendlyName: t.Old.FriendlyName, Task: t.Deed, CA: t.CA,
		At: timeOf(t.At()), Due: t.Ready(now), Why: printable.Text(words.RenewalWhy(t, now)), By: t.New.Thumbprint}
	if f := t.Failure(); f != nil {
		out.Failures, out.Failure = len(t.Failures), printable.Text(f.Why)
	}
	return out
}
