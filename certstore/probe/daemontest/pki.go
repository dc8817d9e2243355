package daemontest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"certdesk/certstore/trust"
)

// CA is a root, and an intermediate that signs.
type CA struct {
	Root, Middle *x509.Certificate
	key          crypto.Signer // the intermediate's
}

// Pair is a certificate with its chain, leaf first and without the root, and its key.
type Pair struct {
	Chain []*x509.Certificate
	Key   crypto.Signer
}

// NewCA makes a CA of the test.
func NewCA(t testing.TB) *CA {
	t.Helper()
	rootKey, middleKey := newKey(t, "ecdsa"), newKey(t, "ecdsa")
	root := sign(t, authority("Test Root"), nil, rootKey, rootKey)
	middle := sign(t, authority("Test Intermediate"), root, middleKey, rootKey)
	return &CA{Root: root, Middle: middle, key: middleKey}
}

// Issue makes a certificate for 90 days: key is rsa or ecdsa, change may alter the template (nil: nothing).
func (ca *CA) Issue(t testing.TB, key string, change func(*x509.Certificate), names ...string) Pair {
	t.Helper()
	k := newKey(t, key)
	return Pair{[]*x509.Certificate{sign(t, template(change, names), ca.Middle, k, ca.key), ca.Middle}, k}
}

// SelfSigned makes a certificate that is its own issuer.
func SelfSigned(t testing.TB, key string, names ...string) Pair {
	t.Helper()
	k := newKey(t, key)
	return Pair{[]*x509.Certificate{sign(t, template(nil, names), nil, k, k)}, k}
}

// Leaf is the certificate itself.
func (p Pair) Leaf() *x509.Certificate { return p.Chain[0] }

// TLS is the pair as crypto/tls serves it.
func (p Pair) TLS() tls.Certificate {
	c := tls.Certificate{PrivateKey: p.Key}
	for _, cert := range p.Chain {
		c.Certificate = append(c.Certificate, cert.Raw)
	}
	return c
}

// CertPEM is the chain, leaf first.
func (p Pair) CertPEM() []byte {
	var b bytes.Buffer
	for _, c := range p.Chain {
		_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	}
	return b.Bytes()
}

// KeyPEM is the key as PKCS#8.
func (p Pair) KeyPEM() []byte {
	der, _ := x509.MarshalPKCS8PrivateKey(p.Key) // of the two kinds newKey makes
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// Install puts the pair where a daemon reads it, each file by a rename; the key is mode 0600.
func (p Pair) Install(t testing.TB, cert, key string) {
	t.Helper()
	replace(t, key, p.KeyPEM(), 0o600)
	replace(t, cert, p.CertPEM(), 0o644)
}

// RootFile writes the root to a file of the test and gives its path.
func (ca *CA) RootFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "root.pem")
	replace(t, path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Root.Raw}), 0o644)
	return path
}

// Roots is the CA's root as the only trusted one.
func (ca *CA) Roots() *trust.Roots {
	pool := x509.NewCertPool()
	pool.AddCert(ca.Root)
	return trust.NewRoots(trust.Sources{LocalDir: "/nonexistent", System: func() (*x509.CertPool, error) { return pool, nil }})
}

func replace(t testing.TB, path string, data []byte, mode os.FileMode) {
	t.Helper()
	err := os.WriteFile(path+".new", data, mode)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func newKey(t testing.TB, kind string) (key crypto.Signer) {
	t.Helper()
	var err error
	if kind == "rsa" {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func authority(cn string) *x509.Certificate {
	return &x509.Certificate{Subject: pkix.Name{CommonName: cn}, NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
}

func template(change func(*x509.Certificate), names []string) *x509.Certificate {
	c := &x509.Certificate{Subject: pkix.Name{CommonName: names[0]}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 0, 90),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, name := range names {
		if a, err := netip.ParseAddr(name); err == nil {
			c.IPAddresses = append(c.IPAddresses, a.AsSlice())
		} else {
			c.DNSNames = append(c.DNSNames, name)
		}
	}
	if change != nil {
		change(c)
	}
	return c
}

// sign makes a certificate; a nil issuer is the certificate itself.
func sign(t testing.TB, c, issuer *x509.Certificate, key, by crypto.Signer) *x509.Certificate {
	t.Helper()
	c.SerialNumber, _ = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	if issuer == nil {
		issuer = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, issuer, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
}
