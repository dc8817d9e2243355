package daemontest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net/netip"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"certdesk/certstore/trust"
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

// Wish is what a certificate is to be like; the zero value is for Name, ECDSA, for 90 days.
type Wish struct {
	RSA         bool
	Names       []string
	From, Until time.Time
	Usage       []x509.ExtKeyUsage
	Change      func(template *x509.Certificate) // nil: nothing
}

// NewCA makes the authority.
func NewCA(t testing.TB) *CA {
	t.Helper()
	ca := &CA{rootKey: ecKey(t), middleKey: ecKey(t)}
	now := time.Now()
	template := func(name string) *x509.Certificate {
		ca.serial++
		return &x509.Certificate{SerialNumber: big.NewInt(ca.serial), Subject: pkix.Name{CommonName: name},
			NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(9, 0, 0),
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
	if w.RSA {
		return ca.IssueFor(t, rsaKey(t), w)
	}
	return ca.IssueFor(t, ecKey(t), w)
}

// IssueFor makes a certificate for a key.
func (ca *CA) IssueFor(t testing.TB, key crypto.Signer, w Wish) Pair {
	t.Helper()
	ca.serial++
	return pairOf(t, signed(t, w.template(ca.serial), ca.Middle, key.Public(), ca.middleKey), key).With(ca.Middle)
}

// Answers makes the certificate, with its chain as PEM, that a request in PEM asks for, changed as the wish has it.
func (ca *CA) Answers(t testing.TB, request string, w Wish) []byte {
	t.Helper()
	block, _ := pem.Decode([]byte(request))
	r, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	ca.serial++
	w.Names = r.DNSNames
	leaf := signed(t, w.template(ca.serial), ca.Middle, r.PublicKey, ca.middleKey)
	return append(PEM(leaf), PEM(ca.Middle)...)
}

// SelfSigned makes a certificate that is its own issuer.
func SelfSigned(t testing.TB, w Wish) Pair {
	t.Helper()
	key := ecKey(t)
	c := w.template(1)
	return pairOf(t, signed(t, c, c, key.Public(), key), key)
}

// template is the certificate that a wish is for.
func (w Wish) template(serial int64) *x509.Certificate {
	c := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: w.From, NotAfter: w.Until,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: w.Usage,
		BasicConstraintsValid: true}
	if w.Names == nil {
		w.Names = []string{Name, "autodiscover.example.test", "localhost"}
	}
	c.Subject.CommonName = w.Names[0]
	for _, name := range w.Names {
		if a, err := netip.ParseAddr(name); err == nil {
			c.IPAddresses = append(c.IPAddresses, a.AsSlice())
		} else {
			c.DNSNames = append(c.DNSNames, name)
		}
	}
	if w.From.IsZero() {
		c.NotBefore = time.Now().Add(-time.Hour)
	}
	if w.Until.IsZero() {
		c.NotAfter = time.Now().AddDate(0, 0, 90)
	}
	if w.Usage == nil {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	if w.Change != nil {
		w.Change(c)
	}
	return c
}

func pairOf(t testing.TB, leaf *x509.Certificate, key crypto.Signer) Pair {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return Pair{Chain: PEM(leaf), Leaf: PEM(leaf), Cert: leaf,
		Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})}
}

// With is the pair with other certificates behind its leaf.
func (p Pair) With(chain ...*x509.Certificate) Pair {
	p.Chain = slices.Clone(p.Leaf)
	for _, c := range chain {
		p.Chain = append(p.Chain, PEM(c)...)
	}
	return p
}

// TLS is the pair as crypto/tls serves it.
func (p Pair) TLS(t testing.TB) tls.Certificate {
	t.Helper()
	c, err := tls.X509KeyPair(p.Chain, p.Key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Install puts the pair where a daemon reads it; the key is for its owner alone.
func (p Pair) Install(t testing.TB, cert, key string) {
	t.Helper()
	replace(t, key, p.Key, 0o600)
	replace(t, cert, p.Chain, 0o644)
}

// RootFile writes the root to a file of the test and gives its path.
func (ca *CA) RootFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "root.pem")
	replace(t, path, PEM(ca.Root), 0o644)
	return path
}

// Roots is the root as the only trusted one.
func (ca *CA) Roots() *trust.Roots {
	pool := x509.NewCertPool()
	pool.AddCert(ca.Root)
	return trust.NewRoots(trust.Sources{LocalDir: "/nonexistent",
		System: func() (*x509.CertPool, error) { return pool, nil }})
}

// PEM encodes a certificate.
func PEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func signed(t testing.TB, template, parent *x509.Certificate, pub crypto.PublicKey,
	key crypto.Signer) *x509.Certificate {
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

// Revokes is the intermediate's list of these certificates, revoked for key compromise, that holds for a week.
func (ca *CA) Revokes(t testing.TB, certs ...*x509.Certificate) []byte {
	t.Helper()
	now := time.Now()
	list := &x509.RevocationList{Number: big.NewInt(now.UnixNano()), ThisUpdate: now.Add(-time.Minute),
		NextUpdate: now.AddDate(0, 0, 7)}
	for _, c := range certs {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: now.Add(-time.Hour), ReasonCode: 1})
	}
	der, err := x509.CreateRevocationList(rand.Reader, list, ca.Middle, ca.middleKey)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// Says is the intermediate's OCSP response about a certificate.
func (ca *CA) Says(t testing.TB, of *x509.Certificate, status int) []byte {
	t.Helper()
	now := time.Now()
	der, err := ocsp.CreateResponse(ca.Middle, ca.Middle, ocsp.Response{Status: status, SerialNumber: of.SerialNumber,
		ThisUpdate: now.Add(-time.Minute), NextUpdate: now.Add(time.Hour), RevokedAt: now.Add(-time.Hour),
		RevocationReason: ocsp.KeyCompromise}, ca.middleKey)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
