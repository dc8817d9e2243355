//go:build linux

package e2e

import (
	"fmt"
	"testing"
	"time"

	"certdesk/ui/kit"
)

// screensSite is a store for looking about: three rows, a PFX of one of them, and a certificate with its key from elsewhere.
func screensSite(t *testing.T) *site {
	t.Helper()
	s, other := newSite(t), newSite(t)
	s.ok(s.request("waiting")[4:]...)
	for _, name := range []string{"first", "second"} {
		s.ok("new", "--domain-name", name+".example.org", "--friendly-name", name, "--key-algorithm", "ecdsa-p256", "--private-key-exportable")
	}
	s.write(s.file("password"), deskPassword+"\n")
	s.ok("export", s.row("first").Thumbprint, "--path", s.file("first.pfx"), "--password-file", s.file("password"))
	s.write(s.file("there.cer"), "mine")
	other.ok("new", "--domain-name", "partner.example.org", "--key-algorithm", "ecdsa-p256", "--private-key-exportable")
	other.ok("export", other.rows()[0].Thumbprint, "--path", s.file("partner.pem"), "--with-key")
	return s
}

// deskScreen is one screen: how to get there from the table with the cursor on "second", a word it shows at every
// size, and the row that the cursor is on once it is left.
type deskScreen struct {
	name, word string
	open       func(p *pane, s *site)
	row        string // "second" where it is empty, "►" for any
	short      bool   // in the plain run too
	serves     bool   // with a service beside it
}

var deskScreens = []deskScreen{
	{name: "table", word: "second", open: func(*pane, *site) {}, short: true},
	{name: "filter", word: "/ econd", open: func(p *pane, _ *site) { p.does("keep the filter", "/"); p.typed("econd") }},
	{name: "filter that finds nothing", word: "No row passes this filter", open: func(p *pane, _ *site) { p.does("keep the filter", "/"); p.typed("zzz") }},
	{name: "details", word: "Names (", open: func(p *pane, _ *site) { p.keys("Enter") }, short: true},
	{name: "details scrolled", word: "-ExchangeCertificate", open: func(p *pane, _ *site) { p.does("Names (", "Enter"); p.does("New-ExchangeCertificate", "G") }},
	{name: "help", word: "The table", open: func(p *pane, _ *site) { p.keys("?") }},
	{name: "help of the wizard", word: "New certificate", open: func(p *pane, _ *site) { p.does("What do you need?", "n"); p.does("Help", "F1") }},
	{name: "purpose", word: "What do you need?", open: wizardPage(1)},
	{name: "names", word: "Which names", open: wizardPage(2), short: true},
	{name: "subject", word: "Whose certificate", open: wizardPage(3)},
	{name: "country", word: "Belgium (BE)", open: func(p *pane, s *site) { wizardPage(3)(p, s); p.goTo("Country", "Tab"); p.typed("belg") }},
	{name: "key", word: "What key?", open: wizardPage(4)},
	{name: "services", word: "Which services", open: wizardPage(5)},
	{name: "file", word: "Where should the request", open: wizardPage(6)},
	{name: "review", word: "Is this right?", open: wizardPage(7), short: true},
	{name: "made", word: "The request is made", row: "made", open: func(p *pane, s *site) {
		wizardPage(7)(p, s)
		p.goTo("Create the request", "Tab")
		time.Sleep(kit.Grace)
		p.keys("Enter")
	}},
	{name: "resume", word: "Resume the unfinished form?", open: func(p *pane, s *site) { leaveDraft(p, s); p.keys("n") }},
	{name: "quit", word: "Quit with an unfinished form?", open: func(p *pane, s *site) { leaveDraft(p, s); p.keys("q") }, short: true},
	{name: "renewal", word: "Renew second", open: func(p *pane, _ *site) { p.keys("R") }},
	{name: "renewal beside a draft", word: "Which form?", open: func(p *pane, s *site) { leaveDraft(p, s); p.keys("R") }},
	{name: "import", word: "What do you want to import?", open: func(p *pane, _ *site) { p.keys("i") }},
	{name: "import of a paste", word: "Paste here", open: openPaste},
	{name: "import's password", word: "What is its password?", open: func(p *pane, s *site) { chooseFile(p, s.file("first.pfx")) }, short: true},
	{name: "import of what is here", word: "This certificate is here already", open: func(p *pane, s *site) {
		chooseFile(p, s.file("first.pfx"))
		p.shows("What is its password?")
		p.typed(deskPassword)
		p.keys("Enter")
	}},
	{name: "import of a wrong file", word: "first.req", open: func(p *pane, s *site) { chooseFile(p, s.file("first.req")) }},
	{name: "imported", word: "is in the store", row: "partner", open: func(p *pane, s *site) {
		chooseFile(p, s.file("partner.pem"))
		p.shows("[ Import ]")
		p.goTo("[ Import ]", "Tab")
		p.keys("Enter")
	}},
	{name: "export", word: "Who will open this?", open: func(p *pane, _ *site) { p.keys("x") }, short: true},
	{name: "export onto a file", word: "Replace the file?", open: func(p *pane, s *site) { exportTo(p, s.file("there.cer")) }},
	{name: "exported", word: "Written", open: func(p *pane, s *site) { exportTo(p, s.file("new.cer")) }},
	{name: "remove", word: "Remove second?", open: func(p *pane, _ *site) { p.keys("D") }, short: true},
	{name: "remove above details", word: "Remove second?", open: func(p *pane, _ *site) { p.does("Names (", "Enter"); p.keys("D") }},
	{name: "remove a request", word: "Remove the pending request", row: "waiting", open: func(p *pane, _ *site) {
		p.goTo("waiting", "k")
		p.keys("D")
		p.shows(`Type "lose the key"`)
		p.typed("lose")
	}},
	{name: "history", word: "WHEN", open: func(p *pane, _ *site) { p.keys("L") }, short: true},
	{name: "history filtered", word: "/ made", open: func(p *pane, _ *site) { p.does("WHEN", "L"); p.does("keep the filter", "/"); p.typed("made") }},
	{name: "history line", word: "What happened to it since", open: func(p *pane, _ *site) { p.does("WHEN", "L"); p.keys("Enter") }},
	{name: "details above a history line", word: "Names (", open: func(p *pane, _ *site) {
		p.does("WHEN", "L")
		p.does("What happened to it since", "Enter")
		p.keys("Enter")
	}},
	{name: "nothing removed", word: "Nothing is removed.", open: func(p *pane, _ *site) { p.keys("T") }},
	{name: "removed", word: "REMOVED", row: "►", open: openRemoved},
	{name: "removed details", word: "Next: r restores it", row: "►", open: func(p *pane, s *site) { openRemoved(p, s); p.keys("Enter") }},
	{name: "purge", word: "for good?", row: "►", open: func(p *pane, s *site) { openRemoved(p, s); p.keys("P"); p.shows("to go on"); p.typed("00") }},
	{name: "health", word: "The store is healthy.", open: func(p *pane, _ *site) { p.keys("H") }, short: true},
	{name: "copy", word: "Copy of second", open: func(p *pane, _ *site) { p.keys("y") }},
	{name: "copied", word: "sent to the terminal", open: func(p *pane, _ *site) { p.does("Copy of second", "y"); p.keys("p") }},
}

// openRemoved shows the removed entries with one among them.
func openRemoved(p *pane, s *site) {
	p.Helper()
	s.ok("remove", s.row("first").Thumbprint, "--yes")
	p.shows("1 valid")
	p.does("REMOVED", "T")
}

// wizardPage walks to a page of the form for a new request.
func wizardPage(n int) func(p *pane, s *site) {
	return func(p *pane, _ *site) {
		p.Helper()
		p.does("What do you need?", "n")
		p.goTo("Friendly name", "Tab")
		p.typed("made")
		for page := 2; page <= n; page++ {
			p.does(fmt.Sprintf("%d of 7", page), "C-n")
			if page == 2 {
				p.typed("made.example.org")
				p.does("common name, typed", "Enter")
			}
		}
	}
}

func leaveDraft(p *pane, s *site) {
	p.Helper()
	wizardPage(2)(p, s)
	p.does("1 of 7", "Escape")
	p.keys("Escape")
	p.until("the table", isTable)
}

func openPaste(p *pane, _ *site) {
	p.Helper()
	p.does("What do you want to import?", "i")
	p.goTo("( ) Pasted text", "Up")
	p.does("Paste here", "Enter")
	p.typed("-----BEGIN CERTIFICATE-----")
}

func chooseFile(p *pane, path string) {
	p.Helper()
	p.does("What do you want to import?", "i")
	p.typed(path)
	p.keys("C-n")
}

// exportTo exports the public certificate of the selected row.
func exportTo(p *pane, path string) {
	p.Helper()
	p.does("Who will open this?", "x")
	p.goTo("(o) Windows 2019", "Tab")
	p.goTo("( ) Anyone: the certificate", "Down")
	p.does("(o) Anyone: the certificate", "Enter")
	p.onto("Write to")
	p.typed(path)
	p.keys("C-n")
	p.onto("[ Export ]")
	p.keys("Enter")
}

// TestEveryScreenIsResizedAndLeftByEsc opens each screen, makes the terminal smaller, too small and larger, and
// then presses esc ten times: the desk is still there, shows the table, and the cursor is where it was.
func TestEveryScreenIsResizedAndLeftByEsc(t *testing.T) {
	need(t, "tmux")
	for i, screen := range deskScreens {
		if !all && (!screen.short || i%3 != 0) {
			continue
		}
		t.Run(screen.name, func(t *testing.T) {
			t.Parallel()
			s := screensSite(t)
			p := newTmux(t).desk(s, "admin")
			p.shows("waiting", "2 valid")
			p.goTo("second", "j")
			screen.open(p, s)
			p.shows(screen.word)
			p.awake() // a button that does not answer yet looks so
			resized(t, p, screen.word)
			p.escapes()
			row := screen.row
			if row == "" {
				row = "second"
			}
			p.onto(row)
		})
	}
}

// resized changes the size and back, and expects the very screen there was before.
func resized(t *testing.T, p *pane, word string) {
	t.Helper()
	before := settled(p)
	p.resize("60", "18", word)
	p.resize("50", "10", "certdesk needs 60x18")
	p.resize("140", "45", word)
	if all {
		for w := 30; w < 170; w += 7 {
			p.call("resize-window", "-t", p.name, "-x", fmt.Sprint(w), "-y", fmt.Sprint(5+w%50))
		}
	}
	p.resize("80", "24", word)
	p.until("the screen as it was", func(screen string) bool { return screen == before })
	p.alive()
}

// settled is the screen once it does not change any more.
func settled(p *pane) string {
	p.Helper()
	was, since := p.screen(), time.Now()
	p.until("a screen that does not change", func(screen string) bool {
		if screen != was {
			was, since = screen, time.Now()
		}
		return time.Since(since) > 100*time.Millisecond
	})
	return was
}
