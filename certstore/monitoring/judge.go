package monitoring

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/renewing"
	"certdesk/certstore/trust"
)

// Question is what is asked. Limits that are nil are the table's own: expiring, and urgent.
type Question struct {
	Warning, Critical *Limit
	Services          ledger.Services // only what is enabled for one of these; 0 for everything
	Entries           []ledger.Entry  // only these; none for all
	Names             []string        // each must be covered by a certificate that clients accept; normalized
	Now               time.Time
}

// Report is the answer.
type Report struct {
	State  State
	Items  []Item // the worst first; all that were looked at
	Counts Counts
	Next   *Item // of the certificates that are not settled, the one whose life ends first; nil for none
	Limits Limits
}

// Item is one thing that was looked at.
type Item struct {
	State State
	Entry *ledger.Entry // nil where it is no entry's
	Text  string        // one sentence
}

// Counts are the numbers that a monitoring system draws.
type Counts struct {
	Certificates int // that were looked at
	Expiring     int // of them, under a limit and not at their end yet
	Invalid      int // that clients refuse, or that nobody can tell
	Pending      int // requests that wait
	Ports        int
	PortsWrong   int // at which clients do not get what they should
}

// Judge answers about entries as the table shows them, in its order, and about the ports beside them.
func (q Question) Judge(entries []ledger.Entry, seen Sight) Report {
	var r Report
	renewals := seen.renewals()
	for i := range entries {
		if e := &entries[i]; q.asks(e) {
			r.add(q, e, renewals[e.ID])
		}
	}
	if r.Counts.Certificates == 0 {
		r.Items = append(r.Items, Item{State: Unknown, Text: q.nothing()})
	}
	r.Items = append(r.Items, q.uncovered(entries)...)
	r.addPorts(seen)
	slices.SortStableFunc(r.Items, byState)
	if len(r.Items) > 0 {
		r.State = r.Items[0].State
	}
	return r
}

// asks says whether an entry is asked about; a request counts for what it is wanted for.
func (q Question) asks(e *ledger.Entry) bool {
	of := e.Services
	if e.Kind == ledger.PendingReq {
		of = e.Wanted
	}
	return (q.Services == 0 || of&q.Services != 0) && q.named(func(n ledger.Entry) bool { return n.ID == e.ID })
}

// named says whether something is of one of the entries that are asked about.
func (q Question) named(is func(ledger.Entry) bool) bool {
	return len(q.Entries) == 0 || slices.ContainsFunc(q.Entries, is)
}

// nothing says that there is nothing to look at, which is no good news: somebody expects certificates here.
func (q Question) nothing() string {
	switch {
	case len(q.Entries) > 0 && q.Services == 0:
		return "what was named is no certificate yet"
	case len(q.Entries) > 0:
		return "nothing that was named is enabled for " + strings.Join(q.Services.Names(), " or ")
	case q.Services != 0:
		return "no certificate is enabled for " + strings.Join(q.Services.Names(), " or ")
	}
	return "there is no certificate in the store"
}

func (r *Report) add(q Question, e *ledger.Entry, renewal *renewing.Task) {
	if e.Kind == ledger.PendingReq {
		r.Counts.Pending++
		r.Items = append(r.Items, Item{OK, e, e.Verdict.Reason}.failing(renewal, q.Now))
		return
	}
	item := q.item(e, renewal)
	r.Counts.Certificates++
	switch timed := inTime(e); {
	case timed && item.State != OK:
		r.Counts.Expiring++
	case !timed && item.State != OK:
		r.Counts.Invalid++
	}
	r.Items = append(r.Items, item)
	if !e.Settled() && (r.Next == nil || e.NotAfter.Before(r.Next.Entry.NotAfter)) {
		r.Next, r.Limits = &item, q.limits(e, renewal)
	}
}

// inTime says whether nothing but the time that is left can be held against a certificate.
func inTime(e *ledger.Entry) bool {
	return (e.Verdict.Status == trust.Valid || e.Verdict.Status == trust.Expiring) && !broken(e)
}

// item is a certificate as an alarm sees it, with what is to be done about it, if anything is.
func (q Question) item(e *ledger.Entry, renewal *renewing.Task) Item {
	it := Item{Entry: e, Text: e.Verdict.Reason}
	if !strings.HasPrefix(it.Text, e.Verdict.Word) && !inTime(e) {
		it.Text = e.Verdict.Word + ": " + it.Text
	}
	switch {
	case e.Settled():
		it.State = OK
	case inTime(e):
		it.State = q.limits(e, renewal).state(e.NotAfter.Sub(q.Now))
		if it.State != OK && e.Verdict.Status == trust.Valid {
			it.Text += ", " + left(e.NotAfter.Sub(q.Now)) + " left"
		}
	case e.Verdict.Status == trust.RevocationCheckFailure, broken(e):
		// Clients may have an answer that nobody here got, and not all of them mind what is broken.
		it.State = max(Warning, q.limits(e, renewal).state(e.NotAfter.Sub(q.Now)))
	case e.Verdict.Status == trust.Unknown:
		it.State = Unknown
	case e.Verdict.Status == trust.Untrusted && e.Verdict.Fault == "":
		it.State = Warning // a root that only this host does not know: clients may
	case q.Now.Before(e.NotBefore) && e.Services == 0 && !e.Served:
		it.State = Warning // nobody is given it yet
	default:
		it.State = Critical
	}
	if it.State == OK && e.Settled() {
		return it
	}
	return it.failing(renewal, q.Now)
}

// broken says whether a finding on a certificate that works is an error. Of its time the limits tell.
func broken(e *ledger.Entry) bool {
	worst, found := e.Verdict.Worst()
	return found && worst.Severity == trust.Error && e.Verdict.Status == trust.Valid
}

// Limits are the times left under which a certificate is told of.
type Limits struct{ Warning, Critical time.Duration }

func (l Limits) state(left time.Duration) State {
	switch {
	case left < l.Critical:
		return Critical
	case left < l.Warning:
		return Warning
	}
	return OK
}

// limits are those that are asked for, else the table's own. What renews itself is renewed when the table calls it
// expiring: that is no news while it goes well, and urgent when a sixth of its life is left.
func (q Question) limits(e *ledger.Entry, renewal *renewing.Task) Limits {
	l := Limits{trust.ExpiringBelow(e.NotBefore, e.NotAfter), trust.UrgentBelow(e.NotBefore, e.NotAfter)}
	if renewal != nil && renewal.Deed != renewing.Prepare {
		sixth := e.NotAfter.Sub(e.NotBefore) / 6
		l = Limits{sixth, sixth}
	}
	if q.Warning != nil {
		l.Warning = q.Warning.Of(e.NotBefore, e.NotAfter)
	}
	if q.Critical != nil {
		l.Critical = q.Critical.Of(e.NotBefore, e.NotAfter)
	}
	return l
}

// left counts whole days, and near the end whole hours.
func left(d time.Duration) string {
	if d < 48*time.Hour {
		return printable.Count(int(d/time.Hour), "hour")
	}
	return printable.Count(int(d/(24*time.Hour)), "day")
}

// uncovered are the expected names that nothing covers which clients would accept.
func (q Question) uncovered(entries []ledger.Entry) (list []Item) {
	for _, name := range q.Names {
		covers := func(e ledger.Entry) bool {
			return q.asks(&e) && e.Verdict.Status.Works() && slices.ContainsFunc(e.Names,
				func(have string) bool { return names.Covers(have, name) })
		}
		if !slices.ContainsFunc(entries, covers) {
			list = append(list, Item{State: Critical, Text: fmt.Sprintf("no valid certificate%s covers %s",
				cmp.Or(q.among(), " here"), printable.Text(name))})
		}
	}
	return list
}

// among says which certificates count, where not all do.
func (q Question) among() (text string) {
	if len(q.Entries) > 0 {
		text = " that was named"
	}
	switch {
	case q.Services == 0:
		return text
	case text != "":
		text += " and"
	default:
		text = " that"
	}
	return text + " is enabled for " + strings.Join(q.Services.Names(), " or ")
}
