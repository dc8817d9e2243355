package asking_test

import (
	"context"
	"errors"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/answering"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/probe"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// walk is Outlook's for a mail address, on which the web site of the domain is in the way.
func walk() answering.Answer {
	wrong := elsewhere(probe.Answers, stranger())
	wrong.Report.Name, wrong.Report.NameFault = "belgianbeers.rock", "it is for www.hosting.example, not for belgianbeers.rock"
	right := elsewhere(probe.Answers, uitest.Article()[2])
	served := func(way answering.Way, url, host string, outcome answering.Outcome, text string, a enabling.Answer) answering.Place {
		return answering.Place{Way: way, URL: url, Host: host, Outcome: outcome, Text: text, Answers: []enabling.Answer{a}}
	}
	const path = "/autodiscover/autodiscover.xml"
	a := answering.Answer{Asked: true, Covers: []certstore.Entry{uitest.Article()[2]}, Verdict: answering.Certificate,
		Question: answering.Question{Text: "anna@belgianbeers.rock", Domain: "belgianbeers.rock", Address: true},
		Places: []answering.Place{
			served(answering.ByDomain, "https://belgianbeers.rock"+path, "belgianbeers.rock", answering.Other, "it answers 200 with a web page", wrong),
			served(answering.ByAutodiscover, "https://autodiscover.belgianbeers.rock"+path, "autodiscover.belgianbeers.rock", answering.Found,
				"it asks for a password", right),
			{Way: answering.ByRedirect, URL: "http://autodiscover.belgianbeers.rock" + path, Outcome: answering.NoOne, Text: "nobody answers", Passed: true},
			{Way: answering.BySRV, URL: "_autodiscover._tcp.belgianbeers.rock", Outcome: answering.Absent, Text: "there is no such record", Passed: true},
			served(answering.ByWeb, "https://webmail.belgianbeers.rock/owa/", "webmail.belgianbeers.rock", answering.Found, "", right),
			served(answering.ByReading, "imaps://webmail.belgianbeers.rock:993", "webmail.belgianbeers.rock", answering.Seen, "", right),
			served(answering.ByMX, "smtp://mx.belgianbeers.rock:25", "mx.belgianbeers.rock", answering.Seen, "", right),
		}}
	a.At, a.Cause = &a.Places[0], &answering.Fault{Symptom: answering.WrongName, Text: wrong.Report.NameFault, Grave: true}
	return a
}

// asked puts a question to a desk whose network answers so.
func asked(r *uitest.Driver, text string, a answering.Answer, err error) {
	r.Desk.Answers = func(context.Context, answering.World, answering.Question) (answering.Answer, error) { return a, err }
	r.Keys("w")
	r.Typing(text)
	r.Keys("enter")
}

var whyScenes = []uitest.Scene{
	{Name: "why", Open: func(r *uitest.Driver) { r.Keys("w") }},
	{Name: "why-refused", Open: func(r *uitest.Driver) {
		r.Keys("w")
		r.Typing("it is slow")
		r.Keys("enter")
	}},
	{Name: "why-known", Open: func(r *uitest.Driver) {
		uitest.SurveyedDesk(r)
		r.Keys("w")
		r.Typing("webmail.belgianbeers.rock")
		r.Keys("enter")
	}},
	{Name: "why-words", Open: func(r *uitest.Driver) {
		r.Keys("w")
		r.Typing("SEC_ERROR_UNKNOWN_ISSUER")
		r.Keys("enter")
	}},
	{Name: "why-yes", Open: func(r *uitest.Driver) { asked(r, "anna@belgianbeers.rock", walk(), nil) }},
}

func TestWhyScenes(t *testing.T) { uitest.Check(t, whyScenes) }

func TestWhyInEveryLook(t *testing.T) {
	for _, scene := range whyScenes {
		r := uitest.ArticleDesk(t, 80, 24)
		scene.Open(r)
		r.InEveryLook(scene.Name == "why")
	}
}

func TestAnEmptyQuestionIsAboutTheSelectedRow(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 30)
	r.OnName("webmail 2025")
	r.Keys("w", "enter")
	r.Sees("Question  webmail 2025", "Not known: webmail 2025 (", "until 11 Feb 2027", "The network")
	r.Keys("enter")
	r.Sees("webmail.belgianbeers.rock")
	r.Keys("esc", "w")
	r.Sees("What does the caller say?", "Find out")
	r.Keys("esc")
	if r.Depth() != 1 {
		t.Error("esc does not leave it")
	}
}

func TestAQuestionThatEndsBadlyIsKept(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 30)
	asked(r, "mail.example.test", answering.Answer{}, errors.New("the journal cannot be read"))
	r.Sees("the journal cannot be read", "mail.example.test")
	r.Keys("esc")
	asked(r, "mail.example.test", answering.Answer{}, fail.New(fail.Canceled, "", "cancelled"))
	r.Sees("Question  mail.example.test", "cancelled: what stands here was known before")
}

// What servers and callers say reaches the terminal printable alone.
func TestWhatACallerSaysIsHarmless(t *testing.T) {
	a := walk()
	a.Text, a.Cause.Text, a.At.Text, a.At.URL, a.At.Host = uitest.Hostile, uitest.Hostile, uitest.Hostile, uitest.Hostile, uitest.Hostile
	e := stranger()
	e.Names, e.Subject, e.FriendlyName = []string{uitest.Hostile}, uitest.Hostile, uitest.Hostile
	a.Covers, a.At.Answers[0].Entry = []certstore.Entry{e}, e
	a.At.Answers[0].Report.NameFault = uitest.Hostile
	r := uitest.ArticleDesk(t, 100, 60)
	asked(r, "mail.example.test", a, nil)
	r.Sees("Yes, it is the certificate")
	r.Harmless()
	r.ExactEverywhere(false)
}

// Each verdict has a sentence to tell the caller and a next step, whatever the words were and whoever may write.
func TestEveryAnswerTellsAndGoesOn(t *testing.T) {
	symptoms := []answering.Symptom{"", answering.WrongName, answering.Untrusted, answering.OutOfDate, answering.Revoked,
		answering.Unchecked, answering.NoTLS, answering.NotMeant, answering.Unnamed}
	for _, verdict := range []answering.Verdict{answering.Certificate, answering.Fine, answering.Nobody, answering.Unknown} {
		for _, s := range symptoms {
			for _, writes := range []bool{true, false} {
				a := walk()
				a.Verdict, a.Symptom = verdict, s
				if s != "" {
					a.Cause.Symptom = s
				}
				y := words.Why{Answer: a, Now: uitest.Noon, CanWrite: writes}
				if _, text := y.Verdict(); text == "" || y.Tell() == "" || y.Next() == "" {
					t.Errorf("%s, %s: %q, %q, %q", verdict, s, text, y.Tell(), y.Next())
				}
			}
		}
	}
}
