package words_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"certdesk/ui/words"
)

// stay are the commands that a sentence of the desk may name, since the desk does not do it.
var stay = []string{
	"`certdesk acme",    // CAs and accounts are set up and looked at by a command alone
	"`certdesk disable", // forgetting what a certificate is enabled for changes no service: a command alone does it
}

// TestTheDeskNamesItsKeysNotACommand: where the desk can do it, a sentence in it does not send people to a shell.
func TestTheDeskNamesItsKeysNotACommand(t *testing.T) {
	for said, want := range map[string]string{
		"run `certdesk doctor`": "press H for the store's health",
		"nothing is written until `certdesk doctor --repair` has recorded it": "nothing is written until a repair " +
			"(H, then f) has recorded it",
		"no thumbprint: `certdesk list` shows every thumbprint": "no thumbprint: the table shows every thumbprint",
		"`certdesk restore 00AB` brings it back":                "r among the removed entries (T) brings it back",
		"`certdesk enable 00AB --services SMTP` reloads it":     "e in the table reloads it",
		"finish it with `certdesk enable --finish`":             "finish it with e",
		"see with `certdesk history` who purged it":             "see in the history (L) who purged it",
		"`certdesk test HOST:PORT --name NAME` asks for one":    "p asks for one",
		"run `certdesk testing`":                                "run `certdesk testing`",
	} {
		if got := words.InDesk(said); got != want {
			t.Errorf("%q is said as %q, want %q", said, got, want)
		}
	}
}

// TestNoSentenceSendsPeopleFromTheDeskToAShell reads every sentence that the desk can be told, and every frame of it.
func TestNoSentenceSendsPeopleFromTheDeskToAShell(t *testing.T) {
	for _, file := range spoken(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if filepath.Ext(file) == ".txt" {
			text = words.InDesk(withoutCommands(text))
		}
		for _, at := range regexp.MustCompile("`certdesk [a-z][^`]*").FindAllStringIndex(text, -1) {
			if !excepted(text[at[0]:]) {
				t.Errorf("%s: the desk does this by a key\n  %s", filepath.Base(file), lineAt(text, at[0]))
			}
		}
	}
}

func excepted(text string) bool {
	for _, command := range stay {
		if strings.HasPrefix(text, command) {
			return true
		}
	}
	return false
}

// withoutCommands leaves out the sentences of the commands' own rooms.
func withoutCommands(text string) string {
	var kept []string
	for _, room := range strings.Split(text, "\n# ") {
		if !strings.HasPrefix(room, "ui/cli") {
			kept = append(kept, room)
		}
	}
	return strings.Join(kept, "\n# ")
}
