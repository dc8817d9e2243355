package notifying

import (
	"cmp"
	"slices"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/renewing"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// What somebody can be told of, in the words of the configuration.
const (
	Expiring      = "expiring"
	RenewalFailed = "renewal-failed"
	Revoked       = "revoked"
	NotServed     = "not-served"
	Recovered     = "recovered"
)

// Facts are what is known at a moment.
type Facts struct {
	Entries []ledger.Entry // live ones, as their ports let them look
	Tasks   []renewing.Task
	Survey  enabling.Survey
	Seen    bool // every port answered or refused; else what is not seen there may be so all the same
	Now     time.Time
}

// Matter is something that people are told of.
type Matter struct {
	Key   ledger.Matter
	Level int           // how bad it is, from 1
	Entry *ledger.Entry // nil where it is no entry's
	Name  string        // of the entry, or the port
	What  string        // "expires in 20 days"

	Reason        string
	Ports         []string
	Next, Command string

	hurts bool // clients are hurt while it stands
}

// The levels of what ends: each is told of once.
const (
	levelSoon = 1 + iota
	levelUrgent
	levelLast
	levelOver
)

// matters are what stands, in the order of the entries; then ports that are no entry's.
func (f Facts) matters() (list []Matter) {
	tasks := map[int64]*renewing.Task{}
	for i := range f.Tasks {
		tasks[f.Tasks[i].Old.ID] = &f.Tasks[i]
	}
	for i := range f.Entries {
		e := &f.Entries[i]
		list = append(list, f.ofEntry(e, tasks[e.ID])...)
		if t := tasks[e.ID]; t != nil && t.Failure() != nil {
			list = append(list, f.failing(e, t))
		}
	}
	return append(list, f.ofPorts(list)...)
}

func (f Facts) matter(event string, e *ledger.Entry, level int, what, reason string) Matter {
	return Matter{Key: ledger.Matter{Event: event, Entry: e.ID}, Level: level, Entry: e, Name: e.FriendlyName, What: what,
		Reason: printable.Text(reason), Ports: f.portsOf(e), hurts: inUse(e) && (event != Expiring || level == levelOver)}
}

// inUse says whether clients are given a certificate, or should be.
func inUse(e *ledger.Entry) bool { return e.Services != 0 || e.Served }

// ofEntry is what stands against a certificate. What follows from its being revoked, or over, is not told beside that.
func (f Facts) ofEntry(e *ledger.Entry, t *renewing.Task) (list []Matter) {
	if e.Kind != ledger.Certificate || e.Settled() {
		return nil
	}
	add := func(m Matter) {
		m.Next, m.Command = f.advice(m, t)
		list = append(list, m)
	}
	isWanted := inUse(e) || e.Successor == nil && !e.Renewed
	level, status := f.level(e, t), e.Verdict.Status
	if status == trust.Revoked {
		byUs := e.Automatic != nil && !e.Automatic.Revoked.At.IsZero()
		if isWanted && (inUse(e) || !byUs) {
			add(f.matter(Revoked, e, 1, "is revoked", e.Verdict.Reason))
		}
		return list
	}
	if level > 0 && isWanted {
		add(f.matter(Expiring, e, level, ends(e, f.Now), ends(e, f.Now)+", on "+when.Said(e.NotAfter, f.Now)))
	}
	switch flaw := f.flawed(e); {
	case level == levelOver:
	case status == trust.NotServed, inUse(e) && flaw != "":
		add(f.matter(NotServed, e, 1, "is not served as it should be", cmp.Or(flaw, e.Verdict.Reason)))
	case inUse(e) && (status == trust.Invalid || status == trust.Untrusted && e.Verdict.Fault != ""):
		add(f.matter(NotServed, e, 1, "is served and refused by clients", e.Verdict.Reason))
	}
	return list
}

// level is how near the end of a life is: a third, a tenth and the last day of it, as the table counts. What renews
// itself is late only when a sixth is left. Of what nobody here is given the last day is no news of its own.
func (f Facts) level(e *ledger.Entry, t *renewing.Task) int {
	life, left := e.NotAfter.Sub(e.NotBefore), e.NotAfter.Sub(f.Now)
	soon, urgent := trust.ExpiringBelow(e.NotBefore, e.NotAfter), trust.UrgentBelow(e.NotBefore, e.NotAfter)
	if t != nil && t.Deed != renewing.Prepare {
		soon = min(soon, life/6)
	}
	switch {
	case left <= 0:
		return levelOver
	case left >= soon:
		return 0
	case left < urgent/7 && inUse(e):
		return levelLast
	case left < urgent:
		return levelUrgent
	}
	return levelSoon
}

// failing is a renewal, or a first order, that went wrong.
func (f Facts) failing(e *ledger.Entry, t *renewing.Task) Matter {
	m := f.matter(RenewalFailed, e, 1, "is not renewed: it failed "+t.Often(), t.Failure().Why)
	if e.Kind == ledger.PendingReq {
		m.What = "was not issued: it failed " + t.Often()
	}
	m.hurts = true // nobody sees to it until somebody does
	m.Next, m.Command = f.advice(m, t)
	return m
}

// flawed is what clients mind at a port that serves a certificate as it should.
func (f Facts) flawed(e *ledger.Entry) string {
	for _, p := range f.boundTo(e) {
		if !p.Right() {
			return printable.Text(p.Listen) + " " + p.Trouble(f.Now)
		}
	}
	return ""
}

// boundTo are the ports that should serve an entry.
func (f Facts) boundTo(e *ledger.Entry) (list []enabling.Port) {
	for i := range f.Survey.Ports {
		if p := &f.Survey.Ports[i]; p.Bound == e.ID || p.Bound == 0 && p.Expected == e.SHA256 {
			list = append(list, *p)
		}
	}
	return list
}

// portsOf says of each port that should serve an entry, or does, what it serves.
func (f Facts) portsOf(e *ledger.Entry) (lines []string) {
	for _, p := range f.Survey.Of(*e) {
		line := printable.Text(p.Listen)
		switch {
		case p.Right() && p.Report.SHA256 == e.SHA256:
			line += " serves it"
		case p.Right():
			line += " serves what it should"
		default:
			line += " " + p.Trouble(f.Now)
		}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// ofPorts are the ports that are no entry's, or whose entry is well in itself, once each; what follows from what is
// told of an entry already is not told again.
func (f Facts) ofPorts(told []Matter) (list []Matter) {
	for _, p := range f.Survey.Ports {
		key := ledger.Matter{Event: NotServed, Port: p.Listen}
		if p.Right() || follows(p, told) || slices.ContainsFunc(list, func(m Matter) bool { return m.Key == key }) {
			continue
		}
		m := Matter{Key: key, Level: 1, Name: printable.Text(p.Listen), What: "does not serve what it should", hurts: true,
			Reason: ledger.ServiceTitle(p.Service) + ": " + printable.Text(p.Listen) + " " + p.Trouble(f.Now)}
		m.Next, m.Command = f.adviceOfPort(p)
		list = append(list, m)
	}
	return list
}

func follows(p enabling.Port, told []Matter) bool {
	return slices.ContainsFunc(told, func(m Matter) bool {
		e := m.Entry
		return e != nil && (m.Key.Event != Expiring || m.Level == levelOver) &&
			(p.Bound == e.ID || p.Expected == e.SHA256 || p.Report.SHA256 == e.SHA256)
	})
}
