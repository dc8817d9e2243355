package words

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/certstore/names"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/wizard"
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

// A line of PowerShell goes on after a backtick, a comma and, in brackets, a plus; nothing is broken elsewhere.
func TestAPowerShellCommandBreaksWhereItGoesOn(t *testing.T) {
	command := wizard.ShellCommand(longAnswers(), env)
	command = command[strings.LastIndex(command, "\n")+1:]
	for w := 55; w < 200; w += 5 {
		lines, need := WrapCommand(command, w, PowerShell)
		if need > w {
			t.Fatalf("at %d cells a line takes %d:\n%s", w, need, strings.Join(lines, "\n"))
		}
		for _, line := range lines[:len(lines)-1] {
			if !strings.HasSuffix(line, " `") && !strings.HasSuffix(line, ",") && !strings.HasSuffix(line, `" +`) {
				t.Fatalf("at %d cells PowerShell would end the command after\n%s", w, line)
			}
		}
		whole := strings.Join(lines, "\n")
		whole = strings.NewReplacer(" `\n", " ", "\" +\n\"", "", ",\n", ",", `("`, `"`, `")`, `"`).Replace(whole)
		if whole != command {
			t.Fatalf("at %d cells\n%s\nis read as\n%s\nnot\n%s", w, strings.Join(lines, "\n"), whole, command)
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
		{"a \"say `\"no no`\" now\" b", "`"},
		{`a "C:\dir two\" b`, "`"},
	} {
		if words := splitQuoted(c.command, c.escape); len(words) != 3 {
			t.Errorf("%s is split into %q", c.command, words)
		}
	}
}
