package cli

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"certdesk/ui/lines"
	"certdesk/ui/uitest"
)

// TestHelpHasOneNameForEachThing reads the help of every command.
func TestHelpHasOneNameForEachThing(t *testing.T) {
	o := newOffice(t)
	var read func(c *cobra.Command, path ...string)
	read = func(c *cobra.Command, path ...string) {
		for _, problem := range uitest.Misspoken(o.must(append(path, "--help")...).out) {
			t.Errorf("certdesk %s --help: %s", strings.Join(path, " "), problem)
		}
		for _, sub := range c.Commands() {
			if sub.Name() != "completion" && sub.Name() != "help" { // which cobra words
				read(sub, append(path[:len(path):len(path)], sub.Name())...)
			}
		}
	}
	read(newApp(o.io(&bytes.Buffer{}, &bytes.Buffer{})).root())
}

// everyPage are answers that lead by lines through every page of the demo, and to the help of each.
var everyPage = []string{"?", "details 1", "?", "", "undo", "history", "?", "1", "", "", "removed", "?", "1", "", "", "health", "?", "",
	"settings", "?", "", "test ports", "?", "", "ask a port", "?", "localhost:1", "", "", "<<", "/is:pending", "1", "export",
	"?", "<<", "/", "export 1", "?", "<<", "compare 1", "?", "", "rename 1", "?", "<", "remove wrong template", "n", "import", "?", "<<", "new",
	"?", "", "?", "", "?", "mail.example.org", "", "?", "", "?", "", "?", "", "<<", "renew secure_smtp", "?", "", "?", "<<", "q", "q"}

// TestLinesHaveOneNameForEachThing reads what the desk by lines says on its way through its pages, where a sentence
// names no command for what it does itself.
func TestLinesHaveOneNameForEachThing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var out, errs bytes.Buffer
	streams := o.io(&out, &errs)
	streams.In, streams.Lines = strings.NewReader(strings.Join(everyPage, "\n")+"\n"), lines.Run
	if code := Run(context.Background(), []string{"--demo", "--accessible"}, streams); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	said := out.String()
	for _, problem := range uitest.Misspoken(said) {
		t.Error(problem)
	}
	for _, command := range regexp.MustCompile("`certdesk [a-z][^`]*`.*").FindAllString(said, -1) {
		if !strings.HasPrefix(command, "`certdesk disable") {
			t.Errorf("lines do this themselves: %s", command)
		}
	}
	for _, page := range []string{"History", "Removed entries", "The store's health", "Settings", "Ports", "Which port", "Who will open",
		"Compare", "to be called?", "Remove", "What do you want to import?", "What do you need?", "Which names will clients use?",
		"Renew secure_smtp"} {
		if !strings.Contains(said, page) {
			t.Errorf("the way does not lead to %q", page)
		}
	}
}
