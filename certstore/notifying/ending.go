package notifying

import (
	"slices"

	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// ended is how a matter came to stand no more.
type ended int

const (
	gone    ended = iota // what it was about is not there any more, or nobody's
	well                 // it was put right
	unclear              // nobody could look
)

// ending says how a matter that was told came to its end.
func (f Facts) ending(key ledger.Matter) (m Matter, end ended) {
	m = Matter{Key: key, Name: printable.Text(key.Port)}
	if key.Port != "" {
		return f.endingOfPort(m)
	}
	i := slices.IndexFunc(f.Entries, func(e ledger.Entry) bool { return e.ID == key.Entry })
	if i < 0 {
		return m, gone
	}
	e := &f.Entries[i]
	m.Entry, m.Name, m.Ports = e, e.FriendlyName, f.portsOf(e)
	switch key.Event {
	case Expiring:
		return f.endingOfLife(m)
	case Revoked:
		m.What, m.Reason = "is revoked no more", e.Verdict.Reason
		switch e.Verdict.Status {
		case trust.Valid, trust.Expiring, trust.NotServed:
			return m, well
		case trust.Revoked:
			return f.replaced(m)
		}
		return m, unclear
	case RenewalFailed:
		return f.endingOfFailure(m)
	}
	return f.endingOfServing(m)
}

func (f Facts) endingOfPort(m Matter) (Matter, ended) {
	m.What = "serves what it should again"
	there := false
	for _, p := range f.Survey.Ports {
		if p.Listen == m.Key.Port {
			there = true
			if !p.Right() { // it is told as what stands against its entry
				return m, gone
			}
		}
	}
	switch {
	case there:
		return m, well
	case !f.Seen:
		return m, unclear
	}
	return m, gone
}

// endingOfLife is that of a certificate whose end was told: another has its place, or a clock was wrong.
func (f Facts) endingOfLife(m Matter) (Matter, ended) {
	e := m.Entry
	if e.Verdict.Status == trust.Revoked {
		return m, unclear // told as what is worse
	}
	if e.Successor == nil && !e.Renewed {
		return m, gone
	}
	return f.replaced(m)
}

// replaced is well where another certificate has taken the place of one that nobody is given any more.
func (f Facts) replaced(m Matter) (Matter, ended) {
	e := m.Entry
	by := e.Successor
	switch {
	case inUse(e):
		return m, unclear
	case by == nil || by.Waits:
		return m, gone
	}
	m.What, m.Reason = "has been replaced", by.Words()
	i := slices.IndexFunc(f.Entries, func(o ledger.Entry) bool { return o.ID == by.ID })
	if i >= 0 {
		m.Ports = f.portsOf(&f.Entries[i])
		m.Reason += ", valid until " + when.Recorded(f.Entries[i].NotAfter)
	}
	return m, well
}

// endingOfFailure is that of a renewal: it was had, or is nobody's any more.
func (f Facts) endingOfFailure(m Matter) (Matter, ended) {
	e := m.Entry
	switch {
	case e.Successor != nil:
		m.What, m.Reason = "has been renewed", e.Successor.Words()
	case e.Renewed:
		m.What = "has been renewed"
	case e.Kind == ledger.Certificate && e.Automatic != nil && e.Automatic.Failed() == nil:
		m.What = "fails no more"
	default:
		return m, gone
	}
	return m, well
}

// endingOfServing is that of a certificate that its ports did not serve.
func (f Facts) endingOfServing(m Matter) (Matter, ended) {
	e := m.Entry
	ports := f.boundTo(e)
	m.What = "is served as it should be"
	switch {
	case len(ports) > 0 && !slices.ContainsFunc(ports, func(p enabling.Port) bool { return !p.Right() }):
		return m, well
	case len(ports) > 0 || inUse(e) && !f.Seen:
		return m, unclear
	case !inUse(e):
		return m, gone
	}
	return m, well // it was what clients minded in itself
}
