package asking_test

import (
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/ui/asking"
	"certdesk/ui/uitest"
)

func TestAPortIsTypedInEveryForm(t *testing.T) {
	for _, c := range []struct {
		port, protocol, name string
		want, asks           string // what is asked; "" where the form says what to type
		problem              string
	}{
		{"mail.example.test:993", "", "", "imaps://mail.example.test:993", "", ""},
		{"mail.example.test:25", "", "", "smtp://mail.example.test:25", "", ""},
		{"mail.example.test:4190", "", "", "sieve://mail.example.test:4190", "", ""},
		{"mail.example.test:10025", "smtp", "", "smtp://mail.example.test:10025", "", ""},
		{"mail.example.test", "imap", "", "imap://mail.example.test:143", "", ""},
		{"smtp://mail.example.test:2525", "", "", "smtp://mail.example.test:2525", "", ""},
		{"127.0.0.1:443", "", "Web.Example.test", "https://127.0.0.1:443", "web.example.test", ""},
		{"", "", "", "", "", "type the host and its port"},
		{"mail.example.test", "", "", "", "", "it has no port"},
		{"mail.example.test:99999", "", "", "", "", "from 1 to 65535"},
		{"127.0.0.1:443", "", "*.example.test", "", "", "type a host name"},
	} {
		t.Run(c.port+c.protocol+c.name, func(t *testing.T) {
			r := uitest.Drive(t, uitest.Hub(), 80, 24)
			r.Keys("p")
			r.Typing(c.port)
			r.Keys("tab")
			if !strings.Contains(c.port, "://") {
				r.Typing(c.protocol)
				r.Keys("tab")
			}
			r.Typing(c.name)
			if c.problem != "" {
				r.Keys("ctrl+n")
				r.Sees(c.problem)
				return
			}
			got, problem := asking.QuestionOf(r.App.Top())
			if problem != "" || got.Target.String() != c.want || got.Name != c.asks {
				t.Errorf("%s for %q, %s; want %s for %q", got.Target, got.Name, problem, c.want, c.asks)
			}
		})
	}
}

// The ports of its services come first, then its names at the usual ports of what it is for.
func TestTheOffersOfARow(t *testing.T) {
	v := uitest.Mixed()
	e := uitest.Article()[2]
	e.Names = []string{"*.belgianbeers.rock", "webmail.belgianbeers.rock", "intern"}
	e.Wanted, e.Services = certstore.IMAP, certstore.SMTP
	got := asking.OfferedURLs(v, e)
	want := []string{"smtp://127.0.0.1:25", "smtps://127.0.0.1:465", "smtp://127.0.0.1:587",
		"smtp://webmail.belgianbeers.rock:25",
		"smtps://webmail.belgianbeers.rock:465", "imaps://webmail.belgianbeers.rock:993"}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if all := asking.OfferedURLs(v, certstore.Entry{}); len(all) != len(v.Ports) {
		t.Errorf("without a row: %v", all)
	}
	if none := asking.OfferedURLs(nil, certstore.Entry{}); none != nil {
		t.Errorf("before anybody was asked: %v", none)
	}
}
