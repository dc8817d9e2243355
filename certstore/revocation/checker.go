package revocation

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"net/url"
	"slices"
	"sync"
	"time"

	"certdesk/certstore/fetching"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// What one answer may take. The largest lists of public CAs have some megabytes.
const (
	maxList      = 10 << 20
	maxRedirects = 2
	patience     = 10 * time.Second
	hostsAtOnce  = 2
	maxPlaces    = 4 // addresses of one certificate; a real one has one or two
)

// Cache keeps lists between one run and the next. It may forget any of them at any time.
type Cache interface {
	Get(name string) []byte // nil for none
	Put(name string, data []byte)
}

// Checker asks CAs.
type Checker struct {
	Web   fetching.Web
	Cache Cache
	Now   func() time.Time
}

// Subject is a certificate to ask about.
type Subject struct {
	Cert, Issuer *x509.Certificate
	Known        trust.Revocation // what is known of it so far
}

// Ask asks about certificates, one question a host and two hosts at a time, and tells of each, by its place in the
// list, what is known now. told is never called twice at once. What was not asked before the context ended is not told.
func (c Checker) Ask(ctx context.Context, subjects []Subject, told func(i int, r trust.Revocation)) {
	var telling sync.Mutex
	var wait sync.WaitGroup
	visits := make(chan *visit)
	for range hostsAtOnce {
		wait.Go(func() {
			for v := range visits {
				for _, q := range v.questions {
					r, asked := v.ask(ctx, q)
					if asked {
						telling.Lock()
						told(q.at, r)
						telling.Unlock()
					}
				}
			}
		})
	}
	for _, v := range c.visits(subjects) {
		visits <- v
	}
	close(visits)
	wait.Wait()
}

// visit is what is asked of one host, one question after the other.
type visit struct {
	Checker
	questions []question
	down      map[string]error // why a host is silent

	at   string // the address of the last list
	last *fetched
}

type question struct {
	Subject
	at  int // its place
	of  sources
	url string // where it is asked first
}

// visits sorts the questions by host and address: a list that several certificates name is fetched once.
func (c Checker) visits(subjects []Subject) (list []*visit) {
	byHost := map[string]*visit{}
	for i, s := range subjects {
		q := question{Subject: s, at: i, of: sourcesOf(s.Cert)}
		switch {
		case len(q.of.points) > 0:
			q.url = q.of.points[0].urls[0]
		case len(q.of.ocsp) > 0:
			q.url = q.of.ocsp[0]
		}
		host := hostOf(q.url)
		if byHost[host] == nil {
			byHost[host] = &visit{Checker: c, down: map[string]error{}}
			list = append(list, byHost[host])
		}
		byHost[host].questions = append(byHost[host].questions, q)
	}
	for _, v := range list {
		slices.SortStableFunc(v.questions, func(a, b question) int { return cmp.Compare(a.url, b.url) })
	}
	return list
}

func hostOf(at string) string {
	u, err := url.Parse(at)
	if err != nil {
		return ""
	}
	return u.Host
}

// ask gives what is known of one certificate now; asked is false where there was no time for it.
func (v *visit) ask(ctx context.Context, q question) (r trust.Revocation, asked bool) {
	err := errors.New(q.of.skip)
	source := ""
	switch {
	case ctx.Err() != nil:
		return q.Known, false
	case q.of.none():
		return trust.Revocation{Standing: trust.StandsNowhere, Tried: v.Now().UTC()}, true
	case len(q.of.points) > 0:
		r, source, err = v.first(ctx, listed(q.of.points),
			func(p place) (trust.Revocation, error) { return v.lookUp(ctx, q, p) })
	case len(q.of.ocsp) > 0:
		r, source, err = v.first(ctx, addresses(q.of.ocsp),
			func(p place) (trust.Revocation, error) { return v.askResponder(ctx, q.Subject, p.url) })
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return q.Known, false
	}
	return v.settled(q.Known, r, source, err), true
}

// place is an address, and the distribution point that it is of.
type place struct {
	point
	url string
}

func listed(points []point) (list []place) {
	for _, p := range points {
		for _, at := range p.urls {
			list = append(list, place{p, at})
		}
	}
	return list
}

func addresses(urls []string) (list []place) {
	for _, at := range urls {
		list = append(list, place{url: at})
	}
	return list
}

// first asks one place after the other until one gives an answer that counts. What went wrong at the first is told.
func (v *visit) first(ctx context.Context, places []place,
	ask func(place) (trust.Revocation, error)) (r trust.Revocation, source string, err error) {
	for _, p := range places[:min(len(places), maxPlaces)] {
		answer, failure := ask(p)
		if failure == nil || answer.Standing != "" {
			return answer, p.url, failure
		}
		if err == nil {
			source, err = p.url, failure
		}
		if ctx.Err() != nil {
			break
		}
	}
	return r, source, err
}

// put puts a question, within the bounds that all have. A host that was silent once is not waited for again.
func (v *visit) put(ctx context.Context, q fetching.Question) ([]byte, error) {
	host := hostOf(q.At)
	if err := v.down[host]; err != nil {
		return nil, err
	}
	q.Redirects, q.Within = maxRedirects, patience
	data, err := v.Web.Get(ctx, q)
	var slow interface{ Timeout() bool }
	if errors.As(err, &slow) && slow.Timeout() {
		v.down[host] = err
	}
	return data, err
}

// settled is what is known after an attempt. An error stands beside an answer where an older one had to do.
func (v *visit) settled(known, r trust.Revocation, source string, err error) trust.Revocation {
	now := v.Now().UTC()
	if r.Standing != "" {
		r.Source = shown(source)
	}
	r = newer(known, r)
	r.Tried, r.Trouble, r.Tries = now, "", 0
	if err != nil {
		r.Trouble, r.Tries = trouble(source, err), known.Tries+1
		r.Due = spread(source, now, now.Add(retries[min(r.Tries, len(retries))-1]))
	}
	return r
}

// newer is the answer that speaks of the later moment.
func newer(known, r trust.Revocation) trust.Revocation {
	switch {
	case r.Standing == "":
		return known
	case known.Standing == "" || !known.AsOf.After(r.AsOf):
		return r
	}
	known.Due = r.Due
	return known
}

// Newer is what is known once an answer came without having been asked for; changed says whether that is another.
func Newer(known, r trust.Revocation) (now trust.Revocation, changed bool) {
	if r.Standing == "" || !r.AsOf.After(known.AsOf) {
		return known, false
	}
	return r, true
}

// trouble says where no answer was to be had, and why.
func trouble(source string, err error) string {
	var private fetching.PrivateError
	text := shown(err.Error())
	if errors.As(err, &private) {
		text = printable.Text(private.Address) + " is no public address, and revocation_allow in the configuration " +
			"does not name its network"
	}
	if source == "" {
		return text
	}
	return shown(source) + ": " + text
}
