package issuing

import (
	"crypto/x509"

	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

// Renewal is the request that renews an entry: the same subject, names and services, a new key of the same kind; a
// self-signed certificate gives a self-signed one, anything else a request. Errors: InvalidName.
func Renewal(e ledger.Entry, cert *x509.Certificate) (Request, error) {
	r := Request{
		SelfSigned: e.SelfSigned, Key: specOf(e), Exportable: e.Exportable, Wanted: e.Wanted,
		FriendlyName: e.FriendlyName, RenewalOf: e.ID, ValidDays: lifeInDays(e),
	}
	var err error
	if r.Subject, err = names.SubjectFromDER(cert.RawSubject); err != nil {
		return Request{}, err
	}
	if r.Subject.Get("CN") == "" {
		r.Subject = r.Subject.With("CN", commonOf(e.Names))
	}
	r.Names, err = renewalNames(r.Subject.Get("CN"), e.Names)
	if err != nil {
		return Request{}, err
	}
	return r, nil
}

// commonOf is the first name that is short enough for a common name (X.520): every request of ours has one, and
// authorities leave it out of their certificates by now.
func commonOf(list []string) string {
	for _, name := range list {
		if len(name) <= 64 {
			return name
		}
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
