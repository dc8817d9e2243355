package words

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
)

// Sentence says of an entry what is wrong, and what to do next ("" where nothing is to be done). canWrite says
// whether the verbs exist.
func Sentence(e certstore.Entry, now time.Time, canWrite bool) (what, next string) {
	what, next = situation(e, now)
	switch {
	case next == "":
		return what, ""
	case !canWrite:
		return what, OthersAct
	}
	return what, "Next: " + next
}

func situation(e certstore.Entry, now time.Time) (what, next string) {
	name := Title(e)
	if e.Successor != nil && e.Failing == nil {
		return succeeded(e, name, now)
	}
	if what, next, is := automaticSituation(e, name, now); is {
		return what, next
	}
	switch e.Verdict.Status {
	case trust.PendingRequest:
		return name + hasWaited(e, now) + " for the CA's answer; its key is safe here.",
			"send the request (x writes it to a file); i imports the answer."
	case trust.DateInvalid:
		return dateInvalid(e, name, now)
	case trust.Expiring:
		return name + " expires in " + lasting(e.NotAfter.Sub(now)) + ".", "R renews it with the same names; " +
			renewGoesTo(e)
	case trust.Invalid:
		return name + " cannot be used: " + reason(e), invalidNext(e)
	case trust.Untrusted:
		return name + " is not trusted: " + reason(e), UntrustedNext(e, now)
	case trust.Revoked:
		return name + " is refused by clients: " + reason(e), "R asks for another one with the same names; " + renewGoesTo(e)
	case trust.RevocationCheckFailure:
		return name + " works, but " + reason(e), uncheckedNext(e)
	case enabling.NotServed:
		return unservedNote(e, name)
	case enabling.NotInStore:
		return strangerNote(e)
	case trust.Unknown:
		return name + " could not be judged: " + reason(e), ""
	}
	return validNote(e, name, now)
}

// invalidNext is the way out for a certificate that cannot be used.
func invalidNext(e certstore.Entry) string {
	if strings.HasPrefix(e.Verdict.Reason, "its private key") {
		return "i imports the file with its key; or bring keys/ back from a backup."
	}
	return "i imports a good one, D removes this one."
}

// uncheckedNext is the way to an answer of the CA.
func uncheckedNext(e certstore.Entry) string {
	if strings.Contains(e.Verdict.Reason, "revocation_allow") {
		return "if that network is your own: name it under revocation_allow in certdesk.toml."
	}
	return "look whether this server may reach that address; the desk asks again by itself."
}

// UntrustedNext is the way out for the fault in the chain that the reason names, the nearest to the leaf.
func UntrustedNext(e certstore.Entry, now time.Time) string {
	const missing = "i imports the missing CA certificate."
	for _, link := range e.Chain {
		switch {
		case !link.Signed:
			return missing
		case now.After(link.NotAfter) && link.SelfSigned:
			return "ask the CA which root replaces it, and for the chain to that root."
		case now.After(link.NotAfter):
			return "ask the CA for its current intermediate certificate; i imports it."
		case now.Before(link.NotBefore):
			return "check this computer's clock, or wait."
		case link.SelfSigned:
			return "if that root is yours, name its file under Extra roots (" + KeySettings + ")."
		}
	}
	return missing
}

func dateInvalid(e certstore.Entry, name string, now time.Time) (what, next string) {
	if now.After(e.NotAfter) {
		return name + " expired " + lasting(now.Sub(e.NotAfter)) + " ago.", "R renews it with the same names; " +
			renewGoesTo(e)
	}
	begins := when.Said(e.NotBefore.Local(), now.Local())
	next = "enable it from " + begins + " on (e)"
	if e.Services != 0 || !e.HasKey {
		next = "wait until then"
	}
	return name + " is not valid before " + begins + ".",
		next + ". If that is wrong, so is this computer's clock: it says " + when.Minute(now.Local()) + "."
}

// succeeded tells of a certificate whose time ends and which something takes the place of.
func succeeded(e certstore.Entry, name string, now time.Time) (what, next string) {
	what, _ = dateInvalid(e, name, now)
	if e.Verdict.Status == trust.Expiring {
		what = name + " expires in " + lasting(e.NotAfter.Sub(now)) + "."
	}
	what = strings.TrimSuffix(what, ".") + "; " + kit.Printable(e.Successor.Words())
	switch {
	case e.Successor.Waits && e.Successor.Ordered:
		return what + ".", "enter on " + kit.Printable(e.Successor.Name) + ", the request, shows how far it is."
	case e.Successor.Waits:
		return what + ".", "i imports the answer."
	case !e.Successor.From.IsZero():
		return what + ".", "e on " + kit.Printable(e.Successor.Name) + " enables it from " +
			when.Said(e.Successor.From.Local(), now.Local()) + " on; until then nothing needs to be done."
	case e.Settled():
		return what + ". Nothing needs to be done.", "D removes the old one."
	}
	use := "still in use for " + e.Services.String()
	if e.Services == 0 {
		use = "a port still serves this one"
	}
	return what + ", but " + use + ".", "e on " + kit.Printable(e.Successor.Name) + " enables that one instead."
}

func renewGoesTo(e certstore.Entry) string {
	switch {
	case e.SelfSigned:
		return "it is made anew, self-signed as before."
	case e.Automatic != nil && e.Automatic.Order.CA != "":
		return "it is ordered from " + kit.Printable(e.Automatic.Order.CA) + "."
	}
	return "the request goes to " + ownerOf(e.Issuer) + "."
}

// validNote says how long a certificate that works will, and the worst remark on it.
func validNote(e certstore.Entry, name string, now time.Time) (what, next string) {
	life := name + " is valid for " + lasting(e.NotAfter.Sub(now))
	if e.SelfSigned {
		life = name + " is self-signed, and valid for " + lasting(e.NotAfter.Sub(now))
	}
	for _, f := range e.Verdict.Findings {
		if f.Severity != trust.Info {
			return life + ", but: " + Stop(kit.Printable(f.Text)), ""
		}
	}
	switch wanted := e.Wanted &^ e.Services; {
	case !e.HasKey:
		return life + ", but its private key is not in this store.", "i imports the key."
	case wanted != 0:
		return life + "; it is wanted for " + wanted.String() + " and not in use there yet.", "e enables it."
	case e.SelfSigned:
		return life + ": clients warn until they are told to trust it.", ""
	}
	end, next := nothingToDo(e, now)
	return life + end, next
}

func reason(e certstore.Entry) string {
	if e.Verdict.Reason == "" {
		return "see the details."
	}
	return Stop(kit.Printable(InDesk(e.Verdict.Reason)))
}

// Stop ends a sentence.
func Stop(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// RemovedWords say who removed an entry and when, and what can be done.
func RemovedWords(e certstore.Entry, readOnly bool) (what, next string) {
	what = fmt.Sprintf("%s was removed on %s by %s.", Title(e), Moment(e.Removed), kit.Printable(e.RemovedBy))
	if e.Kind == certstore.PendingReq {
		what += " It is a request: the CA's answer is refused until it is restored."
	}
	if readOnly {
		return what, "Someone who may write to this store can restore it."
	}
	return what, "Next: r restores it, as it was; P destroys it for good."
}
