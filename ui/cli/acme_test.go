package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"certdesk/certstore/acme/acmetest"
	"certdesk/ui/cli/wire"
)

// TestOrderingByCommand has one CA for all, and proves names on its port as a host does: by answering there.
func TestOrderingByCommand(t *testing.T) {
	t.Parallel()
	p := acmetest.Start(t, acmetest.Options{Blocked: []string{"refused.test"}})
	o := newOffice(t)
	o.now = time.Now().Add(time.Hour) // Pebble dates nothing back
	bare, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	root := o.write("pebble.pem", string(p.Root(t)))
	bare = []byte(strings.Replace(string(bare), "trust = [", fmt.Sprintf("trust = [%q, ", root), 1))
	o.write("certdesk.toml", string(bare))
	contains(t, o.must("acme").err, "certdesk acme add")
	setsUp(t, o, p)
	o.write("certdesk.toml", string(bare)+fmt.Sprintf("[[acme]]\nname = \"pebble\"\ndirectory = %q\naccept_terms = true\nca_file = %q\nprofile = \"tlsserver\"\nhttp_port = %d\nresolver = %q\n",
		p.Directory, p.RootsFile, p.HTTPPort, p.DNS))
	orders(t, o)
	ordersByHandshake(t, o, p)
	ordersByHostileCommand(t, o, p)
	revokes(t, o)
	goesOn(t, o, p)
	isRefused(t, o)
	enables(t, o)
}

// goesOn orders where the name leads to another server, and goes on once it leads here.
func goesOn(t *testing.T, o *office, p *acmetest.Pebble) {
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	o.write("certdesk.toml", strings.Replace(string(text), fmt.Sprintf("http_port = %d", p.HTTPPort), "webroot = \""+t.TempDir()+"\"\nhttp_port = 1", 1))
	r := o.run("new", "--acme", "pebble", "--domain-name", "late.proexchange.global", "--friendly-name", "late")
	if r.code != 1 || !strings.Contains(r.err, "late.proexchange.global") || !strings.Contains(r.err, "certdesk renew --due") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	var e wire.Entry
	o.decode(o.must("show", "late", "--json").out, &e)
	if e.Status != "PendingRequest" || e.Acme == nil || !e.Acme.Ordered || e.Acme.Failed == nil || e.Acme.Failed.Next == nil {
		t.Errorf("%+v", e.Acme)
	}
	o.write("certdesk.toml", string(text))
	if r := o.run("renew", "late", "--reuse-key"); r.code != 2 {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	contains(t, o.must("renew", "late").out, "pebble issued late (")
	var done wire.Entry
	o.decode(o.must("show", "late", "--json").out, &done)
	if done.SPKI != e.SPKI || done.ID != e.ID || done.Status != "Valid" || done.Acme.Failed != nil {
		t.Errorf("%+v", done.Acme)
	}
}

// isRefused orders what the CA refuses for good: nobody waits for it any more.
func isRefused(t *testing.T, o *office) {
	r := o.run("new", "--acme", "pebble", "--domain-name", "refused.test")
	if r.code != 1 || !strings.Contains(r.err, "will not be answered") || !strings.Contains(r.err, "`certdesk remove ") || strings.Contains(r.err, "renew --due") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	list := o.list("--status", "refused")
	if len(list) != 1 || list[0].Status != "PendingRequest" || !strings.HasPrefix(list[0].StatusReason, "refused by pebble: pebble does not certify") ||
		list[0].Acme.Failed.Next != nil || len(list[0].Findings) == 0 {
		t.Fatalf("%+v", list)
	}
	contains(t, o.must("show", "refused.test").out, "refused by pebble")
	for _, e := range o.list("--status", "pending") {
		if e.ID == list[0].ID {
			t.Error("it is pending too")
		}
	}
	o.now = o.now.Add(48 * time.Hour)
	if due := o.must("renew", "--due", "--dry-run"); strings.Contains(due.out+due.err, "refused.test") {
		t.Errorf("it is gone on with: %s%s", due.out, due.err)
	}
	o.now = o.now.Add(-48 * time.Hour)
	contains(t, o.run("doctor").out, "refused.test")
}

// enables orders, enables and proves with one command.
func enables(t *testing.T, o *office) {
	v := o.newVoice("UM", "tls")
	var e wire.Entry
	o.decode(o.must("new", "--acme", "pebble", "--domain-name", "voice.proexchange.global", "--services", "UM", "--json").out, &e)
	if v.serves() != e.SHA256 || len(e.Enabled) != 1 || e.ServicesString != "..U.." {
		t.Errorf("it serves %s: %s %+v", v.serves(), e.ServicesString, e.Enabled)
	}
}

// setsUp sets a CA up by command: its terms first, then nothing or all of it.
func setsUp(t *testing.T, o *office, p *acmetest.Pebble) {
	before := o.snapshot()
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{3, "pebble wants its terms accepted: data:text/plain", []string{"--directory", p.Directory, "--ca-file", p.RootsFile}},
		{1, "is not believed", []string{"--directory", p.Directory, "--accept-terms"}},
		{2, "must be an address such as https://", []string{"--directory", "http://127.0.0.1/dir", "--accept-terms"}},
		{2, "must be one mail address", []string{"--directory", p.Directory, "--contact", "Anna", "--accept-terms"}},
		{2, "--directory is missing", nil},
	} {
		r := o.run(append([]string{"acme", "add", "pebble"}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.err, c.want) {
			t.Errorf("%v: exit %d, %s", c.args, r.code, r.err)
		}
	}
	o.unchanged(before)
	r := o.must("acme", "add", "pebble", "--directory", p.Directory, "--ca-file", p.RootsFile, "--contact", "anna@example.org", "--accept-terms")
	contains(t, r.out, "pebble is set up, account https://")
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(text), "\n[[acme]]\nname = \"pebble\"\n", "accept_terms = true", "= \"anna@example.org\"")
	if r := o.run("acme", "add", "pebble", "--directory", p.Directory); r.code != 3 {
		t.Errorf("twice: exit %d, %s", r.code, r.err)
	}
	contains(t, o.must("acme").out, "pebble  http-01  0 certificates  account https://")
	contains(t, o.must("acme", "pebble").out, "tlsserver  45 days", "anna@example.org")
	var one wire.Authority
	if err := json.Unmarshal([]byte(o.must("acme", "pebble", "--json").out), &one); err != nil || one.Account == nil || one.Said.Profiles["tlsserver"] == "" {
		t.Errorf("%+v %v", one, err)
	}
	url := one.Account.URL
	contains(t, o.must("acme", "roll-key", "pebble").out, "has another key")
	var after wire.Authority
	o.decode(o.must("acme", "pebble", "--json").out, &after)
	if after.Account.SPKI == one.Account.SPKI || after.Account.URL != url {
		t.Errorf("%+v", after.Account)
	}
	if r := o.run("acme", "roll-key", "other"); r.code != 4 {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
}

func orders(t *testing.T, o *office) {
	r := o.must("new", "--acme", "pebble", "--domain-name", "mail.proexchange.global,www.proexchange.global", "--friendly-name", "ordered")
	contains(t, r.out, "pebble issued ordered (")
	if strings.Contains(r.err, "country") {
		t.Errorf("a CA over ACME does not look at the subject: %s", r.err)
	}
	contains(t, r.err, "look at a proof as the CA will: www.proexchange.global", "have the CA prove a name: mail.proexchange.global", "fetch the certificate")
	var e wire.Entry
	o.decode(o.must("new", "--acme", "pebble", "--domain-name", "json.proexchange.global", "--json").out, &e)
	if e.Acme == nil || e.Acme.CA != "pebble" || e.Acme.Ordered || e.Acme.Profile != "tlsserver" || e.Status != "Valid" || *e.DaysLeft < 43 {
		t.Errorf("%+v %s %s %v", e.Acme, e.Status, e.StatusReason, *e.DaysLeft)
	}
	before := o.snapshot()
	shown := o.must("new", "--acme", "pebble", "--profile", "shortlived", "--no-staging", "--domain-name", "b.proexchange.global", "--what-if")
	contains(t, shown.out, "Ordered from   pebble", "new --acme pebble --profile shortlived --subject-name", " --no-staging")
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{4, "no CA called \"other\" is configured", []string{"--acme", "other"}},
		{2, "is not a word that a CA would use", []string{"--acme", "pebble", "--profile", "a; rm", "--what-if"}},
		{2, "has no profile called", []string{"--acme", "pebble", "--profile", "classic"}},
		{2, "has no directory for trying", []string{"--acme", "pebble", "--staging"}},
		{2, "cannot be used together", []string{"--acme", "pebble", "--staging", "--no-staging"}},
		{2, "leave --generate-request", []string{"--acme", "pebble", "--generate-request"}},
		{2, "the CA decides", []string{"--acme", "pebble", "--valid-days", "3"}},
		{2, "add --acme", []string{"--profile", "tlsserver"}},
	} {
		r := o.run(append([]string{"new", "--domain-name", "a.proexchange.global"}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.err, c.want) {
			t.Errorf("%v: exit %d, %s", c.args, r.code, r.err)
		}
	}
	if r := o.run("new", "--acme", "pebble", "--domain-name", "*.proexchange.global"); r.code != 2 || !strings.Contains(r.err, "dns-01") {
		t.Errorf("a wildcard: exit %d, %s", r.code, r.err)
	}
	o.unchanged(before)
}

// ordersByHandshake proves the name on the port of TLS, and what cannot be proven there is refused.
func ordersByHandshake(t *testing.T, o *office, p *acmetest.Pebble) {
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	o.write("certdesk.toml", string(text)+fmt.Sprintf("[[acme]]\nname = \"alpn\"\ndirectory = %q\naccept_terms = true\nca_file = %q\nprofile = \"shortlived\"\nchallenge = \"tls-alpn-01\"\ntls_port = %d\nresolver = %q\n",
		p.Directory, p.RootsFile, p.TLSPort, p.DNS))
	contains(t, o.must("new", "--acme", "alpn", "--domain-name", "alpn.proexchange.global").out, "alpn issued alpn.proexchange.global (")
	if r := o.run("new", "--acme", "alpn", "--domain-name", "*.proexchange.global"); r.code != 2 || !strings.Contains(r.err, "tls-alpn-01") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	o.write("certdesk.toml", string(text))
}

// ordersByHostileCommand has a command change the DNS that writes what a terminal would obey, and 10 MB of it: wherever
// its reason is told, then and later, it is one line of text.
func ordersByHostileCommand(t *testing.T, o *office, p *acmetest.Pebble) {
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	hook := o.write("hook", "#!/bin/sh\nyes | head -c 10000000 >&2\n"+
		`printf 'no zone \033]0;x\007\033[2J\377\342\200\256\000\r%s\n' "$1" >&2; exit 1`+"\n")
	if err := os.Chmod(hook, 0o700); err != nil {
		t.Fatal(err)
	}
	o.write("certdesk.toml", string(text)+fmt.Sprintf("[[acme]]\nname = \"dns\"\ndirectory = %q\naccept_terms = true\nca_file = %q\n"+
		"profile = \"tlsserver\"\nchallenge = \"dns-01\"\nresolver = %q\n[acme.dns]\ncommand = [%q]\n", p.Directory, p.RootsFile, p.DNS, hook))
	r := o.run("new", "--acme", "dns", "--domain-name", "*.proexchange.global", "--friendly-name", "by command")
	if r.code != 1 || !strings.Contains(r.err, "the command that changes the DNS failed") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	for name, said := range map[string]string{"new": r.out + r.err, "list": o.must("list").out, "show": o.must("show", "by command").out,
		"history": o.must("history").out, "due": o.must("renew", "--due", "--dry-run").out, "json": o.must("show", "by command", "--json").out} {
		isText := utf8.ValidString(said) && !strings.ContainsFunc(said, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) })
		if !isText || len(said) > 20000 {
			t.Errorf("%s says %d bytes: %q", name, len(said), said[:min(len(said), 3000)])
		}
		if name != "list" && !strings.Contains(said, "no zone") {
			t.Errorf("%s does not say why: %s", name, said)
		}
	}
	o.must("remove", "by command", "--force")
	o.write("certdesk.toml", string(text))
}

func revokes(t *testing.T, o *office) {
	if r := o.run("acme", "revoke", "ordered"); r.code != 2 {
		t.Errorf("without a reason: exit %d, %s", r.code, r.err)
	}
	for _, more := range [][]string{nil, {"--yes"}} {
		if r := o.run(append([]string{"acme", "revoke", "ordered", "--reason", "superseded"}, more...)...); r.code != 3 {
			t.Errorf("%v: exit %d, %s", more, r.code, r.err)
		}
	}
	contains(t, o.must("acme", "revoke", "ordered", "--reason", "superseded", "--force").out, "pebble has revoked ordered (", "superseded")
	contains(t, o.must("history").out, "had ordered (", "revoked by pebble: superseded")
	if r := o.run("acme", "revoke", "ordered", "--reason", "because", "--force"); r.code != 2 {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
}
