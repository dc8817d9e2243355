package daemontest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"sync"
	"testing"
	"time"
)

// CA is a root with one intermediate.
type CA struct {
	Root, Middle *x509.Certificate
	rootKey      crypto.Signer
	middleKey    crypto.Signer
	serial       int64
}

// Pair is a certificate of a server with its key, as PEM.
type Pair struct {
	Chain []byte // leaf, intermediate
	Leaf  []byte // the leaf alone
	Key   []byte // PKCS#8
	Cert  *x509.Certificate
}

// Sum is the SHA-256 of the leaf, in hex.
func (p Pair) Sum() string {
	sum := sha256.Sum256(p.Cert.Raw)
	return hex.EncodeToString(sum[:])
}

// Wish is what a certificate is to be like; the zero value is for Name, ECDSA, for a day.
type Wish struct {
	RSA         bool
	Names       []string
	From, Until time.Time
	Usage       []x509.ExtKeyUsage
}

// NewCA makes the authority.
func NewCA(t testing.TB) *CA {
	t.Helper()
	ca := &CA{rootKey: ecKey(t), middleKey: ecKey(t)}
	now := time.Now()
	template := func(name string) *x509.Certificate {
		ca.serial++
		return &x509.Certificate{SerialNumber: big.NewInt(ca.serial), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(48 * time.Hour),
			BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	}
	root := template("Test Root")
	ca.Root = signed(t, root, root, ca.rootKey.Public(), ca.rootKey)
	ca.Middle = signed(t, template("Test Intermediate"), ca.Root, ca.middleKey.Public(), ca.rootKey)
	return ca
}

// Issue makes a server's certificate.
func (ca *CA) Issue(t testing.TB, w Wish) Pair {
	t.Helper()
	var key crypto.Signer = ecKey(t)
	if w.RSA {
		key = rsaKey(t)
	}
	return ca.IssueFor(t, key, w)
}

// IssueFor makes a certificate for a key.
func (ca *CA) IssueFor(t testing.TB, key crypto.Signer, w Wish) Pair {
	t.Helper()
	if w.Names == nil {
		w.Names = []string{Name, "autodiscover.example.test", "localhost"}
	}
	if w.From.IsZero() {
		w.From = time.Now().Add(-time.Hour)
	}
	if w.Until.IsZero() {
		w.Until = time.Now().Add(24 * time.Hour)
	}
	if w.Usage == nil {
		w.Usage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	ca.serial++
	leaf := signed(t, &x509.Certificate{SerialNumber: big.NewInt(ca.serial), Subject: pkix.Name{CommonName: w.Names[0]}, NotBefore: w.From, NotAfter: w.Until,
		DNSNames: w.Names, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: w.Usage, BasicConstraintsValid: true}, ca.Middle, key.Public(), ca.middleKey)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	own := PEM(leaf)
	return Pair{Chain: append(append([]byte{}, own...), PEM(ca.Middle)...), Leaf: own, Cert: leaf, Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})}
}

// PEM encodes a certificate.
func PEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func signed(t testing.TB, template, parent *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) *x509.Certificate {
	t.Helper()
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

func ecKey(t testing.TB) crypto.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// rsaKey makes one key for all: making RSA keys takes longer than most tests.
var makeRSA = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func rsaKey(t testing.TB) crypto.Signer {
	key, err := makeRSA()
	if err != nil {
		t.Fatal(err)
	}
	return key
}
