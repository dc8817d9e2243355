package wizard

import (
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/fail"
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
	want := sheet(
		"web site inside", article.ServerFQDN, "SMTP inside", article.ServerFQDN, "IMAP inside", article.ServerFQDN,
		"POP inside", article.ServerFQDN, "voice inside", article.ServerFQDN,
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
