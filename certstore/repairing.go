package certstore

import (
	"cmp"
	"context"
	"crypto/x509"
	"slices"
	"time"

	"certdesk/certstore/health"
	"certdesk/certstore/ledger"
	"certdesk/certstore/objects"
	"certdesk/certstore/trust"
)

// repair names bad lines, then adopts what they may have named.
func (s *Store) repair(ctx context.Context, r *health.Report) error {
	if err := s.writable("doctor --repair"); err != nil {
		return err
	}
	named, err := s.dir.Repair(ctx)
	if err != nil {
		return err
	}
	for _, b := range named {
		r.Add("repaired", trust.Info, "recorded in the journal: %s", b.Text())
	}
	if err := s.adopt(ctx, r); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sought = false
	s.lookForUnlisted()
	if err := s.finishOldPurge(ctx); err != nil {
		return err
	}
	return s.sweepExports(ctx)
}

// adopt lists again every certificate and request whose key is in the store and which no entry refers to: each of
// them, several on one key too, since a renewal with the same key waits at a CA as any other request does.
func (s *Store) adopt(ctx context.Context, r *health.Report) error {
	s.mu.Lock()
	err := s.refresh(ctx)
	var orphans []ledger.Object
	if err == nil {
		orphans, err = s.objects.Unlisted(s.state)
	}
	used := s.state.Refers(nil)
	s.mu.Unlock()
	if err != nil || len(orphans) == 0 {
		return err
	}
	a, err := s.newAdoption(used)
	if err != nil {
		return err
	}
	slices.SortFunc(orphans, a.earlier)
	for _, o := range orphans {
		if err := s.adoptOne(ctx, r, o, a); err != nil {
			return err
		}
	}
	return nil
}

// earlier orders what is listed again: certificates first, since requests that they answered go with them, and each
// kind as it came.
func (a *adoption) earlier(x, y ledger.Object) int {
	return cmp.Or(cmp.Compare(x.Kind, y.Kind), a.written[x].Compare(a.written[y]), cmp.Compare(x.Name, y.Name))
}

// adoption is what is known beside the objects that are listed again.
type adoption struct {
	authorities []*x509.Certificate         // the CA certificates of the store: the chain of what is adopted
	written     map[ledger.Object]time.Time // when each object came into the store
	requests    map[string][]ledger.Entry   // the requests, by key
	used        map[ledger.Object]bool      // what entries refer to, those listed again included
}

func (s *Store) newAdoption(used map[ledger.Object]bool) (*adoption, error) {
	a := &adoption{used: used, written: map[ledger.Object]time.Time{}, requests: map[string][]ledger.Entry{}}
	for _, kind := range objects.PublicKinds() {
		list, err := s.dir.List(kind)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			a.written[ledger.Object{Kind: kind, Name: o.Name}] = o.Modified
		}
	}
	for o := range a.written {
		if o.Kind == ledger.Certs {
			if c, err := s.objects.Certificate(o.Name); err == nil && c.IsCA {
				a.authorities = append(a.authorities, c)
			}
		} else if e, err := s.objects.DescribeRequest(o.Name); err == nil {
			a.requests[e.SPKI] = append(a.requests[e.SPKI], e)
		}
	}
	return a, nil
}

// answered is the request that a certificate answered: for the same subject and names, the last that came before it
// and that no entry has. One that came later waits for another answer.
func (a *adoption) answered(leaf ledger.Entry) (request string) {
	at := a.written[ledger.Object{Kind: ledger.Certs, Name: leaf.SHA256}]
	var best time.Time
	for _, e := range a.requests[leaf.SPKI] {
		o := ledger.Object{Kind: ledger.Requests, Name: e.Request}
		when := a.written[o]
		if !a.used[o] && e.AsksFor(leaf) && !when.After(at) && !when.Before(best) {
			request, best = e.Request, when
		}
	}
	return request
}

func (s *Store) adoptOne(ctx context.Context, r *health.Report, o ledger.Object, a *adoption) error {
	e, err := s.objects.Orphan(o, a.authorities)
	if err != nil {
		return nil // unreadable or without a key: the check that follows says so
	}
	e.FriendlyName, e.KeyKept = e.DefaultName(), true
	seq, err := s.write(ctx, func() (change, error) { return s.adoptLine(o, e, a) })
	if err == nil && seq != 0 {
		r.Add("adopted", trust.Info, "listed again: %s (%s)", e.FriendlyName, e.Thumbprint)
	}
	return err
}

// adoptLine decides under the lock. A certificate that answers a pending request completes it; a request that was
// answered is no row.
func (s *Store) adoptLine(o ledger.Object, e ledger.Entry, a *adoption) (change, error) {
	hasKey, err := s.dir.Has(ledger.Keys, e.SPKI)
	if err != nil {
		return change{}, err
	}
	here, err := s.dir.Has(o.Kind, o.Name)
	if err != nil || !here || !hasKey || a.used[o] || len(s.state.Index.Sums[o.Name]) > 0 {
		return change{}, err
	}
	if e.Kind == ledger.Certificate {
		if waiting := s.state.WaitsFor(e); waiting != nil { // a removed one stays in the trash, and its key with it
			e.Complete(waiting.Entry)
			e.FriendlyName = cmp.Or(e.FriendlyName, e.DefaultName())
		} else {
			e.Request = a.answered(e)
		}
	}
	e.KeyKept, e.KeyExportable = true, s.state.Keys[e.SPKI] // not known: not exportable
	for _, o := range e.Objects() {
		a.used[o] = true
	}
	return change{op: ledger.OpAdopt, data: ledger.Data{Entry: &e, NewKey: true}}, nil
}
