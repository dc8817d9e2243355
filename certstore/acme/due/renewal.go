package due

import (
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// Reason is why a certificate is renewed at a moment.
type Reason string

// The reasons.
const (
	Age       Reason = "age"         // a third of its life is left, of a short one half
	Suggested Reason = "window"      // the moment that was chosen in the window of its authority
	AtOnce    Reason = "window-over" // that window is over: the authority wants it renewed now
	Withdrawn Reason = "revoked"
)

// Moment is when a certificate is renewed, and why then.
type Moment struct {
	At     time.Time
	Reason Reason
}

// Renewal is when a certificate is renewed: at the earlier one of the moment that was chosen in the window that its
// authority suggests, and of Fallback. What has been revoked, and a window that is over, are due since then.
func Renewal(e *ledger.Entry, now time.Time) Moment {
	m := Moment{Fallback(e.NotBefore, e.NotAfter), Age}
	if e.Automatic == nil {
		return m
	}
	w, revoked := e.Automatic.Window, e.Automatic.Revoked
	switch {
	case !revoked.At.IsZero():
		return Moment{earlier(revoked.At, now), Withdrawn}
	case e.Verdict.Status == revokedStatus:
		return Moment{now, Withdrawn}
	case !w.End.IsZero() && !w.End.After(now) && w.End.Before(m.At):
		return Moment{w.End, AtOnce}
	case !w.Chosen.IsZero() && w.Chosen.Before(m.At):
		return Moment{w.Chosen, Suggested}
	}
	return m
}

// soonest is how long a certificate is left alone after it was issued: a clock that is months ahead of the authority's
// finds each new one due, and an authority may hurry each time.
const soonest = 24 * time.Hour

// Floor is the moment before which a certificate that was only just issued is not renewed, zero for none. Where its
// authority has second thoughts, which its window tells by ending in the first half of the life, it is renewed at once,
// unless it was itself given in a hurry; parent is what it renews, nil for nothing that is known.
func Floor(e, parent *ledger.Entry, m Moment, now time.Time) time.Time {
	issued := issuedAt(e, now)
	if issued.IsZero() || m.Reason == Withdrawn {
		return time.Time{}
	}
	life := e.NotAfter.Sub(e.NotBefore)
	before := issuedAt(parent, now)
	hurried := m.Reason == AtOnce && m.At.Before(e.NotBefore.Add(life/2))
	if hurried && (before.IsZero() || issued.Sub(before) > soonest) {
		return time.Time{}
	}
	return issued.Add(min(soonest, life/10))
}

// issuedAt is when an entry was had; zero where that is not known, or was written down by a clock that ran ahead.
func issuedAt(e *ledger.Entry, now time.Time) time.Time {
	if e == nil || e.Automatic == nil || e.Automatic.Issued.After(now) {
		return time.Time{}
	}
	return e.Automatic.Issued
}

// revokedStatus is the status of what a list or a responder calls revoked.
const revokedStatus trust.Status = "Revoked"

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// shortLife is the life up to which half of it has to be left for a renewal that may fail a few times first.
const shortLife = 10 * 24 * time.Hour

// Fallback is when a life of this length has a third left, or half where it is short: it is what holds while an
// authority suggests nothing, or nothing that makes sense. A fixed number of days would be wrong for most lives.
func Fallback(from, to time.Time) time.Time {
	life := to.Sub(from)
	if life <= shortLife {
		return to.Add(-life / 2)
	}
	return to.Add(-life / 3)
}

// Why is the reason in words, for a certificate of an authority.
func (m Moment) Why(e *ledger.Entry) string {
	switch m.Reason {
	case Withdrawn:
		return "it is revoked"
	case AtOnce:
		return e.Automatic.Window.CA + " wants it renewed now" + explained(e)
	case Suggested:
		w := e.Automatic.Window
		return "chosen between " + when.Minute(w.Start.Local()) + " and " + when.Minute(w.End.Local()) + ", as " + w.CA +
			" suggests" + explained(e)
	}
	text := "two thirds of its life are over"
	if e.NotAfter.Sub(e.NotBefore) <= shortLife {
		text = "half of its life is over"
	}
	if e.Automatic != nil && e.Automatic.Window.Why != "" {
		text += "; " + e.Automatic.Window.Why
	}
	return text
}

func explained(e *ledger.Entry) string {
	if at := e.Automatic.Window.Explanation; at != "" {
		return " (" + at + ")"
	}
	return ""
}

// Renews is when a certificate renews itself, and why then; false for one that does not, or has done so and left its
// services to the other.
func Renews(e *ledger.Entry, now time.Time) (Moment, bool) {
	if e.Kind != ledger.Certificate || e.Automatic == nil || e.Automatic.Order.CA == "" || !e.Removed.IsZero() ||
		e.Successor != nil && !e.Successor.Waits || e.Renewed && e.Services == 0 {
		return Moment{}, false
	}
	return Renewal(e, now), true
}
