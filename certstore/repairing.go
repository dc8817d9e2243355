package certstore

import (
	"context"
	"crypto/x509"

	"certdesk/certstore/disk"
	"certdesk/certstore/trust"
)

// repair names bad lines, then adopts what they may have named.
func (s *Store) repair(ctx context.Context, r *Report) error {
	if err := s.writable("doctor --repair"); err != nil {
		return err
	}
	named, err := s.dir.Repair(ctx)
	if err != nil {
		return err
	}
	for _, b := range named {
		r.add("repaired", trust.Info, "named in the journal: %s", badLineSentence(b))
	}
	return s.adopt(ctx, r)
}

// adopt lists again every certificate and request whose key is in the store and which no entry refers to.
func (s *Store) adopt(ctx context.Context, r *Report) error {
	s.mu.Lock()
	err := s.refresh(ctx)
	spoken := s.state.refers(nil)
	for _, o := range s.state.unfinished {
		spoken[o] = true // a purge that died named it: the next change unlinks it
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	authorities, err := s.authorities()
	if err != nil {
		return err
	}
	for _, kind := range []disk.Kind{disk.Certs, disk.Requests} {
		list, err := s.dir.List(kind)
		if err != nil {
			return err
		}
		for _, o := range list {
			if o.Class == disk.ClassObject && !spoken[object{kind, o.Name}] {
				if err := s.adoptOne(ctx, r, object{kind, o.Name}, authorities); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// authorities are the CA certificates of the store: the chain of what is adopted.
func (s *Store) authorities() (list []*x509.Certificate, err error) {
	objects, err := s.dir.List(disk.Certs)
	for _, o := range objects {
		if c, err := s.certificate(o.Name); err == nil && c.IsCA {
			list = append(list, c)
		}
	}
	return list, err
}

func (s *Store) adoptOne(ctx context.Context, r *Report, o object, authorities []*x509.Certificate) error {
	e, err := s.orphan(o, authorities)
	if err != nil {
		return nil // unreadable or without a key: the check that follows says so
	}
	e.FriendlyName, e.KeyKept = defaultFriendlyName(e), true
	seq, err := s.write(ctx, func() (change, error) { return s.adoptLine(o, e) })
	if err == nil && seq != 0 {
		r.add("adopted", trust.Info, "listed again: %s (%s)", e.FriendlyName, e.Thumbprint)
	}
	return err
}

// adoptLine decides under the lock. A certificate that answers a pending request completes it; a request that was
// answered is no row.
func (s *Store) adoptLine(o object, e Entry) (change, error) {
	hasKey, err := s.dir.Has(disk.Keys, e.SPKI)
	if err != nil {
		return change{}, err
	}
	here, err := s.dir.Has(o.Kind, o.Name)
	if err != nil || !here || !hasKey || s.state.refers(nil)[o] {
		return change{}, err
	}
	waiting := s.state.waitsFor(e)
	switch {
	case e.Kind == PendingReq && len(s.state.index.keys[e.SPKI]) > 0:
		return change{}, nil
	case waiting != nil && !waiting.Removed.IsZero():
		return change{}, nil // an import of it is refused too
	case e.Kind == Certificate && waiting != nil:
		e = s.entryFor(Found{Action: Completes, Existing: waiting.Entry}, &incoming{entry: e}, ImportRequest{})
	}
	e.KeyKept, e.KeyExportable = true, s.state.keys[e.SPKI] // not known: not exportable
	return change{op: opAdopt, data: lineData{Entry: &e, NewKey: true}}, nil
}

// orphan describes an object that no entry refers to, if its private key is here.
func (s *Store) orphan(o object, authorities []*x509.Certificate) (e Entry, err error) {
	if o.Kind == disk.Certs {
		var c *x509.Certificate
		if c, err = s.certificate(o.Name); err == nil {
			e, err = Describe(c, authorities)
		}
	} else {
		e, err = s.orphanRequest(o)
	}
	if err != nil {
		return e, err
	}
	_, err = s.key(e.SPKI)
	return e, err
}

func (s *Store) orphanRequest(o object) (Entry, error) {
	der, err := s.object(o.Kind, o.Name, "CERTIFICATE REQUEST")
	if err != nil {
		return Entry{}, err
	}
	req, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return Entry{}, err
	}
	return describeRequest(req)
}
