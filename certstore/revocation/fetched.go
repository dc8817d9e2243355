package revocation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"time"

	"certdesk/certstore/fetching"
	"certdesk/certstore/trust"
)

// fetched is a list, and how it came.
type fetched struct {
	*list
	at      time.Time // when it was fetched
	warning string
	trouble error // why there is none newer
}

// reading lets one list be read at a time: each is some megabytes.
var reading sync.Mutex

// lookUp finds in its list what a CA says of a certificate. An error beside an answer says that the answer is an
// older one.
func (v *visit) lookUp(ctx context.Context, q question, p place) (trust.Revocation, error) {
	if v.last == nil || v.at != p.url {
		v.last, v.at = v.get(ctx, q.Subject, p), p.url
	}
	f := v.last
	if f.list == nil {
		return trust.Revocation{}, f.trouble
	}
	reading.Lock()
	defer reading.Unlock()
	if err := f.counts(q.Subject, p.point, v.Now()); err != nil {
		return trust.Revocation{}, err
	}
	e, err := f.find(q.Cert.SerialNumber)
	if err != nil {
		return trust.Revocation{}, err
	}
	this, next := f.head.ThisUpdate, f.head.NextUpdate
	r := trust.Revocation{Standing: trust.StandsGood, AsOf: this.UTC(), Until: until(this, next).UTC(),
		Warning: f.warning, Due: f.due(p.url)}
	if e != nil {
		r = revoked(r, e.since, e.reason)
	}
	return r, f.trouble
}

// counts says why a list is no answer about a certificate, nil if it is one.
func (l *list) counts(s Subject, p point, now time.Time) error {
	if err := l.signedBy(s.Issuer); err != nil {
		return err
	}
	if err := l.fresh(now); err != nil {
		return err
	}
	return l.covers(s.Cert, p)
}

func (f *fetched) due(at string) time.Time {
	return spread(at, f.at, due(f.head.ThisUpdate, f.head.NextUpdate, f.at)).UTC()
}

// get gives the list at an address: the one that is kept until it is due, else a new one, else the one that is kept
// after all. What does not count never takes the place of one that does.
func (v *visit) get(ctx context.Context, s Subject, p place) *fetched {
	kept := v.kept(s, p)
	if now := v.Now(); kept != nil && now.Before(kept.due(p.url)) && !now.Before(kept.at.Add(-trust.ClockSkew)) {
		return kept
	}
	fresh, data, err := v.fetch(ctx, s, p)
	switch {
	case err != nil && kept != nil:
		kept.trouble = err
		return kept
	case err != nil:
		return &fetched{trouble: err}
	case kept != nil && fresh.olderThan(kept.list):
		kept.warning = "the list at " + shown(p.url) + " is an older one than was there before: the newer one still counts"
		return kept
	}
	v.keep(p.url, fresh, data)
	return fresh
}

// olderThan compares the numbers of two lists; where one has none, nobody can tell.
func (l *list) olderThan(o *list) bool {
	return l.head.Number != nil && o.head.Number != nil && l.head.Number.Cmp(o.head.Number) < 0
}

func (v *visit) fetch(ctx context.Context, s Subject, p place) (*fetched, []byte, error) {
	data, err := v.put(ctx, fetching.Question{At: p.url, Most: maxList})
	if err != nil {
		return nil, nil, err
	}
	f, err := v.read(data, s, p)
	return f, data, err
}

func (v *visit) read(data []byte, s Subject, p place) (*fetched, error) {
	reading.Lock()
	defer reading.Unlock()
	l, err := parseList(data)
	if err == nil {
		err = l.counts(s, p.point, v.Now())
	}
	if err != nil {
		return nil, err
	}
	return &fetched{list: l, at: v.Now()}, nil
}

// label is the first line of a list in the cache.
type label struct {
	URL     string    `json:"url"`
	Fetched time.Time `json:"fetched"`
	Until   time.Time `json:"nextUpdate"`
	SHA256  string    `json:"sha256"`
}

// nameOf is the name of a list in the cache.
func nameOf(at string) string { return sumOf([]byte(at)) }

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (v *visit) keep(at string, f *fetched, data []byte) {
	if v.Cache == nil {
		return
	}
	line, err := json.Marshal(label{at, f.at.UTC(), until(f.head.ThisUpdate, f.head.NextUpdate).UTC(), sumOf(data)})
	if err == nil {
		v.Cache.Put(nameOf(at), append(append(line, '\n'), data...))
	}
}

// kept is the list that the cache has, if it is whole and still counts.
func (v *visit) kept(s Subject, p place) *fetched {
	if v.Cache == nil {
		return nil
	}
	line, data, _ := bytes.Cut(v.Cache.Get(nameOf(p.url)), []byte{'\n'})
	var l label
	if json.Unmarshal(line, &l) != nil || l.URL != p.url || l.SHA256 != sumOf(data) {
		return nil
	}
	f, err := v.read(data, s, p)
	if err != nil {
		return nil
	}
	f.at = l.Fetched
	return f
}

// Stale says whether what a cache has under a name is of no more use to anybody.
func Stale(data []byte, now time.Time) bool {
	line, _, _ := bytes.Cut(data, []byte{'\n'})
	var l label
	return json.Unmarshal(line, &l) != nil || now.After(l.Until.Add(keptFor))
}

// keptFor is how long a list is kept that is out of date.
const keptFor = 30 * 24 * time.Hour
