//go:build linux

package e2e

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// lines runs the desk in lines through a pipe, one answer a line, and gives what it printed. It must end well, say
// nothing on standard error, and send no byte that a terminal would obey.
func (s *site) lines(answers ...string) string {
	s.Helper()
	cmd := exec.Command(binary(s), s.args("--accessible")...)
	cmd.Stdin = strings.NewReader(strings.Join(answers, "\n") + "\n")
	r := s.finish(cmd)
	if r.code != 0 || r.err != "" {
		s.Fatalf("exit %d, %s\n%s", r.code, r.err, r.out)
	}
	for _, c := range []byte(r.out) {
		if c < 0x20 && c != '\n' || c == 0x7f {
			s.Fatalf("the byte %#x was printed:\n%q", c, r.out)
		}
	}
	return r.out
}

// says fails the test unless a text holds all words, with one blank between them.
func (s *site) says(text string, words ...string) {
	s.Helper()
	for _, word := range words {
		if !strings.Contains(squeezed(text), word) {
			s.Errorf("%q is missing in\n%s", word, text)
		}
	}
}

// TestTheArticleByLines is the article's scenario through a pipe, and leaves the journal that the commands leave.
func TestTheArticleByLines(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	byLines, byCommands := newSite(t, ca.root()), newSite(t, ca.root())
	articleByLines(byLines, ca)
	articleByCommands(byCommands, ca)
	want, got := byCommands.deeds(), byLines.deeds()
	if len(want) != 10 || len(got) != len(want) {
		t.Fatalf("%d deeds by lines, %d by commands:\n%s\n\n%s", len(got), len(want), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("by lines:    %s\nby commands: %s", got[i], want[i])
		}
	}
	byLines.ok("history", "verify")
	byLines.ok("doctor")
}

const (
	webTyped  = "Webmail.ProExchange.Global, Webmail.BelgianBeers.Rock"
	moreTyped = "Ex2007EE.ProExchange.Global,Ex2007EE,Ex2007SE.ProExchange.Global,Ex2007SE"
)

// articleByLines answers every question there is, twice what the article does and once more what a person does with it. The second
// form carries the first one's organisation over: a dash empties it.
func articleByLines(s *site, ca opensslCA) {
	s.Helper()
	out := s.lines(
		"new", "a request", "secure_client", // purpose
		webTyped, moreTyped, "", "no", "yes", "no", "no", "no", "", // names
		"ProExchange, Inc.", "", "", "", "be", // subject
		"RSA 2048", "yes", // key
		"yes", "no", "no", "no", "yes", // services
		"text", s.file("secure_client.req"), "y", // file, review
		"new", "1", "secure_smtp", "proexchange.global", "", "yes", "no", "no", "no", "", "",
		"-", "", "", "", "-", "", "yes", "no", "yes", "no", "no", "no", "", s.file("secure_smtp.req"), "y",
		"q")
	s.says(out, "New certificate - 1 of 7", "The request is made", "pending: secure_smtp, proexchange.global and 1 more, wanted for SMTP")

	crt := ca.withChain(ca.answer(s.file("secure_client.req"), "200"))
	out = s.lines("import", "files", crt, "", "", "", "y", "details secure_client", "", "quit")
	s.says(out, "The answer to your request secure_client", "valid until", "Private key in this store", "imported the CA's answer")
	p7b := ca.p7b(ca.answer(s.file("secure_smtp.req"), "200"))
	s.says(s.lines("i", "", p7b, "", "", "", "y", "q"), "secure_smtp is in the store")

	out = s.lines("export secure_smtp", "1", s.file("smtp.pfx"), "Pa55 wörd", "Pa55 wörd", "yes", "y", "q")
	s.says(out, "Written", "smtp.pfx")
	if strings.Contains(out, "Pa55") {
		s.Error("the password was printed")
	}
	s.write(s.file("password"), "Pa55 wörd\n")
	s.openssl("pkcs12", "-in", s.file("smtp.pfx"), "-passin", "file:"+s.file("password"), "-nodes", "-noout")

	s.lines("new", "2", "own", "365", "own.proexchange.global", "", "", "", "", "", "", "", "", "", "", "", "", "", "no", "", "", "", "", "", "y", "q")
	s.says(s.lines("remove own", "", "remove own", "y", "q"), "Remove own?", "own is removed;")
	s.lines("new", "", "wrong", "wrong.proexchange.global", "", "", "", "", "", "", "", "", "", "", "", "", "", "no", "no", "", "", "", "", "", "", "y", "q")
	out = s.lines("remove wrong", "yes", "lose the keys", "", "remove wrong", "lose the key", "q")
	s.says(out, `that is not "lose the key"`, "wrong is removed;")
}

// articleByCommands does the same by commands.
func articleByCommands(s *site, ca opensslCA) {
	s.Helper()
	s.ok("new", "--generate-request", "--friendly-name", "secure_client", "--path", s.file("secure_client.req"),
		"--subject-name", `C=BE, O="ProExchange, Inc.", CN=webmail.proexchange.global`, "--domain-name", webTyped+","+moreTyped,
		"--include-autodiscover", "--private-key-exportable", "--services", "IIS,UM")
	s.ok("new", "--generate-request", "--friendly-name", "secure_smtp", "--path", s.file("secure_smtp.req"),
		"--subject-name", "CN=proexchange.global", "--include-accepted-domains", "--private-key-exportable", "--services", "SMTP")
	s.ok("import", ca.withChain(ca.answer(s.file("secure_client.req"), "200")))
	s.ok("import", ca.p7b(ca.answer(s.file("secure_smtp.req"), "200")))
	s.write(s.file("password"), "Pa55 wörd\n")
	s.ok("export", s.row("secure_smtp").Thumbprint, "--path", s.file("smtp.pfx"), "--password-file", s.file("password"))
	s.ok("new", "--domain-name", "own.proexchange.global", "--friendly-name", "own")
	s.ok("remove", "--yes", s.row("own").Thumbprint)
	s.ok("new", "--generate-request", "--domain-name", "wrong.proexchange.global", "--friendly-name", "wrong", "--services", "None", "--path", s.file("wrong.req"))
	s.ok("remove", "--force", s.row("wrong").Thumbprint)
}

// TestAnOrderByLines orders through a pipe, and leaves the journal that the command leaves.
func TestAnOrderByLines(t *testing.T) {
	t.Parallel()
	byLines := newCustomer(t)
	byCommands := byLines.beside()
	out := byLines.lines("new", "pebble", "mail", // purpose
		"mail.example.org", "", "no", "no", "no", "no", "no", "", // names
		"ECDSA P-256", "no", "no", "no", "no", "no", "no", "y", "q") // key, services, review
	byLines.says(out, "have the CA prove a name: mail.example.org", "mail is issued by pebble")
	if n := strings.Count(out, "the account at the CA"); n != 1 {
		t.Errorf("each step is told %d times:\n%s", n, out)
	}
	byCommands.ok("new", "--acme", "pebble", "--domain-name", "mail.example.org", "--friendly-name", "mail",
		"--key-algorithm", "ecdsa-p256")
	want, got := byCommands.deeds(), byLines.deeds()
	if len(want) < 6 || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("by lines:\n%s\nby command:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

var (
	digits = regexp.MustCompile(`^[0-9A-Fa-f]{16,}$`)
	moment = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`)
)

// deeds are the journal's lines without what differs from one run to the next: times, keys, sums, and where the site lies.
func (s *site) deeds() []string {
	s.Helper()
	var out []string
	for line := range strings.Lines(s.read(s.store + "/journal")) {
		_, text, _ := strings.Cut(line, " ")
		var deed struct {
			Op   string
			Data any
		}
		if err := json.Unmarshal([]byte(text), &deed); err != nil {
			s.Fatal(err)
		}
		plain, err := json.Marshal(s.withoutChance(deed.Data))
		if err != nil {
			s.Fatal(err)
		}
		out = append(out, deed.Op+" "+string(plain))
	}
	return out
}

func (s *site) withoutChance(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "inode")
		for name := range v {
			v[name] = s.withoutChance(v[name])
		}
		for _, name := range []string{"url", "certificate", "token", "keyAuthorization", "account"} {
			if _, isText := v[name].(string); isText {
				v[name] = "the CA's"
			}
		}
	case []any:
		for i := range v {
			v[i] = s.withoutChance(v[i])
		}
	case string:
		switch {
		case strings.HasPrefix(v, ".tmp-"):
			return "a temporary"
		case digits.MatchString(v):
			return "digits"
		case moment.MatchString(v):
			return "a time"
		}
		return strings.ReplaceAll(v, s.home, "home")
	}
	return v
}

func TestTheDeskInLinesIsChosenByWhoNeedsIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, c := range []struct {
		env  string
		args []string
		code int
	}{
		{"TERM=dumb", nil, 2}, {"TERM=xterm", nil, 2}, {"ACCESSIBLE=1", nil, 0}, {"ACCESSIBLE=", nil, 2},
		{"TERM=dumb", []string{"--accessible"}, 0}, {"TERM=dumb", []string{"--accessible", "--json"}, 2},
	} {
		cmd := exec.Command(binary(s), s.args(c.args...)...)
		cmd.Env = append(s.env(), c.env)
		r := s.finish(cmd)
		if r.code != c.code || c.code == 0 && !strings.Contains(r.out, "certdesk> ") {
			t.Errorf("%s %v: exit %d, want %d\n%s%s", c.env, c.args, r.code, c.code, r.out, r.err)
		}
	}
	s.says(s.ok("--help"), "--accessible", "plain lines and questions")
}

// TestADumbTerminalIsSentNoEscape records every byte that a terminal is sent, by what a person does there.
func TestADumbTerminalIsSentNoEscape(t *testing.T) {
	t.Parallel()
	s := screensSite(t)
	m := newTmux(t)
	p := m.open("dumb", "80", "24", need(t, "sh"), "-i")
	p.shows("$")
	record := m.dir + "/record"
	m.call("pipe-pane", "-t", p.name, "cat >"+record)
	p.typed("TERM=dumb " + binary(t) + " " + strings.Join(s.args(), " ") + "; echo left=$?\r")
	p.shows("certdesk>")
	for _, step := range []struct{ typed, shows string }{
		{"?", "remove, D"}, {"details second", "m prints more"}, {"m", "lines more"}, {"more", "SHA-256"}, {"", "certdesk>"}, {"export second", "Who opens it"}, {"4", "Write to"}, {"<<", "certdesk>"},
		{"remove second", "Cancel"}, {"", "certdesk>"}, {"new", "What do you need?"},
	} {
		p.typed(step.typed + "\r")
		p.shows(step.shows)
	}
	p.keys("C-c")
	p.shows("ctrl+c again to quit")
	p.keys("C-c")
	p.shows("left=0")
	sent := s.read(record)
	if !strings.Contains(sent, "SHA-256") || strings.ContainsRune(sent, 0x1b) {
		t.Errorf("an escape was sent, or nothing was recorded:\n%q", sent)
	}
}
