package trust

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/when"
)

// Known is what the bytes of a certificate say to a question of yes or no. Of what was imported before the question was
// asked it is 0, and nobody knows.
type Known int8

// The answers.
const (
	Yes Known = 1
	No  Known = 2
)

// Say is an answer.
func Say(yes bool) Known {
	if yes {
		return Yes
	}
	return No
}

// lifetimes are how long a certificate of a CA in browsers may live, by the day of its issue (CA/Browser Forum Ballots
// SC-031 and SC-081v3; Baseline Requirements 6.3.2). CAs of one's own are not bound.
var lifetimes = []struct {
	from time.Time
	days int
}{
	{time.Date(2020, 9, 1, 0, 0, 0, 0, time.UTC), 398},
	{time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC), 200},
	{time.Date(2027, 3, 15, 0, 0, 0, 0, time.UTC), 100},
	{time.Date(2029, 3, 15, 0, 0, 0, 0, time.UTC), 47},
}

// lifetimeAt is the limit, in days, for what is issued at a moment, and since when it holds; 0 for none.
func lifetimeAt(issued time.Time) (days int, since time.Time) {
	for _, l := range lifetimes {
		if !issued.Before(l.from) {
			days, since = l.days, l.from
		}
	}
	return days, since
}

// clientAuthEnds is from when on CAs in browsers leave client authentication out at the latest (Chrome's root program).
var clientAuthEnds = time.Date(2027, 3, 15, 0, 0, 0, 0, time.UTC)

// youngRoot is the age below which clients that get no new roots lack one.
const youngRoot = 5 * 365 * 24 * time.Hour

// public says whether the rules for CAs in browsers bind the CA.
func (f Facts) public() bool { return f.Anchor.Type == RootThirdParty }

// foresight are the findings on what comes, and on what only some clients mind. What nobody can act on now is
// information, however bad it is.
func foresight(f Facts, now time.Time) (list []Finding) {
	add := func(code string, severity Severity, text string) {
		if text != "" {
			list = append(list, Finding{code, severity, text})
		}
	}
	if f.Pending {
		return nil // what a CA will say of the names, the form has said
	}
	if f.POPOrIMAP {
		add("wildcard-mail", Info, wildcard(f.Names))
	}
	ends, severity := endsFirst(f, now)
	add("issuer-ends-first", severity, ends)
	if !f.public() {
		return list
	}
	long := tooLongFor(f.NotBefore, f.NotAfter)
	add("lifetime-too-long", Warning, long)
	if long == "" && !f.Renewing && now.Before(f.NotAfter) {
		add("renewals-shorten", Info, shorterNext(f.NotBefore, f.NotAfter))
	}
	add("internal-names", Warning, internal(f.Names))
	add("root-is-young", Info, young(f, now))
	if f.SMTP {
		code, text := clientAuth(f.ForClients, now)
		add(code, Info, text)
	}
	return list
}

// tooLongFor holds a life against the limit of the day of its issue; both of its ends count (RFC 5280, 4.1.2.5).
func tooLongFor(from, to time.Time) string {
	limit, since := lifetimeAt(from)
	const day = 24 * time.Hour
	life := to.Sub(from) + time.Second
	if limit == 0 || life <= time.Duration(limit)*day {
		return ""
	}
	return fmt.Sprintf("it is valid for %s, and CAs in browsers may issue %s at most since %s: clients may refuse it",
		printable.Count(int((life+day-1)/day), "day"), printable.Count(limit, "day"), when.Recorded(since))
}

// shorterNext says by how much the next one may be shorter.
func shorterNext(from, to time.Time) string {
	limit, since := lifetimeAt(to)
	had, _ := lifetimeAt(from)
	if limit >= had || to.Sub(from) <= time.Duration(limit)*24*time.Hour {
		return ""
	}
	return fmt.Sprintf("what is issued from %s on is valid for %s at most, its renewal too: by hand it would be renewed %s "+
		"a year", when.Recorded(since), printable.Count(limit, "day"), printable.Count(365/limit+1, "time"))
}

// internal names what public CAs may not certify.
func internal(list []string) string {
	var private []string
	for _, text := range list {
		if n, err := names.Normalize(text); err == nil && !names.IsPublic(n) {
			private = append(private, printable.Text(text))
		}
	}
	if len(private) == 0 {
		return ""
	}
	if n := len(private); n > 4 {
		private = append(private[:3], fmt.Sprintf("and %d more", n-3))
	}
	return "a public CA may not certify " + strings.Join(private, ", ") + ", and has to revoke it for that"
}

func wildcard(list []string) string {
	for _, name := range list {
		if strings.HasPrefix(name, "*.") {
			return "it has the wildcard name " + printable.Text(name) + " and is for POP or IMAP: Exchange gives these none, " +
				"and some old mail programs take none"
		}
	}
	return ""
}

// endsFirst tells of the first CA above, up to the root, that ends before the certificate. It is a warning once that is
// near: before that its CA may have no other one yet.
func endsFirst(f Facts, now time.Time) (text string, s Severity) {
	first, subject := f.NotAfter, ""
	for _, link := range f.Chain {
		if link.Signed && !link.SelfSigned && link.NotAfter.After(now) && link.NotAfter.Before(first) {
			first, subject = link.NotAfter, "the intermediate "+link.Subject
		}
	}
	if root := f.Anchor.root; root != nil && root.NotAfter.After(now) && root.NotAfter.Before(first) {
		first, subject = root.NotAfter, "the root "+f.Anchor.Subject
	}
	if subject == "" || !now.Before(f.NotAfter) {
		return "", Info
	}
	if s = Info; first.Sub(now) < ExpiringBelow(f.NotBefore, f.NotAfter) {
		s = Warning
	}
	return subject + " ends on " + when.Said(first, now) + ", before this certificate: from then on clients refuse both", s
}

func young(f Facts, now time.Time) string {
	root := f.Anchor.root
	if root == nil || f.OlderRoot || now.Sub(root.NotBefore) >= youngRoot {
		return ""
	}
	return "its root " + f.Anchor.Subject + " is there since " + when.Recorded(root.NotBefore) +
		" only: clients that got no new roots since then do not know it"
}

// clientAuth tells of a certificate for SMTP whether it can prove the server to another one.
func clientAuth(allowed Known, now time.Time) (code, text string) {
	switch {
	case allowed == No:
		return "client-auth-missing", "it is not for client authentication: a mail server that wants mutual TLS does not " +
			"accept it from this one; most do not ask"
	case allowed == Yes && now.Before(clientAuthEnds):
		return "client-auth-going", "it is for client authentication too, which CAs in browsers leave out from " +
			when.Recorded(clientAuthEnds) + " on at the latest: its renewal will not prove this server to another one (mutual TLS)"
	}
	return "", ""
}
