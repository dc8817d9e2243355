package asking_test

import (
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/ui/asking"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// answer is what a port of Postfix answered that should serve the article's webmail 2025.
func answer(result probe.Result, served certstore.Entry) enabling.Answer {
	leaf := uitest.LeafOf(served.Names[0], served.DaysLeft)
	meant := uitest.Article()[2]
	a := enabling.Answer{Port: uitest.Port("smtp://127.0.0.1:25", result, served.ID, leaf), Entry: served, Meant: meant}
	a.Expected, a.Bound, a.OnDisk, a.Files.Cert = meant.SHA256, meant.ID, meant.SHA256,
		"/etc/ssl/certdesk/postfix-smtp/v2/fullchain.pem"
	a.Report.Target, _ = probe.ParseTarget(a.Listen)
	a.Report.Sent, a.Report.SHA256, a.Report.Address = []*x509.Certificate{leaf}, served.SHA256, "127.0.0.1:25"
	a.Report.Protocol, a.Report.Chain.Verdict, a.Report.Chain.Root = "TLS 1.3", probe.Complete, "CN=ProExchange Root"
	return a
}

// elsewhere is the answer of another host's port.
func elsewhere(result probe.Result, served certstore.Entry) enabling.Answer {
	a := answer(result, served)
	a.Listen, a.Name = "imaps://mail.example.test:993", "mail.example.test"
	a.Report.Target, _ = probe.ParseTarget(a.Listen)
	a.Report.Name = a.Name
	a.Service, a.Bound, a.Expected, a.Meant = services.Instance{}, 0, "", certstore.Entry{}
	return a
}

func stranger() certstore.Entry {
	e := uitest.Article()[3]
	e.ID, e.SHA256 = 0, "f00d"
	return e
}

func unserved(result probe.Result, text string) enabling.Answer {
	a := elsewhere(result, stranger())
	a.Entry, a.Report.Leaf, a.Report.Sent, a.Report.Text = certstore.Entry{}, nil, nil, text
	return a
}

// told opens the answer of a port.
func told(r *uitest.Driver, answers ...enabling.Answer) {
	r.Keys("p")
	r.Send(asking.AnsweredMsg{Answers: answers})
}

var scenes = []uitest.Scene{
	{Name: "ask-port", Open: func(r *uitest.Driver) { r.Keys("p") }},
	{Name: "ask-port-refused", Open: func(r *uitest.Driver) {
		r.Keys("p")
		r.Typing("mail.example.test")
		r.Keys("enter")
	}},
	{Name: "answer-right", Open: func(r *uitest.Driver) { told(r, answer(probe.Matches, uitest.Article()[2])) }},
	{Name: "answer-old", Open: func(r *uitest.Driver) { told(r, answer(probe.Old, uitest.Article()[4])) }},
	{Name: "answer-strange", Open: func(r *uitest.Driver) { told(r, elsewhere(probe.Answers, stranger())) }},
	{Name: "answer-none", Open: func(r *uitest.Driver) {
		told(r, unserved(probe.NoAnswer, "the name mail.example.test has no address here: no such host"))
	}},
}

func TestAskingScenes(t *testing.T) { uitest.Check(t, scenes) }

func TestAskingInEveryLook(t *testing.T) {
	for _, scene := range scenes {
		r := uitest.ArticleDesk(t, 80, 24)
		scene.Open(r)
		r.InEveryLook(scene.Name == "ask-port")
	}
}

func TestAnAnswerSaysWhoseItIsAndWhatIsNext(t *testing.T) {
	fit := uitest.Article()[2]
	better := elsewhere(probe.Answers, stranger())
	better.Fit, better.Report.DateFault, better.Fit.NotAfter = fit, "it expired", fit.NotAfter.AddDate(5, 0, 0)
	for name, c := range map[string]struct {
		a    enabling.Answer
		says []string
	}{
		"right": {answer(probe.Matches, fit), []string{"It is ours: webmail 2025", "It is what should be there"}},
		"old": {answer(probe.Old, uitest.Article()[4]),
			[]string{"It is ours: webmail 2023", "It should be webmail 2025", "  It has not read the one in", "Next: e in the table reloads it", "e enable"}},
		"strange": {elsewhere(probe.Answers, stranger()), []string{"It is not ours", "No service that certdesk knows"}},
		"better":  {better, []string{"It is not ours", "Next: webmail 2025", "export it for that"}},
		"refused": {unserved(probe.Refused, "connection refused: nothing listens there"),
			[]string{"served no certificate", "Next: Is the service running on that host"}},
		"plain": {unserved(probe.Plaintext, "it does not offer STARTTLS"), []string{"choose the protocol with STARTTLS"}},
		"late": {unserved(probe.NoAnswer, "no answer within 10 s, waiting for a greeting"),
			[]string{"A firewall on the way"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := uitest.ArticleDesk(t, 100, 40)
			told(r, c.a)
			r.Sees(c.says...)
		})
	}
}

// What a server says reaches the terminal printable alone.
func TestWhatAServerSaysIsHarmless(t *testing.T) {
	e := stranger()
	e.Names, e.Subject, e.Issuer = []string{uitest.Hostile}, uitest.Hostile, uitest.Hostile
	a := elsewhere(probe.Unknown, e)
	a.Report.Leaf.DNSNames = []string{uitest.Hostile}
	a.Report.Text, a.Report.Said, a.Report.NameFault = uitest.Hostile, uitest.Hostile, uitest.Hostile
	a.Report.Notes = []string{uitest.Hostile}
	r := uitest.ArticleDesk(t, 100, 60)
	told(r, a)
	r.Sees("It is not ours")
	r.Harmless()
	r.ExactEverywhere(false)
}

func TestAQuestionIsKeptAndCancelled(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("p")
	r.Typing("mail.example.test:993")
	r.Sees("that of the port: IMAP, TLS from the first byte")
	r.Send(asking.AnsweredMsg{Err: fail.New(fail.Canceled, "", "cancelled")})
	r.Sees("Which port is to be asked?", "cancelled")
	r.Send(asking.AnsweredMsg{Err: errors.New("the journal cannot be read")})
	r.Sees("the journal cannot be read", "mail.example.test:993")
	r.Send(asking.AnsweredMsg{Answers: []enabling.Answer{elsewhere(probe.Answers, stranger())}})
	r.Keys("p")
	r.Sees("mail.example.test:993", "Which port is to be asked?")
	r.Keys("esc")
	if r.Depth() != 1 {
		t.Error("esc does not leave the form")
	}
}

// A desk that only reads gives no order that it would refuse, and says once when something ended.
func TestAReadOnlyAnswerOrdersNothing(t *testing.T) {
	a := answer(probe.Old, uitest.Article()[4])
	a.Report.DateFault = "it expired on 14 Oct 2026"
	if next := words.NextStep(a, uitest.Noon, false); next != words.OthersAct {
		t.Error(next)
	}
	if next := words.NextStep(a, uitest.Noon, true); !strings.HasPrefix(next, "`certdesk enable") {
		t.Error(next)
	}
	if list := words.Minded(a, uitest.Noon); slices.Contains(list, "It expired on 14 Oct 2026.") {
		t.Errorf("it is said twice: %q", list)
	}
}
