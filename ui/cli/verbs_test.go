package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/domains"
	"certdesk/certstore/health"
	"certdesk/ui/cli/wire"
)

func TestShow(t *testing.T) {
	o := newOffice(t)
	e := o.valid("webmail.proexchange.global", "--friendly-name", "secure_client")
	r := o.must("show", e.Thumbprint[:8])
	contains(t, r.out, e.Thumbprint, e.SHA256, e.SPKI, e.SerialNumber, "secure_client", "CN=Office Root", "no: certdesk never exports it, but root can copy it",
		"Chain", "Files", "History", "New-ExchangeCertificate", "22 Nov 2027")
	var d wire.Entry
	o.decode(o.must("show", e.Thumbprint, "--json").out, &d)
	if len(d.Files) == 0 || len(d.History) != 2 || d.Thumbprint != e.Thumbprint {
		t.Errorf("%+v", d)
	}
	if r := o.run("show", "ABCDEF999999"); r.code != 4 {
		t.Errorf("exit %d, want 4", r.code)
	}
}

func TestRenew(t *testing.T) {
	o := newOffice(t)
	self := o.selfSigned("self.example.org")
	ca := o.valid("ca.example.org")
	var got wire.Results
	o.decode(o.must("renew", self.Thumbprint, "--json").out, &got)
	if e := got.Done[0]; !e.IsSelfSigned || e.SPKI == self.SPKI || !slices.Equal(e.CertificateDomains, self.CertificateDomains) {
		t.Errorf("%+v", got)
	}
	o.must("renew", ca.Thumbprint, "--reuse-key", "--path", o.path("renewal.req"), "--friendly-name", "again")
	data, _ := os.ReadFile(o.path("renewal.req"))
	if r := parseRequest(t, string(data)); !slices.Equal(r.DNSNames, ca.CertificateDomains) {
		t.Errorf("names %v", r.DNSNames)
	}
	if p := o.list("--status", "pending"); len(p) != 1 || p[0].SPKI != ca.SPKI || p[0].FriendlyName != "again" {
		t.Errorf("%+v", p)
	}
	before := o.snapshot()
	if r := o.run("renew", ca.Thumbprint); r.code != 3 {
		t.Errorf("a second renewal: exit %d, want 3", r.code)
	}
	for _, more := range [][]string{{"--key-size", "1000"}, {"--path", "x.req"}, {"--friendly-name", strings.Repeat("x", 65)}} {
		if r := o.run(append([]string{"renew", self.Thumbprint}, more...)...); r.code != 2 {
			t.Errorf("%v: exit %d, want 2", more, r.code)
		}
	}
	o.unchanged(before)
}

func TestARenewalMayGetAKeyThatLeaves(t *testing.T) {
	o := newOffice(t)
	self, ca := o.selfSigned("self.example.org"), o.valid("ca.example.org")
	for _, e := range []wire.Entry{self, ca} {
		if r := o.run("renew", e.Thumbprint, "--reuse-key", "--private-key-exportable"); r.code != 2 {
			t.Errorf("with the old key: exit %d, want 2", r.code)
		}
		var got wire.Results
		o.decode(o.must("renew", e.Thumbprint, "--private-key-exportable", "--json").out, &got)
		if !got.Done[0].PrivateKeyExportable {
			t.Errorf("%+v", got)
		}
	}
}

// A second renewal is made, and both doors say that there is one, and which; one that was removed does not count.
func TestASecondRenewalSaysWhichOneThereIs(t *testing.T) {
	o := newOffice(t)
	old := o.selfSigned("a.example.org")
	var got wire.Results
	if r := o.must("renew", old.Thumbprint); strings.Contains(r.err, "already") {
		t.Errorf("the first: %s", r.err)
	}
	o.decode(o.must("show", old.Thumbprint, "--json").out, &old)
	first := old.RenewedBy[0]
	want := "it has already been renewed by a.example.org (" + first[:12] + ")"
	contains(t, o.must("renew", old.Thumbprint).err, "warning: "+want)
	contains(t, o.must("new", "--what-if", "--renews", old.Thumbprint, "--domain-name", "a.example.org").out, want)
	o.decode(o.must("renew", old.Thumbprint, "--json").out, &got)
	found := slices.ContainsFunc(got.Done[0].Findings, func(f wire.Finding) bool {
		return f.Code == "renewed-already" && strings.Contains(f.Text, first[:12])
	})
	if !found {
		t.Errorf("--json: %+v", got.Done[0].Findings)
	}
	o.decode(o.must("show", old.Thumbprint, "--json").out, &old)
	o.must(append([]string{"remove", "--yes"}, old.RenewedBy...)...)
	if r := o.must("renew", old.Thumbprint); strings.Contains(r.err, "already") {
		t.Errorf("all are removed: %s", r.err)
	}
}

func TestShowTellsRenewals(t *testing.T) {
	o := newOffice(t)
	old := o.selfSigned("a.example.org")
	var got wire.Results
	o.decode(o.must("renew", old.Thumbprint, "--json").out, &got)
	renewal := got.Done[0]
	contains(t, o.must("show", old.Thumbprint).out, "Renewed by", renewal.Thumbprint[:12])
	contains(t, o.must("show", renewal.Thumbprint).out, "Renews ", old.Thumbprint[:12])
	var d wire.Entry
	o.decode(o.must("show", old.Thumbprint, "--json").out, &d)
	if !slices.Equal(d.RenewedBy, []string{renewal.Thumbprint}) || d.Renews != "" {
		t.Errorf("%+v", d)
	}
	o.must("remove", old.Thumbprint, "--yes")
	contains(t, o.must("show", renewal.Thumbprint).out, "Renews ", ", removed, "+old.Thumbprint[:12])
	o.must("purge", old.Thumbprint, "--force")
	contains(t, o.must("show", renewal.Thumbprint).out, "Renews ", "a certificate that was purged")
}

func TestRenewWithoutPathPutsTheRequestOnStdout(t *testing.T) {
	o := newOffice(t)
	e := o.valid("ca.example.org")
	parseRequest(t, o.must("renew", e.Thumbprint).out)
}

func TestDomains(t *testing.T) {
	o := newOffice(t)
	contains(t, o.must("domains").out, "proexchange.global", "belgianbeers.rock")
	var list []domains.Domain
	o.decode(o.must("domains", "--json").out, &list)
	if len(list) != 2 || list[0].Source == "" {
		t.Errorf("%+v", list)
	}
}

// A source that fails is an error with a hint, and nothing is made without its domains.
func TestDomainsOfASourceThatFails(t *testing.T) {
	o := newOffice(t)
	o.write("certdesk.toml", "[accepted_domains]\nnames = [\"one.org\"]\n[accepted_domains.ldap]\nurl = \"ldap://127.0.0.1:1\"\n")
	for _, argv := range [][]string{{"domains"}, {"new", "--include-accepted-domains"}, {"new", "--domain-name", "a.org", "--include-autodiscover", "--what-if"}} {
		r := o.run(argv...)
		if r.code != 1 {
			t.Errorf("%v: exit %d", argv, r.code)
		}
		contains(t, r.err, "accepted domains cannot be read from ldap://127.0.0.1:1: nothing listens there", "hint: start the directory")
	}
	contains(t, o.run("domains").out, "one.org  (configuration)")
	r := o.run("domains", "--json")
	contains(t, r.err, `"code":"failed"`)
	contains(t, r.out, "one.org")
	o.must("new", "--domain-name", "a.org")
	if n := len(o.list()); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// What a source gives in part is remarked to scripts too, and is no failure.
func TestDomainsInPartAreRemarked(t *testing.T) {
	daemontest.Need(t, "postconf")
	o := newOffice(t)
	daemontest.Put(t, o.path("postfix/main.cf"), "compatibility_level = 3.6\nmyhostname = mail.a.org\nmydestination =\nrelay_domains = one.org, not_a_name\n")
	daemontest.Put(t, o.path("postfix/master.cf"), "")
	o.write("certdesk.toml", "[accepted_domains]\npostfix = \""+o.path("postfix")+"\"\n")
	r := o.must("domains", "--json")
	var list []domains.Domain
	var said map[string][]wire.Remark
	o.decode(r.out, &list)
	o.decode(r.err, &said)
	if len(list) != 1 || len(said["remarks"]) != 1 || !strings.Contains(said["remarks"][0].Message, "not_a_name") || said["remarks"][0].Hint == "" {
		t.Errorf("%+v %+v", list, said)
	}
}

func TestHistory(t *testing.T) {
	o := newOffice(t)
	e := o.selfSigned("a.example.org")
	o.must("remove", e.Thumbprint, "--yes")
	var events []certstore.Event
	o.decode(o.must("history", "--json").out, &events)
	if len(events) != 2 || events[0].Op != "new" || events[1].Op != "remove" {
		t.Errorf("%+v", events)
	}
	if n := strings.Count(o.must("history").out, "\n"); n != 2 {
		t.Errorf("%d lines, want 2", n)
	}
	head := strings.TrimSpace(o.must("history", "verify").out)
	if head != events[1].Sum {
		t.Errorf("head %s, want %s", head, events[1].Sum)
	}
	o.must("history", "verify", "--head", events[0].Sum)
	if r := o.run("history", "verify", "--head", strings.Repeat("0", 64)); r.code == 0 || !strings.HasPrefix(r.err, "certdesk: history verify: ") {
		t.Errorf("a head that is not in the journal: exit %d, %s", r.code, r.err)
	}
}

func TestDoctor(t *testing.T) {
	o := newOffice(t)
	e := o.selfSigned("a.example.org")
	contains(t, o.must("doctor").out, "the store is well")
	key := filepath.Join(o.store(), "keys", e.SPKI+".key")
	if err := os.Rename(key, o.path("taken.key")); err != nil {
		t.Fatal(err)
	}
	r := o.run("doctor", "--json")
	var report health.Report
	o.decode(r.out, &report)
	if r.code != 1 || report.OK || len(report.Findings) == 0 {
		t.Errorf("exit %d, %+v", r.code, report)
	}
}

func TestDoctorSaysAProblemOnce(t *testing.T) {
	o := newOffice(t)
	o.write("certdesk.toml", "trust = [\"/none.pem\"]\n")
	o.selfSigned("a.example.org")
	r := o.run("doctor")
	if n := strings.Count(r.out+r.err, "/none.pem could not be read"); n != 1 {
		t.Errorf("said %d times:\n%s%s", n, r.out, r.err)
	}
}

func TestWhatTheConfigurationHoldsInVainIsSaid(t *testing.T) {
	o := newOffice(t)
	o.write("certdesk.toml", "[accepted_domains.ldap]\nbase = \"dc=a\"\n")
	contains(t, o.must("doctor").out, "accepted_domains.ldap is not asked")
	contains(t, o.must("domains").err, "accepted_domains.ldap is not asked")
}

func TestNoPrivateKeyIsEverPrinted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.valid("a.example.org", "--private-key-exportable")
	o.write("word", "canary horse\n")
	var all strings.Builder
	for _, line := range []string{"list", "list --json", "show " + e.Thumbprint, "show --json " + e.Thumbprint, "history", "doctor", "renew " + e.Thumbprint,
		"export " + e.Thumbprint + " --path " + o.path("x.pfx") + " --password-file " + o.path("word"),
		"export " + e.Thumbprint + " --with-key --path " + o.path("x.pem")} {
		r := o.must(strings.Fields(line)...)
		all.WriteString(r.out + r.err)
	}
	if s := all.String(); strings.Contains(s, "PRIVATE KEY") || strings.Contains(s, "canary") {
		t.Error("a key or a password was printed")
	}
}

// A full disk behind standard output must not look as if the request were lost, or written.
func TestARequestThatCannotBeWrittenOutIsKept(t *testing.T) {
	o := newOffice(t)
	var errs bytes.Buffer
	args := []string{"new", "--generate-request", "--domain-name", "a.example.org"}
	if code := Run(context.Background(), o.args(args), o.io(fullDisk{}, &errs)); code != 1 {
		t.Errorf("exit %d, want 1", code)
	}
	contains(t, errs.String(), "safe in the store", "certdesk export")
	if len(o.list("--status", "pending")) != 1 {
		t.Error("the request is not in the store")
	}
	if code := Run(context.Background(), o.args([]string{"list"}), o.io(fullDisk{}, &errs)); code != 1 {
		t.Errorf("list: exit %d, want 1", code)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestCompletionOffersNamesThatOnlyOneHas(t *testing.T) {
	o := newOffice(t)
	one := o.selfSigned("one.example.org", "--friendly-name", "Web one")
	for range 2 {
		o.selfSigned("two.example.org", "--friendly-name", "web two")
	}
	var out, errs bytes.Buffer
	args := []string{"__complete", "--store", o.store(), "--config", o.config, "show", "wEB"}
	if code := Run(context.Background(), args, o.io(&out, &errs)); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	want := "Web one\t" + one.Thumbprint[:12] + "\n:"
	if !strings.HasPrefix(out.String(), want) {
		t.Errorf("offers %q, want %q", out.String(), want)
	}
}

func TestCompletionOffersThumbprints(t *testing.T) {
	o := newOffice(t)
	live, trash := o.selfSigned("live.example.org"), o.selfSigned("trash.example.org")
	o.must("remove", trash.Thumbprint, "--yes")
	for _, c := range []struct{ verb, want, not string }{{"show", live.Thumbprint, trash.Thumbprint},
		{"purge", trash.Thumbprint, live.Thumbprint}} {
		var out, errs bytes.Buffer
		args := []string{"__complete", "--store", o.store(), "--config", o.config, c.verb, strings.ToLower(c.want[:4])}
		if code := Run(context.Background(), args, o.io(&out, &errs)); code != 0 || !strings.Contains(out.String(), c.want) || strings.Contains(out.String(), c.not) {
			t.Errorf("%s: exit %d\n%s%s", c.verb, code, out.String(), errs.String())
		}
	}
}
