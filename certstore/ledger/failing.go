package ledger

import (
	"time"

	"certdesk/certstore/printable"
	"certdesk/certstore/when"
)

// Failing says that what renews a certificate by itself goes wrong, while the certificate is the one in use.
type Failing struct {
	By    *Entry    // the request or certificate that is to take its place; nil where none was made. Not to be changed
	Since time.Time // of the first of the failures in a row
	Times int
	Last  Failure
}

// Words say so, as a verdict's reason does: "renewal failing since 12 Jan 2026, 3 times: ...; next try ...".
func (f *Failing) Words(now time.Time) string {
	text := "renewal failing since " + when.Said(f.Since, now)
	if f.Times > 1 {
		text += ", " + printable.Count(f.Times, "time")
	}
	text += ": " + f.Last.Why
	if f.By != nil && f.By.Kind == Certificate {
		text += "; " + Label(f.By) + " was issued, and takes its place once that goes well"
	}
	if f.Last.Next.After(now) {
		text += "; next try " + when.Said(f.Last.Next, now)
	}
	return text
}
