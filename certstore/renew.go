package certstore

import (
	"context"

	"certdesk/certstore/fail"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// RenewalRequest is the request that renews an entry: the same subject, names and services, a new key of the same
// kind; a self-signed certificate gives a self-signed one, anything else a request.
// Errors: NotFound, RenewalPending, InvalidName where the old certificate holds a name certdesk would not request.
func (s *Store) RenewalRequest(ctx context.Context, id int64) (Request, error) {
	e, err := s.get(ctx, id)
	if err != nil {
		return Request{}, err
	}
	if e.Kind == ledger.PendingReq {
		return Request{}, fail.New(fail.RenewalPending, "import the CA's answer to it", "this is a pending request: there is nothing to renew yet")
	}
	cert, err := s.certificate(e.SHA256)
	if err != nil {
		return Request{}, err
	}
	r := Request{
		SelfSigned: e.SelfSigned, Key: keySpecOf(e), Exportable: e.Exportable, Wanted: e.Wanted,
		FriendlyName: e.FriendlyName, RenewalOf: id, ValidDays: lifeInDays(e),
	}
	if r.Subject, err = names.SubjectFromDER(cert.RawSubject); err != nil {
		return Request{}, err
	}
	r.Names, err = renewalNames(r.Subject.Get("CN"), e.Names)
	if err != nil {
		return Request{}, err
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
		return "it is renewed already by " + ledger.Listed(list)
	case e.Successor != nil && !e.Successor.Waits:
		return "it is " + printable.Text(e.Successor.Words())
	}
	return ""
}

func lifeInDays(e ledger.Entry) int {
	if !e.SelfSigned {
		return 0
	}
	return min(max(1, judging.DaysBetween(e.NotBefore, e.NotAfter)), maxDays)
}

// renewalNames puts the common name first, as every request of ours has it.
func renewalNames(commonName string, old []string) ([]names.Name, error) {
	var list []names.Name
	if cn, err := names.Normalize(commonName); err == nil {
		list = append(list, cn)
	}
	for _, text := range old {
		n, err := names.Normalize(text)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return names.Dedupe(list), nil
}

func keySpecOf(e ledger.Entry) KeySpec {
	switch {
	case e.KeyAlgorithm == "ECDSA" && e.KeySize >= 384:
		return KeySpec{Algorithm: "ecdsa-p384"}
	case e.KeyAlgorithm == "ECDSA":
		return KeySpec{Algorithm: "ecdsa-p256"}
	case e.KeyAlgorithm == "RSA" && (e.KeySize == 3072 || e.KeySize == 4096):
		return KeySpec{Algorithm: "rsa", Bits: e.KeySize}
	}
	return KeySpec{Algorithm: "rsa", Bits: 2048}
}
