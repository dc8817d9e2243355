package answering

import (
	"slices"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
)

// Way is why a client comes to a place: a stable word.
type Way string

// The ways, in the order in which they are told of.
const (
	ByHost         Way = "host"            // the port that was named, or one that clients of that host use
	ByService      Way = "service"         // a port of this host's services that has the name
	ByDomain       Way = "domain"          // https://example.org/autodiscover/...
	ByAutodiscover Way = "autodiscover"    // https://autodiscover.example.org/autodiscover/...
	ByRedirect     Way = "redirect"        // http://autodiscover.example.org/..., which redirects
	BySRV          Way = "srv"             // _autodiscover._tcp.example.org
	ByWeb          Way = "web"             // web access
	ByAnywhere     Way = "outlookAnywhere" // Outlook Anywhere
	ByReading      Way = "reading"         // IMAP and POP
	BySending      Way = "sending"         // submission
	ByMX           Way = "mx"              // from other servers
	ByPolicy       Way = "mtaSts"          // where others get the policy for that
)

// Discovers says whether it is one of the four in which Outlook and phones look for a mailbox, one after the other.
func (w Way) Discovers() bool {
	return w == ByDomain || w == ByAutodiscover || w == ByRedirect || w == BySRV
}

// Outcome is what came of going there: a stable word.
type Outcome string

// The outcomes. Of the last four a certificate was seen.
const (
	Absent  Outcome = "absent"  // there is no such name, or no such record
	NotTold Outcome = "silent"  // the name servers do not answer, or what they say is forged
	Skipped Outcome = "skipped" // it leads where certdesk does not go
	NoOne   Outcome = "nobody"  // nobody answers, or what answers is no TLS
	Loops   Outcome = "loops"   // it redirects for ever
	Elsew   Outcome = "moved"   // it only says where to go; that is among Via, and what stands there in another place
	Found   Outcome = "found"   // what clients look for is there
	Other   Outcome = "other"   // something else is, such as a web site
	Seen    Outcome = "seen"    // a port that has nothing but a certificate to tell
)

// Place is one place that a question leads to.
type Place struct {
	Way     Way
	URL     string
	Host    string   // whose certificate is wanted
	Via     []string // that redirected here
	Outcome Outcome
	Text    string            // what the outcome rests on, half a sentence; printable
	Answers []enabling.Answer // of its port; none where that was not reached
	Passed  bool              // Outlook does not come this far: an earlier step was the last
	STS     string            // the mode of the domain's MTA-STS policy; "" for none
	Barred  string            // why senders do not come here though it is an MX, half a sentence; "" where they do
}

// Served says whether a certificate was seen there.
func (p Place) Served() bool {
	return slices.ContainsFunc(p.Answers, func(a enabling.Answer) bool { return a.Report.Served() })
}

// Fault is what clients mind at a place.
type Fault struct {
	Symptom Symptom
	Text    string // half a sentence, printable
	Grave   bool   // clients are turned away or warned
}

// Faults are what clients mind at a place, the worst first.
func (p Place) Faults(now time.Time) (list []Fault) {
	for _, a := range p.Answers {
		for _, f := range faults(a, p, now) {
			if !slices.Contains(list, f) {
				list = append(list, f)
			}
		}
	}
	if p.Barred != "" {
		list = append(list, Fault{WrongName, p.Barred, true})
	}
	return list
}

func faults(a enabling.Answer, p Place, now time.Time) (list []Fault) {
	r := a.Report
	lax := p.Way == ByMX && p.STS != "enforce" // mail is brought whatever the certificate says (RFC 7435)
	add := func(s Symptom, text string, grave bool) {
		if text != "" {
			list = append(list, Fault{s, text, grave})
		}
	}
	if !r.Served() {
		if s, is := refusals[r.Result]; is {
			add(s, r.Text, !lax)
		}
		return list
	}
	add(Revoked, r.Revoked(), !lax)
	add(OutOfDate, r.DateFault, !lax)
	if p.Host != "" && !isAddress(p.Host) { // no certificate of a mail server is made for an address
		add(WrongName, r.NameFault, !lax)
	}
	add(Untrusted, chainFault(r), !lax)
	add(Untrusted, r.UsageFault, !lax)
	add(Unchecked, r.StapleFault, !lax)
	if r.Revocation.Now == trust.Unchecked {
		add(Unchecked, r.Revocation.Text, false)
	}
	if r.Result == probe.Old || r.Result == probe.Another {
		add(NotMeant, a.Trouble(now), false)
	}
	return list
}

// refusals are the ends without a certificate that are the certificate's fault.
var refusals = map[probe.Result]Symptom{probe.Plaintext: NoTLS, probe.NoName: WrongName,
	probe.NoCertificate: NoTLS, probe.NoKey: Untrusted}

// chainFault is why clients do not trust what is sent; "" where they do, or where nobody here can tell.
func chainFault(r probe.Report) string {
	switch r.Chain.Verdict {
	case probe.Complete, probe.Unjudged:
		return ""
	}
	return r.Chain.Text
}
