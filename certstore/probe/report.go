package probe

import (
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// Result is how a question ended: a stable word. The first four came with a certificate, proven by a finished
// handshake, or by the server's signature over its half of one that certdesk cannot finish.
type Result string

// The results.
const (
	Answers       Result = "answers"        // a certificate, and nothing was expected
	Matches       Result = "matches"        // the expected certificate
	Old           Result = "old"            // the one that was expected formerly
	Another       Result = "another"        // one nobody here expected
	Plaintext     Result = "plaintext"      // no STARTTLS is offered, or text came where TLS was due
	Refused       Result = "refused"        // the connection, STARTTLS or the handshake; or it was broken off
	NoKey         Result = "no-key"         // there is no certificate of the kind asked for
	NoAnswer      Result = "no-answer"      // nobody there, or nothing within the deadline
	NoName        Result = "no-name"        // there is no certificate for the name that was asked for, or for none
	NoCertificate Result = "no-certificate" // TLS, but only without a certificate: anonymous, or by pre-shared keys
	Garbage       Result = "garbage"        // neither the protocol nor TLS
	// certdesk cannot speak what the port speaks, or read what it serves; others may
	Unknown Result = "unknown"
)

// Report is what one listener answered. Without a certificate Leaf is nil, and Text says why.
type Report struct {
	Target  Target
	Name    string // the name asked for
	Key     Key    // the kind asked for
	Address string // who answered; "" if nobody did
	Refuser string // who refused the connection; "" where that is not how it ended

	Result Result
	Text   string // one sentence, unless the certificate is as expected
	Said   string // the words of the other side that led to the result, printable

	Sent   []*x509.Certificate // the chain as it was sent, the leaf first
	Leaf   *x509.Certificate   // Sent[0]
	SHA256 string              // of the leaf, in hex

	Staple      []byte   // the OCSP response that came with it; nil for none
	StapleFault string   // "" if none is wanted or one came, else a sentence
	UsageFault  string   // "" if all clients take its extended key usage, else a sentence
	Proxied     bool     // it answers behind a PROXY protocol header alone
	Notes       []string // sentences on how it was asked, which speak neither for nor against it

	// what its CA says of the leaf, as far as whoever asked knows
	Revocation trust.Revocation

	Greets string // the name that it greets with, as far as it is one; of SMTP and LMTP alone

	NameFault string // "" if the leaf fits Name, else a sentence
	DateFault string // "" if the leaf is in date, else a sentence
	Chain     Chain

	Protocol string // "TLS 1.3"
	Cipher   string
	Took     time.Duration // from dialling to the end of the handshake, or of the attempt
}

// Served says whether a certificate was served at all.
func (r Report) Served() bool { return r.Leaf != nil }

// Accepted says whether a certificate was served that no client need refuse, whatever roots it knows: it fits the
// name, is in date, is not known to be revoked, its usage is plain, nothing in its chain is broken, and a staple came
// where it demands one.
func (r Report) Accepted() bool {
	return r.Served() && r.Result != Unknown && r.Revoked()+r.NameFault+r.DateFault+r.StapleFault+r.UsageFault == "" &&
		r.Chain.Verdict != Broken
}

// Revoked says in a sentence that its CA has revoked what is served; "" where nobody knows of that.
func (r Report) Revoked() string {
	if r.Revocation.Now == trust.StandsRevoked || r.Revocation.Now == trust.StandsOnHold {
		return r.Revocation.Text
	}
	return ""
}

// Faults is every sentence there is to say against what was served, or why nothing was, the worst first.
func (r Report) Faults() []string {
	faults := []string{r.Text, r.Revoked(), r.NameFault, r.DateFault, r.StapleFault, r.UsageFault, r.Chain.Text,
		r.Chain.Expired}
	if r.Chain.OutOfOrder {
		faults = append(faults, "its chain is sent in the wrong order: each certificate should certify the one before it")
	}
	if r.Chain.Spare > 0 {
		faults = append(faults, fmt.Sprintf("%d of the certificates it sends %s not belong to its chain",
			r.Chain.Spare, printable.Agree(r.Chain.Spare, "does", "do")))
	}
	return slices.DeleteFunc(faults, func(s string) bool { return s == "" })
}
