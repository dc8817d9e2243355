package certstore

import (
	"context"
	"crypto/x509"
	"slices"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fetching"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/revocation"
	"certdesk/certstore/trust"
)

// answers is the name of what is known of revocations in the store's cache.
const answers = "revocation"

// AskCAs asks about those certificates in use or in reserve, and the CAs above them, that are due to be asked about, a
// few hundred at most; more says that others are left. It is for whoever has the store open for hours: nobody waits for
// it, and who only reads the store asks nobody.
func (s *Store) AskCAs(ctx context.Context) (more, changed bool, err error) {
	if s.dir.Writable() != "" {
		return false, false, nil
	}
	subjects, more, err := s.toAsk(ctx, false, func(*ledger.Row) bool { return true })
	if err != nil || len(subjects) == 0 {
		return false, false, err
	}
	s.ask(ctx, subjects, true)
	return more, true, s.keepAnswers()
}

// CheckRevocation asks about some entries and the CAs above them, at once, unless an answer is at hand that is not due
// to be asked for again. It takes as long as the context lets it. With keep what it learns is kept, where the store can
// be written; without, no byte of the store changes.
func (s *Store) CheckRevocation(ctx context.Context, keep bool, ids ...int64) error {
	keep = keep && s.dir.Writable() == ""
	asked, err := s.check(ctx, keep, ids...)
	if err != nil || !asked || !keep {
		return err
	}
	return s.keepAnswers()
}

// check asks about some entries; keep says whether the lists that come are kept in the store.
func (s *Store) check(ctx context.Context, keep bool, ids ...int64) (asked bool, err error) {
	subjects, _, err := s.toAsk(ctx, true, func(r *ledger.Row) bool { return slices.Contains(ids, r.ID) })
	if err != nil || len(subjects) == 0 {
		return false, err
	}
	s.ask(ctx, subjects, keep)
	return true, nil
}

// patience is how long enabling waits for a CA.
const patience = 5 * time.Second

// learnBefore asks about what is about to be enabled, which is done without an answer where that takes too long. No
// byte of the store changes: what comes of it may be refused.
func (s *Store) learnBefore(ctx context.Context, id int64) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	_, _ = s.check(ctx, false, id) // who plans it next reads the store as well, and says what is wrong with it
}

// subject is a certificate to ask about, by the sums of it and its issuer.
type subject struct {
	sum, issuer string
	root        *x509.Certificate // the issuer, where that is a trusted root that may not be in the store
}

// fewRead is how many certificates are read again rather than kept in mind.
const fewRead = 100

// mostAsked is how many certificates are asked about at a time.
const mostAsked = 300

// toAsk finds what has to be asked about.
func (s *Store) toAsk(ctx context.Context, insists bool, of func(*ledger.Row) bool) (list []subject, more bool,
	err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, false, err
	}
	j, seen := s.judge(), map[string]bool{}
	for _, r := range s.state.Rows {
		if !r.Removed.IsZero() || r.Kind != ledger.Certificate || r.SelfSigned || j.Now.After(r.NotAfter) || !of(r) ||
			!s.anyDue(r, j.Now, insists) {
			continue
		}
		for _, next := range above(j, &r.Entry) {
			if seen[next.sum] || !revocation.Due(s.revoked.Of(next.sum), j.Now, insists) {
				continue
			}
			if len(list) == mostAsked {
				return list, true, nil
			}
			seen[next.sum] = true
			list = append(list, next)
		}
	}
	return list, false, nil
}

func (s *Store) anyDue(r *ledger.Row, now time.Time, insists bool) bool {
	due := func(sum string) bool { return revocation.Due(s.revoked.Of(sum), now, insists) }
	return due(r.SHA256) || slices.ContainsFunc(r.Chain, func(l trust.Link) bool { return !l.SelfSigned && due(l.SHA256) })
}

// above are an entry's certificate and the CAs above it whose issuers are known, up to the trusted root.
func above(j judging.Judge, e *ledger.Entry) (list []subject) {
	anchor, level, _ := j.Anchor(e)
	sum := e.SHA256
	for i, link := range e.Chain {
		if !link.Signed || i == level && anchor.Certificate() != nil {
			break
		}
		list = append(list, subject{sum: sum, issuer: link.SHA256})
		sum = link.SHA256
		if link.SelfSigned {
			return list
		}
	}
	if anchor.Certificate() != nil && len(list) == level {
		list = append(list, subject{sum: sum, root: anchor.Certificate()})
	}
	return list
}

// ask asks, and notes each answer as it comes. What cannot be read is not asked about, and looked at again in an hour.
func (s *Store) ask(ctx context.Context, list []subject, keep bool) {
	var asked []revocation.Subject
	var sums []string
	for _, one := range list {
		cert, err := s.objects.Certificate(one.sum)
		issuer := one.root
		if err == nil && issuer == nil {
			issuer, err = s.objects.Certificate(one.issuer)
		}
		known := s.revoked.Of(one.sum)
		if err != nil {
			known.Due = s.o.Now().Add(time.Hour)
			s.revoked.Note(one.sum, known)
			continue
		}
		asked, sums = append(asked, revocation.Subject{Cert: cert, Issuer: issuer, Known: known}), append(sums, one.sum)
	}
	s.checker(keep).Ask(ctx, asked, func(i int, r trust.Revocation) { s.note(sums[i], r) })
}

func (s *Store) checker(keep bool) revocation.Checker {
	return revocation.Checker{Web: fetching.Web{Allow: s.o.RevocationAllow, Transport: s.o.Web}, Cache: lists{s, keep},
		Now: s.o.Now}
}

// note keeps an answer, by which rows may be judged otherwise.
func (s *Store) note(sum string, r trust.Revocation) {
	s.revoked.Note(sum, r)
	s.judgeAnew(sum)
}

func (s *Store) judgeAnew(sum string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range s.state.Rows {
		if row.SHA256 == sum || slices.ContainsFunc(row.Chain, func(l trust.Link) bool { return l.SHA256 == sum }) {
			row.Judged = 0
		}
	}
}

// lists are the revocation lists of the store's cache.
type lists struct {
	*Store
	keep bool // what comes new
}

func (l lists) Get(name string) []byte { return l.dir.Cached(name) }

// Put keeps a list; one that could not be kept is fetched again.
func (l lists) Put(name string, data []byte) {
	if l.keep {
		_ = l.dir.Cache(name, func([]byte) []byte { return data }, l.wanted)
	}
}

func (l lists) wanted(_ string, data []byte) bool { return !revocation.Stale(data, l.o.Now()) }

// keepAnswers keeps what is known, and forgets what is known of certificates that no entry has any more. That a few
// certificates name nobody to ask is sooner read from them again than kept.
func (s *Store) keepAnswers() error {
	if !s.revoked.Worth(fewRead) {
		return nil
	}
	s.mu.Lock()
	wanted := map[string]bool{}
	for _, r := range s.state.Rows {
		wanted[r.SHA256] = true
		for _, l := range r.Chain {
			wanted[l.SHA256] = true
		}
	}
	s.mu.Unlock()
	return s.dir.Cache(answers, func(old []byte) []byte {
		s.revoked.Learn(old)
		return s.revoked.Text(func(sum string) bool { return wanted[sum] })
	}, lists{s, true}.wanted)
}

// readAnswers takes in what others, or an earlier run, have learned. The caller holds s.mu.
func (s *Store) readAnswers() {
	as := s.dir.CachedAs(answers)
	if as == s.learned {
		return
	}
	s.learned = as
	if s.revoked.Learn(s.dir.Cached(answers)) {
		for _, r := range s.state.Rows {
			r.Judged = 0
		}
	}
}

// recall is what is known of what a port of this host serves, and of the CAs above it. A staple that came along is
// noted.
func (s *Store) recall(r probe.Report) trust.Revocation {
	if r.Staple != nil && s.checker(false).Staple(r, s.issuerOf(r.SHA256), &s.revoked) {
		s.judgeAnew(r.SHA256)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if id := s.state.EntryOf(r.SHA256); id != 0 {
		e, err := s.byID(id)
		if err == nil {
			return e.Verdict.Revocation
		}
	}
	return s.revoked.Of(r.SHA256).Judged(s.o.Now())
}

// recallServed asks about what any ports served.
func (s *Store) recallServed(ctx context.Context, answers [][]enabling.Answer) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	var reports []*probe.Report
	for _, kinds := range answers {
		for i := range kinds {
			reports = append(reports, &kinds[i].Raw)
		}
	}
	s.checker(false).Served(ctx, s.roots, &s.revoked, reports...)
	for _, kinds := range answers {
		for i := range kinds {
			kinds[i].Report.Revocation = kinds[i].Raw.Revocation
		}
	}
}

// issuerOf is the certificate of the CA that issued an entry's; nil where that is not known.
func (s *Store) issuerOf(sha256 string) *x509.Certificate {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.state.ByID[s.state.EntryOf(sha256)]
	if row == nil || row.SelfSigned {
		return nil
	}
	list := above(s.judge(), &row.Entry)
	switch {
	case len(list) == 0:
		return nil
	case list[0].root != nil:
		return list[0].root
	}
	c, err := s.objects.Certificate(list[0].issuer)
	if err != nil {
		return nil
	}
	return c
}
