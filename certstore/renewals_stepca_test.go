package certstore

import (
	"crypto/x509"
	"os"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/config"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/ordering"
	"certdesk/certstore/renewing"
	"certdesk/certstore/services"
)

// TestAHousesOwnStepCA orders, enables and renews at an authority that suggests no moment: its certificates are due by
// their age.
func TestAHousesOwnStepCA(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs step-ca")
	}
	t.Parallel()
	const life = 47 * day
	own := daemontest.NewCA(t)
	signer := own.Issue(t, daemontest.Wish{Names: []string{"House CA"}, Until: time.Now().Add(9 * 365 * day), Change: func(c *x509.Certificate) {
		c.IsCA, c.KeyUsage, c.DNSNames = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign, nil
	}})
	ca := acmetest.StartStepCA(t, daemontest.PEM(own.Root), signer.Chain, signer.Key, life)
	f, v := newFixture(t), newVoice(t)
	f.now = time.Now().Add(time.Hour)
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf([]string{ca.RootFile}), Services: []services.Instance{v.as("UM")},
		Authorities: []config.ACME{{Name: "house", Directory: ca.Directory, CAFile: ca.RootFile, AcceptTerms: true,
			HTTPPort: ca.HTTPPort, Resolver: ca.DNS}}})
	old, err := f.store.Order(t.Context(), ordering.Request{CA: "house", Make: request("mail.example.test")}, ordering.Options{})
	f.must(err)
	f.states(f.enable(old, ledger.UM, enabling.Options{}), enabling.Enabled)

	for _, at := range []struct {
		after time.Duration
		want  string
	}{{0, ""}, {life*2/3 - time.Hour, ""}, {life*2/3 + time.Hour, "order, enable"}} {
		f.now = time.Now().Add(at.after)
		var did []string
		_, err := f.store.RenewDue(t.Context(), DueOptions{Each: func(r renewing.Result) {
			f.must(r.Err)
			did = append(did, string(r.Task.Deed))
		}})
		if got := strings.Join(did, ", "); err != nil || got != at.want {
			t.Errorf("after %v: %q, %v; want %q", at.after, got, err, at.want)
		}
	}
	list := f.list(false)
	next := list[len(list)-1]
	if next.RenewalOf != old.ID || next.Services != ledger.UM || f.entry(old.ID).Services != 0 || next.SPKI == old.SPKI {
		t.Errorf("%+v", next)
	}
	if p := f.survey().Ports; len(p) != 1 || p[0].Report.SHA256 != next.SHA256 {
		t.Errorf("%+v", p)
	}
}
