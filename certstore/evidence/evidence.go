// Package evidence says what DNS knows of the names of a certificate: where each leads, which mail domain it serves,
// who may issue for it, and whether a sender can trust what is said.
//
// Its promise: nothing is asked unless somebody asks; no name is waited for longer than ten seconds, whatever servers
// do; what is not proven is never called proven; every text is printable.
package evidence

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// World is what a name is held against.
type World struct {
	Names   []string     // of the certificate
	Domains []string     // accepted domains
	Own     []netip.Addr // that lead here beside those of this host: of a router before it
	Server  string       // what clients are greeted with

	Accounts []Account // of this store, at ACME CAs
}

// Account is one by which a certificate can be ordered.
type Account struct {
	CA        string // what the configuration calls it
	Directory string // its address
	URL       string // of the account
	Method    string // how names are proven: http-01, dns-01, ...
}

// Result is what was found of one name.
type Result struct {
	Name  string          `json:"name"`
	Word  string          `json:"word"` // where it leads: "here", "elsewhere", "not in DNS", ...
	Facts []trust.Finding `json:"facts"`
}

// Text is the word for a list, with how much there is to read.
func (r Result) Text() string {
	count := map[trust.Severity]int{}
	for _, f := range r.Facts {
		count[f.Severity]++
	}
	parts := []string{r.Word}
	if n := count[trust.Error]; n > 0 {
		parts = append(parts, printable.Count(n, "fault"))
	}
	if n := count[trust.Warning]; n > 0 {
		parts = append(parts, printable.Count(n, "warning"))
	}
	return strings.TrimPrefix(strings.Join(parts, ", "), ", ")
}

// Finder finds evidence, for 16 names at a time.
type Finder struct {
	Resolver *Resolver
	Web      http.RoundTripper // fetches MTA-STS policies

	turns chan struct{}

	mu       sync.Mutex
	policies map[string]fetched
}

// NewFinder makes a finder; a nil web is that of this host.
func NewFinder(r *Resolver, web http.RoundTripper) *Finder {
	if web == nil {
		web = &http.Transport{DisableKeepAlives: true, ResponseHeaderTimeout: policyTime}
	}
	return &Finder{Resolver: r, Web: web, turns: make(chan struct{}, 16), policies: map[string]fetched{}}
}

// nameTime is the longest that is spent on one name, once it is its turn.
const nameTime = 10 * time.Second

// All finds evidence for several names at once, in their order.
func (f *Finder) All(ctx context.Context, w World, list []names.Name) []Result {
	out := make([]Result, len(list))
	var all sync.WaitGroup
	for i, n := range list {
		all.Go(func() { out[i] = f.Find(ctx, w, n) })
	}
	all.Wait()
	return out
}

// Find asks all about one name.
func (f *Finder) Find(ctx context.Context, w World, n names.Name) Result {
	select {
	case f.turns <- struct{}{}:
		defer func() { <-f.turns }()
	case <-ctx.Done():
		return Result{Name: n.Value, Facts: []trust.Finding{}}
	}
	ctx, end := context.WithTimeout(ctx, nameTime)
	defer end()
	s := &search{Finder: f, World: w, ctx: ctx, result: Result{Name: n.Value, Facts: []trust.Finding{}}}
	switch n.Kind {
	case names.IP:
		s.address(n)
	case names.DNS:
		s.dns(n)
	}
	return s.result
}

// search is what is found of one name so far.
type search struct {
	*Finder
	World
	ctx    context.Context
	result Result
}

func (s *search) say(severity trust.Severity, code, format string, args ...any) {
	f := trust.Finding{Code: code, Severity: severity, Text: printable.Text(fmt.Sprintf(format, args...))}
	if !slices.Contains(s.result.Facts, f) {
		s.result.Facts = append(s.result.Facts, f)
	}
}

// address is about an IP address: DNS has nothing to say of it.
func (s *search) address(n names.Name) {
	if !names.IsPublic(n) {
		s.result.Word = "internal"
		s.say(trust.Info, "internal-address", "%s is an address for inside: no public CA issues for it", n.Value)
	}
}

// dns is about a host, a wildcard, or a mail domain.
func (s *search) dns(n names.Name) {
	base, star := strings.CutPrefix(n.Value, "*.")
	s.spelling(n)
	public := names.IsPublic(n)
	if !public {
		s.say(trust.Info, "internal-name", "%s is a name for inside: no public CA issues for it", n.Value)
	}
	s.cover(n.Value)
	if !strings.Contains(base, ".") { // it is completed by each host's own search list
		s.result.Word = "short name"
		return
	}
	s.ahead(base, dns.TypeA, dns.TypeAAAA, dns.TypeCAA, dns.TypeMX)
	if star {
		s.result.Word = "wildcard"
	} else if !s.leads(base) {
		return // nothing that is asked of these servers will be answered
	}
	s.serves(base)
	if public {
		s.issuers(base, star)
	}
	for _, d := range s.Domains {
		if s.speaksFor(base, d) {
			s.domain(d)
		}
	}
}

// speaksFor says whether what a mail domain needs is told at a name: its own, else the first of the list that lies in
// it.
func (s *search) speaksFor(name, domain string) bool {
	if name == domain || !strings.HasSuffix(name, "."+domain) || slices.Contains(s.Names, domain) {
		return name == domain
	}
	first := slices.IndexFunc(s.Names, func(has string) bool { return strings.HasSuffix(has, "."+domain) })
	return first >= 0 && strings.TrimPrefix(s.Names[first], "*.") == name
}

// ahead has questions asked that will be wanted: one after the other, each may take five seconds.
func (s *search) ahead(name string, kinds ...uint16) {
	for _, kind := range kinds {
		go s.Resolver.ask(s.ctx, name, kind)
	}
}

// cover says which wildcard of the list stands for the name already.
func (s *search) cover(name string) {
	for _, has := range s.Names {
		if has != name && names.Covers(has, name) {
			s.say(trust.Info, "wildcard-covers", "%s in this list covers it already", has)
		}
	}
}

// covered says whether the list is good for a host.
func (s *search) covered(name string) bool {
	return slices.ContainsFunc(s.Names, func(has string) bool { return names.Covers(has, name) })
}

// related are the accepted domains that a name may serve: all of a few, and of many those that it lies in.
func (s *search) related(name string) (list []string) {
	const few = 50
	for _, d := range s.Domains {
		if len(s.Domains) <= few || name == d || strings.HasSuffix(name, "."+d) {
			list = append(list, d)
		}
	}
	return list
}

// ours says whether a host lies in an accepted domain.
func (s *search) ours(name string) bool {
	return slices.ContainsFunc(s.Domains, func(d string) bool { return name == d || strings.HasSuffix(name, "."+d) })
}
