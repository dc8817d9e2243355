package issuing

import (
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

// Request is what is to be made: a plain value, shown on the review page.
type Request struct {
	SelfSigned   bool // a self-signed certificate instead of a request
	Subject      names.Subject
	Names        []names.Name // the common name first
	Key          KeySpec
	Exportable   bool
	Wanted       ledger.Services
	FriendlyName string // 1 to 64 characters; "" for the CN
	ValidDays    int    // self-signed only; 0 for 365
	Path         string // requests only: where the request is written; "" for nowhere
	Binary       bool   // DER instead of PEM at Path
	Overwrite    bool   // Path may exist
	RenewalOf    int64  // the entry this renews, or 0
	ReuseKey     bool   // renewals only: the key of RenewalOf

	Order *ledger.Order // the ACME authority that is to answer it; nil for a person with a file
}

// Made is what New made.
type Made struct {
	Entry ledger.Entry
	PEM   []byte // the request, or the self-signed certificate
	DER   []byte
	Path  string // where the request was written, "" if nowhere
}

// maxDays bounds a self-signed certificate's life: a hundred years is a typing error.
const maxDays = 36500

// Check refuses what cannot be made. Errors: InvalidName, Usage.
func (r Request) Check() error {
	if err := r.Subject.Validate(); err != nil {
		return err
	}
	if len(r.Names) == 0 {
		return fail.New(fail.InvalidName, "name what clients ask for, such as mail.example.org",
			"a certificate needs at least one name")
	}
	for _, n := range r.Names {
		if _, err := names.Normalize(n.Value); err != nil {
			return err
		}
	}
	if r.FriendlyName != "" {
		if err := names.CheckFriendlyName(r.FriendlyName); err != nil {
			return err
		}
	}
	if r.SelfSigned && (r.ValidDays < 0 || r.ValidDays > maxDays) {
		return fail.New(fail.Usage, "give 1 to 36500 days", "a certificate cannot be valid for %d days", r.ValidDays)
	}
	if r.ReuseKey {
		return nil
	}
	return r.Key.Validate()
}
