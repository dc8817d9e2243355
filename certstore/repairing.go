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
	used := s.state.refers(nil)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	for _, kind := range []disk.Kind{disk.Certs, disk.Requests} {
		list, err := s.dir.List(kind)
		if err != nil {
			return err
		}
		for _, o := range list {
			if o.Class == disk.ClassObject && !used[object{kind, o.Name}] {
				if err := s.adoptOne(ctx, r, object{kind, o.Name}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *Store) adoptOne(ctx context.Context, r *Report, o object) error {
	e, err := s.orphan(o)
	if err != nil {
		return nil // unreadable or without a key: the check that follows says so
	}
	e.FriendlyName, e.KeyKept = defaultFriendlyName(e), true
	_, err = s.write(ctx, func() (change, error) {
		if s.state.refers(nil)[o] || s.answered(e) {
			return change{}, nil
		}
		e.KeyExportable = s.state.keys[e.SPKI] // not known: not exportable
		return change{op: opAdopt, data: lineData{Entry: &e, NewKey: true}}, nil
	})
	if err == nil {
		r.add("adopted", trust.Info, "listed again: %s (%s)", e.FriendlyName, e.Thumbprint)
	}
	return err
}

// answered says whether a request's key has a certificate already: then it was completed, and is no pending row.
func (s *Store) answered(e Entry) bool {
	return e.Kind == PendingReq && s.state.find(func(r *row) bool { return r.SPKI == e.SPKI }) != nil
}

// orphan describes an object that no entry refers to, if its private key is here.
func (s *Store) orphan(o object) (Entry, error) {
	var e Entry
	if o.Kind == disk.Certs {
		c, err := s.certificate(o.Name)
		if err != nil {
			return e, err
		}
		if e, err = Describe(c, nil); err != nil {
			return e, err
		}
	} else {
		der, err := s.object(o.Kind, o.Name, "CERTIFICATE REQUEST")
		if err != nil {
			return e, err
		}
		req, err := x509.ParseCertificateRequest(der)
		if err != nil {
			return e, err
		}
		if e, err = describeRequest(req); err != nil {
			return e, err
		}
	}
	_, err := s.key(e.SPKI)
	return e, err
}
