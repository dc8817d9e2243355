package words

import (
	"fmt"
	"time"

	"certdesk/certstore"
	"certdesk/wizard"
)

// How long a pending request has waited: people ask the CA again after some days, and nothing else told them.

// Waited is for how long a request has waited, or 0 where that is not known.
func Waited(e certstore.Entry, now time.Time) time.Duration {
	if e.Kind != certstore.PendingReq || e.Created.IsZero() {
		return 0
	}
	return max(0, now.Sub(e.Created))
}

// hasWaited is the verb of the sentence on a request.
func hasWaited(e certstore.Entry, now time.Time) string {
	if d := Waited(e, now); d >= time.Hour {
		return " has been waiting " + lasting(d)
	}
	return " waits"
}

func waitingFacts(e certstore.Entry, now time.Time) []wizard.Fact {
	if e.Created.IsZero() {
		return nil
	}
	return []wizard.Fact{{Label: "Requested", Value: Moment(e.Created)}, {Label: "Waiting", Value: lasting(Waited(e, now))}}
}

// EndCell is when an entry ends, for a column; a request says there for how long it has waited: "waiting 12 d".
func EndCell(e certstore.Entry, now time.Time) string {
	d := Waited(e, now)
	switch hours := int(d / time.Hour); {
	case d >= shortTime:
		return fmt.Sprintf("waiting %d d", hours/24)
	case d > 0 && hours == 0:
		return "waiting <1 h"
	case d > 0:
		return fmt.Sprintf("waiting %d h", hours)
	}
	return DayCell(e.NotAfter, now)
}
