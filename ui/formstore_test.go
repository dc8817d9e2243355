package ui

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"sync"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/ui/screen"
	"certdesk/wizard"
)

// smallKeys makes keys fast: what the forms do does not depend on their size.
func smallKeys(certstore.KeySpec) (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) }

// articleEnv is the world of the article's server.
func articleEnv() wizard.Env {
	return wizard.Env{
		ServerFQDN: "ex2007ee.proexchange.global", NetBIOSName: "ex2007ee",
		AcceptedDomains: []domains.Domain{{Name: "proexchange.global", Source: "configuration"}, {Name: "belgianbeers.rock", Source: "configuration"}},
	}
}

// storeDesk is a desk on a real store below a directory of the test.
func storeDesk(t testing.TB, w, h int) *driver {
	t.Helper()
	return storeDeskIn(t, t.TempDir(), w, h)
}

// storeDeskIn is a desk on a real store below a directory, which it makes.
func storeDeskIn(t testing.TB, dir string, w, h int) *driver {
	t.Helper()
	now := func() time.Time { return noon }
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ca, _ := theCA()
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw})
	if err := os.WriteFile(dir+"/root.pem", root, 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := certstore.Open(context.Background(), certstore.Options{
		Dir: dir + "/store", Now: now, NewKey: smallKeys, Trust: []string{dir + "/root.pem"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return drive(t, screen.Config{Store: store, Env: articleEnv(), Server: "mail01.proexchange.global", Now: now}, w, h)
}

// entries is what the store holds.
func (r *driver) entries() []certstore.Entry {
	r.t.Helper()
	list, err := r.app.d.Store.List(context.Background(), false)
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

// theCA answers requests.
var theCA = sync.OnceValues(func() (*x509.Certificate, *rsa.PrivateKey) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(9, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return cert, key
})

// answer is the CA's certificate for a request, as PEM.
func answer(t testing.TB, request []byte) []byte {
	t.Helper()
	block, _ := pem.Decode(request)
	if block == nil {
		t.Fatalf("no PEM: %q", request)
	}
	req, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return issue(t, req.Subject, req.DNSNames, req.PublicKey)
}

func issue(t testing.TB, subject pkix.Name, names []string, pub any) []byte {
	t.Helper()
	ca, key := theCA()
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<60))
	template := &x509.Certificate{
		SerialNumber: serial, Subject: subject, DNSNames: names, NotBefore: noon.AddDate(0, 0, -1), NotAfter: noon.AddDate(0, 0, 90),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, pub, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// manyNames is a list as it is pasted from a mail: commas, blanks and new lines mixed.
func manyNames(n int) string {
	text := ""
	for i := range n {
		text += fmt.Sprintf("host%d.example.org%s", i, []string{",", " ", "\n", ";", "\n\n"}[i%5])
	}
	return text
}

// issuedBelow is a certificate for a request, issued by an intermediate of theCA, and that intermediate.
func issuedBelow(t testing.TB, request []byte) (middle, leaf []byte) {
	t.Helper()
	root, rootKey := theCA()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Test Intermediate"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(5, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	block, _ := pem.Decode(request)
	req, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	end := &x509.Certificate{
		SerialNumber: big.NewInt(3), Subject: req.Subject, DNSNames: req.DNSNames, NotBefore: noon.AddDate(0, 0, -1), NotAfter: noon.AddDate(0, 0, 90),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	return certPEM(t, ca, root, key.Public(), rootKey), certPEM(t, end, ca, req.PublicKey, key)
}

func certPEM(t testing.TB, template, parent *x509.Certificate, pub any, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, pub, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// frames holds the frame at this size, with colours and without, and draws it at every other.
func (r *driver) frames(name string, size [2]int) {
	r.t.Helper()
	r.golden(name+"-"+sizeName(size), false)
	r.golden(name+"-"+sizeName(size)+"-colour", true)
	r.exactEverywhere(false)
	r.exact(size[0], size[1])
}

func sizeName(size [2]int) string { return fmt.Sprintf("%dx%d", size[0], size[1]) }
