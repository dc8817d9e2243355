package answering_test

import (
	"strings"
	"testing"

	"certdesk/certstore/answering"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

var here = answering.World{Domains: []string{"corp.test"}, Entries: []ledger.Entry{
	{ID: 7, Kind: ledger.Certificate, FriendlyName: "webmail 2025", Thumbprint: strings.Repeat("AB12", 10), HasKey: true,
		Names: []string{"*.shop.corp", "webmail.shop.corp"}, Verdict: trust.Verdict{Status: trust.Valid}}}}

func TestQuestionsAreUnderstood(t *testing.T) {
	for text, want := range map[string]answering.Question{
		"mail.example.org":                     {Host: "mail.example.org"},
		" Mail.Example.ORG. ":                  {Host: "mail.example.org"},
		"bücher.example.org":                   {Host: "xn--bcher-kva.example.org"},
		"mail.example.org:993":                 {Host: "mail.example.org"},
		"https://webmail.example.org/owa/?x=1": {Host: "webmail.example.org"},
		"192.0.2.7":                            {Host: "192.0.2.7"},
		"exch01":                               {Host: "exch01"},
		"anna@example.org":                     {Domain: "example.org"},
		"Anna <anna@corp.test>,":               {Domain: "corp.test"},
		"example.org":                          {Host: "example.org", Domain: "example.org"},
		"corp.test":                            {Host: "corp.test", Domain: "corp.test"},
		"WEBMAIL 2025":                         {Host: "webmail.shop.corp", Entry: 7},
		"ab12ab12":                             {Host: "webmail.shop.corp", Entry: 7},
		"x.shop.corp says it is expired":       {Host: "x.shop.corp", Symptom: answering.OutOfDate},
		"anna@example.org: The name on the security certificate is invalid or does not\n match the name of the site": {
			Domain: "example.org", Symptom: answering.WrongName, Client: answering.Outlook},
		"mail.example.org:993 uses an invalid security certificate. Error code: SEC_ERROR_UNKNOWN_ISSUER": {
			Host: "mail.example.org", Symptom: answering.Untrusted, Client: answering.Thunderbird},
		"TLS Negotiation failed, the certificate doesn\u2019t match the host., code: 0": {
			Symptom: answering.WrongName, Client: answering.Gmail},
		"Cannot Verify Server Identity. The identity of \u201cmail.example.org\u201d cannot be verified by Mail.": {
			Host: "mail.example.org", Symptom: answering.Unnamed, Client: answering.Phone},
		"Revocation information for the security certificate for this site is not available. Do you want to proceed?": {
			Symptom: answering.Unchecked, Client: answering.Outlook},
		"the certificate of revoked.example.org": {Host: "revoked.example.org", Symptom: answering.Unnamed},
		"iphone mail.example.org":                {Host: "mail.example.org", Client: answering.Phone},
	} {
		q, err := answering.Read(text, here)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if q.Host != want.Host || q.Domain != want.Domain || q.Symptom != want.Symptom || q.Client != want.Client || q.Entry != want.Entry {
			t.Errorf("%q: %+v", text, q)
		}
	}
	for _, text := range []string{"", "it does not work", "e.g. autodiscover.xml", strings.Repeat("x ", 3000), "@", "a@", "https://"} {
		if q, err := answering.Read(text, here); err == nil {
			t.Errorf("%q is %+v", text, q)
		}
	}
}

// Each of the words is understood as what it stands for, whatever stands around it.
func TestWordsOfClientsAreUnderstood(t *testing.T) {
	for _, w := range answering.Known {
		q, err := answering.Read("He says: "+strings.ToUpper(w.Words)+" (mail.example.org)", here)
		if err != nil || q.Symptom != w.Symptom || q.Client != w.Client || q.Host != "mail.example.org" {
			t.Errorf("%q: %+v %v", w.Words, q, err)
		}
	}
	for _, s := range []answering.Symptom{answering.WrongName, answering.Untrusted, answering.OutOfDate, answering.Revoked, answering.Unchecked} {
		if len(answering.Says(s)) < 2 {
			t.Errorf("nobody says that it is %s", s)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("anna@example.org SEC_ERROR")
	f.Add("https://[::1]:443/ x:1 @")
	f.Fuzz(func(t *testing.T, text string) {
		if q, err := answering.Read(text, here); err == nil && strings.ContainsAny(q.Host+q.Domain, " \n\x1b") {
			t.Errorf("%q: %+v", text, q)
		}
	})
}
