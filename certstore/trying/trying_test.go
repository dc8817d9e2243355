package trying

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// holds wants one finding of that severity with that text.
func holds(t *testing.T, list []trust.Finding, severity trust.Severity, text string) {
	t.Helper()
	for _, f := range list {
		if f.Severity == severity && strings.Contains(f.Text, text) {
			return
		}
	}
	t.Errorf("no %s with %q in %+v", severity, text, list)
}

func TestRootsAreReadBeforeTheyAreTrusted(t *testing.T) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "House CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0)}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	root, none := filepath.Join(t.TempDir(), "root.pem"), filepath.Join(t.TempDir(), "none.pem")
	if err := os.WriteFile(root, formats.CertPEM(der), 0o600); err != nil {
		t.Fatal(err)
	}
	list := Roots([]string{root, none}, noon)
	holds(t, list, trust.Info, "CN=House CA, until ")
	holds(t, list, trust.Error, none+" cannot be used: ")
	holds(t, Roots([]string{root}, noon.AddDate(2, 0, 0)), trust.Warning, "has expired")
	if err := os.WriteFile(root, bytes.Repeat(formats.CertPEM(der), 5), 0o600); err != nil {
		t.Fatal(err)
	}
	holds(t, Roots([]string{root}, noon), trust.Info, "and 2 more in ")
}

func TestAServersNameIsLookedUp(t *testing.T) {
	has := []ledger.Entry{{Kind: ledger.Certificate, FriendlyName: "web", Names: []string{"*.invalid"}, NotAfter: noon.AddDate(0, 1, 0)}}
	list := Server(t.Context(), "localhost", has, noon)
	holds(t, list, trust.Info, "localhost leads to ")
	holds(t, list, trust.Warning, "no certificate in the store has this name")
	list = Server(t.Context(), "nowhere.invalid", has, noon)
	holds(t, list, trust.Warning, "is found in no DNS")
	holds(t, list, trust.Info, "web has this name, until 23 Dec 2026")
}

func TestAServiceIsTriedByItsOwnConfiguration(t *testing.T) {
	holds(t, Service(t.Context(), services.Host{}, services.Instance{Use: "SMTP", Driver: "postfix", Config: "/nowhere"}), trust.Warning, "/nowhere")
	holds(t, Service(t.Context(), services.Host{}, services.Instance{Use: "SMTP", Driver: "postfix", Listen: []string{"x"}}), trust.Error, "x")
}
