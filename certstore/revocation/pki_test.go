package revocation

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"certdesk/certstore/fetching"
	"certdesk/certstore/trust"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// authority is a CA that issues certificates, lists and answers.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func newKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newAuthority makes a CA, below another or its own root.
func newAuthority(t testing.TB, name string, above *authority, change ...func(*x509.Certificate)) *authority {
	t.Helper()
	a := &authority{key: newKey(t)}
	c := &x509.Certificate{SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: name}, IsCA: true,
		BasicConstraintsValid: true, NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(9, 0, 0),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	for _, change := range change {
		change(c)
	}
	if above == nil {
		above = &authority{c, a.key}
	}
	a.cert = above.sign(t, c, a.key.Public())
	return a
}

func (a *authority) sign(t testing.TB, c *x509.Certificate, public any) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, public, a.key)
	must(t, err)
	made, err := x509.ParseCertificate(der)
	must(t, err)
	return made
}

// leaf issues a certificate.
func (a *authority) leaf(t testing.TB, serial int64, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "mail.example.org"},
		DNSNames: []string{"mail.example.org"}, NotBefore: noon.AddDate(0, 0, -30), NotAfter: noon.AddDate(0, 0, 60),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	change(c)
	return a.sign(t, c, newKey(t).Public())
}

// listAt names a list, askAt a responder.
func listAt(urls ...string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.CRLDistributionPoints = urls }
}

func askAt(urls ...string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.OCSPServer = urls }
}

// crl makes a list of this morning that holds for a day, with these entries.
func (a *authority) crl(t testing.TB, change func(*x509.RevocationList), entries ...x509.RevocationListEntry) []byte {
	t.Helper()
	l := &x509.RevocationList{Number: big.NewInt(7), ThisUpdate: noon.Add(-time.Hour), NextUpdate: noon.Add(23 * time.Hour),
		RevokedCertificateEntries: entries}
	if change != nil {
		change(l)
	}
	der, err := x509.CreateRevocationList(rand.Reader, l, a.cert, a.key)
	must(t, err)
	return der
}

// revokedAs is an entry of a list.
func revokedAs(serial int64, reason int) x509.RevocationListEntry {
	return x509.RevocationListEntry{SerialNumber: big.NewInt(serial), RevocationTime: noon.AddDate(0, 0, -3), ReasonCode: reason}
}

// scope is the issuing distribution point of a list, by its parts.
func scope(t testing.TB, url string, tags ...int) func(*x509.RevocationList) {
	return func(l *x509.RevocationList) {
		var parts []asn1.RawValue
		if url != "" {
			name := must1(t, asn1.RawValue{Class: 2, Tag: 6, Bytes: []byte(url)})
			full := must1(t, asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: name})
			parts = append(parts, asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: full})
		}
		for _, tag := range tags {
			content := []byte{0xff}
			if tag == 3 {
				content = []byte{1, 0x60} // key compromise alone
			}
			parts = append(parts, asn1.RawValue{Class: 2, Tag: tag, Bytes: content})
		}
		l.ExtraExtensions = append(l.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 28}, Critical: true,
			Value: must1(t, parts)})
	}
}

func must1(t testing.TB, v any) []byte {
	t.Helper()
	der, err := asn1.Marshal(v)
	must(t, err)
	return der
}

// says makes an OCSP response.
func (a *authority) says(t testing.TB, r ocsp.Response) []byte {
	t.Helper()
	if r.ThisUpdate.IsZero() {
		r.ThisUpdate = noon.Add(-time.Hour)
	}
	if r.Status == ocsp.Revoked && r.RevokedAt.IsZero() {
		r.RevokedAt = noon.AddDate(0, 0, -3)
	}
	issuer, responder := a.cert, a.cert
	if r.Certificate != nil {
		responder = r.Certificate
	}
	der, err := ocsp.CreateResponse(issuer, responder, r, a.key)
	must(t, err)
	return der
}

// web is a server on loopback; its pages may be changed while it runs.
type web struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked []string
}

func newWeb(t testing.TB) *web {
	w := &web{pages: map[string]http.HandlerFunc{}}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		page := w.pages[r.URL.Path]
		if page == nil {
			page = w.pages["*"]
		}
		w.asked = append(w.asked, r.Method+" "+r.URL.Path)
		w.mu.Unlock()
		if page == nil {
			http.NotFound(rw, r)
			return
		}
		page(rw, r)
	}))
	t.Cleanup(w.Close)
	return w
}

// serve puts bytes at a path and gives its address.
func (w *web) serve(path string, data []byte) string {
	return w.page(path, func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write(data) })
}

func (w *web) page(path string, page http.HandlerFunc) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pages[path] = page
	return w.URL + path
}

func (w *web) questions() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.asked)
}

// memory is a cache.
type memory map[string][]byte

func (m memory) Get(name string) []byte       { return m[name] }
func (m memory) Put(name string, data []byte) { m[name] = data }

// house may ask on loopback.
func house(now time.Time) Checker {
	return Checker{Web: fetching.Web{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, Cache: memory{},
		Now: func() time.Time { return now }}
}

// one asks about one certificate.
func (c Checker) one(t testing.TB, cert, issuer *x509.Certificate, known ...trust.Revocation) trust.Revocation {
	t.Helper()
	s := Subject{Cert: cert, Issuer: issuer}
	for _, k := range known {
		s.Known = k
	}
	var got *trust.Revocation
	c.Ask(t.Context(), []Subject{s}, func(_ int, r trust.Revocation) { got = &r })
	if got == nil {
		t.Fatal("nothing was told")
	}
	return *got
}
