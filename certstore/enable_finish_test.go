package certstore

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// dies enables an entry in a process that is killed when so many steps were told, and gives the change that waits.
func (m *mailServer) dies(steps int, e ledger.Entry) ledger.Unfinished {
	m.Helper()
	roots := filepath.Join(m.TempDir(), "root.pem")
	m.must(os.WriteFile(roots, formats.CertPEM(m.ca.root.Raw), 0o644))
	if !(errand{Store: m.store.Dir(), Roots: roots, Now: m.now, Service: m.in, Install: m.install(), ID: e.ID, KillAt: steps}).send(m.T) {
		m.Fatal("it lived")
	}
	list, err := m.store.Unfinished(m.Context())
	m.must(err)
	if len(list) != 1 {
		m.Fatalf("unfinished: %v", list)
	}
	return list[0]
}

// The steps behind which a process dies: its files are put, its daemon has read them.
const (
	afterApply  = 4
	afterReload = 8
)

// What another process began and this one finishes has the whole outcome of an enable: a slot that bears a name of the
// certificate and keeps the old one is missed there too.
func TestWhatIsFinishedNamesTheSlotsThatKeepTheOldOne(t *testing.T) {
	t.Parallel()
	const other = "www.example.org"
	d := daemontest.Nginx(t, daemontest.NewCA(t).Issue(t, daemontest.Wish{Names: []string{daemontest.Name, other}}), func(root, text string) string {
		// The second host takes its certificate from a variable, which certdesk leaves alone.
		at := max(strings.LastIndex(text, "ssl_certificate DIR/tls/cert.pem"), strings.LastIndex(text, "ssl_certificate "+root+"/tls/cert.pem"))
		text = text[:at] + strings.Replace(text[at:], "/tls/cert.pem", "/tls/cert.pem$empty", 1)
		return strings.Replace(text, "http {", "user root;\nhttp {\n  map $ssl_server_name $empty { default \"\"; }", 1)
	})
	f := newFixture(t)
	m := &mailServer{fixture: f, Daemon: d, urls: d.URLs, in: services.Instance{Use: "IIS", Driver: "nginx", Config: d.Config}}
	f.store = m.process()
	for _, died := range []int{afterApply, afterReload} {
		e := m.bought(request(daemontest.Name, other))
		out, err := m.store.Settle(m.Context(), m.dies(died, e), true, enabling.Options{})
		m.must(err)
		if out.State != enabling.Enabled || len(out.Missed) != 1 || out.Missed[0].Site.Slot() != other || len(out.Missed[0].Ports) == 0 || out.Whole() {
			t.Errorf("died after %d steps: %s, missed %+v, whole %t: %v", died, out.State, out.Missed, out.Whole(), out.Err)
		}
		if len(out.Left) == 0 {
			t.Errorf("died after %d steps: nothing is left alone", died)
		}
		m.served(e.SHA256)
	}
}

// A certificate with a key of another type that is served beside has its intermediates proven by who finishes as well.
func TestWhatIsFinishedProvesTheOtherKeyType(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs Apache")
	}
	t.Parallel()
	f, ca := newFixture(t), daemontest.NewCA(t)
	ec, chains := ca.Issue(t, daemontest.Wish{}), filepath.Join(t.TempDir(), "chains.pem")
	at := bytes.LastIndex(ec.Chain, []byte("-----BEGIN CERTIFICATE"))
	both := append(bytes.Clone(f.ca.chain()), ec.Chain[at:]...)
	d := daemontest.Apache(t, ca.Issue(t, daemontest.Wish{RSA: true}), func(root, text string) string {
		f.must(os.WriteFile(root+"/tls/ec.pem", ec.Chain[:at], 0o644))
		f.must(os.WriteFile(root+"/tls/ec.key", ec.Key, 0o600))
		f.must(os.WriteFile(chains, both, 0o644))
		return strings.Replace(text, "</VirtualHost>", "SSLCertificateFile "+root+"/tls/ec.pem\nSSLCertificateKeyFile "+root+
			"/tls/ec.key\nSSLCertificateChainFile "+chains+"\n</VirtualHost>", 1)
	})
	m := &mailServer{fixture: f, Daemon: d, urls: d.URLs, in: services.Instance{Use: "IIS", Driver: "apache", Config: d.Config}}
	f.store = m.process()
	for _, died := range []int{afterApply, afterReload} {
		u := m.dies(died, m.bought(rsaRequest(daemontest.Name)))
		if len(u.Line.Kept) != 1 || u.Line.Kept[0].SHA256 != ec.Sum() || len(u.Line.Kept[0].Sent) < 2 {
			t.Fatalf("recorded: %+v", u.Line.Kept)
		}
		out, err := m.store.Settle(m.Context(), u, true, enabling.Options{})
		m.must(err)
		if out.State != enabling.Enabled || len(out.Ports) != 2 || !out.Whole() {
			t.Errorf("died after %d steps: %s, proven by %d handshakes: %v", died, out.State, len(out.Ports), out.Err)
		}
	}
	u := m.dies(afterApply, m.bought(rsaRequest(daemontest.Name)))
	m.must(os.WriteFile(chains, f.ca.chain(), 0o644)) // somebody takes the other one's intermediates away
	out, err := m.store.Settle(m.Context(), u, true, enabling.Options{})
	m.must(err)
	if out.Fine() || !strings.Contains(fail.Sentence(out.Err), "intermediates any more") {
		t.Errorf("%s: %v", out.State, out.Err)
	}
}
