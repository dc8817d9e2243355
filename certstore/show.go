package certstore

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// Details is an entry re-verified from its bytes.
type Details struct {
	Entry      ledger.Entry
	PEM        []byte          // the certificate, or the pending request
	RequestPEM []byte          // the request, also of a completed entry; nil if there was none
	Files      []string        // where its objects lie
	Gaps       []judging.Gap   // what is missing in the chain
	History    []ledger.Event  // the lines that name this entry, oldest first
	Renews     *ledger.Entry   // the entry this one renews; nil if none, or if it was purged
	RenewedBy  []ledger.Entry  // those that renew this one
	Supersedes []ledger.Entry  // those whose place this one takes without having been made for it
	Published  []string        // the directories that hold it
	Account    *ledger.Account // that its ACME authority knows us by; nil for none
}

// Show re-verifies one entry, live or removed, from its bytes: what the journal said of it and what the files
// hold must agree, or its verdict is Invalid with the reason. The key is looked at where this user may.
func (s *Store) Show(ctx context.Context, id int64) (Details, error) {
	e, err := s.get(ctx, id)
	if err != nil {
		return Details{}, err
	}
	d := Details{Entry: e, Files: s.paths(e), History: s.trail(id)}
	d.Renews, d.RenewedBy = s.relatives(e)
	d.Published = s.published(e.SHA256)
	d.Supersedes, d.Account = s.supersedes(e), s.accountOf(e)
	defect := s.reread(&d)
	if defect != "" {
		// An object that is missing may have gone with its entry meanwhile: the journal knows.
		if e, err = s.get(ctx, id); err != nil {
			return Details{}, err
		}
		d.Entry = e
		defect = s.reread(&d)
	}
	if defect == "" {
		defect = s.keyDefect(e)
	}
	if defect != "" {
		s.mu.Lock()
		d.Entry.Defect = defect
		pending := d.Entry.Kind == ledger.PendingReq
		d.Entry.Kind = ledger.Certificate // a broken request is not a pending one
		s.judge().Anew(&d.Entry)
		if pending {
			d.Entry.Kind = ledger.PendingReq
		}
		s.mu.Unlock()
	}
	d.Gaps = s.chains().Gaps(d.Entry)
	return d, nil
}

func (s *Store) trail(id int64) []ledger.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.state.ByID[id]; r != nil {
		return slices.Clone(r.Trail)
	}
	return nil
}

// relatives are what an entry renews, and what renews it.
func (s *Store) relatives(e ledger.Entry) (renews *ledger.Entry, by []ledger.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.state.Rows {
		switch {
		case e.RenewalOf != 0 && r.ID == e.RenewalOf:
			old := r.Entry
			renews = &old
		case r.RenewalOf == e.ID && r.ID != e.ID:
			by = append(by, r.Entry)
		}
	}
	return renews, by
}

func (s *Store) supersedes(e ledger.Entry) []ledger.Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.Kind != ledger.Certificate || !e.Removed.IsZero() {
		return nil
	}
	return s.judge().Superseded(e)
}

// accountOf is the account at the authority that gives an entry.
func (s *Store) accountOf(e ledger.Entry) *ledger.Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.Automatic == nil {
		return nil
	}
	return s.state.AccountAt(e.Automatic.Order.Directory)
}

func (s *Store) paths(e ledger.Entry) (list []string) {
	for _, o := range e.Objects() {
		list = append(list, printablePath(s.dir.Path(o.Kind, o.Name)))
	}
	return list
}

// reread fills in the PEM texts and says what is wrong with the bytes.
func (s *Store) reread(d *Details) (defect string) {
	if d.Entry.Request != "" {
		der, err := s.objects.RequestDER(d.Entry.Request)
		if err != nil {
			return fail.Sentence(err)
		}
		d.RequestPEM = formats.RequestPEM(der)
	}
	if d.Entry.Kind == ledger.PendingReq {
		d.PEM = d.RequestPEM
		return ""
	}
	leaf, err := s.objects.Certificate(d.Entry.SHA256)
	if err != nil {
		return fail.Sentence(err)
	}
	d.PEM = formats.CertPEM(leaf.Raw)
	return s.disagreement(&d.Entry, leaf)
}

// disagreement compares what the journal says with what the bytes say, and keeps the remarks that these give now. A
// certificate of its chain that cannot be read is a finding: the verdict on the chain is the table's.
func (s *Store) disagreement(e *ledger.Entry, leaf *x509.Certificate) string {
	var others []*x509.Certificate
	var unreadable []trust.Finding
	for _, link := range e.Chain {
		c, err := s.objects.Certificate(link.SHA256)
		if err != nil {
			unreadable = append(unreadable, trust.Finding{Code: "chain-unreadable", Severity: trust.Error,
				Text: "a certificate of its chain: " + fail.Sentence(err)})
			continue
		}
		others = append(others, c)
	}
	now, err := judging.Describe(leaf, others)
	switch {
	case err != nil:
		return fail.Sentence(err)
	case now.Subject != e.Subject || now.SPKI != e.SPKI || !now.NotAfter.Equal(e.NotAfter),
		unreadable == nil && len(now.Chain) != len(e.Chain):
		return "the journal and the stored certificate disagree"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.judge().Remark(e, leaf)
	e.Remarks = append(e.Remarks, unreadable...)
	if unreadable == nil {
		e.Unread, e.Chain, e.ForClients, e.NamesCA = now.Unread, now.Chain, now.ForClients, now.NamesCA
	}
	s.judge().Anew(e)
	return now.Defect
}

// keyDefect says what is wrong with the private key; a key this user may not read is not looked at.
func (s *Store) keyDefect(e ledger.Entry) string {
	key, err := s.objects.Key(e.SPKI)
	switch {
	case errors.Is(err, fs.ErrPermission) || fail.Is(err, fail.NotPermitted):
		return ""
	case errors.Is(err, fs.ErrNotExist):
		return "its private key is missing from the store"
	case err != nil:
		return fail.Sentence(err)
	}
	if err := formats.CheckPair(key, key.Public()); err != nil {
		return "its private key does not work: " + fail.Sentence(err)
	}
	return ""
}

// CertificatePath is where a certificate's object lies, or would lie.
func (s *Store) CertificatePath(c *x509.Certificate) string {
	return s.dir.Path(ledger.Certs, judging.Sum(c.Raw))
}
