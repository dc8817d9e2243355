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
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// Apache with an RSA and an ECDSA certificate and one file of intermediates: the RSA one is enabled where it has the
// same intermediates, and the ECDSA one is sent with them as before; where it has others nothing changes.
func TestTheOtherKeyTypeKeepsItsIntermediates(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs Apache")
	}
	t.Parallel()
	f, ca := newFixture(t), daemontest.NewCA(t)
	ec, chains := ca.Issue(t, daemontest.Wish{}), filepath.Join(t.TempDir(), "chains.pem")
	at := bytes.LastIndex(ec.Chain, []byte("-----BEGIN CERTIFICATE"))
	d := daemontest.Apache(t, ca.Issue(t, daemontest.Wish{RSA: true}), func(root, text string) string {
		f.must(os.WriteFile(root+"/tls/ec.pem", ec.Chain[:at], 0o644))
		f.must(os.WriteFile(root+"/tls/ec.key", ec.Key, 0o600))
		f.must(os.WriteFile(chains, ec.Chain[at:], 0o644))
		return strings.Replace(text, "</VirtualHost>", "SSLCertificateFile "+root+"/tls/ec.pem\nSSLCertificateKeyFile "+root+
			"/tls/ec.key\nSSLCertificateChainFile "+chains+"\n</VirtualHost>", 1)
	})
	m := &mailServer{fixture: f, Daemon: d, urls: d.URLs, in: services.Instance{Use: "IIS", Driver: "apache", Config: d.Config}}
	f.store = m.process()
	e, was := m.bought(rsaRequest(daemontest.Name)), m.config()
	_, err := m.store.PlanEnable(m.Context(), enabling.Request{ID: e.ID, Services: ledger.IIS})
	m.wants(err, fail.Unfit)
	if !bytes.Equal(was, m.config()) {
		t.Error("the configuration was changed by a plan that is refused")
	}
	m.must(os.WriteFile(chains, append(m.ca.chain(), ec.Chain[at:]...), 0o644))
	m.run("apache2", "-f", d.Config, "-k", "graceful")
	out := m.enable(e, ledger.IIS, enabling.Options{})
	m.states(out, enabling.Enabled)
	m.served(e.SHA256, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")
	m.served(ec.Sum(), "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")
	for _, p := range out[0].Ports {
		if len(p.Report.Sent) < 2 {
			t.Errorf("%s: %s is sent without intermediates", p.Key, p.Listen)
		}
	}
	if len(out[0].Ports) != 2 {
		t.Errorf("proven by %d handshakes", len(out[0].Ports))
	}
}
