package formats

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/fail"
)

// slow is a PKCS#12 file with as many iterations as are let through.
func slow() []byte {
	count := []byte{0x4a, 0x00, 0x00} // 4,849,664
	kdf := sequence(object(oidPBKDF2), sequence(octets(make([]byte, 8)), integer(count...), integer(32), sequence(object(oidHMACSHA256), []byte{5, 0})))
	algorithm := sequence(object(oidPBMAC1), sequence(kdf, sequence(object(oidHMACSHA256), []byte{5, 0})))
	mac := sequence(sequence(algorithm, octets(make([]byte, 32))), octets([]byte("none")), integer(1))
	return sequence(integer(3), contentInfo(sequence()), mac)
}

func TestDecodingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := DecodeContext(ctx, slow(), []byte("secret"))
	wantCode(t, err, fail.Canceled)
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %s to stop", took)
	}
	again, done := context.WithCancel(t.Context())
	done()
	for _, name := range []string{"key-encrypted-scrypt.pem", "iterations-600000.pfx"} {
		_, err := DecodeContext(again, load(t, "formats", name), []byte("secret"))
		wantCode(t, err, fail.Canceled)
	}
}

// zipOf makes an archive.
func zipOf(t *testing.T, names []string, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range names {
		f, err := w.Create(name)
		if err == nil && !strings.HasSuffix(name, "/") {
			_, err = f.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestZIP(t *testing.T) {
	leaf := load(t, "formats", "leaf.pem")
	many := make([]string, maxZIPFiles+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	for name, c := range map[string]struct {
		data  []byte
		certs int
		code  fail.Code
	}{
		"names that lead away": {zipOf(t, []string{"../../etc/passwd", "/abs", "a\x1b[2J", "-rf", ""}, leaf), 5, ""},
		"a folder":             {zipOf(t, []string{"cert/", "cert/leaf.pem", "__MACOSX/._leaf.pem"}, leaf), 1, ""},
		"too many files":       {zipOf(t, many, leaf), 0, fail.LimitExceeded},
		"one file too large":   {zipOf(t, []string{"big"}, make([]byte, MaxFile+1)), 0, fail.LimitExceeded},
		"too large together":   {zipOf(t, []string{"a", "b", "c"}, append(bytes.Clone(leaf), make([]byte, MaxFile-len(leaf))...)), 0, fail.LimitExceeded},
		"nothing":              {zipOf(t, nil, nil), 0, fail.UnsupportedFormat},
		"text alone":           {zipOf(t, []string{"README"}, []byte("hello, there is nothing here")), 0, fail.UnsupportedFormat},
		"half a certificate":   {zipOf(t, []string{"a.pem", "b.pem"}, leaf[:600]), 0, fail.Damaged},
		"cut":                  {zipOf(t, []string{"a"}, leaf)[:400], 0, fail.Damaged},
		"a PFX":                {zipOf(t, []string{"a.pfx"}, load(t, "formats", "default.pfx")), 0, fail.PasswordNeeded},
	} {
		b, err := Decode(c.data, nil)
		if c.code != "" {
			if !fail.Is(err, c.code) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || len(b.Certs) != c.certs {
			t.Errorf("%s: %d certificates, %v", name, len(b.Certs), err)
		}
		checkAnswer(t, b, err)
	}
}

// A file cut anywhere is refused, as damaged, and says where; none is taken for a wrong password.
func TestCutFilesAreDamaged(t *testing.T) {
	for _, name := range []string{"default.pfx", "leaf.der", "key-pkcs8.der", "chain.der.p7b", "request.der", "java.jks", "nss.p12"} {
		data := load(t, "formats", name)
		for _, n := range []int{len(data) - 1, len(data) / 2, len(data) / 7, 30} {
			_, err := Decode(data[:n], []byte("secret"))
			if !fail.Is(err, fail.Damaged) || !strings.Contains(err.Error(), "byte") {
				t.Errorf("%s cut after %d of %d bytes: %v", name, n, len(data), err)
			}
		}
	}
}

// Flipping any byte never gives another key or certificate under a checksum, and never a panic.
func TestFlippedPKCS12(t *testing.T) {
	data := load(t, "formats", "ed25519.pfx")
	want, err := Decode(data, []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		flipped := bytes.Clone(data)
		flipped[i] ^= 0x10
		b, err := Decode(flipped, []byte("secret"))
		if err == nil && (len(b.Certs) != 1 || !b.Certs[0].Equal(want.Certs[0]) || !sameKey(b.Keys[0].Public(), want.Keys[0].Public())) {
			t.Fatalf("byte %d: another certificate or key", i)
		}
		checkAnswer(t, b, err)
	}
}
