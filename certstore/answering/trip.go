package answering

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/evidence"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
)

// Reader is all that is needed of a store: it asks ports as clients do, and says whose what they serve is.
type Reader interface {
	AskAny(ctx context.Context, requests []probe.Request) ([][]enabling.Answer, error)
}

// Asker goes to where a question leads.
type Asker struct {
	Reader Reader
	DNS    *evidence.Finder
	Dial   func(ctx context.Context, network, address string) (net.Conn, error) // for HTTP; nil: as usual
}

const (
	wholeTime = 9500 * time.Millisecond // all steps of a question
	portTime  = 5 * time.Second         // one port
	webTime   = 4 * time.Second         // one answer by HTTP
	mostHops  = 5                       // redirects that are followed
	mostHosts = 4                       // of an MX or SRV record
)

// trip is one question being asked.
type trip struct {
	Asker
	world World
	q     Question
	ctx   context.Context

	mu    sync.Mutex
	asked map[probe.Target]*once
	err   error // of the store
}

// once is a port that is asked once for all who want to know.
type once struct {
	sync.Once
	place Place
}

// led is where a name leads: an address to dial, or why there is none.
type led struct {
	address netip.Addr
	outcome Outcome
	text    string
}

// lead looks a host up, and says whether it may be gone to.
func (t *trip) lead(host string) led {
	if a, err := netip.ParseAddr(host); err == nil {
		return t.allowed(host, []netip.Addr{a})
	}
	p := t.DNS.Resolver.Place(t.ctx, host)
	switch {
	case p.Bogus:
		return led{outcome: NotTold, text: "what DNS says of it is forged or broken (DNSSEC)"}
	case len(p.Addresses) > 0:
		return t.allowed(host, p.Addresses)
	}
	if own, _ := net.DefaultResolver.LookupNetIP(t.ctx, "ip", host); len(own) > 0 && host == t.q.Host { // /etc/hosts
		return t.allowed(host, own)
	}
	switch {
	case p.Silent:
		return led{outcome: NotTold, text: "the name servers do not answer for it"}
	case p.Missing:
		return led{outcome: Absent, text: "it is not in DNS"}
	}
	return led{outcome: Absent, text: "it has no address in DNS"}
}

// allowed takes the first address that may be dialled, IPv4 before IPv6. What a person named may lie anywhere; what
// others name must be public, or they could have certdesk knock at doors inside.
func (t *trip) allowed(host string, list []netip.Addr) led {
	var first netip.Addr
	for _, a := range list {
		a = a.Unmap()
		if !t.named(host) && !names.IsPublic(names.Name{Kind: names.IP, Value: a.String()}) || a.IsMulticast() {
			continue
		}
		if !first.IsValid() || a.Is4() && !first.Is4() {
			first = a
		}
	}
	if !first.IsValid() {
		return led{outcome: Skipped, text: "it is not of this domain, and its address " + list[0].String() +
			" lies inside a network: certdesk does not go there"}
	}
	return led{address: first}
}

// named says whether a person named a host: it is that of the question, lies in its domain, or is one of ours.
func (t *trip) named(host string) bool {
	return host == t.q.Host || t.q.Domain != "" && within(host, t.q.Domain) || t.world.ours(host)
}

// port asks one port which certificate it serves to a client of that host.
func (t *trip) port(way Way, scheme probe.Scheme, host, number string) Place {
	target := probe.Target{Scheme: scheme, Host: host, Port: number}
	t.mu.Lock()
	o := t.asked[target]
	if o == nil {
		o = &once{}
		t.asked[target] = o
	}
	t.mu.Unlock()
	o.Do(func() { o.place = t.ask(target) })
	p := o.place
	p.Way = way
	return p
}

func (t *trip) ask(target probe.Target) Place {
	p := Place{URL: printable.Text(target.String()), Host: target.Host}
	to := t.lead(target.Host)
	if !to.address.IsValid() {
		p.Outcome, p.Text = to.outcome, to.text
		return p
	}
	request := probe.Request{Target: target, Name: target.Host, Timeout: portTime}
	request.Host = to.address.String()
	return t.told(p, request)
}

// told is a place with what a port answered.
func (t *trip) told(p Place, request probe.Request) Place {
	ctx, end := context.WithTimeout(t.ctx, portTime+2*time.Second)
	defer end()
	answers, err := t.Reader.AskAny(ctx, []probe.Request{request})
	if len(answers) == 0 {
		t.mu.Lock()
		t.err = err
		t.mu.Unlock()
		p.Outcome, p.Text = NoOne, "it could not be asked"
		return p
	}
	p.Answers, p.Outcome = answers[0], Seen
	if !p.Served() {
		p.Outcome = NoOne
		for _, a := range p.Answers {
			p.Text = printable.Text(a.Report.Text)
		}
	}
	return p
}
