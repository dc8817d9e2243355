package cli

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/probe"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

func TestTestOfAllServices(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	imap, pop := o.newVoice("IMAP", "imaps"), o.newVoice("POP", "pop3s", "reload = [\"/bin/true\"]")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "IMAP")
	for _, name := range []string{" " + old.Thumbprint[:4] + " " + old.Thumbprint[4:8], old.Thumbprint[:2] + ":" + old.Thumbprint[2:4] + ":" + old.Thumbprint[4:6], "OLD.example.org"} {
		if one := o.must("test", name); strings.Count(one.out, "\n") != 2 || !strings.Contains(one.out, imap.url) {
			t.Errorf("%s: %s", name, one.out)
		}
	}
	o.must("enable", old.Thumbprint, "--services", "POP", "--no-prove")
	pop.load()
	r := o.must("test")
	contains(t, r.out, "RESULT", "EXPECTED", "SERVED", "* served  "+imap.url, "* served  "+pop.url, old.Thumbprint[:6]+" old.example.org")
	if r.err != "" || strings.Contains(r.out, "NAME") || strings.Contains(r.out, "Not in the store") {
		t.Errorf("%q\n%s", r.err, r.out)
	}
	o.must("enable", next.Thumbprint, "--services", "POP", "--no-prove") // its reload command does nothing
	r = o.run("test")
	if r.code != 1 {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.out, "* served  ", "! old one served  "+pop.url, "it still serves the old certificate, until 22 Nov 2027: it has not read the one in "+pop.dir+"/fullchain.pem yet",
		"`certdesk enable "+next.Thumbprint[:12]+" --services POP` reloads it, and proves that it serves new.example.org")
	contains(t, r.err, "certdesk: test: 1 of 2 handshakes: not what clients should be served")
	contains(t, o.must("list").out, "old one served")
	contains(t, o.must("show", next.Thumbprint).out, "old one served: "+pop.url+" still serves the old certificate, until 22 Nov 2027")
	if found := o.entry("show", next.Thumbprint).Findings; len(found) == 0 || found[len(found)-1].Code != "not-served" {
		t.Errorf("%+v", found)
	}
	r = o.run("test", next.Thumbprint, "--json")
	var ports []wire.Port
	o.decode(r.out, &ports)
	if p := ports[0]; r.code != 1 || len(ports) != 1 || p.Listen != pop.url || *p.Expected != next.SHA256 || *p.OnDisk != next.SHA256 || *p.Served != old.SHA256 ||
		p.Result != probe.Old || *p.Good || !*p.InStore || p.Service != "POP ("+pop.dir+")" || len(p.Faults) != 1 {
		t.Errorf("exit %d, %+v", r.code, ports)
	}
}

// A port that is silent keeps nobody from the list, which says what it does not know; what the others serve it shows.
func TestListDoesNotWaitForASilentPort(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pop := o.newVoice("POP", "pop3s", "reload = [\"/bin/true\"]")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "POP", "--no-prove")
	pop.load()
	o.must("enable", next.Thumbprint, "--services", "POP", "--no-prove") // its reload command does nothing
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	o.service("UM", fmt.Sprintf("install = %q\nlisten = [%q]", t.TempDir(), "tls://"+silent.Addr().String()))
	began := time.Now()
	r := o.must("list")
	contains(t, r.out, "old one served")
	contains(t, r.err, "note: not every port answered within a second")
	if took := time.Since(began); took < glance || took > 10*glance {
		t.Errorf("it took %v", took)
	}
}

func TestTestWithoutServices(t *testing.T) {
	o := newOffice(t)
	r := o.run("test")
	if r.code != 4 || r.out != "" {
		t.Errorf("exit %d, %q", r.code, r.out)
	}
	contains(t, r.err, "no service is configured, and none with TLS was found on this host", "hint: add a [[service]] for each daemon")
	o.service("IIS", "install = \"voice\"")
	if r := o.run("test"); r.code == 0 || !strings.Contains(r.err, "is not a full path") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
}

// Clients refuse an expired certificate, whoever meant it to be served.
func TestAnExpiredCertificateIsNotWhatClientsShouldGet(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.newVoice("IMAP", "imaps")
	e := o.valid("mail.example.org")
	o.must("enable", e.Thumbprint, "--services", "IMAP")
	o.now = o.now.AddDate(2, 0, 0)
	r := o.run("test")
	if r.code != 1 {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.out, "! out of date", "it expired on")
}

// A newcomer on a running server: what is served is named, with the command that takes it in.
func TestWhatIsServedAndNotInTheStoreIsTakenIn(t *testing.T) {
	other := newOffice(t)
	e := other.valid("mail.example.org", "--private-key-exportable")
	other.must("export", e.Thumbprint, "--with-key", "--path", other.path("mail.pem"))
	bundle, err := os.ReadFile(other.path("mail.pem"))
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t)
	imap, pop := o.newVoice("IMAP", "imaps"), o.newVoice("POP", "pop3s")
	for _, v := range []*voice{imap, pop} {
		v.install(t, keyLast(string(bundle)))
		if err := os.Symlink("fullchain.pem", filepath.Join(v.dir, "combined.pem")); err != nil {
			t.Fatal(err)
		}
	}
	r := o.must("test")
	contains(t, r.out, "* served", "\nNot in the store\n  mail.example.org ("+e.Thumbprint[:12]+"), until 22 Nov 2027 (364 days left)\n",
		"served by IMAP ("+imap.dir+") at "+imap.url, "served by POP (", "`certdesk import --served "+e.Thumbprint[:12]+"` takes it in, with its key from "+imap.dir+"/key.pem")
	if n := strings.Count(r.out, "import --served"); n != 1 {
		t.Errorf("told %d times", n)
	}
	before := o.snapshot()
	if r := o.run("import", "--served", "ABCDEF123456"); r.code != 4 {
		t.Errorf("exit %d, want 4", r.code)
	}
	o.unchanged(before)
	r = o.must("import", "--served", strings.ToLower(e.Thumbprint[:12]))
	contains(t, r.out, "took in mail.example.org ("+e.Thumbprint[:12]+"): IMAP (", "POP (")
	if list := o.list(); len(list) != 1 || list[0].ServicesString != "IP..." || !list[0].HasPrivateKey || list[0].PrivateKeyExportable {
		t.Errorf("%+v", list)
	}
	contains(t, o.must("import", "--served").err, "nothing is served that is not in the store")
	if r := o.must("test"); strings.Contains(r.out, "Not in the store") {
		t.Error(r.out)
	}
}

func TestWhatCannotBeTakenInIsSaid(t *testing.T) {
	other := newOffice(t)
	other.newVoice("SMTP", "smtps")
	e := other.entry("new", "--domain-name", "self.example.org", "--services", "SMTP")
	o := newOffice(t)
	v := o.newVoice("SMTP", "smtps")
	text, _ := os.ReadFile(o.config)
	o.write("certdesk.toml", strings.Replace(string(text), v.url, voiceURL(t, other), 1)) // whose key is elsewhere
	r := o.run("test")
	contains(t, r.out, "Not in the store\n  self.example.org ("+e.Thumbprint[:12]+")")
	r = o.run("import", "--served", "--json")
	var got wire.Results
	o.decode(r.out, &got)
	if r.code != 1 || len(got.Done) != 0 || len(got.Refused) != 1 || got.Refused[0].Thumbprint != e.Thumbprint || !strings.Contains(got.Refused[0].Error.Message, "key.pem") {
		t.Errorf("exit %d, %+v", r.code, got)
	}
}

// voiceURL is what the only service of an office listens at.
func voiceURL(t *testing.T, o *office) string {
	t.Helper()
	var ports []wire.Port
	o.decode(o.must("test", "--json").out, &ports)
	return ports[0].Listen
}

// On a narrow terminal a port keeps its result, its address and the digits of both certificates.
func TestTheSurveyFitsTheTerminal(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("IMAP", "imaps")
	e := o.valid("a-name-that-is-quite-long.example.org")
	o.must("enable", e.Thumbprint, "--services", "IMAP")
	for _, width := range []int{60, 80, 140} {
		var out, errs bytes.Buffer
		streams := o.io(&out, &errs)
		streams.Width = func() int { return width }
		if code := Run(t.Context(), o.args([]string{"test"}), streams); code != 0 {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
		for line := range strings.Lines(out.String()) {
			if len(line) > width+len("\n") {
				t.Errorf("%d columns: %d in %q", width, len(line), line)
			}
		}
		contains(t, out.String(), "* served", v.url)
		if n := strings.Count(out.String(), e.Thumbprint[:6]); n != 2 {
			t.Errorf("%d columns: the digits are shown %d times\n%s", width, n, out.String())
		}
	}
}

func TestServicesInUseAndWanted(t *testing.T) {
	const mail = certstore.SMTP | certstore.IMAP
	for _, c := range []struct {
		inUse, wanted        certstore.Services
		cell, uses, servedAs string
	}{
		{0, 0, ".....", "no service uses it", "none"},
		{mail, 0, "I...S", "it is enabled for IMAP, SMTP", "IMAP, SMTP"},
		{mail, mail, "I...S", "it is enabled for IMAP, SMTP", "IMAP, SMTP"},
		{0, mail, "(I---S)", "no service uses it, wanted for IMAP, SMTP", "IMAP, SMTP (wanted; not in use yet)"},
		{certstore.IIS, mail, "...W. (I---S)", "it is enabled for IIS, wanted for IMAP, SMTP", "IIS; IMAP, SMTP (wanted; not in use yet)"},
	} {
		e := certstore.Entry{Services: c.inUse, Wanted: c.wanted}
		if cell, text, fact := servicesCell(e), uses(e), words.ServiceFacts(e)[0].Value; cell != c.cell || text != c.uses || fact != c.servedAs {
			t.Errorf("%q, %q, %q; want %q, %q, %q", cell, text, fact, c.cell, c.uses, c.servedAs)
		}
	}
}
