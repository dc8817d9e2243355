package ui

import (
	"slices"
	"strings"
	"testing"

	"certdesk/ui/kit"
	"certdesk/wizard"
)

func TestACommandCanBeCopiedFromTheScreen(t *testing.T) {
	command := `certdesk new --subject-name 'C=BE, O="Sunshine, Inc.", CN=mail.example.org' --domain-name a.example.org,b.example.org --path "/root/a b.req"`
	for w := 40; w < 200; w++ {
		lines := wrapCommand(command, w, ` \`)
		if got := strings.ReplaceAll(strings.Join(lines, "\n"), " \\\n", " "); w > 60 && got != command {
			t.Fatalf("at %d cells the shell would read\n%s\nnot\n%s", w, got, command)
		}
		if slices.ContainsFunc(lines, func(l string) bool { return kit.Width(l) > w }) {
			t.Fatalf("at %d cells: %q", w, lines)
		}
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

func TestBothCommandsOfTheReviewAreWrappedWhole(t *testing.T) {
	d := &wizardDraft{answers: wizard.Defaults(articleEnv())}
	articleAnswers(d)
	command := wizard.CertdeskCommand(d.answers, articleEnv())
	if got := strings.ReplaceAll(strings.Join(wrapCommand(command, 76, ` \`), "\n"), " \\\n", " "); got != strings.TrimSpace(command) {
		t.Fatalf("%s\nis not\n%s", got, command)
	}
}
