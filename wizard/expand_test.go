package wizard

import (
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/domains"
	"certdesk/certstore/names"
)

// article is the organisation of the article that started certdesk.
var article = Env{
	ServerFQDN: "Ex2007EE.ProExchange.Global", NetBIOSName: "Ex2007EE",
	AcceptedDomains: []domains.Domain{{Name: "proexchange.global"}, {Name: "belgianbeers.rock"}},
}

// describe writes a tick-list for comparing: name (reasons), in brackets where it is off, * for the common name.
func describe(list []Candidate) string {
	var lines []string
	for _, c := range list {
		line := c.Name.Value + " (" + strings.Join(c.Reasons, ", ") + ")"
		if c.CommonName {
			line = "*" + line
		}
		if !c.On {
			line = "[" + line + "]"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestExpandGivesEachNameOnceWithItsReasons(t *testing.T) {
	for _, c := range []struct {
		name string
		a    Answers
		want string
	}{
		{"nothing said in a request: the server's FQDN and name", Answers{}, `
*ex2007ee.proexchange.global (this server's FQDN)
ex2007ee (this server's NetBIOS name)`},
		{"nothing said, self-signed: the server's name and FQDN, as Exchange", Answers{SelfSigned: true}, `
*ex2007ee (this server's NetBIOS name)
ex2007ee.proexchange.global (this server's FQDN)`},
		{"one of them picked as common name keeps the other", Answers{CommonName: "ex2007ee.proexchange.global"}, `
*ex2007ee.proexchange.global (this server's FQDN)
ex2007ee (this server's NetBIOS name)`},
		{"typed: the first is the common name", Answers{Typed: "B.example.org, a.example.org\nb.example.org"}, `
*b.example.org (typed)
a.example.org (typed)`},
		{"the common name chosen comes first", Answers{Typed: "b.example.org a.example.org", CommonName: "a.example.org"}, `
*a.example.org (typed)
b.example.org (typed)`},
		{"the subject's common name comes first", Answers{SubjectDN: "CN=Mail.example.org", Typed: "a.example.org mail.example.org"}, `
*mail.example.org (common name, typed)
a.example.org (typed)`},
		{"a subject alone adds no server name", Answers{SubjectDN: "C=BE,CN=mail.example.org"}, `
*mail.example.org (common name)`},
		{"accepted domains, the server's name leading them", Answers{IncludeAcceptedDomains: true}, `
*ex2007ee.proexchange.global (this server's FQDN)
proexchange.global (accepted domain)
belgianbeers.rock (accepted domain)`},
		{"an accepted domain picked as common name", Answers{IncludeAcceptedDomains: true, CommonName: "belgianbeers.rock"}, `
*belgianbeers.rock (accepted domain)
proexchange.global (accepted domain)`},
		{"typed and accepted", Answers{Typed: "belgianbeers.rock", IncludeAcceptedDomains: true}, `
*belgianbeers.rock (typed, accepted domain)
proexchange.global (accepted domain)`},
		{"server's names asked for", Answers{Typed: "ex2007ee", IncludeServerFQDN: true, IncludeServerNetBIOSName: true}, `
*ex2007ee (typed, this server's NetBIOS name)
ex2007ee.proexchange.global (this server's FQDN)`},
		{"switched off, but never the common name", Answers{Typed: "a.example.org b.example.org c.example.org", Off: []string{"A.example.org", "B.EXAMPLE.org.", "rubbish_"}}, `
*a.example.org (typed)
[b.example.org (typed)]
c.example.org (typed)`},
		{"the worksheet's names follow the typed ones, each with its cells", Answers{Typed: "c.example.org", Worksheet: sheet("web site from the internet", "A.example.org b.example.org", "IMAP inside", "a.example.org")}, `
*c.example.org (typed)
a.example.org (web site from the internet, IMAP inside)
b.example.org (web site from the internet)`},
		{"the worksheet alone: its first name is the common name, the server's names are not needed", Answers{Worksheet: sheet("voice inside", "v.example.org")}, `
*v.example.org (voice inside)`},
		{"a mistyped cell alone gives nothing", Answers{Worksheet: sheet("POP inside", "a_b")}, "\n"},
		{"a person's order, the common name first all the same", Answers{Typed: "a.org b.org c.org", IncludeServerNetBIOSName: true, Order: []string{"Ex2007EE", "b.org", "c.org", "a.org"}, CommonName: "c.org"}, `
*c.org (typed)
ex2007ee (this server's NetBIOS name)
b.org (typed)
a.org (typed)`},
		{"the given name that stands first in the order is the common name", Answers{Typed: "a.org b.org c.org", Order: []string{"c.org", "gone.org", "b.org"}}, `
*c.org (typed)
b.org (typed)
a.org (typed)`},
		{"the subject's common name, whatever the order", Answers{SubjectDN: "CN=a.org", Typed: "b.org c.org", Order: []string{"c.org", "a.org", "b.org"}}, `
*a.org (common name)
c.org (typed)
b.org (typed)`},
		{"mistyped alone gives nothing", Answers{Typed: "a_b"}, "\n"},
		{"mistyped among others is left out", Answers{Typed: "a_b mail.example.org"}, `
*mail.example.org (typed)`},
		{"a common name from nowhere stays", Answers{Typed: "a.example.org", CommonName: "b.example.org"}, `
*b.example.org (common name)
a.example.org (typed)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := "\n" + describe(Expand(c.a, article)); got != c.want {
				t.Errorf("got%s\nwant%s", got, c.want)
			}
		})
	}
}

func TestAutodiscoverFollowsTheRule(t *testing.T) {
	const accepted = "autodiscover.proexchange.global autodiscover.belgianbeers.rock"
	for _, c := range []struct{ name, typed, want string }{
		{"every accepted domain", "webmail.proexchange.global", accepted},
		{"a public name below none", "webmail.sunshine.edu", accepted + " autodiscover.sunshine.edu"},
		{"registrable, by the public suffix list", "a.b.example.co.uk", accepted + " autodiscover.example.co.uk"},
		{"once for two names of one domain", "a.sunshine.edu b.sunshine.edu", accepted + " autodiscover.sunshine.edu"},
		{"a wildcard", "*.sunshine.edu", accepted + " autodiscover.sunshine.edu"},
		{"never for single labels, addresses, mail addresses, internal names", "host 8.8.8.8 a@sunshine.edu ex.corp.local", accepted},
		{"not for a name that has it", "autodiscover.sunshine.edu", accepted},
		{"not for a public suffix", "co.uk", accepted},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, x := range Expand(Answers{Typed: c.typed, IncludeAutodiscover: true}, article) {
				if !slices.Contains(x.Reasons, reasonTyped) {
					got = append(got, x.Name.Value)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAnAcceptedDomainThatIsNoneGetsNoAutodiscover(t *testing.T) {
	env := Env{AcceptedDomains: []domains.Domain{{Name: "single"}, {Name: "autodiscover.example.org"}}}
	if got := describe(Expand(Answers{Typed: "a.lan", IncludeAutodiscover: true}, env)); got != "*a.lan (typed)" {
		t.Error(got)
	}
}

func TestAServerWithoutANetBIOSNameIsKnownByItsFQDN(t *testing.T) {
	for _, env := range []Env{{ServerFQDN: "mail.example.org"}, {ServerFQDN: "mail.example.org", NetBIOSName: "under_score"}} {
		if got := describe(Expand(Answers{}, env)); got != "*mail.example.org (this server's FQDN)" {
			t.Error(got)
		}
	}
	if got := Expand(Answers{}, Env{}); len(got) != 0 {
		t.Error(got)
	}
}

func TestAPastedListOf300NamesIs300Names(t *testing.T) {
	var b strings.Builder
	for i := range 300 {
		b.WriteString("host" + strings.Repeat("x", i%20) + "-" + string(rune('a'+i%26)) + string(rune('a'+i/26)) + ".example.org\r\n")
	}
	if got := len(Expand(Answers{Typed: b.String()}, article)); got != 300 {
		t.Error(got)
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("webmail.proexchange.global, *.x.org", "C=BE,CN=a.org", "b.org", "c.org", "mail.x.org", "mail.x.org b.org", byte(15))
	f.Add("a_b", "", "", "", "a_b", "a_b", byte(0))
	f.Add("bücher.de 10.0.0.1 a@b.c", "CN=", "xn--", "bücher.de", "10.0.0.1", "10.0.0.1,ex2007ee", byte(2))
	f.Fuzz(func(t *testing.T, typed, dn, cn, off, cell, order string, include byte) {
		a := Answers{
			Typed: typed, SubjectDN: dn, CommonName: cn, Off: []string{off}, Order: strings.Split(order, ","),
			Worksheet:              Worksheet{{cell}, {"", cell}},
			IncludeAcceptedDomains: include&1 != 0, IncludeAutodiscover: include&2 != 0,
			IncludeServerFQDN: include&4 != 0, IncludeServerNetBIOSName: include&8 != 0,
			SelfSigned: include&16 != 0,
		}
		holdsInvariants(t, Expand(a, article))
		for _, c := range Expand(a, article) {
			down, moved := a.Moved(article, c.Name.Value, 1)
			holdsInvariants(t, Expand(down, article))
			if back, again := down.Moved(article, c.Name.Value, -1); moved && (!again || describe(Expand(back, article)) != describe(Expand(a, article))) {
				t.Fatalf("%s down and up again gives another list", c.Name.Value)
			}
			holdsInvariants(t, Expand(a.Without(c.Name.Value), article))
		}
		All(a, article)
		SubjectText(a, article)
		if _, err := BuildRequest(a, article); err == nil {
			reproduces(t, a, article)
		}
	})
}

func holdsInvariants(t *testing.T, list []Candidate) {
	t.Helper()
	seen := map[names.Name]bool{}
	for i, c := range list {
		n, err := names.Normalize(c.Name.Value)
		if err != nil || n != c.Name || len(n.Value) > 255 || seen[n.Key()] {
			t.Fatalf("%+v: %v", c, err)
		}
		seen[n.Key()] = true
		if c.CommonName != (i == 0) || i == 0 && !c.On || len(c.Reasons) == 0 {
			t.Fatalf("line %d: %+v", i, c)
		}
	}
}
