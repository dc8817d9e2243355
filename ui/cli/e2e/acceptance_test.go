//go:build linux

package e2e

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/daemontest"
	"certdesk/ui/cli/wire"
)

// house is a machine of Debian's with a CA that reaches it on port 80, and certdesk where nothing is yet: no store, no
// home, a configuration that names the CA alone.
type house struct {
	*testing.T
	home   string // nothing is ever in it
	pebble *acmetest.Pebble
	ports  map[string][]string // by daemon
	moved  string              // the binary whose clock can be moved
}

const (
	houseStore = "/var/lib/certdesk"
	webName    = "www.example.org"
	mailName   = "mail.example.org"
)

// TestCertificatesLookAfterThemselves is all of it on one machine: a certificate ordered in the desk and one by
// command, enabled, proven by openssl on every port; renewed when the CA wants it now, and when their time has come.
// What the CA wants comes first: its clock does not move, so what it issues while certdesk's is a month ahead is due
// again by its age.
func TestCertificatesLookAfterThemselves(t *testing.T) {
	if !all {
		t.Skip("SKIPPED without CERTDESK_ALL")
	}
	if !ownMachine(t) {
		return
	}
	h := newHouse(t, "postfix start; dovecot; nginx")
	web := h.visited("ordered by command", func() {
		h.ok(0, "new", "--acme", "pebble", "--domain-name", webName, "--services", "IIS")
	})
	mail := h.visited("ordered in the desk", func() { h.ordersInTheDesk() })
	h.serves(map[string]string{webName: web[webName], mailName: mail[mailName]})
	h.ok(0, "test")

	for _, name := range []string{webName, mailName} {
		h.wantedNow(name)
	}
	h.renewed("the CA wants them renewed now", func() { h.Log(h.ok(0, "renew", "--due")) })
	const month = 31 * 24 * time.Hour
	if said := h.ok(month-2*24*time.Hour, "renew", "--due"); !strings.HasPrefix(said, "nothing is due; the next is ") {
		t.Errorf("two days early: %s", said)
	}
	h.renewed("their time has come", func() { h.cron(month) })
	h.ok(0, "doctor")
	h.ok(0, "history", "verify")
	if list, err := os.ReadDir(h.home); err != nil || len(list) > 0 {
		t.Errorf("the home was empty: %v %v", list, err)
	}
}

func newHouse(t *testing.T, start string) *house {
	t.Helper()
	h := &house{T: t, home: t.TempDir(), moved: clocked(t), ports: debian(t, start)}
	h.pebble = acmetest.Start(t, acmetest.Options{HTTPPort: 80})
	root := filepath.Join(t.TempDir(), "pebble.pem")
	daemontest.Put(t, root, string(h.pebble.Root(t)))
	daemontest.Put(t, "/etc/certdesk/certdesk.toml", fmt.Sprintf(`trust = [%q]
[[acme]]
name = "pebble"
directory = %q
ca_file = %q
accept_terms = true
profile = "tlsserver"
webroot = "/var/www/html"
resolver = %q
`, root, h.pebble.Directory, h.pebble.RootsFile, h.pebble.DNS))
	for _, urls := range h.ports {
		for _, url := range urls {
			await(t, url, func() bool { return daemontest.Served(url, mailName) != "" })
		}
	}
	return h
}

// ok runs certdesk with its clock moved, and gives what it says.
func (h *house) ok(by time.Duration, args ...string) string {
	h.Helper()
	cmd := exec.Command(h.moved, args...)
	var said, wrong bytes.Buffer
	cmd.Env = []string{"HOME=" + h.home, "PATH=" + os.Getenv("PATH"), "CERTDESK_CLOCK=" + by.String()}
	cmd.Dir = h.home
	cmd.Stdout, cmd.Stderr = &said, &wrong
	if err := cmd.Run(); err != nil {
		h.Fatalf("certdesk %q: %v\n%s%s", args, err, &said, &wrong)
	}
	return said.String()
}

// ordersInTheDesk orders by keys for all mail, and enables and proves what comes.
func (h *house) ordersInTheDesk() {
	h.Helper()
	m := newTmux(h)
	p := m.open("admin", "80", "24", binary(h))
	p.shows("? help")
	p.does("What do you need?", "n")
	p.goTo("pebble", "Up")
	p.does("proven and renewed for you", "Space")
	p.does("Which names", "C-n")
	p.typed(mailName)
	p.does("common name, typed", "Enter")
	p.does("What key?", "C-n")
	p.does("Which services", "C-n")
	for _, use := range []string{"SMTP", "IMAP", "POP"} {
		p.goTo(use, "Tab")
		p.does("[x] "+use, "Space")
	}
	p.does("ordered from pebble, profile tlsserver", "C-n")
	p.goTo("[ Order the certificate ]", "Tab")
	presses(p, func(screen string) bool { return !strings.Contains(screen, "Is this right?") })
	await(h, "issued", func() bool { return strings.Contains(p.screen(), mailName+" is issued by pebble") })
	p.goTo("[ Enable it ]", "Tab")
	p.does("Which services are given", "Enter")
	p.goTo("[ Show the plan ]", "Tab")
	p.does("What will be done, and nothing else", "Enter")
	p.goTo("[ Enable it ]", "Tab")
	presses(p, func(screen string) bool { return strings.Contains(screen, "Replace the default SMTP certificate?") })
	p.choose("Replace it")
	await(h, "enabled", func() bool { return strings.Contains(p.screen(), "is enabled for all 3 services") })
	p.shows("proven by")
	h.Log(p.screen())
}

// presses presses a button until that does something: a page that has just opened answers a moment later, and on a busy
// machine nobody knows when.
func presses(p *pane, did func(screen string) bool) {
	p.Helper()
	await(p, "a button that answers", func() bool {
		p.keys("Enter")
		for end := time.Now().Add(3 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			if did(p.screen()) {
				return true
			}
		}
		return false
	})
}

// visited does something while somebody connects to every port without pause, of whose handshakes none may fail; it
// gives what is served then, by the name of the certificate.
func (h *house) visited(what string, do func()) map[string]string {
	h.Helper()
	visitors := map[string]*daemontest.Visitor{}
	for daemon, urls := range h.ports {
		visitors[daemon] = daemontest.Visit(h, urls)
	}
	do()
	for daemon, v := range visitors {
		v.Leave()
		h.Logf("%s: %s: %d of %d handshakes failed, %d connections refused", what, daemon, v.Failed, v.All, v.Refused)
		if v.Failed+v.Refused > 0 || v.All < 10 {
			h.Errorf("%s: %v", daemon, v.Why)
		}
	}
	sums := map[string]string{}
	for _, e := range h.list() {
		if len(e.Services) > 0 {
			sums[e.CertificateDomains[0]] = e.SHA256
		}
	}
	return sums
}

func (h *house) list() (list []wire.Entry) {
	h.Helper()
	if err := json.Unmarshal([]byte(h.ok(0, "list", "--json")), &list); err != nil {
		h.Fatal(err)
	}
	return list
}

// serves holds what openssl sees on every port: nginx has the web's certificate, the others have that of mail.
func (h *house) serves(sums map[string]string) {
	h.Helper()
	for daemon, urls := range h.ports {
		name := mailName
		if daemon == "nginx" {
			name = webName
		}
		for _, url := range urls {
			if got, ok := daemontest.Await(url, name, sums[name], time.Minute); !ok {
				h.Errorf("%s: %s serves %q, not %q", daemon, url, got, sums[name])
			}
		}
	}
}

// wantedNow has the CA suggest a window that is over for what is served for a name.
func (h *house) wantedNow(name string) {
	h.Helper()
	for _, e := range h.list() {
		if len(e.Services) == 0 || e.CertificateDomains[0] != name {
			continue
		}
		block, _ := pem.Decode([]byte(daemontest.Read(h.T, filepath.Join(houseStore, "certs", e.SHA256+".pem"))))
		leaf, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			h.Fatal(err)
		}
		now := time.Now()
		window := map[string]time.Time{"start": now.Add(-2 * time.Hour), "end": now.Add(-time.Hour)}
		said, err := json.Marshal(map[string]any{"suggestedWindow": window})
		if err != nil {
			h.Fatal(err)
		}
		h.pebble.Suggest(h.T, leaf, string(said))
	}
}

// renewed has both certificates renewed at once, and served on every port in the place of the old ones.
func (h *house) renewed(why string, run func()) {
	h.Helper()
	before := len(h.list())
	sums := h.visited(why, run)
	if n := len(h.list()) - before; n != 2 || len(sums) != 2 {
		h.Errorf("%s: %d new entries, %v", why, n, sums)
	}
	h.serves(sums)
}

// cron runs the line of the crontab that is shipped, as cron does, at a time that has come; it says nothing, else cron
// would mail it.
func (h *house) cron(by time.Duration) {
	h.Helper()
	installed(h, h.moved)
	lines := strings.Split(strings.TrimSpace(daemontest.Read(h.T, "../unattended/certdesk.cron")), "\n")
	_, line, _ := strings.Cut(lines[len(lines)-1], " root ")
	path := lines[len(lines)-2]
	cmd := exec.Command("/bin/sh", "-c", line)
	cmd.Dir = h.home
	cmd.Env = []string{"HOME=" + h.home, "SHELL=/bin/sh", "LOGNAME=root", path, "CERTDESK_CLOCK=" + by.String()}
	if said, err := cmd.CombinedOutput(); err != nil || len(said) > 0 {
		h.Errorf("%s: %v: %s", line, err, said)
	}
}

// installed has a binary where people put it.
func installed(h *house, binary string) {
	h.Helper()
	daemontest.Put(h, "/usr/local/sbin/certdesk", daemontest.Read(h.T, binary))
	if err := os.Chmod("/usr/local/sbin/certdesk", 0o755); err != nil {
		h.Fatal(err)
	}
}
