package words

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/answering"
	"certdesk/certstore/enabling"
	"certdesk/certstore/names"
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
