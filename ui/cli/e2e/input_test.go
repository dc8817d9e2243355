//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestBadInputIsAnsweredAndChangesNothing is the list of what people and files get wrong: each has a code, a hint,
// and leaves every byte of the store and of the target as it was.
func TestBadInputIsAnsweredAndChangesNothing(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	s := newSite(t, ca.root())
	s.ok("new", "--generate-request", "--domain-name", "mail.example.org", "--friendly-name", "waiting", "--path", s.file("waiting.req"))
	s.ok("new", "--generate-request", "--domain-name", "done.example.org", "--path", s.file("done.req"))
	done := ca.withChain(ca.answer(s.file("done.req"), "100"))
	s.ok("import", done)
	s.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "foreign.key", "-out", "foreign.csr", "-subj", "/CN=foreign.example.org")
	foreign := ca.answer(s.file("foreign.csr"), "100")
	answer := ca.answer(s.file("waiting.req"), "100")
	s.openssl("pkcs12", "-export", "-in", foreign, "-inkey", "foreign.key", "-passout", "pass:right", "-out", "foreign.pfx")
	s.write(s.file("guess"), "wrong")
	s.write(s.file("taken.req"), "mine")
	s.write(s.file("cut.crt"), s.read(done)[:400])
	if err := syscall.Mkfifo(s.file("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	huge, err := os.Create(s.file("huge"))
	if err != nil {
		t.Fatal(err)
	}
	huge.Truncate(2 << 30)
	huge.Close()
	s.write(s.file("odd.toml"), "server = \"x.example.org\"\ncolour = \"red\"\n")

	before := s.snapshot()
	for _, c := range []struct {
		what, code string
		exit       int
		args       string
	}{
		{"a wrong DN", "invalid-subject", 2, "new|--subject-name|CN"},
		{"a DN with an unknown part", "invalid-subject", 2, "new|--subject-name|CN=a.example.org,X=1"},
		{"a CN of 65 characters", "invalid-subject", 2, "new|--subject-name|CN=" + strings.Repeat("a", 53) + ".example.org"},
		{"a name of 256 characters", "invalid-name", 2, "new|--domain-name|" + strings.Repeat("a23456789.", 25) + "ab.org"},
		{"a friendly name of 65", "invalid-name", 2, "new|--domain-name|a.example.org|--friendly-name|" + strings.Repeat("x", 65)},
		{"an existing path", "already-exists", 3, "new|--generate-request|--domain-name|a.example.org|--path|" + s.file("taken.req")},
		{"an unwritable path", "failed", 1, "new|--generate-request|--domain-name|a.example.org|--path|/nonexistent/a.req"},
		{"a wrong password", "wrong-password", 3, "import|" + s.file("foreign.pfx") + "|--password-file|" + s.file("guess")},
		{"no password", "password-needed", 3, "import|" + s.file("foreign.pfx")},
		{"an answer to an unknown request", "no-matching-request", 3, "import|" + foreign},
		{"the same certificate twice", "already-exists", 3, "import|" + done},
		{"a key that does not match", "key-mismatch", 3, "import|" + answer + "|" + s.file("foreign.key")},
		{"half a file", "damaged", 3, "import|" + s.file("cut.crt")},
		{"a FIFO", "unsupported-format", 3, "import|" + s.file("fifo")},
		{"a directory", "unsupported-format", 3, "import|" + s.home},
		{"a file of 2 GB", "limit-exceeded", 3, "import|" + s.file("huge")},
		{"a PFX of 2^31 iterations", "limit-exceeded", 3, "import|" + testdata(t, "formats/iterations-2-31.pfx") + "|--password-file|" + s.file("guess")},
		{"a device", "unsupported-format", 3, "import|/dev/zero"},
		{"an unknown thumbprint", "not-found", 4, "show|0123456789"},
		{"an unknown configuration key", "invalid-config", 2, "--config|" + s.file("odd.toml") + "|list"},
	} {
		started := time.Now()
		r := s.run(append([]string{"--json"}, strings.Split(c.args, "|")...)...)
		if r.code != c.exit || !strings.Contains(r.err, `"code":"`+c.code+`"`) || strings.Contains(r.err, `"hint":""`) || !strings.Contains(r.err, `"hint"`) {
			t.Errorf("%s: exit %d, want %d %s: %s", c.what, r.code, c.exit, c.code, r.err)
		}
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("%s: answered after %v", c.what, took)
		}
		plain := s.run(strings.Split(c.args, "|")...)
		if !strings.Contains("\n"+plain.err, "\ncertdesk: ") || !strings.Contains(plain.err, "\nhint: ") {
			t.Errorf("%s: %q", c.what, plain.err)
		}
	}
	if s.snapshot() != before || s.read(s.file("taken.req")) != "mine" {
		t.Error("bad input changed the store or a target")
	}
}

func testdata(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestADamagedJournalIsReadButNotWritten flips a byte in the middle of the history, then tears its end.
func TestADamagedJournalIsReadButNotWritten(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"one", "two", "three"} {
		s.ok("new", "--domain-name", name+".example.org")
	}
	journal := s.file("store/journal")
	text := s.read(journal)
	s.write(journal, strings.Replace(text, "two.example.org", "twa.example.org", 1))
	before := s.snapshot()
	if r := s.run("--json", "new", "--domain-name", "four.example.org"); r.code != 3 || !strings.Contains(r.err, `"code":"damaged"`) || !strings.Contains(r.err, "--repair") {
		t.Errorf("a write to a damaged store: exit %d: %s", r.code, r.err)
	}
	if n := len(s.rows()); n != 2 || s.snapshot() != before {
		t.Errorf("%d of the 2 whole lines are listed, or the store changed", n)
	}
	if r := s.run("doctor"); r.code != 1 {
		t.Errorf("doctor is content: %s", r.out)
	}
	s.ok("doctor", "--repair")
	if n := len(s.rows()); n != 3 {
		t.Errorf("after repair %d rows: the certificate whose line was damaged is to be listed again", n)
	}
	s.write(journal, s.read(journal)+"torn off in the mid")
	if n := len(s.rows()); n != 3 {
		t.Errorf("a torn last line is not yet, not damage: %d rows", n)
	}
	s.ok("new", "--domain-name", "four.example.org")
	if torn, _ := filepath.Glob(s.file("store/torn-*")); len(torn) != 1 || len(s.rows()) != 4 {
		t.Errorf("the torn end is not kept aside: %v", torn)
	}
}

// TestASecondWriterIsNamed holds the lock as another process would.
func TestASecondWriterIsNamed(t *testing.T) {
	if testing.Short() || !all {
		t.Skip("SKIPPED without CERTDESK_ALL: it waits the ten seconds a writer waits")
	}
	s := newSite(t)
	s.ok("new", "--domain-name", "a.example.org")
	hold := exec.Command("flock", s.store+"/lock", "sleep", "30")
	if err := hold.Start(); err != nil {
		skipOrFail(t, "flock: "+err.Error())
	}
	defer func() { hold.Process.Kill(); hold.Wait() }()
	time.Sleep(300 * time.Millisecond)
	r := s.run("--json", "new", "--domain-name", "b.example.org")
	if r.code != 1 || !strings.Contains(r.err, `"code":"locked"`) {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
}

// TestAHostileSubjectReachesNobodyRaw gives certificates whose names would steer a terminal.
func TestAHostileSubjectReachesNobodyRaw(t *testing.T) {
	s := newSite(t)
	evil := "\x1b]0;owned\a\x1b[31m\u202egro.evil\u009b31m\nStatus: valid"
	s.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "evil.key", "-out", "evil.crt", "-days", "30", "-utf8",
		"-subj", "/O="+evil+"/CN=evil.example.org", "-addext", "subjectAltName=DNS:evil.example.org")
	outputs := []string{
		s.ok("import", s.file("evil.crt"), s.file("evil.key"), "--friendly-name", "evil"),
		s.ok("list"), s.ok("--json", "list"), s.ok("history"), s.read(s.store + "/journal"),
	}
	thumb := s.rows()[0].Thumbprint
	outputs = append(outputs, s.ok("show", thumb), s.ok("--json", "show", thumb))
	r := s.run("import", s.file("evil.crt"))
	outputs = append(outputs, r.err, s.run("import", s.home+"/\x1b[31mred").err)
	for i, out := range outputs {
		for _, raw := range []string{"\x1b", "\a", "\u202e", "\u009b", "\nStatus: valid"} {
			if strings.Contains(out, raw) {
				t.Errorf("output %d holds %q raw: %q", i, raw, out)
			}
		}
	}
	if !strings.Contains(outputs[5], `\1B]0\;owned\07`) {
		t.Errorf("the escape is not shown: %q", outputs[5])
	}
}
