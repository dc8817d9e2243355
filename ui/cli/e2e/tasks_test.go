//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// task is something a newcomer is asked, as they would get it. It is done once by keys in the desk, from its opening
// screen and without the manual, and once by lines through a pipe: both must do the same.
type task struct {
	asked string
	keys  func(p *pane, s *site)
	lines func(s *site) []string
	says  []string                    // what the lines print, beside all that is done
	done  func(t *testing.T, s *site) // what must be so afterwards, asked of somebody else; may be nil
	deeds int                         // lines it adds to the journal
	most  int                         // keys it may take beside what is typed; 0 for any number
}

// fourteen are the names of a request as they stand in a mail.
var fourteen = func() (list []string) {
	for _, host := range []string{"webmail", "mail", "smtp", "imap", "pop", "autodiscover", "mx1", "mx2", "voice", "lists", "owa", "relay", "archive", "files"} {
		list = append(list, host+".belgianbeers.rock")
	}
	return list
}()

var tasks = []task{
	{
		asked: "which certificate expires next?",
		keys:  func(p *pane, _ *site) { p.does("Sort by which column?", "s"); p.keys("e"); firstRow(p, "webmail 2026") },
		lines: func(*site) []string { return []string{"sort expires"} },
		says:  []string{"1 valid: webmail 2026"},
	},
	{
		asked: "who removed the old webmail certificate, and can it come back?",
		keys: func(p *pane, _ *site) {
			p.does("WHEN WHO WHAT", "L")
			p.does("keep the filter", "/")
			p.typed("removed")
			p.shows("1 of", "root removed old webmail", "r restores it")
			p.does("/ filter", "Enter")
			p.does("old webmail is restored", "r")
			p.onto("old webmail")
		},
		lines: func(*site) []string { return []string{"history", "/removed", "restore"} },
		says:  []string{"removed old webmail", "root", "old webmail is restored"},
		done:  func(t *testing.T, s *site) { s.row("old webmail") },
		deeds: 1,
	},
	{
		asked: "make the request for these 14 names, the CA takes it by mail",
		keys: func(p *pane, _ *site) {
			p.does("What do you need?", "n")
			p.does("Which names", "C-n")
			p.paste(strings.Join(fourteen, "\n"))
			p.shows("Names (14 of 14 on)")
			for _, page := range []string{"Whose certificate", "What key?", "Which services", "Where should the request", "Is this right?"} {
				p.does(page, "C-n")
			}
			p.goTo("Create the request", "C-n")
			p.awake()
			p.does("The request is made", "Enter")
			p.does("pending", "Escape")
		},
		lines: func(*site) []string {
			return []string{"new", "", "", strings.Join(fourteen, " "), "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "y"}
		},
		says: []string{"The request is made"},
		done: func(t *testing.T, s *site) {
			at := s.file("new.req")
			s.ok("export", s.row(fourteen[0]).Thumbprint, "--path", at)
			got := sanOf(s.openssl("req", "-in", at, "-noout", "-verify", "-text"))
			os.Remove(at)
			if !slices.Equal(got, fourteen) {
				t.Errorf("the request has %q", got)
			}
		},
		deeds: 3,
	},
	{
		asked: "export this one for the old Windows server",
		keys: func(p *pane, s *site) {
			p.goTo("secure_smtp", "j")
			p.does("Who will open this?", "x")
			p.goTo("( ) Windows 2016", "Down")
			p.does("(o) Windows 2016", "Enter")
			p.onto("Write to")
			p.typed(s.file("old.pfx"))
			p.goTo("Password", "Tab")
			p.typed(deskPassword)
			p.goTo("Once more", "Tab")
			p.typed(deskPassword)
			p.goTo("[ Export ]", "Tab")
			p.does("Written", "Enter")
		},
		lines: func(s *site) []string {
			return []string{"export secure_smtp", "2", s.file("old.pfx"), deskPassword, deskPassword, "", "y", ""}
		},
		says: []string{"Written"},
		done: func(t *testing.T, s *site) {
			s.write(s.file("password"), deskPassword+"\n")
			out := s.openssl("pkcs12", "-legacy", "-in", s.file("old.pfx"), "-passin", "file:"+s.file("password"), "-nodes", "-info")
			if !strings.Contains(out, "TripleDES") || !strings.Contains(out, "PRIVATE KEY") {
				t.Error("it is not in the form Windows 2016 reads, or without its key")
			}
		},
		deeds: 2,
	},
	{
		asked: "why is this one untrusted?",
		keys: func(p *pane, _ *site) {
			p.onto("untrusted partner")
			p.shows("partner is not trusted: ")
			p.does("missing: it is neither in this store nor among the trusted roots", "Enter")
		},
		lines: func(*site) []string { return []string{"details partner"} },
		says:  []string{"partner is not trusted: ", "missing: it is neither in this store nor among the trusted roots"},
	},
	{
		asked: "does any certificate cover autodiscover.belgianbeers.rock, and which?",
		keys: func(p *pane, _ *site) {
			p.does("keep the filter", "/")
			p.typed("autodiscover.belgianbeers.rock")
			p.shows("1 of 9", "every host", "*.belgianbeers.rock")
		},
		lines: func(*site) []string { return []string{"/autodiscover.belgianbeers.rock"} },
		says:  []string{"every host"},
	},
	{
		asked: "the CA sent answers to both requests, and its intermediate: put them in",
		keys: func(p *pane, s *site) {
			p.does("What do you want to import?", "i")
			for i, name := range []string{"first.crt", "second.crt", "int.pem"} {
				p.typed(s.file(name))
				p.shows("/" + name)
				p.does(fmt.Sprintf("Chosen (%d of %d on)", i+1, i+1), "Enter")
			}
			p.does("2 can be imported", "C-n")
			p.does("► [ Import 2 ]", "C-n")
			p.does("2 imported", "Enter")
			p.does("STATUS", "Enter")
		},
		lines: func(s *site) []string {
			return []string{"import", "", s.file("first.crt"), s.file("second.crt"), s.file("int.pem"), "", "", "", "", "y", ""}
		},
		says: []string{"2 can be imported", "2 imported"},
		done: func(t *testing.T, s *site) {
			for _, name := range []string{"first", "second"} {
				if status := s.row(name).Status; status != "Valid" {
					t.Errorf("%s is %s", name, status)
				}
			}
		},
		deeds: 2,
	},
	{
		asked: "all self-signed test certificates can go",
		keys: func(p *pane, _ *site) {
			p.does("keep the filter", "/")
			p.typed("self-signed")
			p.shows("2 of 9")
			p.does("q quit", "Enter")
			p.does("2 marked", "*")
			p.does("Remove these 2?", "D")
			p.choose("Remove 2")
			p.shows("2 removed")
			p.does("STATUS", "Enter")
		},
		lines: func(*site) []string { return []string{"/self-signed", "mark all", "remove", "2", ""} },
		says:  []string{"Remove these 2?", "2 removed"},
		done: func(t *testing.T, s *site) {
			if n := len(s.rows("--self-signed")); n != 0 {
				t.Errorf("%d are left", n)
			}
		},
		deeds: 1,
	},
	{
		asked: "give a colleague the thumbprint of the SMTP certificate",
		keys: func(p *pane, s *site) {
			p.goTo("secure_smtp", "j")
			p.does("Copy of secure_smtp", "y")
			p.keys("t")
			p.shows("was sent to the terminal", s.row("secure_smtp").Thumbprint)
		},
		lines: func(*site) []string { return []string{"details secure_smtp"} },
		says:  []string{"Thumbprint"},
	},
	{
		asked: "renew secure_smtp with the same names, for the same CA",
		keys: func(p *pane, s *site) {
			p.goTo("secure_smtp", "j")
			p.does("Renew secure_smtp", "R")
			for n := 2; n <= 7; n++ {
				p.does(fmt.Sprintf("%d of 7", n), "C-n")
			}
			p.goTo("Create the request", "C-n")
			p.awake()
			p.does("The request is made", "Enter")
		},
		lines: func(*site) []string {
			return []string{"renew secure_smtp", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "y"}
		},
		says: []string{"The request is made"},
		done: func(t *testing.T, s *site) {
			for _, r := range s.rows("--status", "pending") {
				if slices.Equal(r.CertificateDomains, smtpNames) {
					return
				}
			}
			t.Error("no pending request has its names")
		},
		deeds: 1,
	},
	{
		asked: "the key of front.pfx must be able to leave, which was forgotten when it was imported",
		keys: func(p *pane, s *site) {
			p.does("What do you want to import?", "i")
			p.typed(s.file("front.pfx"))
			p.does("What is its password?", "C-n")
			p.typed("secret")
			p.does("This certificate is here already", "Enter")
			p.does("[x] may be exported", "Space")
			p.does("► [ Add what is new ]", "C-n")
			p.does("front is in the store", "Enter")
		},
		lines: func(s *site) []string {
			return []string{"import", "", s.file("front.pfx"), "", "secret", "", "y", "", "y", ""}
		},
		says: []string{"front is in the store"},
		done: func(t *testing.T, s *site) {
			if !s.row("front").PrivateKeyExportable {
				t.Error("it stays where it is")
			}
		},
		deeds: 1,
		most:  6,
	},
	{
		asked: "to remove test1 was a mistake: take it back",
		keys: func(p *pane, _ *site) {
			p.goTo("test1", "j")
			p.does("Remove test1?", "D")
			p.choose("Remove")
			p.shows("u takes it back")
			before := p.pressed
			p.does("test1 is restored", "u")
			if p.pressed != before+1 {
				p.Errorf("%d keys took it back", p.pressed-before)
			}
		},
		lines: func(*site) []string { return []string{"remove test1", "y", "undo"} },
		says:  []string{"test1 is restored"},
		done:  func(t *testing.T, s *site) { s.row("test1") },
		deeds: 2,
	},
	{
		asked: "call the partner's certificate what it is for",
		keys: func(p *pane, _ *site) {
			p.goTo("partner", "j")
			p.does("Rename partner", "N")
			p.awake()
			p.keys("C-u")
			p.typed("edge of the partner")
			p.does("is now called edge of the partner", "Enter")
		},
		lines: func(*site) []string { return []string{"rename partner", "edge of the partner"} },
		says:  []string{"is now called edge of the partner"},
		done:  func(t *testing.T, s *site) { s.row("edge of the partner") },
		deeds: 1,
	},
	{
		asked: "would webmail 2026 do in the place of secure_smtp?",
		keys: func(p *pane, _ *site) {
			p.goTo("webmail 2026", "j")
			p.does("1 marked", "Space")
			p.goTo("secure_smtp", "j")
			p.does("2 marked", "Space")
			p.does("Lost with the new one", "c")
		},
		lines: func(*site) []string { return []string{"mark webmail 2026", "mark secure_smtp", "compare"} },
		says:  []string{"Lost with the new one"},
	},
}

// tasksSite is a store as a newcomer finds it: an expiring certificate and a valid one, one of a CA nobody trusts, two
// requests whose answers lie beside, two self-signed ones, a removed one and one that came with its key.
func tasksSite(t *testing.T, ca, stranger opensslCA) *site {
	t.Helper()
	s := newSite(t, ca.root())
	bought := func(by opensslCA, days, name string, names ...string) {
		s.ok("new", "--generate-request", "--key-algorithm", "ecdsa-p256", "--friendly-name", name, "--path", s.file("made.req"), "--private-key-exportable", "--domain-name", strings.Join(names, ","))
		answer := by.answer(s.file("made.req"), days)
		if by.dir == ca.dir {
			answer = by.withChain(answer)
		}
		s.ok("import", answer)
		os.Remove(s.file("made.req"))
	}
	bought(ca, "200", "secure_smtp", smtpNames...)
	bought(ca, "20", "webmail 2026", "webmail.proexchange.global")
	bought(ca, "300", "every host", "*.belgianbeers.rock")
	bought(ca, "100", "old webmail", "old.proexchange.global")
	s.ok("remove", "--yes", s.row("old webmail").Thumbprint)
	bought(stranger, "100", "partner", "edge.partner.example")
	for _, name := range []string{"first", "second"} {
		s.ok(s.request(name)[4:]...)
		if err := os.Rename(ca.answer(s.file(name+".req"), "100"), s.file(name+".crt")); err != nil {
			t.Fatal(err)
		}
	}
	s.write(s.file("int.pem"), ca.read(ca.file("int.pem")))
	for _, name := range []string{"test1", "test2"} {
		s.ok("new", "--domain-name", name+".example.org", "--friendly-name", name, "--key-algorithm", "ecdsa-p256")
	}
	s.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "front.key", "-out", "front.csr", "-subj", "/CN=front.example.org")
	s.openssl("pkcs12", "-export", "-in", ca.withChain(ca.answer(s.file("front.csr"), "100")), "-inkey", "front.key", "-name", "front",
		"-passout", "pass:secret", "-out", "front.pfx")
	s.write(s.file("password"), "secret\n")
	s.ok("import", s.file("front.pfx"), "--password-file", s.file("password"))
	return s
}

// copied is another site with the same store, files and configuration.
func (s *site) copied(t *testing.T) *site {
	t.Helper()
	to := newSite(t)
	if out, err := exec.Command("cp", "-a", s.home+"/.", to.home).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return to
}

// firstRow waits until a row is the table's first.
func firstRow(p *pane, name string) {
	p.Helper()
	p.until(name+" on top", func(screen string) bool {
		_, rows, _ := strings.Cut(screen, "STATUS")
		_, first, _ := strings.Cut(rows, "\n")
		first, _, _ = strings.Cut(first, "\n")
		return strings.Contains(first, name)
	})
}

// TestTenTasksOfANewcomer does each task by keys, counted, and by lines, and compares what the journals then say.
func TestTenTasksOfANewcomer(t *testing.T) {
	need(t, "tmux")
	ca := newCA(t)
	found := tasksSite(t, ca, newCA(t))
	for i, task := range tasks {
		if i%3 != 0 && !all {
			continue
		}
		t.Run(task.asked, func(t *testing.T) {
			t.Parallel()
			byKeys, byLines := found.copied(t), found.copied(t)
			before := len(byKeys.deeds())
			p := newTmux(t).desk(byKeys, "newcomer")
			p.shows("partner", "test2")
			task.keys(p, byKeys)
			t.Logf("%d keys: %s", p.pressed, task.asked)
			if beside := p.pressed - p.wrote; task.most > 0 && beside > task.most {
				t.Errorf("%d keys beside what is typed, %d are enough", beside, task.most)
			}
			byLines.says(byLines.lines(append(task.lines(byLines), "q", "q")...), task.says...)
			if task.done != nil {
				task.done(t, byKeys)
				task.done(t, byLines)
			}
			keys, lines := byKeys.deeds(), byLines.deeds()
			if !slices.Equal(keys, lines) || len(keys) != before+task.deeds {
				t.Errorf("%d deeds by keys, %d by lines, %d wanted:\n%s\n\n%s", len(keys)-before, len(lines)-before, task.deeds,
					strings.Join(keys[before:], "\n"), strings.Join(lines[before:], "\n"))
			}
		})
	}
}
