package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"certdesk/ui/cli/wire"
)

// perfdata is what follows the bar: 'label'=value;warn;crit, as the guidelines for plugins have it.
var perfdata = regexp.MustCompile(`^([a-z_]+=-?[0-9.]+(;[0-9.]*:;[0-9.]*:)? )*[a-z_]+=[0-9]+$`)

func TestCheck(t *testing.T) {
	o := newOffice(t)
	o.valid("mail.example.org")
	check := func(code int, first string, args ...string) string {
		t.Helper()
		r := o.run(append([]string{"check"}, args...)...)
		line, _, _ := strings.Cut(r.out, "\n")
		said, numbers, bar := strings.Cut(line, " | ")
		if r.code != code || r.err != "" || !strings.HasPrefix(said, first) || !bar || !perfdata.MatchString(numbers) || strings.Contains(said, "|") {
			t.Errorf("check %v: exit %d, %q, stderr %q; want %d, %q", args, r.code, r.out, r.err, code, first)
		}
		return r.out
	}
	contains(t, check(0, "CERTDESK OK - 1 certificate fine, the first to end has 364 days left: mail.example.org ("), "min_days=364;30:;7: certificates=1")
	check(0, "CERTDESK OK", "--expect-name", "MAIL.example.org.", "--warning", "0", "--critical", "0")
	contains(t, check(1, "CERTDESK WARNING - mail.example.org (", "--warning", "100%"), "valid until 22 Nov 2027, 364 days left | ", "\n[WARNING] mail.example.org (")
	check(2, "CERTDESK CRITICAL - no valid certificate here covers imap.example.org", "--expect-name", "imap.example.org")
	check(3, "CERTDESK UNKNOWN - no certificate is enabled for SMTP", "--service", "SMTP")
	o.now = o.now.AddDate(0, 11, 10)
	o.valid("web.example.org")
	contains(t, check(1, "CERTDESK WARNING - mail.example.org ("), "; 1 of 2 certificates fine", "certificates=2 expiring=1 invalid=0")
	o.now = o.now.AddDate(0, 1, 0)
	contains(t, check(2, "CERTDESK CRITICAL - mail.example.org ("), "expired on ", "min_days=-")
}

// A monitoring system takes 1 and 2 for alarms and reads standard output alone: whatever goes wrong is UNKNOWN there.
func TestWhatCannotBeCheckedIsUnknown(t *testing.T) {
	o := newOffice(t)
	o.valid("mail.example.org")
	for _, line := range []string{"--nonsense", "extra", "--warning much", "--critical=", "--service FAX", "--service None", "--expect-name a..b", "--entry nobody", "--timeout 0", "--timeout soon", "--theme pink",
		"--store /nowhere/certdesk", "--config /nowhere/certdesk.toml", "--demo --store x"} {
		args := append([]string{"check"}, strings.Fields(line)...)
		if !strings.Contains(line, "--config") {
			args = append(args, "--config", o.config)
		}
		if !strings.Contains(line, "--store") {
			args = append(args, "--store", o.store())
		}
		r := o.runOnly(args...)
		if r.code != 3 || !strings.HasPrefix(r.out, "CERTDESK UNKNOWN - ") || strings.Count(r.out, "\n") != 1 || r.err != "" || strings.HasPrefix(r.out, "CERTDESK UNKNOWN - check: ") {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", line, r.code, r.out, r.err)
		}
		asJSON := o.runOnly(append(args, "--json")...)
		var got wire.Check
		if err := json.Unmarshal([]byte(asJSON.out), &got); err != nil || asJSON.code != 3 || got.State != "UNKNOWN" || !strings.Contains(asJSON.err, `{"error":`) {
			t.Errorf("%s --json: exit %d, %v, %q, %q", line, asJSON.code, err, asJSON.out, asJSON.err)
		}
	}
}

func TestCheckAsJSON(t *testing.T) {
	o := newOffice(t)
	good := o.valid("mail.example.org")
	o.selfSigned("old.example.org", "--valid-days", "20")
	o.now = o.now.AddDate(0, 0, 19)
	r := o.run("check", "--json")
	var got wire.Check
	o.decode(r.out, &got)
	if r.code != 2 || got.State != "CRITICAL" || len(got.Entries) != 2 || got.Entries[0].FriendlyName != "old.example.org" ||
		got.Entries[0].State != "CRITICAL" || got.Entries[1].Thumbprint != good.Thumbprint || got.Entries[1].State != "OK" || got.Counts.Certificates != 2 {
		t.Errorf("exit %d, %+v", r.code, got)
	}
}

// A bar in a name would begin the numbers, and a plugin's answer has 4,096 bytes.
func TestWhatForeignTextDoesToACheck(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i := range 40 {
		e := o.selfSigned("a.example.org", "--valid-days", "5", "--key-algorithm", "ecdsa-p256")
		o.must("rename", e.Thumbprint, "--friendly-name", strings.Repeat("x|", 25)+string(rune('a'+i%26)))
	}
	o.now = o.now.AddDate(0, 0, 6)
	before := o.snapshot()
	r := o.run("check")
	if r.code != 2 || strings.Count(r.out, "|") != 1 || len(r.out) > 4095 || !strings.HasSuffix(r.out, " more: `certdesk list` shows them\n") {
		t.Errorf("exit %d, %d bytes: %s", r.code, len(r.out), r.out)
	}
	o.unchanged(before)
}

// What the ports serve counts as in the table; what no entry tells is told of the port.
func TestCheckAsksThePorts(t *testing.T) {
	o := newOffice(t)
	imap := o.newVoice("IMAP", "imaps", "reload = [\"/bin/true\"]")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "IMAP", "--no-prove")
	imap.load()
	r := o.must("check", "--service", "IMAP", "--expect-name", "old.example.org")
	contains(t, r.out, "certificates=1 expiring=0 invalid=0 pending=0 ports=1 ports_wrong=0")
	o.must("enable", next.Thumbprint, "--services", "IMAP", "--no-prove")
	r = o.run("check")
	if r.code != 2 || !strings.HasPrefix(r.out, "CERTDESK CRITICAL - new.example.org (") || !strings.Contains(r.out, "old one served") || !strings.Contains(r.out, "ports_wrong=1") {
		t.Errorf("exit %d, %s", r.code, r.out)
	}
}

// A damaged store is told: its rows may be the wrong ones.
func TestCheckTellsOfTheStore(t *testing.T) {
	o := newOffice(t)
	o.valid("mail.example.org")
	file := filepath.Join(o.store(), "journal")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append([]byte("x"), text[1:]...), 0o600); err != nil {
		t.Fatal(err)
	}
	r := o.run("check")
	contains(t, r.out, "[WARNING] the store: line 1 of the journal is damaged")
	if r.code != 1 || r.err != "" {
		t.Errorf("exit %d, %q", r.code, r.err)
	}
}

// One certificate and its ports alone: what else is wrong here is another check's matter.
func TestCheckOfOneEntry(t *testing.T) {
	o := newOffice(t)
	imap := o.newVoice("IMAP", "imaps", "reload = [\"/bin/true\"]")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "IMAP", "--no-prove")
	imap.load()
	o.must("enable", next.Thumbprint, "--services", "IMAP", "--no-prove")
	web := o.valid("web.example.org")
	for line, want := range map[string]string{
		"--entry " + web.Thumbprint:                              "CERTDESK OK - 1 certificate fine, ",
		"--entry web.example.org":                                "CERTDESK OK - 1 certificate fine, ",
		"--entry web.example.org --entry new.example.org":        "CERTDESK CRITICAL - new.example.org (",
		"--entry " + next.Thumbprint[:8]:                         "CERTDESK CRITICAL - new.example.org (",
		"--entry web.example.org --service IMAP":                 "CERTDESK UNKNOWN - nothing that was named is enabled for IMAP",
		"--entry web.example.org --expect-name old.example.org":  "CERTDESK CRITICAL - no valid certificate that was named covers old.example.org",
		"--entry web.example.org --expect-name WEB.example.org.": "CERTDESK OK - ",
	} {
		if r := o.run(append([]string{"check"}, strings.Fields(line)...)...); !strings.HasPrefix(r.out, want) {
			t.Errorf("check %s: exit %d, %s, want %s", line, r.code, r.out, want)
		}
	}
	if r := o.run("check", "--entry", "web.example.org"); !strings.Contains(r.out, "certificates=1 expiring=0 invalid=0 pending=0 ports=0 ports_wrong=0\n") {
		t.Error(r.out)
	}
}

// A plugin that is killed is an alarm about nothing: a check ends by itself, with what it knows by then.
func TestACheckEndsInTime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // it takes connections and never says a word
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	o.valid("mail.example.org")
	o.service("IMAP", "install = \""+o.dir+"\"\nlisten = [\"imaps://"+silent.Addr().String()+"\"]")
	started := time.Now()
	r := o.run("check", "--timeout", "1")
	if r.code != 3 || !strings.HasPrefix(r.out, "CERTDESK UNKNOWN - imaps://"+silent.Addr().String()+" had not answered when time was up; 1 of 1") &&
		!strings.HasPrefix(r.out, "CERTDESK UNKNOWN - imaps://"+silent.Addr().String()+" had not answered when time was up | ") || time.Since(started) > 3*time.Second {
		t.Errorf("exit %d after %v: %s", r.code, time.Since(started), r.out)
	}

	var out, errs bytes.Buffer
	streams, stuck := o.io(&out, &errs), make(chan struct{})
	defer close(stuck)
	streams.Host = func() string { <-stuck; return "" } // as a disk that does not answer
	started = time.Now()
	code := Run(context.Background(), []string{"check", "--timeout", "1", "--store", o.store(), "--config", o.write("empty.toml", "discover = false\n")}, streams)
	if code != 3 || !strings.HasPrefix(out.String(), "CERTDESK UNKNOWN - not done within 1 second: ") || time.Since(started) > 3*time.Second {
		t.Errorf("exit %d after %v: %s%s", code, time.Since(started), out.String(), errs.String())
	}
}
