package words

import (
	"cmp"
	"slices"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/answering"
	"certdesk/certstore/enabling"
	"certdesk/certstore/names"
	"certdesk/certstore/probe"
	"certdesk/ui/kit"
)

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
