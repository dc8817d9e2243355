package certstore_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"path/filepath"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/importing"
	"certdesk/certstore/trust"
)

// BenchmarkImportPairs imports one file with so many certificates and their keys, from its bytes to the last line of
// the journal. It has to stay linear: the time for each pair, and what it allocates, stay the same.
func BenchmarkImportPairs(b *testing.B) {
	for _, n := range []int{125, 1000, 2500} {
		file := pairs(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				importPairs(b, file, n)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "us/pair")
		})
	}
}

func importPairs(b *testing.B, file []byte, n int) {
	b.Helper()
	ctx := context.Background()
	s, err := certstore.Open(certstore.Options{Dir: filepath.Join(b.TempDir(), "store"), Now: time.Now,
		Roots: trust.NewRoots(trust.Sources{LocalDir: "/nonexistent", System: func() (*x509.CertPool, error) { return x509.NewCertPool(), nil }})})
	if err != nil {
		b.Fatal(err)
	}
	groups, err := s.InspectAll(ctx, importing.Request{Sources: []importing.Source{{Label: "pairs.pem", Data: file}}})
	if err != nil {
		b.Fatal(err)
	}
	if len(groups) != n {
		b.Fatalf("%d groups, want %d", len(groups), n)
	}
	for _, done := range s.ImportAll(ctx, groups, nil) {
		if done.Err != nil {
			b.Fatal(done.Err)
		}
	}
}

// pairs is a PEM file of a CA, and leaves of it with their keys.
func pairs(tb testing.TB, n int) []byte {
	tb.Helper()
	caKey, ca := issue(tb, 0, nil, nil)
	file := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw})
	for i := range n {
		key, leaf := issue(tb, i+1, ca, caKey)
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			tb.Fatal(err)
		}
		file = append(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw})...)
		file = append(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...)
	}
	return file
}

// issue makes the CA where there is none yet, else a leaf of it.
func issue(tb testing.TB, i int, ca *x509.Certificate, caKey *ecdsa.PrivateKey) (*ecdsa.PrivateKey, *x509.Certificate) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("host%d.example.test", i)
	t := &x509.Certificate{SerialNumber: big.NewInt(int64(i + 1)), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(2000 * time.Hour), BasicConstraintsValid: true, IsCA: ca == nil}
	if ca == nil {
		ca, caKey = t, key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, ca, key.Public(), caKey)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return key, c
}
