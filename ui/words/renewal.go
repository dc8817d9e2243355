package words

import (
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/renewing"
)

// Renewal says what is done about an entry.
func Renewal(t renewing.Task) string {
	switch t.Deed {
	case renewing.Continue:
		return "go on with its order at " + t.CA
	case renewing.Enable:
		return "enable " + Label(t.New) + ", which renews it"
	case renewing.Prepare:
		return "make the request that its CA has to answer"
	}
	return "order it anew from " + t.CA
}

// RenewalWhy says why, and what went wrong with it last.
func RenewalWhy(t renewing.Task, now time.Time) string {
	text := t.Why()
	if t.Held != "" {
		text += "; put off: " + t.Held
	}
	if f := t.Failure(); f != nil {
		text += "; it failed " + t.Often() + ", at last on " + Day(f.At, now) + ": " + f.Why
	}
	return text
}

// Renewed says what became of a renewal.
func Renewed(r renewing.Result) string {
	switch {
	case r.Err != nil:
		return Label(r.Task.Old) + ": " + Failed(r.Err)
	case r.Task.Deed == renewing.Enable:
		return Label(r.Task.Old) + ": " + Label(r.Entry) + " is served in its place, proven"
	case r.Task.Deed == renewing.Prepare:
		return Label(r.Task.Old) + ": its CA has to answer the request " + Label(r.Entry)
	case r.Task.Old.Kind == ledger.PendingReq:
		return Label(r.Entry) + ": issued by " + r.Task.CA
	}
	return Label(r.Task.Old) + ": renewed by " + Label(r.Entry) + ", issued by " + r.Task.CA
}
