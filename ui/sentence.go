package ui

import (
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
)

// sentence says of an entry what is wrong, and what to do next ("" where nothing is to be done). canWrite says
// whether the verbs exist.
func sentence(e certstore.Entry, canWrite bool) (what, next string) {
	what, next = situation(e)
	switch {
	case next == "":
		return what, ""
	case !canWrite:
		return what, "Somebody who may write this store can act on it."
	}
	return what, "Next: " + next
}

func situation(e certstore.Entry) (what, next string) {
	name := title(e)
	switch e.Verdict.Status {
	case trust.PendingRequest:
		return name + " waits for the CA's answer; its key is safe here.", "send the request (x saves it again); i imports the answer."
	case trust.DateInvalid:
		return dateInvalid(e, name)
	case trust.Expiring:
		return name + " expires in " + days(e.DaysLeft) + ".", "R renews it with the same names; " + renewGoesTo(e)
	case trust.Invalid:
		return name + " cannot be used: " + reason(e), "i imports a good one, D removes this one."
	case trust.Untrusted:
		return name + " is not trusted: " + reason(e), "i imports the missing chain, or name the root under trust in the configuration."
	case trust.Unknown:
		return name + " could not be judged: " + reason(e), ""
	}
	return validNote(e, name)
}

func dateInvalid(e certstore.Entry, name string) (what, next string) {
	if e.DaysLeft < 0 || e.Verdict.Word == "expired" {
		return name + " expired " + expiredFor(e) + ".", "R renews it with the same names; " + renewGoesTo(e)
	}
	return name + " is not valid before " + day(e.NotBefore) + ".", "check this computer's clock, or wait."
}

func expiredFor(e certstore.Entry) string {
	if e.DaysLeft >= -1 {
		return "within the last day"
	}
	return days(-e.DaysLeft) + " ago"
}

func renewGoesTo(e certstore.Entry) string {
	if e.SelfSigned {
		return "it will sign itself again."
	}
	return "the request goes to " + kit.Printable(commonNameOf(e.Issuer)) + "."
}

// validNote says the worst remark on a certificate that works, and else how long it will.
func validNote(e certstore.Entry, name string) (what, next string) {
	for _, f := range e.Verdict.Findings {
		if f.Severity != trust.Info {
			return name + " is valid, but " + stop(kit.Printable(f.Text)), ""
		}
	}
	if !e.HasKey {
		return name + " is valid for " + days(e.DaysLeft) + ", but its private key is not in this store.", "i imports the key."
	}
	return name + " is valid for " + days(e.DaysLeft) + "; nothing to do.", ""
}

func reason(e certstore.Entry) string {
	if e.Verdict.Reason == "" {
		return "see the details."
	}
	return stop(kit.Printable(e.Verdict.Reason))
}

// stop ends a sentence.
func stop(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
