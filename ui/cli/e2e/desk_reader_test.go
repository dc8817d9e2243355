//go:build linux

package e2e

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// gone says whether a process has ended.
func gone(pid string) bool { return syscall.Kill(atoi(pid), 0) == syscall.ESRCH }

// TestAReaderOpensTheDesk is a member of the readers group on root's store: the desk is live, says that it only
// reads, offers no verb and hears none.
func TestAReaderOpensTheDesk(t *testing.T) {
	t.Parallel()
	setpriv := need(t, "setpriv")
	s := openSite(t, "readers = \"games\"\n")
	for _, name := range []string{"mail", "post"} {
		s.ok("new", "--domain-name", name+".example.org", "--friendly-name", name, "--key-algorithm", "ecdsa-p256", "--private-key-exportable")
	}
	before := s.snapshot()
	reader := append([]string{setpriv, "--reuid", "65534", "--regid", "60", "--clear-groups", binary(t)}, s.args()...)
	p := newTmux(t).open("helpdesk", "80", "24", reader...)
	p.shows("read-only", "valid mail", "? help")
	for _, verb := range []string{"n", "i", "D", "R", "Delete"} {
		p.ignores(verb)
	}
	p.keys("?")
	help := p.shows("The table", "details", "filter")
	for _, verb := range []string{" new ", " import ", " renew ", " remove "} {
		if strings.Contains(help, verb) {
			t.Errorf("a reader is offered %s:\n%s", verb, help)
		}
	}
	p.escapes()
	p.does("Names (", "Enter")
	p.keys("D", "R")
	details := settled(p)
	if !strings.Contains(details, "Names (") || strings.Contains(lastLine(details), "D remove") {
		t.Errorf("the details offer or hear a verb:\n%s", details)
	}
	p.escapes()
	p.does("Who will open this?", "x")
	p.shows("Anyone: the certificate", "only the public part")
	p.escapes()
	if s.snapshot() != before {
		t.Error("a reader changed the store")
	}

	s.ok(s.request("fresh")[4:]...)
	s.ok("new", "--domain-name", "another.example.org", "--friendly-name", "another", "--key-algorithm", "ecdsa-p256")
	p.shows("pending fresh", "valid another", "3 valid")
	p.onto("mail")
	s.ok("remove", s.row("another").Thumbprint, "--yes")
	p.shows("2 valid")
	p.hides("another")
	footer := lastLine(p.screen())
	for _, verb := range []string{"n new", "i import", "R renew", "D remove"} {
		if strings.Contains(footer, verb) {
			t.Errorf("a reader's footer offers %s: %s", verb, footer)
		}
	}
	p.keys("q")
	p.until("the end", func(string) bool { return p.ask("#{pane_dead}") == "1" })
}

// TestAnOutsiderIsToldWhichGroup opens the desk as somebody who is not in the group.
func TestAnOutsiderIsToldWhichGroup(t *testing.T) {
	t.Parallel()
	setpriv := need(t, "setpriv")
	s := openSite(t, "readers = \"games\"\n")
	s.ok("new", "--domain-name", "mail.example.org", "--key-algorithm", "ecdsa-p256")
	outsider := append([]string{setpriv, "--reuid", "65534", "--regid", "65534", "--clear-groups", binary(t)}, s.args()...)
	p := newTmux(t).open("outsider", "200", "24", append([]string{"sh", "-c", `"$@"; read answer`, "sh"}, outsider...)...)
	p.shows(s.store, "games", "hint:")
	if p.ask("#{alternate_on}") != "0" {
		t.Error("the message stands on the alternate screen")
	}
}

// TestReadOnlyIsTheSameForRoot opens the desk with --read-only.
func TestReadOnlyIsTheSameForRoot(t *testing.T) {
	t.Parallel()
	s := screensSite(t)
	journal, err := os.ReadFile(s.store + "/journal")
	if err != nil {
		t.Fatal(err)
	}
	p := newTmux(t).desk(s, "admin", "--read-only")
	p.shows("read-only", "second")
	for _, verb := range []string{"n", "i", "D", "R"} {
		p.ignores(verb)
	}
	p.does("enter keep the filter", "/")
	p.typed("first")
	p.shows("/ first", "1 of 3")
	p.escapes()
	if s.read(s.store+"/journal") != string(journal) {
		t.Error("a read-only desk wrote")
	}
}
