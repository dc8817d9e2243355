package words

import (
	"strings"

	"certdesk/certstore/answering"
	"certdesk/certstore/names"
	"certdesk/ui/kit"
)

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
