//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
)

// aBoot boots Debian's own systemd on a copy of this machine that is gone with it: its root is an overlay, and only /out
// is shared with it. It starts a unit that runs the test again, and then powers off.
const aBoot = `set -e
mount -t tmpfs tmpfs /mnt
mkdir -p /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
root=/mnt/root units=/mnt/root/etc/systemd/system
rm -rf $root/var/lib/certdesk $root/etc/certdesk $root/etc/ssl/certdesk $root/run/* $root/var/spool/postfix/pid/*
rm -rf $units/*.wants/*
echo mail >$root/etc/hostname
systemd-id128 new >$root/etc/machine-id
mkdir -p $units/multi-user.target.wants
ln -sf /lib/systemd/system/multi-user.target $units/default.target
printf '[Unit]\nAfter=multi-user.target\n[Service]\nType=oneshot\nWorkingDirectory=%s\nEnvironmentFile=/out/environment
ExecStart=/bin/sh -c "\\"$0\\" -test.run=^$1$ -test.v" %s %s\nStandardOutput=file:/out/said\nStandardError=inherit
ExecStopPost=/bin/systemctl poweroff --no-block\n' "$PWD" /out/test "$1" >$units/inside.service
ln -s ../inside.service $units/multi-user.target.wants/
exec timeout 600 systemd-nspawn -q -D $root --private-network --register=no --keep-unit --bind="$2:/out" -b`

// booted runs a test again on a machine that systemd has booted, and says whether this is the run there.
func booted(t *testing.T) bool {
	t.Helper()
	if os.Getenv(insideVariable) == t.Name() {
		return true
	}
	daemontest.NeedRoot(t)
	need(t, "systemd-nspawn")
	out := t.TempDir()
	environment := []string{insideVariable + "=" + t.Name(), "CERTDESK_ALL=1"}
	for _, name := range []string{"HOME", "PATH", "CI"} {
		environment = append(environment, name+"="+os.Getenv(name))
	}
	daemontest.Put(t, filepath.Join(out, "environment"), strings.Join(environment, "\n")+"\n")
	daemontest.Put(t, filepath.Join(out, "test"), daemontest.Read(t, os.Args[0]))
	if err := os.Chmod(filepath.Join(out, "test"), 0o755); err != nil {
		t.Fatal(err)
	}
	boot, err := exec.Command("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child",
		"sh", "-c", aBoot, "boot", t.Name(), out).CombinedOutput()
	said, _ := os.ReadFile(filepath.Join(out, "said"))
	t.Logf("where systemd is:\n%s", said)
	switch {
	case len(said) == 0:
		t.Skipf("SKIPPED: here systemd does not boot: %v: %s", err, boot[max(0, len(boot)-2000):])
	case !strings.Contains(string(said), "--- PASS: "+t.Name()):
		t.Error("it failed there")
	}
	return false
}

// TestTheUnitsUnderSystemd has the service that is shipped renew what is due where systemd is, with Debian's daemons as
// their own units run them: all that the unit takes away is not needed.
func TestTheUnitsUnderSystemd(t *testing.T) {
	if !all {
		t.Skip("SKIPPED without CERTDESK_ALL")
	}
	if !booted(t) {
		return
	}
	h := newHouse(t, "systemctl restart postfix dovecot nginx")
	installed(h, binary(t))
	for _, unit := range []string{"certdesk.service", "certdesk.timer"} {
		daemontest.Put(t, "/etc/systemd/system/"+unit, daemontest.Read(t, "../unattended/"+unit))
	}
	systemctl(t, "daemon-reload")
	systemctl(t, "start", "certdesk.service") // no store yet: nothing is to be done
	h.ok(0, "new", "--acme", "pebble", "--domain-name", webName, "--services", "IIS")
	h.ok(0, "new", "--acme", "pebble", "--domain-name", mailName)
	h.ok(0, "enable", mailName, "--services", "SMTP,IMAP,POP", "--force")
	h.wantedNow(webName)
	h.wantedNow(mailName)
	h.renewed("by the unit", func() { systemctl(t, "start", "certdesk.service") })
	h.ok(0, "test")
	if got := systemctl(t, "show", "-p", "Result", "certdesk.service"); got != "Result=success\n" {
		t.Error(got)
	}
	systemctl(t, "enable", "--now", "certdesk.timer")
	_, next, _ := strings.Cut(systemctl(t, "show", "-p", "NextElapseUSecRealtime", "certdesk.timer"), "=")
	at, err := time.Parse("Mon 2006-01-02 15:04:05 MST", strings.TrimSpace(next))
	if wait := time.Until(at); err != nil || wait < -time.Minute || wait > 7*time.Hour {
		t.Errorf("the timer runs next at %s: %v", next, err)
	}
}

func systemctl(t *testing.T, args ...string) string {
	t.Helper()
	said, err := exec.Command("systemctl", args...).CombinedOutput()
	if err != nil {
		log, _ := exec.Command("journalctl", "-u", "certdesk.service", "--no-pager").CombinedOutput()
		t.Fatalf("systemctl %q: %v: %s\n%s", args, err, said, log)
	}
	return string(said)
}
