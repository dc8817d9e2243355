package answering

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
)

// Verdict is the answer in a word.
type Verdict string

// The verdicts.
const (
	Certificate Verdict = "certificate" // clients mind what is served
	Fine        Verdict = "fine"        // what is served is right: it is not the certificate
	Nobody      Verdict = "nobody"      // no certificate was seen: it is the network, the service or the name
	Unknown     Verdict = "unknown"     // nothing that is known here tells
)

// Answer is what there is to say to a question.
type Answer struct {
	Question
	Asked   bool           // the places were asked now; else only what was known is told
	Covers  []ledger.Entry // the certificates for the host, the one that could be served and lasts longest first
	Places  []Place
	Verdict Verdict
	Cause   *Fault // why it is the certificate; nil where it is not
	At      *Place // where that was seen, or the first place where all is well; nil for none
}

// Known answers from what is known already: the entries, and what the services served when they were asked last.
func (w World) Known(q Question) Answer {
	a := Answer{Question: q, Covers: w.coversOf(q)}
	for _, p := range w.portsFor(q) {
		known := enabling.Answer{Port: p, Raw: p.Report, Entry: w.byID(p.Served), Meant: w.byID(p.Bound)}
		place := Place{Way: ByService, URL: printable.Text(p.Listen), Host: cmp.Or(p.Name, q.Host), Outcome: Seen,
			Answers: []enabling.Answer{known}}
		if !place.Served() {
			place.Outcome, place.Text = NoOne, printable.Text(p.Report.Text)
		}
		a.Places = append(a.Places, place)
	}
	a.conclude(w)
	return a
}

func (w World) coversOf(q Question) []ledger.Entry {
	if q.Host != "" {
		return w.Covering(q.Host)
	}
	if q.Domain != "" {
		return w.Covering("autodiscover." + q.Domain)
	}
	return nil
}

func (w World) byID(id int64) ledger.Entry {
	i := slices.IndexFunc(w.Entries, func(e ledger.Entry) bool { return e.ID == id && id != 0 })
	if i < 0 {
		return ledger.Entry{}
	}
	return w.Entries[i]
}

// portsFor are the ports of this host's services that a question is about: all, where it names no place.
func (w World) portsFor(q Question) (list []enabling.Port) {
	for _, p := range w.Ports {
		if !q.Located() || w.isAbout(p, q.Host) || q.Host == "" && w.inDomain(p, q.Domain) {
			list = append(list, p)
		}
	}
	return list
}

// isAbout says whether a port is one that clients of a host come to, as far as its names tell.
func (w World) isAbout(p enabling.Port, host string) bool {
	if host == "" {
		return false
	}
	has := func(n string) bool { return names.Covers(n, host) }
	if p.Name != "" {
		return p.Name == host
	}
	return slices.ContainsFunc(strings.Split(p.Slot, ","), has) ||
		p.Report.Served() && slices.ContainsFunc(p.Report.Leaf.DNSNames, has) ||
		slices.ContainsFunc(w.byID(p.Bound).Names, has)
}

func (w World) inDomain(p enabling.Port, domain string) bool {
	in := func(n string) bool { return within(strings.TrimPrefix(n, "*."), domain) }
	return in(p.Name) || p.Report.Served() && slices.ContainsFunc(p.Report.Leaf.DNSNames, in) ||
		slices.ContainsFunc(w.byID(p.Bound).Names, in)
}

// Ask goes to all places of a question, and answers after ten seconds at the latest. Errors: those of the store, and
// Canceled.
func (k Asker) Ask(ctx context.Context, w World, q Question) (Answer, error) {
	known := w.Known(q)
	if !q.Located() || k.DNS == nil {
		return known, nil
	}
	inTime, end := context.WithTimeout(ctx, wholeTime)
	defer end()
	t := &trip{Asker: k, world: w, q: q, ctx: inTime, asked: map[probe.Target]*once{}}
	a := Answer{Question: q, Asked: true, Covers: known.Covers}
	a.Places = slices.Concat(together(func() []Place { return t.host() }, func() []Place { return t.again(known) },
		func() []Place { return t.mailbox() })...)
	switch {
	case ctx.Err() != nil:
		return a, ctx.Err()
	case t.err != nil && !errors.Is(t.err, context.DeadlineExceeded):
		return a, t.err
	}
	a.conclude(w)
	return a, nil
}

// mailbox is where the programs of a mail address go.
func (t *trip) mailbox() []Place {
	if t.q.Domain == "" {
		return nil
	}
	d := t.q.Domain
	return slices.Concat(together(
		func() []Place {
			found := t.discover(d)
			return append(found, t.web(d, found)...)
		},
		func() []Place { return t.programs(d) },
		func() []Place { return t.mail(d) },
	)...)
}

// again asks the services of this host once more that a question is about.
func (t *trip) again(known Answer) []Place {
	var work []func() []Place
	for _, p := range known.Places {
		target, err := probe.ParseTarget(p.Answers[0].Listen)
		if err != nil || t.q.Target != nil {
			continue
		}
		work = append(work, func() []Place {
			request := probe.Request{Target: target, Name: cmp.Or(p.Answers[0].Name, t.q.Host), Proxy: p.Answers[0].Proxy,
				Timeout: portTime}
			return []Place{t.told(Place{Way: ByService, URL: p.URL, Host: p.Host}, request)}
		})
	}
	return slices.Concat(together(work...)...)
}

// used are the ports at which clients look for a host, and the first labels of hosts that are for one kind alone.
var used = []struct {
	scheme probe.Scheme
	port   string
	labels []string
}{
	{probe.HTTPS, "443", []string{"webmail", "owa", "www", "autodiscover", "autoconfig", "mta-sts", "outlook"}},
	{probe.IMAPS, "993", []string{"imap"}}, {probe.IMAP, "143", []string{"imap"}},
	{probe.SMTPS, "465", []string{"smtp", "submission"}}, {probe.SMTP, "587", []string{"smtp", "submission"}},
	{probe.SMTP, "25", []string{"mx", "smtp"}}, {probe.POP3S, "995", []string{"pop", "pop3"}},
}

// host asks the port that was named, or those that clients of that host use; where nobody listens is not told of as
// long as somebody does.
func (t *trip) host() []Place {
	switch {
	case t.q.Host == "" || strings.HasPrefix(t.q.Host, "*"):
		return nil
	case t.q.Target != nil:
		return []Place{t.port(ByHost, t.q.Target.Scheme, t.q.Host, t.q.Target.Port)}
	}
	label, _, _ := strings.Cut(t.q.Host, ".")
	special := false
	for _, u := range used {
		special = special || slices.Contains(u.labels, label)
	}
	var work []func() []Place
	for _, u := range used {
		if !special || slices.Contains(u.labels, label) {
			work = append(work, func() []Place { return []Place{t.port(ByHost, u.scheme, t.q.Host, u.port)} })
		}
	}
	list := slices.Concat(together(work...)...)
	told := slices.DeleteFunc(slices.Clone(list), func(p Place) bool {
		return p.Outcome != Seen && len(p.Faults(t.world.Now)) == 0
	})
	if len(told) > 0 || len(list) == 0 {
		return told
	}
	return list[:1]
}
