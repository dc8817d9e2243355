package words

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/answering"
	"certdesk/certstore/enabling"
	"certdesk/certstore/names"
	"certdesk/certstore/probe"
	"certdesk/ui/kit"
)

// The answer to "what is wrong?": is it the certificate, what does the caller hear, what is next. The desk and
// `certdesk why` say the same.

// Why says an answer at a moment; CanWrite says whether certdesk's own verbs can act on it.
type Why struct {
	answering.Answer
	Now      time.Time
	CanWrite bool
}

// Verdict is the answer in a sentence, with how bad it is.
func (y Why) Verdict() (Level, string) {
	switch y.Answer.Verdict {
	case answering.Certificate:
		return y.guilty()
	case answering.Fine:
		return y.innocent()
	case answering.Nobody:
		if y.At.Outcome == answering.Absent {
			return Bad, "No certificate is seen: " + hostOf(*y.At) + ": " + y.At.Text + "."
		}
		return Bad, "No certificate is seen: nobody answers at " + spot(*y.At) + ". It is the network or the service."
	}
	switch {
	case !y.Located():
		return Doubtful, "Not known yet: which server does the caller use?"
	case !y.Asked && len(y.Covers) > 0 && !y.Covers[0].Verdict.Status.Works():
		return Bad, "It may be the certificate: " + y.covers(0) + ". The network was not asked what is served."
	case !y.Asked && len(y.Covers) > 0:
		return Doubtful, "Not known: " + y.covers(0) + ". The network was not asked what is served."
	case !y.Asked:
		return Doubtful, "Not known: nothing here has that name, and the network was not asked."
	}
	return Doubtful, "Not known: " + cmp.Or(kit.Printable(y.Host), kit.Printable(y.Domain)) + " leads to no port."
}

func (y Why) guilty() (Level, string) {
	at, why := spot(*y.At), Stop(kit.Printable(y.Cause.Text))
	if meant := answerOf(*y.At).Meant; meant.ID != 0 && answerOf(*y.At).Entry.ID != meant.ID {
		why += " It should be " + Title(meant) + "."
	}
	switch {
	case y.Cause.Symptom == answering.NotMeant:
		return Bad, "Yes, it is the certificate: " + at + " " + why
	case y.Cause.Symptom == answering.NoTLS:
		return Bad, "Yes: " + at + " serves no certificate: " + why
	case !y.Cause.Grave:
		return Doubtful, "It may be the certificate at " + at + ": " + why
	}
	return Bad, "Yes, it is the certificate at " + at + ": " + why + y.others()
}

// others says that a place is not the only one.
func (y Why) others() string {
	var at []string
	for _, p := range y.Answer.Places {
		bad := slices.ContainsFunc(p.Faults(y.Now), func(f answering.Fault) bool { return f.Grave })
		if bad && !p.Passed && p.Host != y.At.Host && !slices.Contains(at, p.Host) {
			at = append(at, p.Host)
		}
	}
	switch len(at) {
	case 0:
		return ""
	case 1:
		return " There is a fault at " + kit.Printable(names.Shown(at[0])) + " too."
	}
	return " There are faults at " + Count(len(at), "other host") + " too."
}

func (y Why) innocent() (Level, string) {
	a := answerOf(*y.At)
	text := "No, it is not the certificate: " + spot(*y.At) + " serves the right one, " + validUntil(a, y.Now) + "."
	if a.Ours() && a.Entry.Verdict.Word == "expiring" {
		return Doubtful, text
	}
	if y.doubts() {
		return Doubtful, text
	}
	return Fine, text
}

// doubts says whether there is a fault that turns nobody away.
func (y Why) doubts() bool {
	return slices.ContainsFunc(y.Answer.Places, func(p answering.Place) bool {
		return !p.Passed && len(p.Faults(y.Now)) > 0
	})
}

// validUntil is the end of what is served.
func validUntil(a enabling.Answer, now time.Time) string {
	if a.Entry.NotAfter.IsZero() {
		return "valid until " + Day(a.Report.Leaf.NotAfter, now)
	}
	return "valid until " + Day(a.Entry.NotAfter, now) + " (" + LifeWords(a.Entry, now) + ")"
}

// answerOf is what a place served, the first where it has two certificates.
func answerOf(p answering.Place) (a enabling.Answer) {
	for _, a := range p.Answers {
		if a.Report.Served() {
			return a
		}
	}
	if len(p.Answers) > 0 {
		return p.Answers[0]
	}
	return a
}

func hostOf(p answering.Place) string { return kit.Printable(names.Shown(cmp.Or(p.Host, p.URL))) }

// spot is a place without the path behind it: "https://autodiscover.example.org".
func spot(p answering.Place) string {
	scheme, rest, found := strings.Cut(p.URL, "://")
	if !found {
		return kit.Printable(p.URL)
	}
	host, _, _ := strings.Cut(rest, "/")
	return kit.Printable(scheme + "://" + host)
}

// Means says what the words of the caller's client mean; "" where there are none.
func (y Why) Means() string {
	text := y.meaning()
	if y.Cause != nil && text != "" && y.Symptom != answering.Unnamed && y.Cause.Symptom != y.Symptom {
		text += " What is seen is another fault."
	}
	return text
}

func (y Why) meaning() string {
	who := "The program"
	if y.Client != "" {
		who = SentenceCase(string(y.Client))
	}
	switch y.Symptom {
	case answering.WrongName:
		text := who + " asked for a name that the certificate it got does not have."
		if y.Client == answering.Gmail {
			text += " It says the same of a certificate that no public CA signed."
		}
		return text
	case answering.Untrusted:
		return who + " does not know the CA, or the server does not send the CA's intermediate certificate along."
	case answering.OutOfDate:
		return who + " takes it for expired or not yet valid, by the clock of that device."
	case answering.Revoked:
		return who + " was told by the CA that the certificate is revoked."
	case answering.Unchecked:
		return who + " could not ask the CA whether it is revoked. That says nothing against the certificate."
	case answering.NoTLS:
		return who + " wanted encryption, and none was offered."
	case answering.Unnamed:
		return who + " minds the certificate and does not say why: name, dates, or who signed it."
	}
	return ""
}

// Tell is what to say to the caller.
func (y Why) Tell() string {
	switch y.Answer.Verdict {
	case answering.Certificate:
		return y.tellGuilty()
	case answering.Fine:
		return y.tellInnocent()
	case answering.Nobody:
		if y.At.Outcome == answering.Absent {
			return "Please read me the server's name once more, from the dialog or from the account's settings."
		}
		return "It is not your certificate: the server does not answer from here. Can you open any other page?"
	}
	if y.Located() {
		return "I have to look at that server first. Please leave the dialog open, and confirm nothing."
	}
	return "Please read me the server's name: it stands in the dialog, or in the settings of the account."
}

func (y Why) tellGuilty() string {
	switch y.Cause.Symptom {
	case answering.WrongName:
		if name := y.nameInstead(); name != "" {
			return "Please set the server's name in the account to " + name + ". Do not confirm an exception."
		}
		return "It is not your computer. Do not confirm it: the server shows a certificate of another name. We mend that."
	case answering.OutOfDate:
		return "It is not your computer: the server's certificate is out of date. Do not confirm it. We mend that."
	case answering.Untrusted:
		return "Do not confirm it yet: the server's certificate is not one that every device trusts. We look into it."
	case answering.Revoked:
		return "Stop there and do not go on: that certificate was revoked. We replace it."
	case answering.Unchecked:
		return "Nothing is known against it: your network could not reach the CA. Try later, or from another network."
	case answering.NoTLS:
		return "Do not send your password there: the connection would not be encrypted. We look into it."
	}
	return "It works for now, and a newer certificate is about to be used. You need not do anything."
}

// nameInstead is a name that a mail program can be given instead of the one it has: one of what is served.
func (y Why) nameInstead() string {
	a := answerOf(*y.At)
	typed := isOneOf(answering.ByHost, answering.ByReading, answering.BySending)
	domain := names.Registrable(y.At.Host)
	if !a.Report.Served() || !typed(y.At.Way) || domain == "" {
		return ""
	}
	for _, n := range a.Report.Leaf.DNSNames {
		if !strings.HasPrefix(n, "*") && names.Registrable(n) == domain {
			return kit.Printable(names.Shown(n))
		}
	}
	return ""
}

func (y Why) tellInnocent() string {
	leaf := answerOf(*y.At).Report.Leaf
	switch y.Symptom {
	case answering.WrongName:
		return "Please look up the server's name in the account's settings: it must be " +
			kit.Printable(names.Shown(y.At.Host)) + "."
	case answering.Untrusted:
		return "Who issued the certificate in your dialog? If it is not " +
			kit.Printable(names.Short(names.FromDER(leaf.RawIssuer))) + ", a virus scanner or a guest network stands between."
	case answering.OutOfDate:
		return "Please look at date, time and time zone of your device."
	case answering.Revoked, answering.Unchecked:
		return "The certificate is good. Your network keeps your program from asking its CA; try another one."
	case answering.NoTLS, answering.Unnamed:
		return "What is the name in the dialog, and the date of your device? The server shows the right certificate."
	}
	return "It is not the certificate. What does the program say, word for word?"
}

// Next is what to do next, in one sentence.
func (y Why) Next() string {
	step := y.step()
	switch {
	case y.CanWrite || y.Answer.Verdict != answering.Certificate:
		return step
	case answerOf(*y.At).Here():
		return "Pass it on to whoever may write to this store: " + step
	}
	return "Pass it on to whoever runs that server: " + step
}

func (y Why) step() string {
	switch y.Answer.Verdict {
	case answering.Certificate:
		return y.remedy()
	case answering.Fine:
		if a := answerOf(*y.At); a.Ours() && a.Entry.Verdict.Word == "expiring" {
			return "Nothing today; it is to be renewed before " + Day(a.Entry.NotAfter, y.Now) + "."
		}
		return "Nothing is to be done about the certificate: look at the caller's settings, network and password."
	case answering.Nobody:
		if y.At.Outcome == answering.Absent || len(y.At.Answers) == 0 {
			return "Check how the name is written, and whether it should be in DNS."
		}
		return cmp.Or(NextStep(answerOf(*y.At), y.Now, true), "Look whether the service runs there.")
	}
	if !y.Located() {
		return "Ask again with the name that stands in the dialog, or with the caller's mail address."
	}
	return "Ask the port itself: `certdesk test HOST:PORT`."
}

// remedy is what mends the certificate.
func (y Why) remedy() string {
	a := answerOf(*y.At)
	if y.Cause.Symptom != answering.Unchecked {
		if step := NextStep(a, y.Now, true); step != "" && y.Cause.Symptom != answering.WrongName {
			return step
		}
	}
	switch y.Cause.Symptom {
	case answering.WrongName:
		return y.renaming(a)
	case answering.Untrusted:
		if a.Report.Chain.Verdict == probe.Incomplete {
			return "That server must send the intermediate certificate of its CA along: install the whole chain there."
		}
		return "Put a certificate there whose CA the callers' devices know, or give the devices that CA's root."
	case answering.Unchecked:
		return "Nothing has to be changed there; look whether the caller's network lets him reach the CA's address."
	}
	return "A new certificate is needed there."
}

// renaming gets a place a certificate that has its name.
func (y Why) renaming(a enabling.Answer) string {
	name := kit.Printable(names.Shown(y.At.Host))
	fit := fitting(y.Covers, y.At.Host, y.Now)
	switch {
	case y.At.Barred != "":
		return "Name that host in the MTA-STS policy, with a new id in its record, or take it out of the MX records."
	case y.At.Way == answering.ByDomain && y.At.Outcome == answering.Other:
		return "A web site answers Outlook at " + name + ": give it a certificate that has that name."
	case fit != nil && a.Here():
		return Label(*fit) + " has that name, until " + Day(fit.NotAfter, y.Now) + ": enable it for that service."
	case fit != nil:
		return Label(*fit) + " has that name, until " + Day(fit.NotAfter, y.Now) +
			": export it for that server, and install it there."
	case y.nameInstead() != "":
		return "If callers must keep that name: ask for a certificate that has " + name + " too."
	}
	return "A certificate that has " + name + " is needed there."
}

// fitting is a certificate of ours for a host that could be served there; nil for none.
func fitting(list []certstore.Entry, host string, now time.Time) *certstore.Entry {
	for i, e := range list {
		has := slices.ContainsFunc(e.Names, func(n string) bool { return names.Covers(n, host) })
		if has && e.HasKey && e.Verdict.Status.Works() && e.NotAfter.After(now) {
			return &list[i]
		}
	}
	return nil
}
