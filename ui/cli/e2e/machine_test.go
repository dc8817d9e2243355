//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
)

// insideVariable names the test that runs on a machine of its own.
const insideVariable = "CERTDESK_TEST_MACHINE"

// aMachine has a network, processes and a name of its own, and what is written to /etc, /var, /run and /usr/local goes
// with it: there daemons run with the configuration that Debian's packages install, on their own ports, and disturb
// nobody.
const aMachine = `set -e
ip link set lo up
hostname mail
mount -t tmpfs tmpfs /mnt
for d in etc var run usr/local; do
  mkdir -p /mnt/$d/upper /mnt/$d/work
  mount -t overlay overlay -o lowerdir=/$d,upperdir=/mnt/$d/upper,workdir=/mnt/$d/work /$d
done
rm -rf /var/lib/certdesk /etc/certdesk /etc/ssl/certdesk
rm -rf /var/spool/postfix/pid/* /run/dovecot /run/nginx.pid /run/apache2 /run/systemd
set +e
"$@"
exit $?`

// ownMachine runs a test again on a machine of its own, and says whether this is the run there.
func ownMachine(t *testing.T) bool {
	t.Helper()
	if os.Getenv(insideVariable) == t.Name() {
		return true
	}
	daemontest.NeedRoot(t)
	need(t, "unshare")
	need(t, "ip")
	of := []string{"--mount", "--net", "--pid", "--uts", "--fork", "--mount-proc", "--kill-child"}
	if said, err := exec.Command("unshare", append(of, "true")...).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: here nobody has namespaces of his own: %v: %s", err, said)
	}
	cmd := exec.Command("unshare", append(of, "bash", "-c", aMachine, "machine",
		os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=10m")...)
	cmd.Env = append(os.Environ(), insideVariable+"="+t.Name())
	said, err := cmd.CombinedOutput()
	t.Logf("on a machine of its own:\n%s", said)
	switch {
	case err != nil:
		t.Errorf("%v", err)
	case strings.Contains(string(said), "--- SKIP: "+t.Name()):
		t.Skip("SKIPPED there")
	case !strings.Contains(string(said), "--- PASS: "+t.Name()):
		t.Error("it did not run there")
	}
	return false
}

// debian starts Postfix, Dovecot and nginx as Debian's packages configure them, and gives their ports by daemon. What
// had to differ: nginx's default site has its TLS lines commented out; they are put in as they stand there.
func debian(t *testing.T, start string) map[string][]string {
	t.Helper()
	sh := func(script string) {
		t.Helper()
		if said, err := exec.Command("sh", "-c", "set -e\n"+script).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", script, err, said)
		}
	}
	for _, program := range []string{"postfix", "dovecot", "nginx"} {
		need(t, program)
	}
	sh(asPostfixInstalls)
	sh("cp -r /usr/share/dovecot/dovecot.conf /usr/share/dovecot/conf.d /etc/dovecot/") // ucf's originals
	changed, _ := exec.Command("dpkg", "-V", "nginx-common").Output()
	if strings.Contains(string(changed), "/etc/nginx/") {
		t.Logf("nginx is not as it was installed:\n%s", changed)
	}
	site := "/etc/nginx/sites-available/default"
	before := daemontest.Read(t, site)
	tls := regexp.MustCompile(`(?m)^(\s*)# (listen .*443 ssl default_server;|include snippets/snakeoil\.conf;)$`)
	after := tls.ReplaceAllString(before, "$1$2")
	if strings.Count(after, "\n\tlisten ") != 4 || !strings.Contains(after, "\n\tinclude snippets/snakeoil.conf;") {
		t.Fatalf("nginx's default site is another than Debian's:\n%s", before)
	}
	daemontest.Put(t, site, after)
	sh("exec >/dev/null 2>&1\n" + start) // they would keep the pipe
	ports := map[string][]string{"postfix": {"smtp://127.0.0.1:25"}, "nginx": {"https://127.0.0.1:443"},
		"dovecot": {"imap://127.0.0.1:143", "imaps://127.0.0.1:993", "pop3://127.0.0.1:110", "pop3s://127.0.0.1:995"}}
	for protocol, url := range map[string]string{"sieve": "sieve://127.0.0.1:4190", "submission": "smtp://127.0.0.1:587"} {
		if installed, _ := filepath.Glob("/usr/share/dovecot/protocols.d/*" + protocol + "*.protocol"); len(installed) > 0 {
			ports["dovecot"] = append(ports["dovecot"], url)
		}
	}
	return ports
}

// asPostfixInstalls is what the package's postinst makes of its templates where nobody answers its questions.
const asPostfixInstalls = `cd /etc/postfix
cp /usr/share/postfix/master.cf.dist master.cf
cat /usr/share/postfix/main.cf.debian /usr/share/postfix/main.cf.tls >main.cf
postconf -e 'smtpd_relay_restrictions=permit_mynetworks permit_sasl_authenticated defer_unauth_destination' \
  'alias_maps=hash:/etc/aliases' 'alias_database=hash:/etc/aliases' 'relayhost=' "myhostname=$(hostname)" \
  'mydestination=$myhostname, localhost.localdomain, localhost' 'mailbox_size_limit=0' 'recipient_delimiter=+' \
  'mynetworks=127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128' 'inet_interfaces=all' 'inet_protocols=all'`

// clocked is the binary with a clock that CERTDESK_CLOCK moves, and nothing else that is different. A static binary
// of Go's asks the kernel for the time, so that libfaketime cannot change it, and no namespace has a day of its own.
func clocked(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	main, err := filepath.Abs("../../../main.go")
	if err != nil {
		t.Fatal(err)
	}
	text := daemontest.Read(t, main)
	moved := strings.Replace(text, "cli.Standard())", "moved(cli.Standard()))", 1) + `
func moved(streams cli.IO) cli.IO {
	by, err := time.ParseDuration(os.Getenv("CERTDESK_CLOCK"))
	if err != nil {
		panic(err)
	}
	streams.Now = func() time.Time { return time.Now().Add(by) }
	return streams
}
`
	moved = strings.Replace(moved, `"os/signal"`, "\"os/signal\"\n\t\"time\"", 1)
	daemontest.Put(t, filepath.Join(dir, "main.go"), moved)
	daemontest.Put(t, filepath.Join(dir, "overlay.json"),
		`{"Replace": {"`+main+`": "`+filepath.Join(dir, "main.go")+`"}}`)
	cmd := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-ldflags", "-s -w",
		"-o", filepath.Join(dir, "certdesk"), "certdesk")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return filepath.Join(dir, "certdesk")
}

// await waits for what takes as long as it takes on a machine that does much else.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what + ": never")
		}
	}
}
