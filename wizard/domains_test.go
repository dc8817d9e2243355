package wizard

import (
	"strings"
	"testing"

	"certdesk/certstore/domains"
	"certdesk/certstore/fail"
	"certdesk/certstore/trust"
)

func TestADomainThatHardlyNeedsANameIsOffUntilItIsSwitchedOn(t *testing.T) {
	env := Env{ServerFQDN: "mail.a.org", AcceptedDomains: []domains.Domain{
		{Name: "a.org"}, {Name: "out.org", Skipped: "outbound only"}, {Name: "postmaster", Skipped: "a single label"}, {Name: "*.sub.org"},
		{Name: "mail.a.org", Skipped: "this server's own name"},
	}}
	a := Answers{Typed: "x.org", IncludeAcceptedDomains: true, IncludeAutodiscover: true}
	want := `*x.org (typed)
a.org (accepted domain)
[out.org (accepted domain, outbound only)]
*.sub.org (accepted domain)
[mail.a.org (accepted domain, this server's own name)]
autodiscover.a.org (autodiscover for a.org)
autodiscover.x.org (autodiscover for x.org)`
	if got := describe(Expand(a, env)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := Suggest(env)[rowAutodiscover][fromInternet]; got != "autodiscover.a.org" {
		t.Error(got)
	}
	on := a.SwitchedOn("out.org")
	if got := describe(Expand(on, env)); !strings.Contains(got, "\nout.org (") {
		t.Error(got)
	}
	if got := describe(Expand(on.SwitchedOff("out.org"), env)); got != want {
		t.Error(got)
	}
	a.IncludeServerFQDN = true
	if got := describe(Expand(a, env)); !strings.Contains(got, "\nmail.a.org (accepted domain, this server's own name, this server's FQDN)") {
		t.Error(got)
	}
}

func TestDomainsThatAreMissingAreSaidWhereTheyAreWanted(t *testing.T) {
	env := Env{DomainRemarks: []domains.Remark{
		{Source: "ldaps://dc.test", Err: fail.New(fail.Failed, "start it", "nothing listens there"), Whole: true},
		{Source: "Postfix", Err: fail.New(fail.Failed, "name them", "a table cannot be listed")},
	}}
	said := func(a Answers, env Env) string {
		var lines []string
		for _, f := range Findings(a, env, StepNames) {
			if f.Field == "IncludeAcceptedDomains" {
				lines = append(lines, string(f.Severity)+" "+string(f.Code)+" "+f.Text)
			}
		}
		return strings.Join(lines, "\n")
	}
	a := Answers{Typed: "x.org"}
	if got := said(a, env); got != "" {
		t.Error(got)
	}
	a.IncludeAutodiscover = true
	if got := said(a, env); got != "warning domains-missing accepted domains cannot be read: ldaps://dc.test: nothing listens there: start it\n"+
		"info domains-in-part Postfix: a table cannot be listed: name them" {
		t.Error(got)
	}
	env.AcceptedDomains = []domains.Domain{{Name: "a.org"}}
	if got := CertdeskCommand(a, env); strings.Contains(got, "--include") || !strings.Contains(got, "--domain-name autodiscover.a.org") {
		t.Error("a command that would refuse, since the source fails:", got)
	}
	got := said(a, Env{DomainsAwaited: true})
	if !strings.HasPrefix(got, string(trust.Error)) || strings.Contains(got, "no accepted domains are known") {
		t.Error(got)
	}
}

// The article's organisation as accepted domains gives the names of its Table 1 with the switches on: nothing is typed but
// the hosts, and each name says why it is there.
func TestTheArticlesTableFollowsFromItsAcceptedDomains(t *testing.T) {
	client := Answers{Typed: "webmail.proexchange.global webmail.belgianbeers.rock ex2007se.proexchange.global ex2007se",
		IncludeAutodiscover: true, IncludeServerFQDN: true, IncludeServerNetBIOSName: true}
	smtp := Answers{IncludeAcceptedDomains: true, CommonName: "proexchange.global"}
	for want, a := range map[string]Answers{`
*webmail.proexchange.global (typed)
webmail.belgianbeers.rock (typed)
ex2007se.proexchange.global (typed)
ex2007se (typed)
autodiscover.proexchange.global (autodiscover for proexchange.global)
autodiscover.belgianbeers.rock (autodiscover for belgianbeers.rock)
ex2007ee.proexchange.global (this server's FQDN)
ex2007ee (this server's NetBIOS name)`: client, `
*proexchange.global (accepted domain)
belgianbeers.rock (accepted domain)`: smtp} {
		list := Expand(a, article)
		if got := "\n" + describe(list); got != want {
			t.Errorf("got%s\nwant%s", got, want)
		}
		if made, err := BuildRequest(a, article); err != nil || len(made.Names) != len(list) {
			t.Error(err)
		}
	}
}
