//go:build linux

package e2e

import (
	"os"
	"os/exec"
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

// changing are the calls by which a process changes what a directory holds, or an open file.
const changing = "rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,mknod,mknodat," +
	"chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,truncate,ftruncate,utimensat,setxattr,fsetxattr"

// TestAReadOnlySessionOpensNothingForWriting looks at every call of a desk that visits each of its pages, and of the
// commands that read: no file is opened for writing but the terminal, and no directory changes.
func TestAReadOnlySessionOpensNothingForWriting(t *testing.T) {
	if !all {
		t.Skip("SKIPPED without CERTDESK_ALL: strace is slow")
	}
	t.Parallel()
	strace := need(t, "strace")
	s := screensSite(t)
	log := s.file("trace")
	traced := func(args ...string) []string {
		return append([]string{strace, "-f", "-A", "-o", log, "-e", "trace=open,openat,openat2,creat," + changing, binary(t)}, args...)
	}
	p := newTmux(t).open("traced", "80", "24", traced(s.args("--read-only")...)...)
	p.shows("read-only", "second", "? help")
	for _, page := range [][]string{{"Enter", "Life"}, {"t", "Ports"}, {"L", "History"}, {"T", "emoved"}, {"H", "health"}, {"?", "help"}, {"p", "port"}, {",", "ettings"}} {
		p.keys(page[0])
		p.shows(page[1])
		p.escapes()
	}
	p.keys("q")
	p.until("the end", func(string) bool { return strings.Contains(s.read(log), "exited with 0") })
	first := s.rows()[0].Thumbprint
	for _, args := range [][]string{{"list"}, {"list", "--json"}, {"show", first}, {"check"}, {"doctor"}, {"history"}, {"history", "verify"}} {
		command := traced(s.args(append(args, "--read-only")...)...)
		s.finish(exec.Command(command[0], command[1:]...))
	}
	lines := strings.Split(s.read(log), "\n")
	if len(lines) < 100 {
		t.Fatalf("only %d calls were seen", len(lines))
	}
	for _, line := range lines {
		opens := strings.Contains(line, "open") || strings.Contains(line, "creat(")
		writes := strings.Contains(line, "O_WRONLY") || strings.Contains(line, "O_RDWR") || strings.Contains(line, "O_CREAT") || strings.Contains(line, "creat(")
		called := strings.Contains(line, "(") && !strings.Contains(line, "= -1 ")
		if called && (opens && writes && !strings.Contains(line, `"/dev/`) || !opens) {
			t.Errorf("a reader did: %s", line)
		}
	}
}
