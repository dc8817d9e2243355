package words

import (
	"time"

	"certdesk/certstore"
	"certdesk/certstore/acme/due"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
	"certdesk/wizard"
)

// What is done for an entry without anybody: it was ordered from a CA that speaks ACME, and renews itself.

// Troubled says whether what is done for an entry without anybody failed the last time.
func Troubled(e *certstore.Entry) bool {
	return e.Failing != nil || e.Ordered() && e.Automatic.Failed() != nil && e.Removed.IsZero()
}

// automaticCell is what a column of ends says of what is automatic; "" for what is not.
func automaticCell(e certstore.Entry, now time.Time) string {
	if e.Ordered() {
		if e.Refused() && e.Renewing == nil {
			return "-" // nothing is awaited
		}
		if Troubled(&e) {
			return "order fails"
		}
		return "on order"
	}
	if Troubled(&e) {
		return "renewal fails"
	}
	m, renews := due.Renews(&e, now)
	switch {
	case !renews:
		return ""
	case !m.At.After(now):
		return "renewal due"
	}
	return "renews " + when.Date(m.At.Local())
}

// WidestAutomatic is the widest text of a column of ends for what is automatic.
const WidestAutomatic = len("renewal fails")

// ordered tells of a request that a CA is to answer by itself.
func ordered(e certstore.Entry, name string, now time.Time) (what, next string) {
	const goOn = "enter shows how far it is, and enter there goes on with it."
	ca := kit.Printable(e.Automatic.Order.CA)
	if old := e.Renewing; old != nil {
		name += ", which is to renew " + Title(*old) + " (until " + Day(old.NotAfter, now) + "),"
	}
	if f := e.Automatic.Failed(); f.Final() {
		return name + " was refused by " + ca + ": " + Stop(kit.Printable(f.Why)) + refusedFor(e, now), RefusedNext
	} else if f != nil {
		return name + " was not issued by " + ca + ": " + Stop(kit.Printable(f.Why)) + tryAgain(f, now), goOn
	}
	return name + " is ordered from " + ca + ", and not answered yet; its key is safe here.", goOn
}

// RefusedNext is what can be done with a request that a CA refused for good.
var RefusedNext = Stop(InDesk(certstore.RefusedAdvice))

// refusedFor says what becomes of a request that was refused.
func refusedFor(e certstore.Entry, now time.Time) string {
	if e.Renewing == nil {
		return " It is not tried again by itself."
	}
	return tryAgain(e.Automatic.Failed(), now)
}

// renewalFails ends what is told of a certificate whose renewal fails, in the words of who let it fail, and when it is
// tried again.
func renewalFails(f *ledger.Failing, now time.Time) string {
	what := "; its renewal has been failing since " + Day(f.Since, now)
	if f.Times > 1 {
		what += ", " + Count(f.Times, "time")
	}
	return what + ": " + Stop(kit.Printable(f.Last.Why)) + tryAgain(&f.Last, now)
}

// tryAgain says when what failed is tried again.
func tryAgain(f *ledger.Failure, now time.Time) string {
	if !f.Next.After(now) {
		return ""
	}
	return " It is tried again from " + Day(f.Next, now) + " on."
}

// automaticTail ends what is told of a certificate that renews itself; "" for one that does not.
func automaticTail(e certstore.Entry, now time.Time) string {
	m, renews := due.Renews(&e, now)
	switch {
	case e.Failing != nil:
		return renewalFails(e.Failing, now)
	case !renews:
		return ""
	case !m.At.After(now):
		return "; it is to be renewed since " + Day(m.At, now) + ": " + m.Why(&e)
	}
	if e.Verdict.Status == trust.Valid && e.Services == 0 && !e.Served {
		return "; it renews itself on " + Day(m.At, now) + ", and no service here has it"
	}
	return "; it renews itself on " + Day(m.At, now)
}

// AutomaticFacts are what is done for an entry without anybody; account is that at its CA, nil where that is not known.
func AutomaticFacts(e certstore.Entry, account *ledger.Account, now time.Time) (facts []wizard.Fact) {
	a := e.Automatic
	if a == nil {
		return failureFacts(e)
	}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, wizard.Fact{Label: label, Value: kit.Printable(value)})
		}
	}
	add("ACME CA", trialOf(a.Order)+a.Order.CA+", "+a.Order.Directory)
	if account != nil {
		add("Account", account.URL)
	}
	add("Profile", a.Order.Profile)
	add("Order", orderFact(e))
	m, renews := due.Renews(&e, now)
	switch {
	case renews && m.At.After(now):
		add("Renews", Moment(m.At)+": "+m.Why(&e))
	case renews:
		add("Due since", Moment(m.At)+": "+m.Why(&e))
	}
	facts = append(facts, failureFacts(e)...)
	if !a.Revoked.At.IsZero() {
		add("Revoked", Moment(a.Revoked.At)+" by "+a.Revoked.CA+": "+a.Revoked.Reason)
	}
	return facts
}

// failureFacts are what failed last: the renewal of a certificate, with since when it does, or an order.
func failureFacts(e certstore.Entry) (facts []wizard.Fact) {
	f := e.Automatic.Failed()
	if e.Failing != nil {
		f = &e.Failing.Last
		facts = append(facts, wizard.Fact{Label: "Fails since", Value: Moment(e.Failing.Since) + ", " +
			Count(e.Failing.Times, "time")})
	}
	if f == nil {
		return nil
	}
	facts = append(facts, wizard.Fact{Label: "Failed", Value: Moment(f.At) + ": " + kit.Printable(f.Why)})
	if !f.Next.IsZero() {
		facts = append(facts, wizard.Fact{Label: "Next try", Value: Moment(f.Next)})
	}
	return facts
}

func trialOf(o ledger.Order) string {
	if o.Trial {
		return "on trial: "
	}
	return ""
}

func orderFact(e certstore.Entry) string {
	o := e.Automatic.Order
	switch {
	case !e.Ordered():
		return ""
	case o.URL == "":
		return "not placed yet"
	}
	return "placed on " + Moment(o.Since) + ", " + o.URL
}
