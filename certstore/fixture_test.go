package certstore

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// fixture is a store, a clock to turn, and a CA with root and intermediate that the store trusts.
type fixture struct {
	*testing.T
	store *Store
	now   time.Time
	ca    testCA
}

func newFixture(t *testing.T) *fixture {
	return newFixtureOn(t, nil, filepath.Join(t.TempDir(), "store"))
}

func newFixtureOn(t *testing.T, fsys disk.FS, dir string) *fixture {
	t.Helper()
	f := &fixture{T: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	f.ca = newTestCA(t, f.now)
	f.store = f.open(fsys, dir, f.ca.root)
	return f
}

func (f *fixture) open(fsys disk.FS, dir string, trusted ...*x509.Certificate) *Store {
	f.Helper()
	pool := x509.NewCertPool()
	for _, c := range trusted {
		pool.AddCert(c)
	}
	s, err := Open(f.Context(), Options{
		Dir: dir, FS: fsys, Now: func() time.Time { return f.now }, Actor: &disk.Actor{UID: os.Geteuid()},
		Roots: trust.NewRoots(trust.Sources{LocalDir: "/nonexistent", System: func() (*x509.CertPool, error) { return pool, nil }}),
	})
	f.must(err)
	return s
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatalf("%v (%s)", err, fail.Of(err).Hint)
	}
}

// wants checks a refusal's code and that no byte of the store changed since before.
func (f *fixture) wants(err error, code fail.Code) {
	f.Helper()
	if !fail.Is(err, code) {
		f.Errorf("got %v, want code %s", err, code)
	}
	if err != nil && fail.Of(err).Hint == "" {
		f.Errorf("no hint in %v", err)
	}
}

func request(cn string, more ...string) Request {
	r := Request{
		Subject: names.Subject{{Type: "C", Value: "BE"}, {Type: "O", Value: "Sunshine, Inc."}, {Type: "CN", Value: cn}},
		Key:     KeySpec{Algorithm: "ecdsa-p256"},
		Wanted:  SMTP,
	}
	for _, n := range append([]string{cn}, more...) {
		r.Names = append(r.Names, names.Name{Kind: names.DNS, Value: n})
	}
	return r
}

func (f *fixture) make(r Request) Made {
	f.Helper()
	made, err := f.store.New(f.Context(), r)
	f.must(err)
	return made
}

func files(data ...[]byte) ImportRequest {
	var r ImportRequest
	for _, d := range data {
		r.Sources = append(r.Sources, Source{Label: "a file", Data: d})
	}
	return r
}

func (f *fixture) importOK(r ImportRequest) Entry {
	f.Helper()
	e, _, err := f.store.Import(f.Context(), r)
	f.must(err)
	return e
}

// bought makes a request and imports the CA's answer with its chain.
func (f *fixture) bought(r Request) Entry {
	f.Helper()
	made := f.make(r)
	return f.importOK(files(f.ca.answer(f.T, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
}

func (f *fixture) list(removed bool) []Entry {
	f.Helper()
	l, err := f.store.List(f.Context(), removed)
	f.must(err)
	return l
}

// digest sums every byte, name and mode of a folder.
func digest(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		h.Write([]byte(path + info.Mode().String()))
		if d.Type().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			h.Write(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// testCA is a root and an intermediate.
type testCA struct {
	root, middle *x509.Certificate
	key          crypto.Signer
}

func newTestCA(t *testing.T, now time.Time) testCA {
	t.Helper()
	var ca testCA
	rootKey := mustKey(t)
	ca.key = mustKey(t)
	ca.root = sign(t, caTemplate("Test Root", now), nil, rootKey.Public(), rootKey)
	ca.middle = sign(t, caTemplate("Test Intermediate", now), ca.root, ca.key.Public(), rootKey)
	return ca
}

func mustKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := GenerateKey(KeySpec{Algorithm: "ecdsa-p256"})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func caTemplate(name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
}

func sign(t *testing.T, template, parent *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) *x509.Certificate {
	t.Helper()
	if parent == nil {
		parent = template
	}
	template.SerialNumber, _ = rand.Int(rand.Reader, big.NewInt(1<<62))
	der, err := x509.CreateCertificate(rand.Reader, template, parent, pub, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answer is the CA's certificate for a request, as PEM.
func (ca testCA) answer(t *testing.T, request []byte, until time.Time) []byte {
	t.Helper()
	r, err := x509.ParseCertificateRequest(request)
	if err != nil {
		t.Fatal(err)
	}
	c := sign(t, &x509.Certificate{RawSubject: r.RawSubject, DNSNames: r.DNSNames, NotBefore: until.AddDate(0, 0, -100), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true},
		ca.middle, r.PublicKey, ca.key)
	return formats.CertPEM(c.Raw)
}

func (ca testCA) chain() []byte { return formats.CertPEM(ca.middle.Raw) }
