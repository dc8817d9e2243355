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

// WaitedLonger says whether a request was made before another; what is none was never made.
func WaitedLonger(e, other *certstore.Entry) bool {
	return e.Kind == certstore.PendingReq && !e.Created.IsZero() &&
		(other.Created.IsZero() || e.Created.Before(other.Created))
}

// WaitedWords is Waited in words: "12 days", and "" for less than an hour.
func WaitedWords(e certstore.Entry, now time.Time) string {
	d := Waited(e, now)
	if d < time.Hour {
		return ""
	}
	return Lasting(d)
}

func waitingFacts(e certstore.Entry, now time.Time) []wizard.Fact {
	if e.Created.IsZero() {
		return nil
	}
	facts := []wizard.Fact{{Label: "Requested", Value: Moment(e.Created)}}
	if e.Refused() {
		return facts
	}
	return append(facts, wizard.Fact{Label: "Waiting", Value: Lasting(Waited(e, now))})
}

// EndCell is when an entry ends, for a column; a request says there for how many days it has waited: "waiting 12 d";
// what is automatic says what comes next: "renews 12 Jan".
func EndCell(e certstore.Entry, now time.Time) string {
	if text := automaticCell(e, now); text != "" {
		return text
	}
	if days := int(Waited(e, now) / (24 * time.Hour)); days > 0 {
		return fmt.Sprintf("waiting %d d", days)
	}
	return DayCell(e.NotAfter, now)
}
