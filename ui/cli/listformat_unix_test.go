//go:build unix

package cli

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// What monitoring reads is written whole or not at all, for another user to read, and of the ports as they are now.
func TestListAsFigures(t *testing.T) {
	o := newOffice(t)
	file := o.path("certdesk.prom")
	metrics := func(more ...string) result {
		return o.run(append([]string{"list", "--read-only", "--format", "prometheus"}, more...)...)
	}
	if r := metrics(); r.code != 4 || r.out != "" {
		t.Errorf("of no store: exit %d, %q", r.code, r.out)
	}
	imap := o.newVoice("IMAP", "imaps", "reload = [\"/bin/true\"]")
	old, next := o.valid("old.example.org"), o.valid("new.example.org")
	o.must("enable", old.Thumbprint, "--services", "IMAP", "--no-prove")
	imap.load()
	before := o.snapshot()
	matches := `certdesk_port_matches{listen="` + imap.url + `",service="IMAP"} `
	contains(t, metrics().out, matches+"1\n", `certdesk_certificate_status{id="1",name="old.example.org",status="Valid"} 1`, "certdesk_store_read_errors 0\n")
	o.unchanged(before)
	o.must("enable", next.Thumbprint, "--services", "IMAP", "--no-prove")
	contains(t, metrics().out, matches+"0\n", `name="new.example.org",status="NotServed"} 1`, `name="new.example.org",status="Valid"} 0`)
	imap.stop()
	contains(t, metrics().out, matches+"0\n")

	umask := syscall.Umask(0o077)
	defer syscall.Umask(umask)
	for _, c := range []struct {
		code int
		more []string
	}{{0, nil}, {3, nil}, {0, []string{"--force"}}} {
		if r := metrics(append(c.more, "--path", file)...); r.code != c.code || r.out != "" {
			t.Errorf("%v: exit %d, %q, %q", c.more, r.code, r.out, r.err)
		}
	}
	text, err := os.ReadFile(file)
	info, _ := os.Stat(file)
	if err != nil || info.Mode() != 0o644 || !strings.HasPrefix(string(text), "# HELP certdesk_") || !strings.HasSuffix(string(text), "\n") {
		t.Errorf("%v %v %s", err, info.Mode(), text)
	}
	if r := o.runOnly("list", "--format", "prometheus", "--path", file, "--force", "--store", o.path("none"), "--config", o.config); r.code != 4 {
		t.Errorf("of no store: exit %d", r.code)
	}
	if kept, _ := os.ReadFile(file); string(kept) != string(text) {
		t.Error("the figures of another store were lost")
	}
	o.must("list", "--format", "csv", "--path", o.path("rows.csv"))
	if info, err := os.Stat(o.path("rows.csv")); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	contains(t, o.must("list", "--format", "ics", "--filter", "old").out, "BEGIN:VCALENDAR\r\n", "SUMMARY:Renew old.example.org\r\n")
	o.must("remove", o.selfSigned("gone.example.org").Thumbprint, "--yes")
	contains(t, o.must("list", "--removed", "--format", "ics").out, "STATUS:CANCELLED\r\n")
}
