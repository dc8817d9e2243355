package renewing

import (
	"cmp"
	"slices"
	"time"

	"certdesk/certstore/acme/due"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// Deed is what is done about an entry.
type Deed string

// The deeds, in the order in which they are done.
const (
	Continue Deed = "continue" // an order that was begun
	Enable   Deed = "enable"   // a renewal that is here and not everywhere in the place of the old one
	Order    Deed = "order"
	Prepare  Deed = "prepare" // the request of a CA that is asked by hand
)

var deeds = []Deed{Continue, Enable, Order, Prepare}

// Task is what is to be done about one certificate, now or later.
type Task struct {
	Deed   Deed
	Old    ledger.Entry // what is renewed; of an order for something new, the request
	New    ledger.Entry // the request that waits, or the certificate that is to be enabled; its id is 0 for none yet
	CA     string       // what the authority was called
	Moment due.Moment   // when it is due, and why
	Until  time.Time    // it is not done before that although it is due: it failed, or a limit holds it; zero for at once
	Held   string       // the limit, in words

	Failures []ledger.Failure // since it last went well, the oldest first
}

// Failure is the last failure of a task, nil for none.
func (t Task) Failure() *ledger.Failure {
	if len(t.Failures) == 0 {
		return nil
	}
	return &t.Failures[len(t.Failures)-1]
}

// Often is how often it failed since it last went well: "twice".
func (t Task) Often() string {
	switch n := len(t.Failures); n {
	case 1:
		return "once"
	case 2:
		return "twice"
	default:
		return printable.Count(n, "time")
	}
}

// At is when it is done: when it is due, or as soon after that as it may be tried again.
func (t Task) At() time.Time {
	if t.Until.After(t.Moment.At) {
		return t.Until
	}
	return t.Moment.At
}

// Ready says whether it is to be done now.
func (t Task) Ready(now time.Time) bool { return !t.At().After(now) }

// Why says why it is done then.
func (t Task) Why() string {
	switch {
	case t.Deed == Prepare:
		return t.Old.Verdict.Reason
	case t.Deed == Continue:
		return "its order waits to be gone on with"
	case t.Deed == Enable:
		return "it was issued, and is not served everywhere in its place"
	}
	return t.Moment.Why(&t.Old)
}

// Facts are what a plan is made of.
type Facts struct {
	Entries  []ledger.Entry // live ones, judged, with their successors
	Renewed  map[int64]bool // by id, what a certificate that is here or was removed was made to renew
	Declined map[int64]bool // by id, what a request was made to renew that was removed
	Asked    []ledger.Asked // of the authorities
	Now      time.Time
}

// Plan says what is to be done about every entry that renews itself, or whose CA must be asked by hand now: what is
// ready first, in the order in which it is done.
func Plan(f Facts) (list []Task) {
	requests, renewals, byID := map[int64]ledger.Entry{}, map[int64]ledger.Entry{}, map[int64]*ledger.Entry{}
	for i, e := range f.Entries {
		byID[e.ID] = &f.Entries[i]
		switch {
		case e.RenewalOf == 0:
		case e.Kind == ledger.PendingReq:
			requests[e.RenewalOf] = e
		case e.NotAfter.After(renewals[e.RenewalOf].NotAfter) && usable(e):
			renewals[e.RenewalOf] = e
		}
	}
	for _, e := range f.Entries {
		t, ok := f.task(e, requests[e.ID], last(renewals, e.ID))
		if !ok {
			continue
		}
		t.hold(due.Retry(t.Failures, f.Now), "")
		if t.Deed == Order {
			t.hold(due.Floor(&e, byID[e.RenewalOf], t.Moment, f.Now), "")
		}
		if t.Deed == Order || t.Deed == Continue {
			t.hold(due.Held(f.Asked, t.want(), f.Now))
		}
		list = append(list, t)
	}
	slices.SortStableFunc(list, f.before)
	return list
}

// hold puts a task off.
func (t *Task) hold(until time.Time, why string) {
	if until.After(t.Until) {
		t.Until, t.Held = until, why
	}
}

// want is what is asked of the authority. What is renewed is exempt from most limits.
func (t Task) want() due.Want {
	e := t.Old
	if t.New.ID != 0 {
		e = t.New
	}
	w := due.Want{Names: e.Names, Renewal: t.Old.Kind == ledger.Certificate}
	if e.Automatic != nil {
		w.Directory = e.Automatic.Order.Directory
	}
	return w
}

// last is the newest of the renewals of an entry, of these, and so on: one that was never enabled is renewed too.
func last(renewals map[int64]ledger.Entry, id int64) (e ledger.Entry) {
	for range len(renewals) {
		next, ok := renewals[id]
		if !ok {
			break
		}
		e, id = next, next.ID
	}
	return e
}

// before puts tasks in the order in which they are done: what is ready, by deed, then what is left of each life.
func (f Facts) before(a, b Task) int {
	ready := func(t Task) int {
		if t.Ready(f.Now) {
			return 0
		}
		return 1
	}
	if by := cmp.Compare(ready(a), ready(b)); by != 0 {
		return by
	}
	if !a.Ready(f.Now) {
		return a.At().Compare(b.At())
	}
	return cmp.Or(cmp.Compare(slices.Index(deeds, a.Deed), slices.Index(deeds, b.Deed)),
		a.Old.NotAfter.Compare(b.Old.NotAfter))
}

// task is what is to be done about an entry, with the request and the certificate that renew it.
func (f Facts) task(e, request, renewal ledger.Entry) (t Task, ok bool) {
	t = Task{Old: e, CA: caOf(request, renewal, e), Moment: due.Renewal(&e, f.Now)}
	switch {
	case e.Kind == ledger.PendingReq && e.RenewalOf == 0:
		return f.goOn(t, e), e.Ordered() && !e.Refused()
	case e.Kind != ledger.Certificate, e.CA, e.SelfSigned:
		return t, false
	case renewal.ID != 0 && e.Services != 0:
		t.Deed, t.New, t.Failures = Enable, renewal, failures(renewal, time.Time{})
		return t, automatic(renewal)
	case request.ID != 0:
		return f.goOn(t, request), request.Ordered() // else a person asks a CA, and has taken it over
	case automatic(e):
		t.Deed, t.Failures = Order, failures(e, t.Moment.At)
		return t, !f.Renewed[e.ID] && !replaced(e) && !givenUp(t)
	}
	t.Deed, t.Moment = Prepare, due.Moment{At: f.Now, Reason: due.Age}
	return t, e.Services != 0 && e.TimeEnds() && e.Successor == nil && !f.Declined[e.ID] && !f.Renewed[e.ID]
}

// goOn goes on at once with what was ordered, unless it failed.
func (f Facts) goOn(t Task, request ledger.Entry) Task {
	t.Deed, t.New, t.Failures = Continue, request, failures(request, time.Time{})
	t.Moment = due.Moment{At: f.Now, Reason: due.Age}
	return t
}

// failures are those of an entry from a moment on: what went wrong when it was enabled says nothing of its renewal.
func failures(e ledger.Entry, from time.Time) (list []ledger.Failure) {
	if e.Automatic == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(e.Automatic.Failures), func(x ledger.Failure) bool { return x.At.Before(from) })
}

// automatic says whether an ACME authority has given a certificate.
func automatic(e ledger.Entry) bool {
	return e.Kind == ledger.Certificate && e.Automatic != nil && e.Automatic.Order.CA != ""
}

// replaced says whether another certificate has taken the place of one that nothing serves.
func replaced(e ledger.Entry) bool {
	return e.Services == 0 && e.Successor != nil && !e.Successor.Waits
}

// givenUp says whether a certificate that nothing serves was revoked: nobody wants another like it.
func givenUp(t Task) bool { return t.Old.Services == 0 && t.Moment.Reason == due.Withdrawn }

// usable says whether a certificate could be enabled now.
func usable(e ledger.Entry) bool {
	switch e.Verdict.Status {
	case trust.Valid, trust.Expiring, trust.Untrusted, trust.Unknown:
		return e.Kind == ledger.Certificate
	}
	return false
}

// caOf is the authority that the first of some entries names.
func caOf(entries ...ledger.Entry) string {
	for _, e := range entries {
		if a := e.Automatic; a != nil {
			if f := a.Failed(); a.Order.CA == "" && f != nil {
				return f.CA
			}
			if a.Order.CA != "" {
				return a.Order.CA
			}
		}
	}
	return ""
}
