package ledger

import (
	"cmp"

	"certdesk/certstore/fail"
)

// Usable refuses a certificate that is kept and shown but that no server and no client should be given: one that the
// library behind every handshake cannot read, or whose signature or chain breaks the rules. Errors: Unfit.
func Usable(e Entry) error {
	why := cmp.Or(e.Defect, e.Unread)
	if why == "" {
		return nil
	}
	return fail.New(fail.Unfit, "ask the CA for another certificate; this one can only be exported without its key, as "+
		".cer or .p7b",
		"%s is in the store, but cannot be used: %s", Label(&e), why)
}
