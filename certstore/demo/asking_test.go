package demo

import (
	"crypto/tls"
	"strings"
	"testing"

	"certdesk/certstore/enabling"
	"certdesk/certstore/port"
	"certdesk/certstore/probe"
)

// answer asks one port.
func answer(t *testing.T, d Desk, url, name string) enabling.Answer {
	t.Helper()
	target, err := probe.ParseTarget(url)
	if err != nil {
		t.Fatal(err)
	}
	told, err := d.Store.AskAny(t.Context(), []probe.Request{{Target: target, Name: name}})
	if err != nil || len(told) != 1 || len(told[0]) != 1 {
		t.Fatal(told, err)
	}
	return told[0][0]
}

// Any port is asked: of the demo's own it is known what should be there, and every certificate is told to be ours or
// not.
func TestAnyPortIsAskedAndItsCertificateKnown(t *testing.T) {
	d := open(t)
	_, v := survey(t, d)
	for _, c := range []struct {
		scheme, served, meant string
		right                 bool
	}{{"smtp", "secure_smtp", "secure_smtp", true}, {"pop3s", "webmail 2025", "webmail 2026", false}} {
		a := answer(t, d, listens(v, c.scheme), "")
		if !a.Here() || a.Right() != c.right || a.Entry.FriendlyName != c.served || a.Meant.FriendlyName != c.meant {
			t.Errorf("%s: here %v, right %v, serves %s, should be %s", c.scheme, a.Here(), a.Right(), a.Entry.FriendlyName,
				a.Meant.FriendlyName)
		}
	}
}

// A port that is no service's here serves one of ours, one that nobody knows, and nothing.
func TestAPortOfNobodyHere(t *testing.T) {
	d := open(t)
	imap := named(t, d, "webmail 2026")
	strange, err := listen("UM", []port.Scheme{port.IMAPS})
	if err != nil {
		t.Fatal(err)
	}
	url := "imaps://" + strange.ports[0].Addr().String()
	if a := answer(t, d, url, "imap.belgianbeers.rock"); a.Here() || a.Ours() || a.Report.Served() || a.Fit.ID != imap.ID {
		t.Errorf("nothing is served: %+v", a)
	}
	pair, err := tls.LoadX509KeyPair(files(t, d, "imap"))
	if err != nil {
		t.Fatal(err)
	}
	strange.pair.Store(&pair)
	if a := answer(t, d, url, "imap.belgianbeers.rock"); a.Here() || a.Entry.ID != imap.ID ||
		a.Report.Result != probe.Answers {
		t.Errorf("ours, elsewhere: here %v, entry %d, %s", a.Here(), a.Entry.ID, a.Report.Result)
	}
	strange.close()
	if a := answer(t, d, url, ""); a.Report.Result != probe.Refused || a.Ours() {
		t.Errorf("closed: %s", a.Report.Result)
	}
}

func listens(v enabling.Survey, scheme string) string {
	for _, p := range v.Ports {
		if strings.HasPrefix(p.Listen, scheme+"://") {
			return p.Listen
		}
	}
	return ""
}

// files are those that a service of the demo is configured with.
func files(t *testing.T, d Desk, scheme string) (cert, key string) {
	t.Helper()
	_, v := survey(t, d)
	for _, p := range v.Ports {
		if strings.HasPrefix(p.Listen, scheme+"://") {
			return p.Files.Cert, p.Files.Key
		}
	}
	return "", ""
}
