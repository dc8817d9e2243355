package words

import (
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/certstore/names"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/wizard"
	"certdesk/wizard/exchange"
	"certdesk/wizard/exchange/exchangetest"
)

// pasted is what a POSIX shell hands to a program when the lines are pasted as the screen shows them.
func pasted(t *testing.T, lines []string) []string {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(sh, "-c", `certdesk() { printf '%s\0' "$@"; }`+"\n  "+strings.Join(lines, "\n  ")).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(lines, "\n"))
	}
	return strings.Split(string(out), "\x00")
}

// sameSubject reads a subject again: blanks and line ends between its attributes do not count.
func sameSubject(t *testing.T, words []string) []string {
	t.Helper()
	out := slices.Clone(words)
	if i := slices.Index(out, "--subject-name"); i >= 0 {
		subject, err := names.ParseSubject(out[i+1])
		if err != nil {
			t.Fatal(err)
		}
		out[i+1] = subject.String()
	}
	return out
}

// env is the world of a server of the article.
var env = wizard.Env{
	ServerFQDN: "ex2007ee.proexchange.global", NetBIOSName: "ex2007ee",
	AcceptedDomains: []domains.Domain{{Name: "proexchange.global", Source: "configuration"}, {Name: "belgianbeers.rock", Source: "configuration"}},
}

// longAnswers are the article's, with all that makes a command long.
func longAnswers() wizard.Answers {
	a := wizard.Defaults()
	a.Typed = "webmail.proexchange.global, webmail.belgianbeers.rock, ex2007se.proexchange.global, ex2007se" +
		", autodiscover.proexchange.global, autodiscover.belgianbeers.rock, *.proexchange.global, ex2007se"
	a.IncludeAutodiscover, a.IncludeServerFQDN, a.IncludeServerNetBIOSName = true, true, true
	a.Organization, a.Unit, a.City = `Sunshine "Brothers", Inc. \ O'Neill`, "Post, Phones and Papers", "Saint-Josse-ten-Noode"
	a.Country, a.Services, a.ServicesSet = "BE", certstore.IIS, true
	a.FriendlyName, a.Path = "CN=this, is a friendly name of many words", "/root/a b.req"
	return a
}

// Whatever the width, a pasted command is the command: no line ends within a name, a path or a name's list.
func TestACommandPastedFromTheScreenIsTheCommand(t *testing.T) {
	command := wizard.CertdeskCommand(longAnswers(), env)
	want := sameSubject(t, pasted(t, []string{command}))
	for w := 55; w < 200; w += 5 {
		lines, need := WrapCommand(command, w, PosixShell)
		if need > w {
			t.Fatalf("at %d cells a line takes %d:\n%s", w, need, strings.Join(lines, "\n"))
		}
		if got := sameSubject(t, pasted(t, lines)); !slices.Equal(got, want) {
			t.Fatalf("at %d cells\n%s\nis read as\n%q\nnot\n%q", w, strings.Join(lines, "\n"), got, want)
		}
	}
}

// Whatever the width, a command pasted into PowerShell is the command, and fits.
func TestAPowerShellCommandBreaksWhereItGoesOn(t *testing.T) {
	e := certstore.Entry{ID: 1, Kind: certstore.Certificate, Common: "proexchange.global", Subject: `CN=proexchange.global,O=Sunshine's "Brothers"\, Inc. of ''’’‚‚ marks and more`,
		Names: []string{"proexchange.global", "*.proexchange.global", "1st.proexchange.global"}, FriendlyName: "it's 'my' " + strings.Repeat("'", 45) + "’'",
		Thumbprint: strings.Repeat("9A3F", 10), HasKey: true, Exportable: true, KeyAlgorithm: "RSA", KeySize: 2048, Services: certstore.SMTP | certstore.IIS}
	for v := range exchange.Version(len(exchange.Words())) {
		env := env
		env.Exchange = v
		for _, c := range append(wizard.ExchangeCommands(e, env), wizard.Equivalent{Command: wizard.ShellCommand(longAnswers(), env)}) {
			want, err := exchangetest.Of(c.Command)
			if err != nil {
				t.Fatal(err)
			}
			for w := 52; w < 200; w++ {
				lines, need := WrapCommand(c.Command, w, PowerShell)
				if need > w {
					t.Fatalf("at %d cells a line takes %d:\n%s", w, need, strings.Join(lines, "\n"))
				}
				got, err := exchangetest.Of("  " + strings.Join(lines, "\n  "))
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Fatalf("at %d cells\n%s\nis read as\n%+v, %v\nnot\n%+v", w, strings.Join(lines, "\n"), got, err, want)
				}
			}
		}
	}
}

func TestAWordLongerThanTheScreenIsNotBroken(t *testing.T) {
	command := "certdesk new --path /" + strings.Repeat("very-long/", 12) + "a.req"
	lines, need := WrapCommand(command, 60, PosixShell)
	if need <= 60 || !slices.ContainsFunc(lines, func(l string) bool { return strings.HasSuffix(l, "a.req") && kit.Width(l) == need }) {
		t.Fatalf("%d %q", need, lines)
	}
	shown := strings.Join(CommandLines(theme.Plain(), "The same by command", command, PosixShell, 77), "\n")
	if !strings.Contains(shown, "too long for this terminal") || strings.Contains(shown, "certdesk new") {
		t.Fatal(shown)
	}
}

func TestABlankWithinQuotesIsNoPlaceToBreak(t *testing.T) {
	for _, c := range []struct{ command, escape string }{
		{`a 'O'\''Neill and Sons' b`, `\`},
		{`a "say \"no no\" now" b`, `\`},
		{"a 'say ''no no'' `now' b", "`"},
		{`a 'C:\dir two\' b`, "`"},
	} {
		if words := splitQuoted(c.command, c.escape); len(words) != 3 {
			t.Errorf("%s is split into %q", c.command, words)
		}
	}
}
