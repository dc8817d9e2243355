package certstore

import (
	"cmp"
	"strings"
	"time"

	"certdesk/certstore/acme/due"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// Advice is the one next step for an entry as it was judged, half a sentence without a full stop that names commands;
// "" where nothing is to be done, or nothing can be. Each door says this one: the desk in its keys.
func Advice(e *Entry) string {
	now := e.Verdict.At
	switch {
	case e.Failing != nil && (e.Verdict.Status.Works() || e.TimeEnds()):
		return failingAdvice(e)
	case e.Successor != nil:
		return succeededAdvice(e, now)
	case e.Ordered() && e.Automatic.Failed().Final():
		return RefusedAdvice
	case e.Ordered():
		return "`certdesk renew` goes on with the order"
	case e.Kind == Certificate && e.Automatic != nil && e.Verdict.Status.Works():
		if m, renews := due.Renews(e, now); renews && m.At.After(now) {
			return cmp.Or(worstAdvice(e), unused(e)) // it renews itself in time
		}
	}
	return statusAdvice(e, now)
}

// RefusedAdvice is what can be done with a request that a CA refused for good.
const RefusedAdvice = "`certdesk remove` removes it; `certdesk new` orders other names; `certdesk export` writes it for " +
	"another CA"

// failingAdvice is for a certificate whose renewal fails.
func failingAdvice(e *Entry) string {
	switch by := e.Failing.By; {
	case by == nil:
		return "`certdesk renew` renews it now"
	case by.Kind == Certificate:
		return "`certdesk enable` on " + printable.Text(by.FriendlyName) + ", which was issued, enables that one instead"
	default:
		return "`certdesk renew` on " + printable.Text(by.FriendlyName) + " tries its renewal again at once"
	}
}

func statusAdvice(e *Entry, now time.Time) string {
	switch e.Verdict.Status {
	case trust.PendingRequest:
		return "send the request (`certdesk export` writes it to a file); `certdesk import` imports the answer"
	case trust.DateInvalid:
		return datedAdvice(e, now)
	case trust.Expiring:
		return renewAdvice(e)
	case trust.Invalid:
		return invalidAdvice(e)
	case trust.Untrusted:
		return untrustedAdvice(e, now)
	case trust.Revoked:
		return "`certdesk renew` asks for another one with the same names; " + goesTo(e)
	case trust.RevocationCheckFailure:
		return uncheckedAdvice(e)
	case trust.NotServed:
		return "`certdesk enable` reloads the service and asks every port again; `certdesk test` shows all ports"
	case trust.NotInStore:
		return "`certdesk import --served` adopts it with its key; the service stays as it is"
	case trust.Valid:
		return validAdvice(e, now)
	}
	return ""
}

func renewAdvice(e *Entry) string {
	return "`certdesk renew` renews it with the same names; " + goesTo(e)
}

// goesTo says who gives the renewal.
func goesTo(e *Entry) string {
	switch {
	case e.SelfSigned:
		return "it is made anew, self-signed as before"
	case e.Automatic != nil && e.Automatic.Order.CA != "":
		return "it is ordered from " + printable.Text(e.Automatic.Order.CA)
	}
	return "the request goes to " + printable.Text(names.Short(e.Issuer))
}

func datedAdvice(e *Entry, now time.Time) string {
	if now.After(e.NotAfter) {
		return renewAdvice(e)
	}
	text := "enable it from " + when.Said(e.NotBefore.Local(), now.Local()) + " on (`certdesk enable`)"
	if e.Services != 0 || !e.HasKey {
		text = "wait until then"
	}
	return text + "; or this computer's clock is wrong"
}

// invalidAdvice is the way out for a certificate that cannot be used.
func invalidAdvice(e *Entry) string {
	if strings.HasPrefix(e.Verdict.Reason, "its private key") {
		return "`certdesk import` imports the file with its key; or bring keys/ back from a backup"
	}
	return "`certdesk import` imports a good one, `certdesk remove` removes this one"
}

// uncheckedAdvice is the way to an answer of the CA.
func uncheckedAdvice(e *Entry) string {
	if strings.Contains(e.Verdict.Reason, "revocation_allow") {
		return "if that network is your own: name it under revocation_allow in certdesk.toml"
	}
	return "look whether this server may reach that address; the CA is asked again without you"
}

// untrustedAdvice is the way out for the fault in the chain that the reason names, the nearest to the leaf.
func untrustedAdvice(e *Entry, now time.Time) string {
	const missing = "`certdesk import` imports the missing CA certificate"
	for _, link := range e.Chain {
		switch {
		case !link.Signed:
			return missing
		case now.After(link.NotAfter) && link.SelfSigned:
			return "ask the CA which root replaces it, and for the chain to that root"
		case now.After(link.NotAfter):
			return "ask the CA for its current intermediate certificate; `certdesk import` takes it"
		case now.Before(link.NotBefore):
			return "check this computer's clock, or wait"
		case link.SelfSigned:
			return "if that root is yours, name its file under trust in the configuration"
		}
	}
	return missing
}

// validAdvice is for what works and is not whole: the worst remark on it, and what it is wanted for.
func validAdvice(e *Entry, now time.Time) string {
	if m, renews := due.Renews(e, now); renews && !m.At.After(now) {
		return "`certdesk renew` renews it now"
	}
	if advice := worstAdvice(e); advice != "" {
		return advice
	}
	if wanted := e.Wanted &^ e.Services; wanted != 0 {
		return "`certdesk enable` enables it for " + wanted.String()
	}
	return ""
}

// unused is for what renews itself for nobody.
func unused(e *Entry) string {
	if e.Verdict.Status == trust.Valid && e.Services == 0 && !e.Served {
		return "`certdesk enable` enables it"
	}
	return ""
}

func worstAdvice(e *Entry) string {
	worst, _ := e.Verdict.Worst()
	return worst.Next()
}

// succeededAdvice is for a certificate whose time ends and which something takes the place of.
func succeededAdvice(e *ledger.Entry, now time.Time) string {
	by := printable.Text(e.Successor.Name)
	switch {
	case e.Successor.Waits && e.Successor.Ordered:
		return "`certdesk show` on " + by + ", the request, shows how far it is"
	case e.Successor.Waits:
		return "`certdesk import` imports the answer"
	case !e.Successor.From.IsZero():
		return "`certdesk enable` on " + by + " enables it from " + when.Said(e.Successor.From.Local(), now.Local()) +
			" on; until then nothing needs to be done"
	case e.Settled():
		return "`certdesk remove` removes the old one"
	}
	return "`certdesk enable` on " + by + " enables that one instead"
}
