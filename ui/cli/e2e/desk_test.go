//go:build linux

package e2e

import (
	"strings"
	"testing"
	"time"

	"certdesk/ui/kit"
)

// TestTheArticleInTheDesk is the article's scenario by keys: two requests made in the wizard, answered by a CA made
// with openssl, both rows valid in another open desk without a key press there.
func TestTheArticleInTheDesk(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	s := newSite(t, ca.root())
	m := newTmux(t)
	desk := m.desk(s, "admin")
	desk.shows("No certificate is here yet.")
	askForClient(desk, s.file("secure_client.req"))
	askForSMTP(desk, s.file("secure_smtp.req"))
	for name, want := range map[string][]string{"secure_client": clientNames, "secure_smtp": smtpNames} {
		sameRequest(t, s, name, want)
	}
	if subject := s.openssl("req", "-in", "secure_client.req", "-noout", "-subject", "-nameopt", "RFC2253"); !strings.Contains(subject, "CN=webmail.proexchange.global,O=ProExchange,C=BE") {
		t.Errorf("subject: %s", subject)
	}

	watch := m.desk(s, "watch")
	watch.shows("secure_client", "2 pending")
	watch.keys("G")
	watch.onto("pending secure_smtp")
	importFile(desk, ca.withChain(ca.answer(s.file("secure_client.req"), "200")), "The answer to your request secure_client", "Complete the request")
	watch.shows("valid secure_client", "1 pending", "1 valid")
	watch.onto("pending secure_smtp")
	s.ok("import", ca.p7b(ca.answer(s.file("secure_smtp.req"), "200")))
	watch.shows("2 valid")
	watch.onto("valid secure_smtp")

	takeAlong(t, desk, s, newSite(t, ca.root()))
	cleanUp(t, watch, s)
	watch.onto("secure_smtp")
}

// askForClient walks the wizard through the request for clients.
func askForClient(p *pane, path string) {
	p.Helper()
	p.does("What do you need?", "n")
	p.goTo("Friendly name", "Tab")
	p.typed("secure_client")
	p.does("Which names", "C-n")
	p.typed("webmail.proexchange.global")
	p.does("common name, typed", "Enter")
	p.paste("webmail.belgianbeers.rock, Ex2007EE.proexchange.global\nEx2007EE\n\nEx2007SE.proexchange.global\tEx2007SE\n")
	p.shows("Names (6 of 6 on)")
	p.goTo("autodiscover names", "Tab")
	p.does("Names (8 of 8 on)", "Space")
	p.does("Whose certificate", "C-n")
	p.typed("ProExchange")
	p.goTo("Country", "Tab")
	p.typed("belg")
	p.shows("CN=webmail.proexchange.global,O=ProExchange,C=BE")
	p.does("What key?", "C-n")
	p.goTo("may be exported", "Tab")
	p.does("[x] may be exported", "Space")
	p.does("Which services", "C-n")
	p.does("[x] IIS", "Space")
	p.goTo("UM", "Tab")
	p.does("[x] UM", "Space")
	create(p, path)
	p.onto("pending secure_client")
}

// askForSMTP walks it through the request for mail servers, whose names are the accepted domains.
func askForSMTP(p *pane, path string) {
	p.Helper()
	p.does("What do you need?", "n")
	p.shows("As in secure_client: ProExchange, BE; RSA 2048 bits, exportable")
	p.goTo("Friendly name", "Tab")
	p.typed("secure_smtp")
	p.does("Which names", "C-n")
	p.goTo("accepted domains", "Tab")
	p.does("[x] belgianbeers.rock", "Space")
	p.goTo("[x] ex2007ee", "Tab")
	p.does("► [x] proexchange.global", "Down")
	p.does("Names (2 of 2 on)", "c")
	p.does("Whose certificate", "C-n")
	p.does("What key?", "C-n")
	p.shows("[x] may be exported")
	p.does("Which services", "C-n")
	p.goTo("SMTP", "Tab")
	p.does("[x] SMTP", "Space")
	create(p, path)
	p.onto("pending secure_smtp")
}

// create says where the request goes, reads the review and makes it.
func create(p *pane, path string) {
	p.Helper()
	p.does("Where should the request", "C-n")
	p.goTo("File", "Tab")
	p.keys("C-u") // the second one finds a path offered
	p.typed(path)
	p.does("Is this right?", "C-n")
	p.goTo("Create the request", "Tab")
	time.Sleep(kit.Grace) // a person reads it first
	p.does("The request is made", "Enter")
	p.keys("Enter")
	p.until("the table", isTable)
}

func sameRequest(t *testing.T, s *site, name string, want []string) {
	t.Helper()
	if out := s.openssl("req", "-in", name+".req", "-verify", "-noout"); !strings.Contains(out, "verify OK") {
		t.Errorf("openssl req -verify: %s", out)
	}
	if got := sanOf(s.openssl("req", "-in", name+".req", "-noout", "-text")); got[0] != want[0] || !sameSet(got, want) {
		t.Errorf("%s asks for %v, want %v", name, got, want)
	}
}

// importFile imports a file in the desk and goes back to the table.
func importFile(p *pane, path, found, button string) {
	p.Helper()
	p.does("What do you want to import?", "i")
	p.onto("Add a file")
	p.typed(path)
	p.does(found, "C-n")
	p.finishImport(button)
}

// finishImport presses the button of what was found.
func (p *pane) finishImport(button string) {
	p.Helper()
	p.keys("C-n")
	p.onto("[ " + button + " ]")
	p.does("is in the store", "Enter")
	p.keys("Enter")
	p.until("the table", isTable)
}

const deskPassword = "Pa55 wörd"

// takeAlong exports secure_smtp in the desk, and imports it in the desk of a second server.
func takeAlong(t *testing.T, p *pane, s, edge *site) {
	t.Helper()
	p.goTo("secure_smtp", "Down")
	p.does("Who will open this?", "x")
	p.goTo("Write to", "Tab")
	p.typed(s.file("smtp.pfx"))
	p.goTo("Password", "Tab")
	p.typed(deskPassword)
	p.goTo("Once more", "Tab")
	p.typed("another")
	p.does("the two passwords differ", "C-n")
	p.keys("C-u")
	p.typed(deskPassword)
	p.keys("C-n")
	p.onto("[ Export ]")
	p.does("Written", "Enter")
	p.keys("Enter")
	p.until("the table", isTable)
	s.write(s.file("password"), deskPassword+"\n")
	s.openssl("pkcs12", "-in", "smtp.pfx", "-passin", "file:password", "-nodes", "-out", "opened.pem")
	s.openssl("pkey", "-in", "opened.pem", "-pubout", "-outform", "DER", "-out", "pub.der")
	smtp := s.row("secure_smtp")
	if sum := s.openssl("dgst", "-sha256", "-r", "pub.der"); !strings.HasPrefix(sum, smtp.Spki) {
		t.Errorf("the PFX holds another key: %s, want %s", sum, smtp.Spki)
	}

	other := p.desk(edge, "edge")
	other.does("What do you want to import?", "i")
	other.typed(s.file("smtp.pfx"))
	other.does("What is its password?", "C-n")
	other.typed("guess")
	other.does("wrong password, 1st try of this file", "Enter")
	other.typed(deskPassword)
	other.does("A certificate with its key", "Enter")
	other.finishImport("Import")
	other.onto("valid")
	if moved := edge.row("secure_smtp"); moved.Thumbprint != smtp.Thumbprint || moved.Status != "Valid" || !moved.HasPrivateKey {
		t.Errorf("on the second server: %+v", moved)
	}
}

// cleanUp removes all self-signed certificates by command and restores one; the open desk follows.
func cleanUp(t *testing.T, watch *pane, s *site) {
	t.Helper()
	for _, name := range []string{"one", "two", "three"} {
		s.ok("new", "--domain-name", name+".proexchange.global", "--friendly-name", name, "--key-algorithm", "ecdsa-p256")
	}
	watch.shows("5 valid", " one ", " two ", " three ")
	two := s.row("two").Thumbprint
	s.ok("remove", "--self-signed", "--yes")
	watch.shows("2 valid")
	watch.hides(" two ")
	s.ok("restore", two)
	watch.shows("3 valid", " two ")
	if left := s.rows("--self-signed"); len(left) != 1 || left[0].FriendlyName != "two" {
		t.Errorf("after restore: %+v", left)
	}
	s.ok("history", "verify")
}
