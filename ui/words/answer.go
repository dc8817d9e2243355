package words

import (
	"cmp"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/probe"
	"certdesk/ui/kit"
)

// The answer of any port: what it serves, whether that is ours, whether it should be there, what to do next. The desk
// and `certdesk test HOST:PORT` say the same.

// ServedSentence says what a port serves, or why nothing.
func ServedSentence(a enabling.Answer, now time.Time) string {
	r := a.Report
	where := kit.Printable(a.Listen)
	if !r.Served() {
		return where + " served no certificate: " + Stop(kit.Printable(r.Text))
	}
	day := Day(r.Leaf.NotAfter, now)
	if now.After(r.Leaf.NotAfter) {
		return where + " serves " + servedName(a) + ", which ended on " + day + "."
	}
	return where + " serves " + servedName(a) + ", valid until " + day + " (" + LifeWords(a.Entry, now) + ")."
}

// servedName is an entry by what it is called, else by what is on the certificate.
func servedName(a enabling.Answer) string {
	if a.Ours() {
		return Title(a.Entry)
	}
	return "a certificate for " + cmp.Or(kit.Printable(leafName(a.Report.Leaf)), "no name")
}

// OursSentence says whether a certificate that is served is in the store; "" where none is.
func OursSentence(a enabling.Answer) string {
	switch {
	case !a.Report.Served():
		return ""
	case !a.Ours():
		return "It is not ours: this store does not have it."
	case !a.Entry.HasKey:
		return "It is ours: " + Label(a.Entry) + ", without its key."
	}
	return "It is ours: " + Label(a.Entry) + "."
}

// MeantSentence says what should be there, as far as this host knows.
func MeantSentence(a enabling.Answer, now time.Time) string {
	switch {
	case !a.Here() && !a.Report.Served():
		return ""
	case !a.Here():
		return "No service that certdesk knows on this host has this port, so nothing here says what should be there."
	}
	who := certstore.ServiceTitle(a.Service)
	switch {
	case a.Expected == "":
		return who + " has this port, and nothing says what it should serve."
	case a.Good() && a.Meant.ID != 0:
		return "It is what should be there: " + who + " is to serve it."
	case a.Good():
		return "It is what the configuration of " + who + " names."
	case a.Meant.ID != 0:
		return "It should be " + Label(a.Meant) + ", until " + Day(a.Meant.NotAfter, now) + ": " + who +
			" is to serve that."
	}
	return "It should be what the configuration of " + who + " names."
}

// Minded is what clients mind in what is served, a sentence each, and why it is served; ServedSentence has said already
// that it ended.
func Minded(a enabling.Answer, now time.Time) (list []string) {
	r := a.Report
	if !r.Served() {
		return nil
	}
	for _, fault := range r.Faults() {
		if fault == r.DateFault && now.After(r.Leaf.NotAfter) {
			continue
		}
		if fault != r.Text || r.Result == probe.Unknown {
			list = append(list, Stop(SentenceCase(kit.Printable(fault))))
		}
	}
	return list
}

// Cause is why a port of this host does not serve what it should, "" where that is not known.
func Cause(a enabling.Answer) string {
	if !a.Report.Served() || !a.Here() || a.Right() {
		return ""
	}
	return Stop(SentenceCase(kit.Printable(adviceOn(a).Why)))
}

// NextStep is what to do about an answer. canWrite says whether certdesk's own verbs can do it.
func NextStep(a enabling.Answer, now time.Time, canWrite bool) string {
	step := nextStep(a, now)
	ours := a.Here() && a.Report.Served() && (a.Right() || Orders(adviceOn(a)))
	if step != "" && ours && !canWrite {
		return OthersAct
	}
	return step
}

// OthersAct stands in place of an order that a desk which only reads would refuse.
const OthersAct = "Someone who may write to this store can act on it."

// Orders says whether advice is to be followed with certdesk.
func Orders(a enabling.Advice) bool { return a.Do == "" || strings.HasPrefix(a.Do, "`certdesk ") }

func nextStep(a enabling.Answer, now time.Time) string {
	r := a.Report
	switch {
	case !r.Served():
		return unservedStep(a)
	case a.Here() && !a.Right():
		do := cmp.Or(adviceOn(a).Do, "a valid one is enabled for it in its place")
		return Stop(SentenceCase(kit.Printable(do)))
	case a.Here() && !a.Ours():
		return "It can be adopted, with its key: `certdesk import --served " +
			kit.Cut(kit.Printable(a.Entry.Thumbprint), 12, "") +
			"`, or its row in the table."
	case r.NameFault != "" && a.Name == r.Target.Host:
		return "Ask for the name that clients use, in place of the host's."
	case r.DateFault != "" || r.NameFault != "" || r.Revoked() != "", a.Ours() && a.Entry.Verdict.Word == "expiring":
		return betterStep(a, now)
	case !a.Ours() && a.Fit.ID != 0 && a.Fit.NotAfter.After(r.Leaf.NotAfter):
		return betterStep(a, now)
	}
	return ""
}

// adviceOn is what puts a port of this host right.
func adviceOn(a enabling.Answer) enabling.Advice {
	var meant *certstore.Entry
	if a.Meant.ID != 0 {
		meant = &a.Meant
	}
	return a.Advice(meant)
}

// betterStep names the entry that could be served instead.
func betterStep(a enabling.Answer, now time.Time) string {
	switch {
	case a.Fit.ID == 0 || a.Fit.ID == a.Entry.ID:
		return "A new one is needed there: renew it, or make a request for its names."
	case a.Here():
		return Label(a.Fit) + " is for this name, until " + Day(a.Fit.NotAfter, now) + ": enable it for that service."
	}
	return Label(a.Fit) + " is for this name, until " + Day(a.Fit.NotAfter, now) +
		": export it for that server, install it there, and ask again."
}

// unservedStep is what to try where no certificate came.
func unservedStep(a enabling.Answer) string {
	r := a.Report
	switch r.Result {
	case probe.Plaintext:
		return plainStep(r)
	case probe.NoName:
		return "Ask for a name that it has a certificate for."
	case probe.NoKey:
		return "It has none of this kind of key; most clients take the other."
	case probe.NoCertificate:
		return "Nobody can tell who it is: give that service a certificate."
	case probe.Garbage:
		return "It may speak another protocol than " + ProtocolOf(r.Target.Scheme).Words() + ": choose that, and ask again."
	case probe.Unknown:
		return "Another program may be able to ask it: openssl s_client -connect " + kit.Printable(r.Target.Address()) + "."
	}
	switch {
	case strings.Contains(r.Text, "nothing listens"):
		return "Is the service running on that host, and is this its port?"
	case strings.Contains(r.Text, "no address"):
		return "Check how the name is written. A host that is in no DNS yet is asked by its address, " +
			"and the name is given beside it."
	case strings.HasPrefix(r.Text, "no answer"), r.Result == probe.NoAnswer:
		return "A firewall on the way looks like this: ask from another network, or look there."
	}
	return "Its log says why; where the port speaks another protocol, choose that."
}

// plainStep is for a port that offers no TLS in the protocol it was asked in, or speaks plain text where TLS was due.
func plainStep(r probe.Report) string {
	own := ProtocolOf(r.Target.Scheme)
	if own.Over != "" {
		return "Switch TLS on in that service; where the port speaks TLS from the first byte, ask it as " +
			string(own.Over) + "://" + kit.Printable(r.Target.Address()) + "."
	}
	return "It may begin in plain text: choose the protocol with STARTTLS, and ask again."
}

// AnswerLines are what a command says below what a port serves: whose it is, what should be there, what is next.
func AnswerLines(a enabling.Answer, now time.Time) []string {
	meant, next := "", NextStep(a, now, true)
	if a.Here() {
		meant = MeantSentence(a, now)
	}
	if next != "" {
		next = "Next: " + next
	}
	return NotEmpty(OursSentence(a), meant, Cause(a), next)
}

// Level is how good or bad an answer is, beside its words.
type Level int

// The levels.
const (
	Fine     Level = iota
	Doubtful       // it depends on the roots that a client knows, or somebody should act before long
	Bad            // clients are turned away or warned, or get what they should not
)

// LevelOf is how good or bad an answer is.
func LevelOf(a enabling.Answer) Level {
	r := a.Report
	switch {
	case !r.Served(), !r.Accepted() && a.Name != "", r.DateFault != "", r.Revoked() != "", a.Here() && !a.Right():
		return Bad
	case r.Chain.Verdict != probe.Complete, a.Ours() && a.Entry.Verdict.Word == "expiring":
		return Doubtful
	}
	return Fine
}
