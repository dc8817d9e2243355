package enabling

import (
	"slices"

	"certdesk/certstore/printable"
	"certdesk/certstore/services"
)

// State says how a service was left.
type State string

// The states.
const (
	Enabled    State = "enabled"     // proven by handshakes on every port
	Unchanged  State = "unchanged"   // it was so already, proven
	Unproven   State = "unproven"    // switched; nobody asked the ports, or nothing listens yet
	PassedOver State = "passed over" // the certificate is for another service of its use
	LeftAlone  State = "left alone"  // refused before anything was touched
	RolledBack State = "rolled back" // the proof or a step failed; the old certificate is back, proven where it was served
	Doubtful   State = "doubtful"    // it could not be put back whole: a person has to look
)

// Outcome is what became of one service.
type Outcome struct {
	Missed    []MissedSlot    // slots that bear its names and serve another one all the same
	NotProven string          // why nobody could prove it; "" where it is proven, or nobody wanted it proven
	Left      []services.Site // slots and ports that were not changed, each with its reason in Fixed
	Aside     []string        // sentences: parts of the configuration that cannot be followed

	Service services.Instance
	State   State
	Err     error    // why it is not enabled, or why the proof could not be recorded
	Ports   []Port   // the proof; where it was rolled back, what is served again
	Failed  []Port   // where it was rolled back, what the ports had served instead
	Trouble []string // what the daemon's log said meanwhile
	// why the certificate is not in the directory yet; "" where it is, or none is configured
	Unpublished string
	Kept        string // why older files were not removed; "" where they were, or there were none
}

// Fine says whether the service was enabled as it was meant to be; Whole, whether that is all clients need.
func (o Outcome) Fine() bool {
	return o.Err == nil && (o.State == Enabled || o.State == Unchanged || o.State == Unproven || o.State == PassedOver)
}

// Whole says whether every client that asks for a name of the certificate gets it, proven as far as that was wanted,
// and finds nothing wrong with it: what a survey says of the same ports.
func (o Outcome) Whole() bool {
	return o.Fine() && len(o.Missed) == 0 && o.NotProven == "" && len(o.Flaws()) == 0
}

// Flaws say what clients mind at ports that serve what was bound to them.
func (o Outcome) Flaws() (list []string) {
	if !o.Fine() {
		return nil
	}
	for _, p := range o.Ports {
		if p.Bound != 0 && p.Good() && !p.Right() {
			list = once(list, printable.Text(p.Listen)+" "+p.flawed())
		}
	}
	return list
}

func once(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}
