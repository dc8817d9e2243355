package uitest

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
	"path/filepath"
	"sync"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/ui/screen"
	"certdesk/wizard"
)

// SmallKeys makes keys fast: what the forms do does not depend on their size.
func SmallKeys(issuing.KeySpec) (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) }

// ArticleEnv is the world of the article's server.
func ArticleEnv() wizard.Env {
	return wizard.Env{
		ServerFQDN: "ex2007ee.proexchange.global", NetBIOSName: "ex2007ee",
		AcceptedDomains: []domains.Domain{{Name: "proexchange.global", Source: "configuration"},
			{Name: "belgianbeers.rock", Source: "configuration"}},
	}
}

// StoreDesk is a desk on a real store below a directory of the test.
func StoreDesk(t testing.TB, w, h int) *Driver {
	t.Helper()
	return StoreDeskIn(t, t.TempDir(), w, h)
}

// StoreDeskIn is a desk on a real store below a directory, which it makes.
func StoreDeskIn(t testing.TB, dir string, w, h int) *Driver {
	t.Helper()
	now := func() time.Time { return Noon }
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ca, _ := CA()
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw})
	if err := os.WriteFile(dir+"/root.pem", root, 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := certstore.Open(certstore.Options{
		Dir: dir + "/store", Now: now, NewKey: SmallKeys, Trust: []string{dir + "/root.pem"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return Drive(t, screen.Config{Store: store, Env: ArticleEnv(), Server: "mail01.proexchange.global", Now: now}, w, h)
}

// Entries is what the store holds.
func (r *Driver) Entries() []certstore.Entry {
	r.T.Helper()
	list, err := r.Desk.Store.List(context.Background(), false)
	if err != nil {
		r.T.Fatal(err)
	}
	return list
}

// CA answers requests.
var CA = sync.OnceValues(func() (*x509.Certificate, *rsa.PrivateKey) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: Noon.AddDate(-1, 0, 0), NotAfter: Noon.AddDate(9, 0, 0), KeyUsage: x509.KeyUsageCertSign,
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

// Answer is the CA's certificate for a request, as PEM.
func Answer(t testing.TB, request []byte) []byte {
	t.Helper()
	block, _ := pem.Decode(request)
	if block == nil {
		t.Fatalf("no PEM: %q", request)
	}
	req, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return Issue(t, req.Subject, req.DNSNames, req.PublicKey)
}

// Issue is a certificate of the CA, as PEM.
func Issue(t testing.TB, subject pkix.Name, names []string, pub any) []byte {
	t.Helper()
	ca, key := CA()
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<60))
	template := &x509.Certificate{
		SerialNumber: serial, Subject: subject, DNSNames: names, NotBefore: Noon.AddDate(0, 0, -1),
		NotAfter:    Noon.AddDate(0, 0, 90),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, pub, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// ManyNames is a list as it is pasted from a mail: commas, blanks and new lines mixed.
func ManyNames(n int) string {
	text := ""
	for i := range n {
		text += fmt.Sprintf("host%d.example.org%s", i, []string{",", " ", "\n", ";", "\n\n"}[i%5])
	}
	return text
}

// IssuedBelow is a certificate for a request, issued by an intermediate of CA, and that intermediate.
func IssuedBelow(t testing.TB, request []byte) (middle, leaf []byte) {
	t.Helper()
	root, rootKey := CA()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Test Intermediate"}, IsCA: true,
		BasicConstraintsValid: true,
		NotBefore:             Noon.AddDate(-1, 0, 0), NotAfter: Noon.AddDate(5, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	block, _ := pem.Decode(request)
	req, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	end := &x509.Certificate{
		SerialNumber: big.NewInt(3), Subject: req.Subject, DNSNames: req.DNSNames, NotBefore: Noon.AddDate(0, 0, -1),
		NotAfter: Noon.AddDate(0, 0, 90),
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

// Frames holds the frame at this size, with colours and without, and draws it at every other.
func (r *Driver) Frames(name string, size [2]int) {
	r.T.Helper()
	r.Golden(name+"-"+SizeName(size), false)
	r.Golden(name+"-"+SizeName(size)+"-colour", true)
	r.ExactEverywhere(false)
	r.Exact(size[0], size[1])
}

// SizeName is a size in the name of a file.
func SizeName(size [2]int) string { return fmt.Sprintf("%dx%d", size[0], size[1]) }

// LiveDesk is a desk on a real store with one pending request for each host.
func LiveDesk(t *testing.T, hosts ...string) *Driver {
	t.Helper()
	ctx := context.Background()
	store, err := certstore.Open(certstore.Options{Dir: filepath.Join(t.TempDir(), "store")})
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range hosts {
		Request(ctx, t, store, host)
	}
	return LiveOn(t, store.Dir())
}

// LiveOn is a desk on the store of a directory.
func LiveOn(t *testing.T, dir string) *Driver {
	t.Helper()
	store, err := certstore.Open(certstore.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	c := Hub()
	c.Store, c.Now = store, time.Now
	return Drive(t, c, 80, 24)
}

// Request makes a pending request in the store.
func Request(ctx context.Context, t *testing.T, store *certstore.Store, host string) {
	t.Helper()
	_, err := store.New(ctx, issuing.Request{
		Subject: names.Subject{{Type: "CN", Value: host}}, Names: []names.Name{{Kind: names.DNS, Value: host}},
		Key: issuing.KeySpec{Algorithm: "ecdsa-p256"},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Binned is a desk on a real store whose entries have all been removed, with the removed entries open.
func Binned(t *testing.T, hosts ...string) *Driver {
	t.Helper()
	r := LiveDesk(t, hosts...)
	list, err := r.Desk.Store.List(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Desk.Store.Remove(context.Background(), list, true); err != nil {
		t.Fatal(err)
	}
	r.Run(r.App.Relist())
	r.Keys("T")
	return r
}

// Choose adds files one by one on the import's first page.
func (r *Driver) Choose(paths ...string) {
	r.T.Helper()
	for _, path := range paths {
		r.Typing(path)
		r.Keys("enter")
	}
}

// Chosen opens the import with a file, and gives the password if one is asked for.
func (r *Driver) Chosen(path, password string) {
	r.T.Helper()
	r.Keys("i")
	r.Typing(path)
	r.Keys("ctrl+n")
	if password != "" {
		r.Sees("What is its password?")
		r.Typing(password)
		r.Keys("enter")
	}
}

// Pending makes a request in the desk's store and gives its text.
func Pending(r *Driver, name string) []byte {
	r.T.Helper()
	made, err := r.Desk.Store.New(context.Background(), issuing.Request{
		Subject: names.Subject{{Type: "CN", Value: name}}, Names: []names.Name{{Kind: names.DNS, Value: name}},
		Key: issuing.KeySpec{Algorithm: "rsa", Bits: 2048}, FriendlyName: "web", Wanted: certstore.IIS,
	})
	if err != nil {
		r.T.Fatal(err)
	}
	r.Run(r.App.Relist())
	return made.PEM
}

// Answers are a CA's answers to n requests of the desk, in files of one directory.
func Answers(t *testing.T, r *Driver, n int) (paths []string) {
	t.Helper()
	for i := range n {
		name := fmt.Sprintf("host%d.example.org", i)
		paths = append(paths, FileWith(t, name+".CER", Answer(t, Pending(r, name))))
	}
	return paths
}

// FileWith writes a file below the test's directory.
func FileWith(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Imported puts a certificate with an exportable key into the desk's store.
func Imported(r *Driver) certstore.Entry {
	r.T.Helper()
	r.Keys("n", "down", "space", "ctrl+n")
	r.Typing("mail.example.org")
	r.Keys("enter", "ctrl+n", "ctrl+n", "tab", "space", "ctrl+n", "ctrl+n", "tab")
	r.Wait()
	r.Keys("enter", "enter")
	list := r.Entries()
	if len(list) != 1 || !list[0].Exportable {
		r.T.Fatalf("%+v\n%s", list, r.Screen())
	}
	return list[0]
}
