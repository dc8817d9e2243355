package wizard

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/certstore/trust"
)

func TestFindingsSayWhatToTypeAndWhere(t *testing.T) {
	env := article
	env.FriendlyNames = []string{"Webmail 2025"}
	many := ""
	for i := range 101 {
		many += fmt.Sprintf("h%d.example.org ", i)
	}
	request := Answers{Typed: "mail.example.org", Country: "BE", Path: "a.req"}
	with := func(change func(*Answers)) Answers {
		a := request
		change(&a)
		return a
	}
	for _, c := range []struct {
		name string
		a    Answers
		want string // field, severity, part of the text; "" for no finding
	}{
		{"a request without fault", request, ""},
		{"friendly name in use", with(func(a *Answers) { a.FriendlyName = "webmail 2025" }), "FriendlyName warning already"},
		{"a renewal keeps its name", with(func(a *Answers) { a.FriendlyName, a.RenewalOf = "Webmail 2025", 3 }), ""},
		{"internal names at a public CA", with(func(a *Answers) { a.Typed = "mail.example.org ex1 ex1.corp.local" }), "Typed warning a public CA refuses ex1, ex1.corp.local"},
		{"internal names, self-signed", with(func(a *Answers) { a.Typed, a.SelfSigned = "mail.example.org ex1", true }), ""},
		{"a lone wildcard", with(func(a *Answers) { a.Typed = "*.example.org" }), "Typed warning add example.org"},
		{"a wildcard with its domain", with(func(a *Answers) { a.Typed = "*.example.org example.org" }), ""},
		{"a wildcard below another", with(func(a *Answers) { a.Typed = "*.a.example.org *.example.org example.org" }), ""},
		{"many names", with(func(a *Answers) { a.Typed = many }), "Typed warning 101 names"},
		{"no country", with(func(a *Answers) { a.Country = "" }), "Country warning refuse to renew"},
		{"no country in a whole subject", with(func(a *Answers) { a.SubjectDN = "CN=mail.example.org" }), "Country warning refuse to renew"},
		{"weak key", with(func(a *Answers) { a.Bits = 1024 }), "Bits warning 2048"},
		{"a weak key that is kept is not chosen here", with(func(a *Answers) { a.Bits, a.RenewalOf, a.ReuseKey = 1024, 3, true }), "ReuseKey info kept"},
		{"odd extension", with(func(a *Answers) { a.Path = "a.txt" }), "Path warning .req"},
		{"text called .der", with(func(a *Answers) { a.Path = "a.DER" }), "Path warning binary"},
		{"binary called .pem", with(func(a *Answers) { a.Path, a.Binary = "a.pem", true }), "Path warning .der"},
		{"no file", with(func(a *Answers) { a.Path = "" }), ""},
		{"long common name", with(func(a *Answers) { a.Typed = strings.Repeat("a", 61) + ".org" }), "CommonName error shorter"},
		{"a long name that is not the common name", with(func(a *Answers) { a.Typed = "mail.org " + strings.Repeat("a", 61) + ".org" }), ""},
		{"common name mistyped", with(func(a *Answers) { a.CommonName = "a_b" }), "CommonName error hyphen"},
		{"escape in a path", with(func(a *Answers) { a.Path = "a\x1b.req" }), `Path error a\u{1b}.req`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := All(c.a, env)
			if c.want == "" {
				if len(got) > 0 {
					t.Errorf("%+v", got)
				}
				return
			}
			want := strings.SplitN(c.want, " ", 3)
			if len(got) != 1 || got[0].Field != want[0] || got[0].Severity != trust.Severity(want[1]) || !strings.Contains(got[0].Text, want[2]) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestEachMistypedNameIsSaidOnce(t *testing.T) {
	got := Findings(Answers{Typed: "a_b c_d a_b", SelfSigned: true}, article, StepNames)
	if len(got) != 2 || !strings.Contains(got[1].Text, `"c_d"`) {
		t.Errorf("%+v", got)
	}
}

func TestIncludesThatAddNothingAreSaid(t *testing.T) {
	a := Answers{Typed: "a.org", IncludeAcceptedDomains: true, IncludeServerFQDN: true, IncludeServerNetBIOSName: true}
	got := Findings(a, Env{}, StepNames)
	if len(got) != 3 {
		t.Errorf("%+v", got)
	}
}

func TestErrorsComeFirstOnAPage(t *testing.T) {
	got := Findings(Answers{Typed: "ex1 a_b"}, article, StepNames)
	if len(got) != 2 || got[0].Severity != trust.Error || got[1].Severity != trust.Warning {
		t.Errorf("%+v", got)
	}
}

func TestThePagesOfTheForm(t *testing.T) {
	titles := func(a Answers) (out string) {
		for _, s := range Steps(a) {
			out += s.Title() + ", "
		}
		return out
	}
	if got := titles(Answers{}); got != "Purpose, Names, Subject, Key, Services, File, Review, Making it, " {
		t.Error(got)
	}
	if got := titles(Answers{SelfSigned: true}); got != "Purpose, Names, Subject, Key, Services, Review, Making it, " {
		t.Error(got)
	}
}

// A switch that gives no name says so, and which name could be typed; a domain that is not public is not guessed.
func TestAutodiscoverThatAddsNothingSaysSo(t *testing.T) {
	for _, c := range []struct{ name, typed, want string }{
		{"nothing typed", "", "type a name such as"},
		{"a short name", "ex1", "type a name such as"},
		{"an internal domain is offered", "ex1.corp.local web.corp.local", "add autodiscover.corp.local if"},
		{"a public domain gets it", "mail.example.org", ""},
		{"it is typed", "mail.corp.local autodiscover.corp.local", ""},
	} {
		var said string
		for _, f := range Findings(Answers{Typed: c.typed, IncludeAutodiscover: true}, Env{ServerFQDN: "a.b.example.org"}, StepNames) {
			if f.Field == "IncludeAutodiscover" {
				said = f.Text
			}
		}
		if c.want == "" && said != "" || !strings.Contains(said, c.want) {
			t.Errorf("%s: %q, want %q", c.name, said, c.want)
		}
	}
}

// Where nobody gave a name the one that is taken is named; a CA certifies no short one.
func TestTheNameTakenForARequestIsSaidAndNeverAShortOne(t *testing.T) {
	said := func(a Answers, env Env) string {
		for _, f := range Findings(a, env, StepNames) {
			if f.Code == "server-name-taken" || f.Severity == trust.Error {
				return f.Text
			}
		}
		return ""
	}
	if got := said(Answers{}, article); !strings.Contains(got, "the common name is ex2007ee.proexchange.global, this server's FQDN") {
		t.Error(got)
	}
	if got := said(Answers{SelfSigned: true}, article); !strings.Contains(got, "the common name is ex2007ee, this server's NetBIOS name") {
		t.Error(got)
	}
	if got := said(Answers{IncludeAcceptedDomains: true}, Env{ServerFQDN: "ex1", NetBIOSName: "ex1", AcceptedDomains: article.AcceptedDomains}); !strings.Contains(got, "full name is not known") {
		t.Error(got)
	}
	if got := said(Answers{Typed: "ex1"}, article); got != "" {
		t.Error(got)
	}
}
