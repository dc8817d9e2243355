package certstore

import (
	"cmp"
	"context"
	"math"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// List reads what was added to the journal and gives all live entries, judged now, in order of id; or, if
// removed is set, the removed ones.
func (s *Store) List(ctx context.Context, removed bool) ([]ledger.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	now := s.o.Now()
	list := make([]ledger.Entry, 0, len(s.state.Rows))
	for _, r := range s.state.Rows {
		if r.Removed.IsZero() == removed {
			continue
		}
		list = append(list, s.judged(r, now))
	}
	if !removed {
		s.noteSuccessors(list)
	}
	return list, ctx.Err()
}

// FriendlyNames lists the friendly names of the live entries, without judging any.
func (s *Store) FriendlyNames(ctx context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	list := make([]string, 0, len(s.state.Rows))
	for _, r := range s.state.Rows {
		if r.Removed.IsZero() {
			list = append(list, r.FriendlyName)
		}
	}
	return list, nil
}

// judged gives the row's entry with what is derived; a verdict is kept for the minute it was made in.
func (s *Store) judged(r *ledger.Row, now time.Time) ledger.Entry {
	if minute := now.Unix()/60 + 1; r.Judged != minute {
		r.Exportable, r.HasKey = s.state.Keys[r.SPKI], false
		if _, kept := s.state.Keys[r.SPKI]; kept {
			r.HasKey = true
		}
		s.judge(&r.Entry, now)
		r.Judged = minute
	}
	r.Services = s.state.InUse[r.ID]
	return r.Entry
}

// judge gives the verdict. It reads a file only for the top of a chain that was not seen today.
func (s *Store) judge(e *ledger.Entry, now time.Time) {
	e.DaysLeft = 0
	if e.Kind == ledger.Certificate {
		e.DaysLeft = daysBetween(now, e.NotAfter)
	}
	e.Verdict = trust.Judge(s.facts(e, now), now)
}

// daysBetween counts whole days, downwards; a Duration would end after 292 years.
func daysBetween(from, to time.Time) int {
	return int(math.Floor(float64(to.Unix()-from.Unix()) / (24 * 60 * 60)))
}

func (s *Store) facts(e *ledger.Entry, now time.Time) trust.Facts {
	f := trust.Facts{
		Pending: e.Kind == ledger.PendingReq, Created: e.Created, Defect: e.Defect, CA: e.CA, SelfSigned: e.SelfSigned,
		NotBefore: e.NotBefore, NotAfter: e.NotAfter, Issuer: e.Issuer, Chain: e.Chain,
		KeyAlgorithm: e.KeyAlgorithm, KeySize: e.KeySize, SignatureAlgorithm: e.SignatureAlgorithm,
		CommonName: e.Common, Names: e.Names, Unread: e.Unread, Remarks: e.Remarks,
	}
	if !e.HasKey && !f.Pending && f.Defect == "" {
		f.Defect = "its private key is not in the store"
	}
	if !f.Pending && !f.SelfSigned {
		var level int
		f.Anchor, level, f.RootsUnknown = s.anchor(e, now)
		f.Chain = e.Chain[:level]
		f.AnchorFault = f.Anchor.Breaks(below(e, level))
	}
	return f
}

// anchor walks up from the leaf to the first certificate that a trusted root signed, or that is one: a file may bring
// a cross-signed root, or one of the same name. A root that clients refuse here counts where there is no other. The
// bytes of a certificate are read only where a root has the right subject and the signature was not looked at today.
func (s *Store) anchor(e *ledger.Entry, now time.Time) (refused trust.Anchor, at int, unknown string) {
	sum, issuer := e.SHA256, e.Issuer
	at = len(e.Chain)
	for level := 0; ; level++ {
		found, err := s.anchorOf(sum, issuer, now)
		switch {
		case err != nil:
			return trust.Anchor{}, len(e.Chain), "the end of its chain could not be read from the store: run `certdesk doctor`"
		case found == (trust.Anchor{}):
		case found.Breaks(below(e, level)) == "":
			return found, level, ""
		case refused == (trust.Anchor{}):
			refused, at = found, level
		}
		if level == len(e.Chain) || !e.Chain[level].Signed {
			return refused, at, cmp.Or(s.roots.Problem(), s.roots.Doubt(sum, now))
		}
		sum, issuer = e.Chain[level].SHA256, e.Chain[level].Issuer
	}
}

// below is what a root has below it that stands above so many links.
func below(e *ledger.Entry, level int) trust.Below {
	b := trust.Below{Names: trust.Certified(e.Names, e.Common)}
	for _, link := range e.Chain[:level] {
		if link.Subject != link.Issuer {
			b.CAs++
		}
	}
	return b
}

func (s *Store) anchorOf(sum, issuer string, now time.Time) (trust.Anchor, error) {
	if !s.roots.MayAnchor(issuer) {
		return trust.Anchor{}, nil
	}
	if known, ok := s.roots.Known(sum, now); ok {
		return known, nil
	}
	c, err := s.certificate(sum)
	if err != nil {
		return trust.Anchor{}, err
	}
	return s.roots.Anchor(c, now), nil
}

// byID gives a judged entry. The caller holds s.mu.
func (s *Store) byID(id int64) (ledger.Entry, error) {
	r := s.state.ByID[id]
	if r == nil {
		return ledger.Entry{}, fail.New(fail.NotFound, "it was purged, or never existed; `certdesk list` shows what is here", "no entry has the number %d", id)
	}
	return s.judged(r, s.o.Now()), nil
}

// get brings the state up to date and gives one judged entry.
func (s *Store) get(ctx context.Context, id int64) (ledger.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return ledger.Entry{}, err
	}
	e, err := s.byID(id)
	if err != nil {
		return e, err
	}
	one := []ledger.Entry{e}
	s.noteSuccessors(one)
	return one[0], nil
}
