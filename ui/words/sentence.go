package words

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
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

// situation is the verdict's reason behind what an entry is called, and the advice in the keys of the desk.
func situation(e certstore.Entry, now time.Time) (what, next string) {
	if e.Verdict.At.IsZero() {
		e.Verdict.At = now
	}
	name, next := Title(e), kit.Printable(InDesk(certstore.Advice(&e)))
	switch {
	case e.Verdict.Status == trust.NotInStore:
		return strangerNote(e), Stop(next)
	case e.Ordered():
		return ordered(e, name, now)
	case e.Failing != nil && e.Failing.By != nil && e.Failing.By.Kind == certstore.PendingReq:
		next = "enter shows more, and enter there tries its renewal again at once"
	}
	return Stop(name + leadIn(e) + reason(e) + tail(e, now)), Stop(next)
}

// leadIn stands between what an entry is called and the reason of its verdict.
func leadIn(e certstore.Entry) string {
	switch e.Verdict.Status {
	case trust.Valid:
		return " is "
	case trust.DateInvalid:
		if e.DaysLeft >= 0 {
			return " is "
		}
	case trust.Invalid:
		return " cannot be used: "
	case trust.Untrusted:
		return " is not trusted: "
	case trust.Revoked:
		return " is refused by clients: "
	case trust.RevocationCheckFailure:
		return " works, but "
	case trust.NotServed:
		return " should be served, but "
	case trust.Unknown:
		return " could not be judged: "
	}
	return " "
}

// tail is what an entry is that no verdict says: what becomes of it without anybody, and whether somebody has to act.
func tail(e certstore.Entry, now time.Time) string {
	switch {
	case e.Failing != nil && (e.Verdict.Status.Works() || e.TimeEnds()):
		return automaticTail(e, now)
	case e.Successor != nil:
		return succeeded(e)
	case e.Verdict.Status == trust.PendingRequest:
		return "; its key is safe here"
	case !e.Verdict.Status.Works():
		return ""
	}
	if text := automaticTail(e, now); text != "" {
		return text
	}
	_, remarked := e.Verdict.Worst()
	switch wanted := e.Wanted &^ e.Services; {
	case e.Verdict.Status != trust.Valid || remarked:
		return ""
	case wanted != 0:
		return "; it is wanted for " + wanted.String() + " and not in use there yet"
	case e.SelfSigned:
		return "; clients warn until they are told to trust it"
	}
	return "; nothing to do"
}

// succeeded ends what is told of a certificate whose time ends and which something takes the place of.
func succeeded(e certstore.Entry) string {
	switch {
	case e.Successor.Waits, !e.Successor.From.IsZero():
		return ""
	case e.Settled():
		return ". Nothing needs to be done"
	case e.Services == 0:
		return ", but a port still serves this one"
	}
	return ""
}

func reason(e certstore.Entry) string {
	if e.Verdict.Reason == "" {
		return e.Verdict.Word
	}
	return kit.Printable(InDesk(e.Verdict.Reason))
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
