package services

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"unicode/utf16"

	"certdesk/certstore/daemontest"
)

func labelled(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

// keyFiles are the forms in which a key stands in files that a plan may change.
func keyFiles(t *testing.T) map[string]string {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	old, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(old)
	sec1, _ := x509.MarshalECPrivateKey(ec)
	pkcs1 := x509.MarshalPKCS1PrivateKey(old)
	whole := labelled("PRIVATE KEY", pkcs8)
	body := base64.StdEncoding.EncodeToString(pkcs8)
	wide := string(utf16le(whole))
	return map[string]string{
		"PKCS#8":                whole,
		"PKCS#1":                labelled("RSA PRIVATE KEY", pkcs1),
		"SEC 1":                 labelled("EC PRIVATE KEY", sec1),
		"encrypted":             labelled("ENCRYPTED PRIVATE KEY", pkcs8),
		"OpenSSH":               labelled("OPENSSH PRIVATE KEY", pkcs8),
		"combined, key last":    string(daemontest.NewCA(t).Issue(t, daemontest.Wish{}).Chain) + whole,
		"pasted into a comment": "smtpd_tls_security_level = may\n# " + strings.ReplaceAll(whole, "\n", "\n# ") + "\n",
		"without its label":     "# the key\n" + body + "\n",
		"DER, PKCS#8":           string(pkcs8),
		"DER, PKCS#1":           string(pkcs1),
		"DER, SEC 1":            string(sec1),
		"UTF-16":                wide,
	}
}

func utf16le(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// Issue 9, kind 3: what replaces a key, or is replaced by one, is named in a plan and not shown.
func TestNoDifferenceShowsAKey(t *testing.T) {
	for name, text := range keyFiles(t) {
		file, link := Content{Kind: Regular, Data: []byte(text)}, Content{Kind: Link, Link: "current/key.pem"}
		edited := Content{Kind: Regular, Data: []byte("myhostname = mail\n" + text)}
		for _, c := range []Change{{"/etc/tls/key.pem", file, link}, {"/etc/tls/key.pem", link, file}, {"/etc/tls/key.pem", file, edited}} {
			shown := Plan{Switch: Switch{Changes: []Change{c}}}.Diff()
			if !strings.HasPrefix(shown, "--- /etc/tls/key.pem\n+++ /etc/tls/key.pem\n(") || strings.Count(shown, "\n") != 3 {
				t.Errorf("%s: %q", name, shown)
			}
		}
	}
}

func TestADifferenceWithoutAKeyIsShown(t *testing.T) {
	chain := daemontest.NewCA(t).Issue(t, daemontest.Wish{RSA: true}).Chain
	c := Change{"/etc/tls/fullchain.pem", Content{Kind: Regular, Data: chain}, Content{Kind: Link, Link: "current/fullchain.pem"}}
	if shown := c.Diff(); !strings.Contains(shown, "-----BEGIN CERTIFICATE") || !strings.Contains(shown, "+-> current/fullchain.pem") {
		t.Error(shown)
	}
}
