package wizard

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/certstore/enabling"
	"certdesk/certstore/evidence"
	"certdesk/certstore/fail"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// sheet is a worksheet of cells and their texts, a cell called as CellText calls it.
func sheet(pairs ...string) Worksheet {
	var w Worksheet
	for row := range w {
		for column := range w[row] {
			if i := slices.Index(pairs, CellText(row, column)); i >= 0 {
				w[row][column] = pairs[i+1]
			}
		}
	}
	return w
}

func TestAWorksheetSuggestsWhatIsKnownAndGivesNothingUnasked(t *testing.T) {
	got := Suggest(article)
	server := strings.ToLower(article.ServerFQDN)
	want := sheet(
		"web site inside", server, "SMTP inside", server, "IMAP inside", server, "POP inside", server, "voice inside", server,
		"autodiscover from the internet", "autodiscover.proexchange.global autodiscover.belgianbeers.rock")
	if got != want {
		t.Errorf("%q", got)
	}
	if blank := Suggest(Env{ServerFQDN: "under_score"}); !blank.Blank() {
		t.Errorf("a server whose name is none: %q", blank)
	}
	if list := Expand(Defaults(), article); len(list) != 2 {
		t.Errorf("suggested names are in the request:\n%s", describe(list))
	}
}

func TestAutodiscoverKnowsTheWorksheetsNames(t *testing.T) {
	a := Answers{Worksheet: sheet("IMAP from the internet", "imap.sunshine.edu"), IncludeAutodiscover: true}
	if got := describe(Expand(a, article)); !strings.Contains(got, "autodiscover.sunshine.edu (autodiscover for sunshine.edu)") {
		t.Error(got)
	}
}

func TestAWrongNameInACellIsRefused(t *testing.T) {
	a := Answers{Typed: "a.org", Worksheet: sheet("POP inside", "b.org a_b")}
	f, bad := FirstError(Findings(a, article, StepNames))
	if !bad || f.Field != "Worksheet" || f.Code != fail.InvalidName || !strings.Contains(f.Text, "underscore") {
		t.Errorf("%+v", f)
	}
	if err := CheckCell("a.org, *.b.org 10.0.0.1"); err != nil {
		t.Error(err)
	}
}

func TestTheCommandSpellsOutWorksheetAndOrder(t *testing.T) {
	a := Answers{
		Typed: "a.org b.org", Worksheet: sheet("SMTP from the internet", "mx.a.org", "IMAP inside", "10.0.0.1"),
		IncludeServerFQDN: true, Off: []string{"b.org"},
		Order: []string{"a.org", "ex2007ee.proexchange.global", "10.0.0.1", "b.org", "mx.a.org"},
	}
	want := []string{"a.org", "ex2007ee.proexchange.global", "10.0.0.1", "mx.a.org"}
	var got []string
	for _, n := range build(t, a).Names {
		got = append(got, n.Value)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the request has %v, want %v", got, want)
	}
	reproduces(t, a, article)
	command := CertdeskCommand(a, article)
	if !strings.Contains(command, "--domain-name ex2007ee.proexchange.global --domain-name 10.0.0.1 --domain-name mx.a.org") {
		t.Error(command)
	}
	if shell := ShellCommand(a, article); !strings.Contains(shell, "# -DomainName takes DNS names only, not 10.0.0.1\n") || !strings.Contains(shell, `-DomainName ex2007ee.proexchange.global,mx.a.org`) {
		t.Error(shell)
	}
}

// What services are called already is suggested where it belongs, each name with all that says so.
func TestAWorksheetSuggestsWhatServicesAreCalled(t *testing.T) {
	smtp, imap := services.Instance{Use: "SMTP", Driver: "postfix"}, services.Instance{Use: "IMAP", Driver: "dovecot"}
	env := Env{Known: slices.Concat(
		KnownInDNS([]evidence.Host{{Use: "SMTP", Name: "mx.example.org", Source: "the MX of example.org"}, {Use: "IMAP", Name: "imap.example.org", Source: "_imaps of example.org"},
			{Use: "autodiscover", Name: "webmail.example.org", Source: "_autodiscover of example.org"}}),
		KnownAtPorts([]enabling.Port{{Service: smtp, Report: probe.Report{Greets: "mx.example.org"}}, {Service: imap, Name: "mail.inside.test", Report: probe.Report{Greets: "not_a_name",
			Leaf: &x509.Certificate{DNSNames: []string{"imap.example.org", "localhost", "10.0.0.1"}}}}, {Service: services.Instance{Use: "?"}, Name: "x.example.org"}}),
		KnownInDirectory([]domains.Point{{Name: "ex1.corp.test", Source: "ldaps://dc01"}}),
		KnownNow([]Present{{Name: "web", Services: certstore.IIS, Names: []string{"www.example.org", "autodiscover.example.org"}}}))}
	want := sheet("web site from the internet", "www.example.org", "autodiscover from the internet", "webmail.example.org autodiscover.example.org",
		"autodiscover inside", "ex1.corp.test", "SMTP from the internet", "mx.example.org", "IMAP from the internet", "imap.example.org", "IMAP inside", "mail.inside.test")
	if got := Suggest(env); got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
	for _, c := range []struct {
		row, column int
		want        string
	}{{2, 0, "mx.example.org: the MX of example.org, SMTP (postfix) greets with it"}, {3, 0, "imap.example.org: _imaps of example.org, IMAP (dovecot) serves it now"},
		{1, 1, "ex1.corp.test: the connection point in ldaps://dc01"}, {0, 0, "www.example.org: in the certificate of IIS now (web)"}, {5, 0, ""}} {
		if got := SuggestedBy(env, c.row, c.column); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if list := Expand(Answers{Typed: "a.org"}, env); len(list) != 1 {
		t.Error("a suggestion is in the request unasked:", describe(list))
	}
}
