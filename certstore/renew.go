package certstore

import (
	"context"

	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// RenewalRequest is the request that renews an entry: the same subject, names and services, a new key of the same
// kind; a self-signed certificate gives a self-signed one, anything else a request.
// Errors: NotFound, RenewalPending, InvalidName where the old certificate holds a name certdesk would not request.
func (s *Store) RenewalRequest(ctx context.Context, id int64) (issuing.Request, error) {
	e, err := s.get(ctx, id)
	if err != nil {
		return issuing.Request{}, err
	}
	if e.Kind == ledger.PendingReq {
		return issuing.Request{}, fail.New(fail.RenewalPending, "import the CA's answer to it",
			"this is a pending request: there is nothing to renew yet")
	}
	cert, err := s.objects.Certificate(e.SHA256)
	if err != nil {
		return issuing.Request{}, err
	}
	r, err := issuing.Renewal(e, cert)
	if err != nil {
		return r, err
	}
	return r, s.checkRenewal(ctx, r)
}

// RenewalNote says in a sentence which live entries take the place of one that is to be renewed; "" for none.
func (s *Store) RenewalNote(e ledger.Entry) string {
	_, by := s.relatives(e)
	var list []string
	for _, r := range by {
		if r.Removed.IsZero() {
			list = append(list, printable.Text(ledger.Label(&r)))
		}
	}
	switch {
	case len(list) > 0:
		return "it has already been renewed by " + ledger.Listed(list)
	case e.Successor != nil && !e.Successor.Waits:
		return "it is " + printable.Text(e.Successor.Words())
	}
	return ""
}
