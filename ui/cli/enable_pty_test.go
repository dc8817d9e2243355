//go:build linux

package cli

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/ui/cli/wire"
	"certdesk/ui/ptytest"
)

// Both certificates are shown with their end; enter, and anything but yes, is no.
func TestTheDefaultSMTPCertificateIsAskedAbout(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.newVoice("SMTP", "smtps")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "SMTP")
	for _, c := range []struct {
		answer string
		exit   int
		serves string
	}{{"\n", 3, old.SHA256}, {"n\n", 3, old.SHA256}, {"\x04", 3, old.SHA256}, {"y\n", 0, next.SHA256}} {
		before, p := o.snapshot(), ptytest.Open(t, 80, 24)
		r := o.at(p, func() {
			p.Sees("has a default certificate")
			p.Sees("now   old.example.org (" + old.Thumbprint[:12] + "), until 22 Nov 2027 (364 days left)")
			p.Sees("then  new.example.org (" + next.Thumbprint[:12] + "), until 22 Nov 2027 (364 days left)")
			p.Sees("Replace it? [y/N] ")
			p.Types(c.answer)
		}, "enable", next.Thumbprint, "--services", "SMTP")
		if r.code != c.exit || v.serves() != c.serves {
			t.Errorf("%q: exit %d, want %d\n%s", c.answer, r.code, c.exit, r.err)
		}
		if c.exit != 0 {
			o.unchanged(before)
		}
	}
}

// killedHalfWay has a process enable an entry and be killed while the daemon reloads.
func (o *office) killedHalfWay(e wire.Entry) {
	o.t.Helper()
	o.script("reload-UM", "touch "+o.path("reloading")+"; sleep 5")
	cmd := exec.Command(o.binary, o.args([]string{"enable", e.Thumbprint, "--services", "UM"})...)
	cmd.Env = []string{"HOME=" + o.dir}
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if os.Remove(o.path("reloading")) == nil {
			break
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	o.script("reload-UM", "touch "+o.path("voice-UM/reloaded"))
}

func TestAChangeWhoseProcessDiedIsSettled(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.binary = binary(t)
	o.now = time.Now() // the process has the system's clock
	v := o.newVoice("UM", "tls")
	text, _ := os.ReadFile(o.config)
	o.write("certdesk.toml", strings.Replace(string(text), "discover", "install = "+quoted(o.path("install"))+"\ndiscover", 1))
	old, next := o.selfSigned("old.example.org"), o.selfSigned("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "UM")
	contains(t, o.must("enable", "--finish").err, "no change is waiting to be finished or undone")

	o.killedHalfWay(next)
	r := o.run("doctor")
	if r.code != 1 {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.out, "warning: a change of UM ("+v.dir+") was begun by ", "finish it with `certdesk enable --finish`, or undo it with `certdesk enable --roll-back`")
	before := o.snapshot()
	if r := o.run("enable", next.Thumbprint, "--services", "UM"); r.code != 3 || !strings.Contains(r.err, "was begun by") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	o.unchanged(before)
	r = o.must("enable", "--roll-back")
	contains(t, r.out, "* served", v.url, "rolled back: what was served before is served again")
	if v.serves() != old.SHA256 {
		t.Error("the old one is not served")
	}
	contains(t, o.must("doctor").out, "the store is well")

	o.killedHalfWay(next)
	got := o.enabled(o.must("enable", "--finish", "--json"))
	if v.serves() != next.SHA256 || len(got.Done) != 1 || got.Done[0].ID != next.ID || got.Services[0].State != enabling.Enabled {
		t.Errorf("%+v", got)
	}
}
