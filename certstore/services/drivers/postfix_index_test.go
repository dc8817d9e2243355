package drivers

import (
	"os/exec"
	"strings"
	"testing"
)

// An index of Postfix's own postmap: not there, made without -F, made with it.
func TestPostfixAnIndexWithoutKeysIsAnOutage(t *testing.T) {
	if _, err := exec.LookPath("postmap"); err != nil {
		t.Skip("SKIPPED: it runs postmap")
	}
	for _, kind := range []string{"hash", "btree"} {
		for _, c := range []struct {
			options      string
			named, other string // why clients of a table's name, and of another name, get no TLS
		}{
			{"", "is not there", "is not there"},
			{"-F", "", ""},
			{"-o", "by postmap without -F", ""},
		} {
			p, path := tableOf(t, kind, "mail.a.test DIR/k.pem,\n  DIR/l.pem\n.b.test DIR/m.pem\n", "k.pem", "l.pem", "m.pem")
			if c.options != "" {
				if out, err := exec.Command("postmap", c.options, kind+":"+path).CombinedOutput(); err != nil {
					t.Fatalf("postmap %s: %v %s", c.options, err, out)
				}
			}
			p.tables = p.readTables()
			sites := p.sites()
			if len(sites) != 3 || !says(sites[0].Outage.Why, c.other) || !says(sites[1].Outage.Why, c.named) ||
				!says(sites[2].Outage.Why, c.named) || c.named != "" && !strings.HasPrefix(sites[2].Outage.Do, "postmap -F "+kind+":"+path) {
				t.Errorf("%s %s: %+v", kind, c.options, sites)
			}
			if said := p.outages(); len(said) != min(1, len(c.named)) || !says(strings.Join(said, ""), c.named) {
				t.Errorf("%s %s: %q", kind, c.options, said)
			}
		}
	}
}

// says is whether a text has some words, and none where none are wanted.
func says(text, words string) bool {
	return strings.Contains(text, words) && (words == "") == (text == "")
}
