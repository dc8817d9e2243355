package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
)

// What is enabled and was proven by nobody does not end as what was; a person who wants no proof gets none.
func TestEnabledAndNotProvenIsNoSuccess(t *testing.T) {
	o := newOffice(t)
	dir := o.path("voice-UM")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	o.service("UM", fmt.Sprintf("install = %q", dir))
	e := o.valid("voice.example.org")
	r := o.run("enable", e.Thumbprint, "--services", "UM")
	if r.code != 1 {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.out, "enabled, not proven: no port of it is known: name its ports under listen")
	contains(t, r.err, "certdesk: enable: UM (", "enabled, not proven")
	if got := o.list()[0].ServicesString; got != "..U.." {
		t.Errorf("it is bound to %s", got)
	}
	o.must("enable", o.valid("other.example.org").Thumbprint, "--services", "UM", "--no-prove")
}

// A slot that certdesk cannot change and that bears the certificate's name is said where a script looks: in the
// outcome, in the error, by exit 1, in JSON. What was enabled stays, and a slot is told from another everywhere.
func TestASlotThatKeepsTheOldOneIsSaid(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pair := daemontest.NewCA(t).Issue(t, daemontest.Wish{Names: []string{daemontest.Name, "www.example.org"}})
	d := daemontest.Nginx(t, pair, func(root, text string) string {
		// The second host takes its certificate from a variable, which certdesk leaves alone.
		at := strings.LastIndex(text, "ssl_certificate DIR/tls/cert.pem")
		if at < 0 {
			at = strings.LastIndex(text, "ssl_certificate "+root+"/tls/cert.pem")
		}
		text = text[:at] + strings.Replace(text[at:], "/tls/cert.pem", "/tls/cert.pem$empty", 1)
		text = strings.Replace(text, "http {", "user root;\nhttp {\n  map $ssl_server_name $empty { default \"\"; }", 1)
		return text
	})
	o.daemon(d, "nginx", "IIS")
	e := o.valid(daemontest.Name, "--domain-name", "www.example.org")
	plan := o.must("enable", e.Thumbprint, "--services", "IIS", "--print")
	contains(t, plan.out, "slots\n    "+daemontest.Name+": gets it; now "+daemontest.Name+", until", "www.example.org: stays as it is", "not changed")
	r := o.run("enable", e.Thumbprint, "--services", "IIS")
	if r.code != 1 {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.out, "enabled, proven by 1 handshake on 1 port\n  but www.example.org still gets the old one at "+d.URLs[0]+": ")
	contains(t, r.err, "  not changed: ", "enabled, but www.example.org still gets the old one at "+d.URLs[0], "hint: change it there by hand")
	seen(t, d, daemontest.Name, e.SHA256)
	r = o.run("enable", e.Thumbprint, "--services", "IIS", "--json")
	got := o.enabled(r)
	if r.code != 1 || len(got.Done) != 1 || len(got.Services[0].Missed) != 1 || got.Services[0].Missed[0].Slot != "www.example.org" ||
		got.Services[0].State != enabling.Unchanged || got.Services[0].Ports[0].Slot != daemontest.Name {
		t.Errorf("exit %d, %+v", r.code, got.Services)
	}
	shown := o.entry("show", e.Thumbprint)
	if len(shown.Bindings) != 1 || shown.Bindings[0].Slot != daemontest.Name {
		t.Errorf("%+v", shown.Bindings)
	}
	contains(t, o.run("test").out, "* served  "+d.URLs[0]+"  "+daemontest.Name)
}

// A slot is named, enabled and forgotten by its name; one that is not there is refused with those that are.
func TestSlotsAreNamed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := daemontest.Nginx(t, daemontest.NewCA(t).Issue(t, daemontest.Wish{}))
	o.daemon(d, "nginx", "IIS")
	e := o.valid(daemontest.Name, "--domain-name", "www.example.org")
	before := o.snapshot()
	r := o.run("enable", e.Thumbprint, "--services", "IIS", "--slot", "mail.nowhere.test")
	if r.code != 4 {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.err, "it has no slot mail.nowhere.test", "hint: its slots are "+daemontest.Name+" and www.example.org")
	o.unchanged(before)
	o.must("enable", e.Thumbprint, "--services", "IIS", "--slot", "www.example.org")
	seen(t, d, "www.example.org", e.SHA256)
	if last := daemontest.Served(d.URLs[0], daemontest.Name); last == e.SHA256 {
		t.Error("the other slot changed")
	}
	if r := o.run("disable", e.Thumbprint, "--slot", daemontest.Name); r.code != 4 {
		t.Errorf("a slot it is not bound to: exit %d", r.code)
	}
	contains(t, o.must("disable", e.Thumbprint, "--slot", "www.example.org").out, "is used by IIS (nginx "+d.Config+") for www.example.org")
}
