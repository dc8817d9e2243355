package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/ui/cli/wire"
)

func (o *office) enabled(r result) (out wire.Enabled) {
	o.t.Helper()
	o.decode(r.out, &out)
	return out
}

func TestEnableProvesAndSaysSo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("IMAP", "imaps")
	e := o.valid("mail.example.org", "--services", "IMAP,POP")
	r := o.must("enable", e.Thumbprint, "--services", "IMAP")
	title := "IMAP (" + v.dir + ")"
	contains(t, r.out, "* served", v.url, e.Thumbprint[:6]+" mail.example.org", title+": enabled, proven by 1 handshake on 1 port\n")
	contains(t, r.err, "enabling mail.example.org ("+e.Thumbprint[:12]+"), until 22 Nov 2027 (364 days left) for "+title, title+": puts 3 files, changes 4 paths, will be proven by 1 handshake",
		title+": reload\n", title+": ask every port\n", title+": 1 of 1 handshake so far\n")
	if v.serves() != e.SHA256 {
		t.Errorf("it serves %q", v.serves())
	}
	if l := o.list()[0]; !slices.Equal(l.Services, []string{"IMAP"}) || l.ServicesString != "I...." || !slices.Equal(l.WantedServices, []string{"POP"}) {
		t.Errorf("%+v", l)
	}
	contains(t, o.must("list").out, "I.... (-P---)")
	contains(t, o.must("show", e.Thumbprint).out, "Services       IMAP; POP (wanted; not in use yet)", "Ports\n  "+v.url+"  "+title)
	if d := o.entry("show", e.Thumbprint); len(d.Bindings) != 1 || d.Bindings[0].Service != title || d.Bindings[0].Ports[0].Listen != v.url {
		t.Errorf("%+v", d.Bindings)
	}
	for list, want := range map[string]int{"IMAP": 1, "POP": 1, "IMAP,POP": 1, "SMTP": 0, "None": 0} {
		if n := len(o.list("--services", list)); n != want {
			t.Errorf("list --services %s: %d, want %d", list, n, want)
		}
	}
	contains(t, o.must("enable", e.Thumbprint, "--services", "IMAP").out, title+": it was enabled already, proven by 1 handshake")
	got := o.enabled(o.must("enable", e.Thumbprint, "--services", "imap", "--json"))
	if len(got.Done) != 1 || got.Done[0].ID != e.ID || len(got.Refused) != 0 || got.Services[0].State != enabling.Unchanged || got.Services[0].Error != nil ||
		len(got.Services[0].Ports) != 1 || *got.Services[0].Ports[0].Served != e.SHA256 || !*got.Services[0].Ports[0].Good {
		t.Errorf("%+v", got)
	}
}

// What is wanted is enabled where nothing is named; one service that is not here keeps all from being touched.
func TestEnableIsForWhatWasWanted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.newVoice("UM", "tls")
	wanted, none := o.valid("voice.example.org", "--services", "UM"), o.valid("none.example.org")
	pending, _ := o.request("pending.example.org", "--services", "UM")
	expired := o.valid("expired.example.org", "--services", "UM")
	for _, c := range []struct {
		args []string
		exit int
		says string
	}{
		{[]string{"enable", none.Thumbprint}, 2, "--services is missing"},
		{[]string{"enable", none.Thumbprint, "--services", "None"}, 2, "certdesk disable"},
		{[]string{"enable", none.Thumbprint, "--services", "FAX"}, 2, "FAX"},
		{[]string{"enable", none.Thumbprint, "--services", "UM,POP"}, 4, "no service for POP is configured"},
		{[]string{"enable", "ABCDEF123456"}, 4, "no entry has the thumbprint"},
		{[]string{"enable", pending.Thumbprint}, 3, "there is no certificate yet"},
		{[]string{"enable", wanted.Thumbprint, "--read-only"}, 3, "read-only"},
		{[]string{"disable", wanted.Thumbprint}, 4, "not enabled for any service"},
		{[]string{"test", wanted.Thumbprint}, 4, "none serves it"},
	} {
		before := o.snapshot()
		r := o.run(c.args...)
		if r.code != c.exit || r.out != "" {
			t.Errorf("%v: exit %d, want %d\n%s%s", c.args, r.code, c.exit, r.out, r.err)
		}
		contains(t, r.err, c.says, "\nhint: ")
		o.unchanged(before)
	}
	o.must("enable", wanted.Thumbprint)
	o.now = o.now.AddDate(2, 0, 0)
	r := o.run("enable", expired.Thumbprint, "--json")
	got := o.enabled(r)
	if r.code != 3 || len(got.Done) != 0 || len(got.Refused) != 1 || got.Refused[0].Error.Code != "unfit" {
		t.Errorf("exit %d, %+v", r.code, got)
	}
}

func TestPrintShowsThePlanAndTouchesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("SMTP", "smtps")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "SMTP")
	before, files := o.snapshot(), tree(v.dir)
	r := o.must("enable", next.Thumbprint, "--services", "SMTP", "--print", "--read-only")
	contains(t, r.out, "would enable new.example.org", "serves now\n    "+v.url+": old.example.org", "the default SMTP certificate, which is replaced once you confirm it\n    old.example.org",
		"/key.pem  0600 root:root  holds the private key", "/fullchain.pem  0644 root:root", "configuration\n    --- "+v.dir+"/current", "    +-> v", "commands\n    "+o.path("reload-SMTP.sh"),
		"proof, a handshake with each\n    "+v.url, "clients lose these names, which are served now: old.example.org", "nothing was touched")
	var plan wire.EnablePlan
	o.decode(o.must("enable", next.Thumbprint, "--services", "SMTP", "--print", "--json").out, &plan)
	sp := plan.Services[0]
	if plan.Entry.ID != next.ID || sp.Replaces == nil || sp.Replaces.ID != old.ID || len(sp.Files) != 3 || sp.Files[0].Mode != "0644" || !sp.Files[1].PrivateKey ||
		!slices.Equal(sp.Lost, []string{"old.example.org"}) || sp.Prove[0].Listen != v.url || len(sp.Commands) != 1 || sp.Diff == "" || *sp.Serves[0].Served != old.SHA256 {
		t.Errorf("%+v", sp)
	}
	if strings.Contains(r.out, "PRIVATE KEY") || !slices.Equal(tree(v.dir), files) {
		t.Error("a key was shown, or a file changed")
	}
	o.unchanged(before)
}

// tree is every path below a directory.
func tree(dir string) (paths []string) {
	_ = filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error {
		paths = append(paths, path)
		return nil
	})
	return paths
}

// The default SMTP certificate: without a terminal no, --yes is not enough, --force replaces.
func TestTheDefaultSMTPCertificateWithoutATerminal(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("SMTP", "smtps")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "SMTP") // there was none: nothing is asked
	for _, more := range [][]string{nil, {"--yes"}} {
		before := o.snapshot()
		r := o.run(append([]string{"enable", next.Thumbprint, "--services", "SMTP"}, more...)...)
		if r.code != 3 || r.out != "" || v.serves() != old.SHA256 {
			t.Errorf("%v: exit %d, %s", more, r.code, r.out)
		}
		contains(t, r.err, "the default SMTP certificate old.example.org ("+old.Thumbprint[:12]+") would be replaced", "hint: look at both", "--force")
		o.unchanged(before)
	}
	got := o.enabled(o.run("enable", next.Thumbprint, "--services", "SMTP", "--json"))
	if got.Refused[0].Thumbprint != next.Thumbprint || got.Refused[0].Error.Code != "confirmation-needed" {
		t.Errorf("%+v", got)
	}
	o.must("enable", next.Thumbprint, "--services", "SMTP", "--force")
	if v.serves() != next.SHA256 {
		t.Error("the old one is still served")
	}
}

// What fails after the switch is put back; the other service of the same command stays.
func TestARolledBackServiceIsToldAndTheOthersStay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	good := o.newVoice("IMAP", "imaps")
	// Its check finds no fault with what is there, and one with what is to come.
	check := o.script("check", "case $(readlink "+o.path("voice-POP/current")+") in v1-*) ;; *) echo the voice is hoarse >&2; exit 1; esac")
	bad := o.newVoice("POP", "pop3s", "check = ["+quoted(check)+"]")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "IMAP,POP")
	r := o.run("enable", next.Thumbprint, "--services", "IMAP,POP")
	if r.code != 1 || good.serves() != next.SHA256 || bad.serves() != old.SHA256 {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.err)
	}
	contains(t, r.out, "IMAP ("+good.dir+"): enabled, proven by 1 handshake", "POP ("+bad.dir+"): rolled back: what was served before is served again, proven by 1 handshake on 1 port")
	contains(t, r.err, "the daemon's own check failed: ", "certdesk: enable: POP (", "the voice is hoarse", "put back what was there")
	r = o.run("enable", next.Thumbprint, "--services", "POP", "--json")
	got := o.enabled(r)
	if s := got.Services[0]; r.code != 1 || len(got.Done) != 0 || len(got.Refused) != 1 || s.State != enabling.RolledBack || s.Error.Code != "failed" || *s.Ports[0].Served != old.SHA256 {
		t.Errorf("exit %d, %+v", r.code, got)
	}
}

func quoted(s string) string { return `"` + s + `"` }

// An interrupt while a service is changed puts it back; the command says so and has failed.
func TestAnInterruptPutsItBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("UM", "tls")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "UM")
	o.script("reload-UM", "touch "+o.path("reloading")+"; sleep 20")
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(o.path("reloading")); err == nil {
				o.script("reload-UM", "true")
				interrupt()
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	var out, errs bytes.Buffer
	code := Run(ctx, o.args([]string{"enable", next.Thumbprint, "--services", "UM"}), o.io(&out, &errs))
	if code != 1 || v.serves() != old.SHA256 {
		t.Errorf("exit %d", code)
	}
	contains(t, out.String(), "rolled back: what was served before is served again")
	contains(t, errs.String(), "interrupted; it is put back first", "certdesk: enable: interrupted: UM ("+v.dir+") is rolled back")
}

func TestDisableForgetsAndSaysWhatStays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("IMAP", "imaps")
	e := o.valid("mail.example.org")
	o.must("enable", e.Thumbprint, "--services", "IMAP")
	if r := o.run("disable", e.Thumbprint, "--services", "POP"); r.code != 4 {
		t.Errorf("exit %d, want 4", r.code)
	}
	r := o.must("disable", e.Thumbprint)
	contains(t, r.out, "forgot that mail.example.org ("+e.Thumbprint[:12]+") is used by IMAP (")
	contains(t, r.err, "it is still served until another one is enabled")
	if v.serves() != e.SHA256 || len(o.list()[0].Services) != 0 {
		t.Errorf("serves %s, %+v", v.serves(), o.list()[0])
	}
	o.must("enable", e.Thumbprint, "--services", "IMAP")
	var got wire.Results
	o.decode(o.must("disable", e.Thumbprint, "--services", "IMAP", "--json").out, &got)
	if len(got.Done) != 1 || got.Done[0].ID != e.ID || len(got.Done[0].Services) != 0 {
		t.Errorf("%+v", got)
	}
}

// Whoever presents the Hub's certificate on the other side of EdgeSync keeps it from being enabled; a peer that cannot be
// asked does not.
func TestACertificateOfAPeerIsRefusedForSMTP(t *testing.T) {
	o := newOffice(t)
	o.newVoice("SMTP", "smtps")
	edge := newOffice(t)
	peer := edge.newVoice("SMTP", "smtps")
	e := o.valid("hub.example.org", "--private-key-exportable")
	o.must("export", e.Thumbprint, "--with-key", "--path", o.path("hub.pem"))
	bundle, _ := os.ReadFile(o.path("hub.pem"))
	text, _ := os.ReadFile(o.config)
	o.write("certdesk.toml", "role = \"hub\"\npeers = ["+quoted(peer.url)+"]\n"+string(text))
	peer.install(t, keyLast(string(bundle)))
	r := o.run("enable", e.Thumbprint, "--services", "SMTP")
	if r.code != 3 || r.out != "" {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
	contains(t, r.err, "the peer "+peer.url+" presents this same certificate for SMTP", "hint: use a different certificate on each side")
	o.write("certdesk.toml", "role = \"hub\"\npeers = [\"smtps://127.0.0.1:1\"]\n"+string(text))
	contains(t, o.must("enable", e.Thumbprint, "--services", "SMTP").err, "warning: the peer smtps://127.0.0.1:1 could not be asked what it presents")
}

// keyLast moves the private key of a PEM bundle to its end.
func keyLast(bundle string) string {
	const begin, end = "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----\n"
	head, rest, _ := strings.Cut(bundle, begin)
	key, tail, _ := strings.Cut(rest, end)
	return head + tail + begin + key + end
}

// What is given with --services is enabled at once where a service is configured for it, and stays wanted where not.
func TestImportAndNewEnableAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("SMTP", "smtps")
	self := o.entry("new", "--domain-name", "self.example.org", "--services", "SMTP,IIS")
	if v.serves() != self.SHA256 || !slices.Equal(self.Services, []string{"SMTP"}) || !slices.Equal(self.WantedServices, []string{"IIS"}) || self.Enabled[0].State != enabling.Enabled {
		t.Errorf("%+v", self)
	}
	_, req := o.request("mail.example.org")
	answer := o.write("answer.cer", o.ca.sign(t, req, o.now.AddDate(0, 0, -1), 365))
	r := o.run("import", answer, "--services", "SMTP")
	if r.code != 1 || v.serves() != self.SHA256 {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
	contains(t, r.out, "imported mail.example.org")
	contains(t, r.err, "is in the store, but not enabled for all that was wanted", "the default SMTP certificate self.example.org", "--services SMTP` asks you on a terminal; with --force it asks nothing")
	mail := o.list("--status", "valid", "--domain-name", "mail.example.org")[0]
	if !slices.Equal(mail.WantedServices, []string{"SMTP"}) || len(mail.Services) != 0 {
		t.Errorf("%+v", mail)
	}
	o.must("enable", mail.Thumbprint, "--force")
	quiet := o.must("new", "--domain-name", "quiet.example.org") // SMTP by default: that is wanted, and nobody said enable
	if v.serves() != mail.SHA256 || strings.Contains(quiet.err, "enabling") {
		t.Errorf("a default was enabled: %s", quiet.err)
	}
}

func TestRemoveAndPurgeKnowWhatIsServed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("IMAP", "imaps")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "IMAP")
	r := o.run("remove", old.Thumbprint)
	if r.code != 3 {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.err, "it is enabled for IMAP", "is in use: it is enabled for IMAP (", "hint: enable another certificate for it first")
	o.must("enable", next.Thumbprint, "--services", "IMAP")
	o.must("remove", old.Thumbprint, "--yes")
	r = o.run("purge", old.Thumbprint)
	contains(t, r.err, "its key was given to a service, in "+v.dir)
	var got wire.Results
	o.decode(o.must("purge", old.Thumbprint, "--force", "--json").out, &got)
	if len(got.Copies) != 1 || len(got.Done) != 1 {
		t.Fatalf("%+v", got)
	}
	if _, err := os.Stat(got.Copies[0]); err == nil {
		t.Error("the copy is still there")
	}
}

// daemon names a real daemon in the configuration, for some uses.
func (o *office) daemon(d *daemontest.Daemon, driver string, uses ...string) {
	o.t.Helper()
	was, err := os.ReadFile(o.config)
	if err != nil {
		o.t.Fatal(err)
	}
	text := string(was)
	if !strings.Contains(text, "install = ") {
		text = "install = " + quoted(o.path("install")) + "\n" + text
	}
	for _, use := range uses {
		text += "[[service]]\nuse = " + quoted(use) + "\ndriver = " + quoted(driver) + "\nconfig = " + quoted(d.Config) + "\n"
	}
	o.write("certdesk.toml", text)
}

// seen has openssl ask each port, which is not certdesk's prober.
func seen(t *testing.T, d *daemontest.Daemon, name, sum string) {
	t.Helper()
	for _, url := range d.URLs {
		if last, ok := daemontest.Await(url, name, sum, 10*time.Second); !ok {
			t.Errorf("openssl sees %q at %s for %q", last, url, name)
		}
	}
}

func TestEnableForNginx(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := daemontest.Nginx(t, daemontest.NewCA(t).Issue(t, daemontest.Wish{}))
	o.daemon(d, "nginx", "IIS")
	e := o.valid(daemontest.Name, "--domain-name", "www.example.org", "--services", "IIS")
	r := o.must("enable", e.Thumbprint)
	contains(t, r.out, "IIS (nginx "+d.Config+"): enabled, proven by 2 handshakes on 1 port")
	seen(t, d, daemontest.Name, e.SHA256)
	seen(t, d, "www.example.org", e.SHA256)
	contains(t, o.must("test").out, "* served  "+d.URLs[0]+"  www.example.org", "IIS (nginx "+d.Config+")")
}

// A mail server as it is found: what it serves is taken in, and replaced on every port.
func TestAMailServerFromDayOne(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs Postfix, Dovecot and Apache")
	}
	o := newOffice(t)
	o.now = time.Now()
	first := daemontest.NewCA(t).Issue(t, daemontest.Wish{RSA: true, Names: []string{daemontest.Name, "www.example.org"}})
	postfix, dovecot, apache := daemontest.Postfix(t, first), daemontest.Dovecot(t, first), daemontest.Apache(t, first)
	o.daemon(postfix, "postfix", "SMTP")
	o.daemon(dovecot, "dovecot", "IMAP", "POP")
	o.daemon(apache, "apache", "IIS")
	contains(t, o.must("import", "--served").out, "SMTP (postfix ", "IMAP (dovecot ", "POP (dovecot ", "IIS (apache ")
	if old := o.list(); len(old) != 1 || old[0].SHA256 != first.Sum() || old[0].ServicesString != "IP.WS" {
		t.Fatalf("%+v", old)
	}
	e := o.selfSigned(daemontest.Name, "--domain-name", "www.example.org")
	if r := o.run("enable", e.Thumbprint, "--services", "SMTP,IMAP,POP,IIS"); r.code != 3 {
		t.Errorf("the default SMTP certificate: exit %d", r.code)
	}
	r := o.must("enable", e.Thumbprint, "--services", "SMTP,IMAP,POP,IIS", "--force")
	contains(t, r.out, "SMTP (postfix "+postfix.Config+"): enabled, proven by 3 handshakes on 3 ports",
		"IMAP (dovecot "+dovecot.Config+"): enabled", "POP (dovecot "+dovecot.Config+"): enabled",
		"IIS (apache "+apache.Config+"): enabled, proven by 2 handshakes on 1 port")
	for _, d := range []*daemontest.Daemon{postfix, dovecot, apache} {
		seen(t, d, daemontest.Name, e.SHA256)
	}
	o.must("test")
	postfix.Stop(t)
	r = o.run("test")
	if r.code != 1 || strings.Count(r.out, "! refused") != 3 {
		t.Errorf("exit %d\n%s", r.code, r.out)
	}
}
