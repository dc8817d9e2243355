package importing_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"slices"
	"testing"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

var now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// signer makes certificates, each with a key of its own.
type signer struct {
	*testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// issue makes a certificate below another one; below nobody it signs itself.
func (by *signer) issue(t *testing.T, name string, ca bool) *signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano() + int64(len(name))),
		Subject:   pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 90), IsCA: ca, BasicConstraintsValid: true}
	if !ca {
		template.DNSNames = []string{name}
	}
	parent, with := template, key
	if by != nil {
		parent, with = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), with)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{t, cert, key}
}

func (by *signer) text() []byte { return formats.CertPEM(by.cert.Raw) }

func (by *signer) keyText() []byte {
	text, err := formats.KeyPEM(by.key)
	if err != nil {
		by.Fatal(err)
	}
	return text
}

// nothing is a store without an entry.
func nothing() importing.Held {
	none := func() (*x509.CertPool, error) { return x509.NewCertPool(), nil }
	chains := judging.Chains{Roots: trust.NewRoots(trust.Sources{LocalDir: "/nonexistent", System: none}), Now: now,
		Certificate: func(string) (*x509.Certificate, error) { return nil, fs.ErrNotExist }}
	state := ledger.NewState(func(int) string { return "" })
	asked := func(ledger.Entry) *x509.CertificateRequest { return nil }
	return importing.Held{Judge: judging.Judge{Chains: chains, State: state, Request: asked},
		HasKey: func(string) bool { return false }}
}

// Keys, certificates and their CA are put together whichever file they are in, a file that gives nothing has its place
// among them, and nobody takes what is another's.
func TestSortPutsTogetherWhatBelongsTogether(t *testing.T) {
	root := (*signer)(nil).issue(t, "Root", true)
	middle := root.issue(t, "Middle", true)
	a, b, stray := middle.issue(t, "a.example.org", false), middle.issue(t, "b.example.org", false), middle.issue(t,
		"c.example.org", false)
	r := importing.Request{Sources: []importing.Source{
		{Label: "certs", Data: slices.Concat(a.text(), b.text())},
		{Label: "gone", Err: errors.New("cannot read gone")},
		{Label: "keys", Data: slices.Concat(b.keyText(), a.keyText())},
		{Label: "ca", Data: middle.text()},
		{Label: "stray", Data: stray.text()},
	}}
	var got []string
	for _, g := range importing.Sort(importing.Read(t.Context(), r), nothing(), r.Options) {
		code := fail.Code("")
		if g.Err != nil {
			code = fail.Of(g.Err).Code
		}
		got = append(got, fmt.Sprintf("%v %s %d %s%s", g.From, g.Found.Leaf.Common, len(g.Found.Leaf.Chain),
			g.Found.Action, code))
	}
	want := []string{
		"[certs keys ca] a.example.org 1 adds",
		"[certs keys ca] b.example.org 1 adds",
		"[gone]  0 " + string(fail.Failed),
		"[ca stray] c.example.org 1 " + string(fail.NoMatchingRequest),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// A source is read once, by the first password that opens it; of what is read together the first fault is that of all.
func TestTogetherIsRefusedForItsFirstFault(t *testing.T) {
	leaf := (*signer)(nil).issue(t, "mail.example.org", false)
	broken := errors.New("the disk is gone")
	g := importing.Together(t.Context(), importing.Request{Sources: []importing.Source{
		{Label: "leaf", Data: leaf.text()}, {Label: "gone", Err: broken}, {Label: "empty"}}})
	if !errors.Is(g.Err, broken) || len(g.Certs()) != 0 {
		t.Errorf("%v, %d certificates", g.Err, len(g.Certs()))
	}
	g = importing.Together(t.Context(), importing.Request{Sources: []importing.Source{{Label: "key", Data: leaf.keyText()},
		{Label: "leaf", Data: leaf.text()}}})
	m, err := nothing().Match(g)
	if err != nil || m.Key == nil || m.Entry.Common != "mail.example.org" {
		t.Fatalf("%+v, %v", m, err)
	}
	if found, err := nothing().Decide(m, g.Options); err != nil || found.Action != importing.Adds {
		t.Errorf("%+v, %v", found, err)
	}
}
