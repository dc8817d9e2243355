package evidence

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

const (
	tryTime   = 2 * time.Second  // one server is waited for, by UDP and by TCP each
	askTime   = 5 * time.Second  // all of them
	atOnce    = 64               // questions in flight: those of 16 names
	mostKept  = 5 * time.Minute  // an answer is kept for its time to live, and no longer
	shortKept = 60 * time.Second // that something is not there
	udpSize   = 1232             // what passes everywhere (dnsflagday.net, 2020)
	mostRows  = 20000            // of the cache
	resolv    = "/etc/resolv.conf"
)

// Resolver asks the name servers of this host, and keeps what they said.
type Resolver struct {
	servers []server
	slots   chan struct{}

	mu    sync.Mutex
	known map[question]*asked
}

// server is a resolver, and whether its word that an answer is proven (the AD bit) is believed: on the way from any but
// one of this host anybody could set it (RFC 6840 5.8; glibc's trust-ad).
type server struct {
	at       string
	believed bool
}

type question struct {
	name string
	kind uint16
}

// asked is a question with its answer once done is closed.
type asked struct {
	done   chan struct{}
	answer answer
	until  time.Time
}

// answer is what DNS says to a question.
type answer struct {
	records []dns.RR
	missing bool  // there is no such name (NXDOMAIN); false where it only has no such record
	secure  bool  // proven by DNSSEC, and told by a server that is believed
	bogus   bool  // there is data, and DNSSEC says that it is forged or broken
	err     error // no server answered
}

// Off is, in the place of an address, that nobody is asked.
const Off = "off"

// New makes a resolver that asks the server at an address, believed, or with "" those of /etc/resolv.conf.
// Errors: InvalidConfig, Failed, also where asking is off.
func New(at string) (*Resolver, error) {
	if at == Off {
		return nil, fail.New(fail.Failed, "name a resolver there, or leave `dns` out for those of this host",
			"DNS is asked nothing: the configuration has dns = \"off\"")
	}
	r := &Resolver{slots: make(chan struct{}, atOnce), known: map[question]*asked{}}
	if at != "" {
		address, err := Address(at)
		r.servers = []server{{address, true}}
		return r, err
	}
	conf, err := dns.ClientConfigFromFile(resolv)
	if err != nil || len(conf.Servers) == 0 {
		return nil, fail.New(fail.Failed, "name a resolver under `dns` in the configuration",
			"%s names no DNS server", resolv)
	}
	for _, host := range conf.Servers {
		a, err := netip.ParseAddr(host)
		r.servers = append(r.servers, server{net.JoinHostPort(host, conf.Port), err == nil && a.IsLoopback()})
	}
	return r, nil
}

// Address is that of a DNS server as the configuration names it, with its port. Errors: InvalidConfig.
func Address(text string) (string, error) {
	if a, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return netip.AddrPortFrom(a, 53).String(), nil
	}
	if a, err := netip.ParseAddrPort(text); err == nil {
		return a.String(), nil
	}
	return "", fail.New(fail.InvalidConfig, "write an address such as 127.0.0.1 or 127.0.0.1:5353, or off",
		"dns %q is not the address of a server", printable.Text(text))
}

// ask asks once for everybody who wants to know; who gives up does not end it for the others.
func (r *Resolver) ask(ctx context.Context, name string, kind uint16) answer {
	q := question{dns.CanonicalName(name), kind}
	r.mu.Lock()
	a := r.known[q]
	if a == nil || !a.until.IsZero() && time.Now().After(a.until) {
		a = &asked{done: make(chan struct{})}
		if len(r.known) > mostRows {
			clear(r.known)
		}
		r.known[q] = a
		go r.find(context.WithoutCancel(ctx), q, a)
	}
	r.mu.Unlock()
	select {
	case <-a.done:
		return a.answer
	case <-ctx.Done():
		return answer{err: ctx.Err()}
	}
}

func (r *Resolver) find(ctx context.Context, q question, a *asked) {
	r.slots <- struct{}{}
	defer func() { <-r.slots }()
	ctx, end := context.WithTimeout(ctx, askTime)
	defer end()
	got := r.query(ctx, q)
	r.mu.Lock()
	a.answer, a.until = got, time.Now().Add(got.keep())
	r.mu.Unlock()
	close(a.done)
}

// keep is for how long an answer holds.
func (a answer) keep() time.Duration {
	if len(a.records) == 0 {
		return shortKept
	}
	keep := mostKept
	for _, record := range a.records {
		keep = min(keep, time.Duration(record.Header().Ttl)*time.Second)
	}
	return keep
}

var errSilent = errors.New("the name servers do not answer")

// query asks one server after the other until one has an answer.
func (r *Resolver) query(ctx context.Context, q question) answer {
	for _, s := range r.servers {
		got, err := s.exchange(ctx, q, false)
		if err != nil {
			continue
		}
		switch got.Rcode {
		case dns.RcodeSuccess, dns.RcodeNameError:
			return answer{records: got.Answer, missing: got.Rcode == dns.RcodeNameError,
				secure: s.believed && got.AuthenticatedData}
		case dns.RcodeServerFailure:
			if unchecked, err := s.exchange(ctx, q, true); err == nil && unchecked.Rcode == dns.RcodeSuccess &&
				len(unchecked.Answer) > 0 {
				return answer{records: unchecked.Answer, bogus: true}
			}
		}
	}
	return answer{err: errSilent}
}

// exchange asks a server by UDP, and by TCP where the answer does not fit. An answer to another question is none.
func (s server) exchange(ctx context.Context, q question, unchecked bool) (*dns.Msg, error) {
	ask := new(dns.Msg)
	ask.SetQuestion(q.name, q.kind)
	ask.SetEdns0(udpSize, true) // with neither DO nor AD a validating server says nothing of DNSSEC (Unbound 1.17)
	ask.CheckingDisabled = unchecked
	got, err := s.by(ctx, "udp", ask)
	var unreached net.Error // where nobody answers by UDP nobody will by TCP
	if err == nil && got.Truncated || err != nil && !errors.As(err, &unreached) {
		got, err = s.by(ctx, "tcp", ask)
	}
	if err != nil {
		return nil, err
	}
	if len(got.Question) != 1 || dns.CanonicalName(got.Question[0].Name) != q.name || got.Question[0].Qtype != q.kind {
		return nil, errors.New("an answer to another question")
	}
	return got, nil
}

func (s server) by(ctx context.Context, network string, ask *dns.Msg) (*dns.Msg, error) {
	ctx, end := context.WithTimeout(ctx, tryTime)
	defer end()
	client := dns.Client{Net: network, Timeout: tryTime}
	got, _, err := client.ExchangeContext(ctx, ask, s.at)
	return got, err
}

// records are those of one kind in an answer.
func records[T dns.RR](a answer) (list []T) {
	for _, record := range a.records {
		if r, ok := record.(T); ok {
			list = append(list, r)
		}
	}
	return list
}

// host is a name out of DNS as the list has names.
func host(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// bare is a host for a sentence.
func bare(name string) string { return cmp.Or(printable.Text(host(name)), ".") }
