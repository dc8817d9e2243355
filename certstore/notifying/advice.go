package notifying

import (
	"cmp"
	"strings"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/renewing"
	"certdesk/certstore/when"
)

// advice is what to do about a matter, and the command that does it or begins to.
func (f Facts) advice(m Matter, t *renewing.Task) (next, command string) {
	e := m.Entry
	switch {
	case m.Key.Event == RenewalFailed:
		return tried(t, f.Now), "certdesk renew --due --dry-run"
	case m.Key.Event == NotServed:
		for _, p := range f.boundTo(e) {
			if !p.Right() {
				return f.adviceOfPort(p)
			}
		}
		return "see what is wrong with it", "certdesk show " + e.Short()
	case e.Successor != nil && e.Successor.Waits:
		return "import the CA's answer to its renewal, " + printable.Text(e.Successor.Name), "certdesk import FILE"
	case e.Successor != nil:
		by := ledger.Entry{Thumbprint: e.Successor.Thumbprint}
		return "enable " + printable.Text(e.Successor.Name) + ", which takes its place",
			"certdesk enable " + by.Short() + forServices(e)
	case t != nil && t.Deed != renewing.Prepare && m.Key.Event == Expiring:
		return "it should have renewed itself: see why it does not", "certdesk renew --due --dry-run"
	case e.SelfSigned:
		return "make it anew, self-signed as before", "certdesk renew " + e.Short()
	case e.Automatic != nil && e.Automatic.Order.CA != "":
		return "order it anew from " + printable.Text(e.Automatic.Order.CA), "certdesk renew " + e.Short()
	}
	return "renew it with the same names, and send the request to its CA", "certdesk renew " + e.Short()
}

func forServices(e *ledger.Entry) string {
	if e.Services == 0 {
		return ""
	}
	return " --services " + strings.Join(e.Services.Names(), ",")
}

func tried(t *renewing.Task, now time.Time) string {
	at := t.At()
	if !at.After(now) {
		return "it is tried again by the next run"
	}
	return "mend that; it is tried again from " + when.Said(at, now) + " on"
}

// adviceOfPort is the port's own, with the command taken out of it where that is ours.
func (f Facts) adviceOfPort(p enabling.Port) (next, command string) {
	a := p.Advice(f.expected(p))
	next = printable.Text(strings.Trim(strings.Join([]string{a.Why, a.Do}, "; "), "; "))
	if _, rest, ok := strings.Cut(a.Do, "`"); ok {
		command, _, _ = strings.Cut(rest, "`")
	}
	if next == "" {
		next = "see what every port serves, and what puts it right"
	}
	return next, printable.Text(cmp.Or(command, "certdesk test"))
}

func (f Facts) expected(p enabling.Port) *ledger.Entry {
	for i := range f.Entries {
		e := &f.Entries[i]
		if p.Bound == e.ID || p.Bound == 0 && p.Expected != "" && p.Expected == e.SHA256 {
			return e
		}
	}
	return nil
}

// ends says how far away the end of a life is, or how long ago it was.
func ends(e *ledger.Entry, now time.Time) string {
	if !now.Before(e.NotAfter) {
		return "expired " + lasting(now.Sub(e.NotAfter)) + " ago"
	}
	return "expires in " + lasting(e.NotAfter.Sub(now))
}

// lasting counts whole days, and of the last two whole hours.
func lasting(d time.Duration) string {
	switch {
	case d < time.Hour:
		return "less than an hour"
	case d < 48*time.Hour:
		return printable.Count(int(d/time.Hour), "hour")
	}
	return printable.Count(int(d/(24*time.Hour)), "day")
}
