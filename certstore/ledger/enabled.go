package ledger

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services/daemon"
	"certdesk/certstore/when"
)

// Enabled is what a line of the journal says of a service that is changed. An end repeats what it needs of its begin,
// so that a reader never looks back.
type Enabled struct {
	Service  daemon.Instance `json:"service"`
	Bindings []Binding       `json:"bindings,omitempty"` // what it serves from then on; of disable: what is forgotten
	Version  string          `json:"version,omitempty"`  // the new directory
	Undo     string          `json:"undo,omitempty"`     // of a begin: the object that settles it; "" of older ones
	Former   []Seen          `json:"former,omitempty"`   // what its ports served before
	Kept     []Seen          `json:"kept,omitempty"`     // and what they go on serving, with keys of other types
	Begin    int64           `json:"begin,omitempty"`    // of an end: the sequence number of its begin
	Outcome  string          `json:"outcome,omitempty"`  // of an end
	Why      string          `json:"why,omitempty"`      // of an end that is no success: one sentence
}

// The outcomes of an end.
const (
	OutcomeServed   = "served"      // proven by handshakes
	OutcomeUnproven = "unproven"    // switched, and nobody asked the ports
	OutcomeBack     = "rolled-back" // the service was put back
)

// Seen is what a port served when it was looked at.
type Seen struct {
	daemon.Proof
	Key    probe.Key `json:"key"`
	SHA256 string    `json:"sha256"`
	Slot   string    `json:"slot,omitempty"` // of what is kept
	Sent   []string  `json:"sent,omitempty"` // the sums of all that came with it, likewise
}

// Unfinished is a change of a service that was begun and whose process is gone: it waits to be finished or rolled back.
type Unfinished struct {
	Seq     int64 // of its begin
	Entry   int64
	Service daemon.Instance
	Who     string
	Since   time.Time

	Line Enabled
}

// enable folds a line about a service.
func (st *State) enable(p Line, ev Event) {
	e := p.data.Enable
	if e == nil {
		st.Problems = append(st.Problems, fmt.Sprintf("line %d of the journal (%s) names no service", p.Line,
			printable.Text(p.Op)))
		return
	}
	st.installed(e)
	switch p.Op {
	case OpBegin:
		st.Begun = append(st.Begun, Unfinished{Seq: p.Seq, Entry: first(ev.IDs), Service: e.Service, Who: ev.Who,
			Since: p.Time, Line: *e})
		return
	case OpDisable:
		st.unbind(e.Bindings)
		return
	case OpEnd:
		st.Begun = slices.DeleteFunc(st.Begun, func(u Unfinished) bool { return u.Seq == e.Begin })
	}
	if e.Outcome != OutcomeBack {
		st.bind(e.Service, e.Bindings)
	}
}

// installed remembers where keys were put: a purge looks there whatever the configuration says since.
func (st *State) installed(e *Enabled) {
	list := []string{e.Version}
	for _, b := range e.Bindings {
		list = append(list, b.Version)
	}
	for _, version := range list {
		if filepath.IsAbs(version) {
			st.Installs[filepath.Dir(version)] = true
		}
	}
}

func first(ids []int64) int64 {
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}

// enableText says for history what a line about a service did.
func enableText(p Line, who string) string {
	e := p.data.Enable
	if e == nil {
		return printable.Text(p.Op) + " " + who
	}
	title := ServiceTitle(e.Service)
	switch {
	case p.Op == OpBegin:
		return "began to enable " + who + " for " + title
	case p.Op == OpBind:
		return "found " + title + " serving " + who
	case p.Op == OpDisable:
		return "forgot that " + ServedWords(e.Bindings) + " uses " + who
	case e.Outcome == OutcomeBack:
		return "put " + title + " back as it was before " + who + ": " + printable.Text(e.Why)
	case e.Outcome == OutcomeUnproven:
		return "enabled " + who + " for " + title + ", not proven"
	}
	return "enabled " + who + " for " + title + ", proven by " + printable.Count(proofs(e.Bindings), "handshake")
}

func proofs(list []Binding) (n int) {
	for _, b := range list {
		n += len(b.Prove)
	}
	return n
}

// Text says what was begun and never ended.
func (u Unfinished) Text() string {
	return fmt.Sprintf("a change of %s was begun by %s on %s and never finished", ServiceTitle(u.Service),
		printable.Text(u.Who), when.Minute(u.Since.UTC()))
}
