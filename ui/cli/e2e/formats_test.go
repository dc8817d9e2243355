//go:build linux

package e2e

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/scrypt"

	"certdesk/certstore/formats"
)

// maxImportMemory is what a process that imports the worst file may take, in MB.
const maxImportMemory = 256

// TestMemoryOfTheWorstFiles imports what takes most: scrypt at its bound, a ZIP, a bundle and a PFX at theirs.
func TestMemoryOfTheWorstFiles(t *testing.T) {
	if !all {
		t.Skip("SKIPPED: set CERTDESK_ALL=1 to measure the memory of imports")
	}
	s := newSite(t)
	s.write(s.file("word"), "secret\n")
	for name, path := range worstFiles(s) {
		cmd := exec.Command(binary(t), s.args("import", path, "--password-file", s.file("word"))...)
		cmd.Env = s.env()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		peak := watchPeak(cmd)
		took := time.Since(began)
		t.Logf("%s: %d MB, %s, %v", name, peak, took.Round(10*time.Millisecond), cmd.ProcessState)
		if peak == 0 || peak > maxImportMemory {
			t.Errorf("%s takes %d MB", name, peak)
		}
		if took > 30*time.Second { // other tests run beside it; alone it is a fraction
			t.Errorf("%s takes %s", name, took)
		}
	}
}

// watchPeak is the most memory a process is seen to hold until it ends, in MB. What the kernel tells of a process that has
// ended counts its parent's memory too.
func watchPeak(cmd *exec.Cmd) (mb int) {
	done := make(chan struct{})
	go func() { cmd.Wait(); close(done) }()
	for {
		select {
		case <-done:
			return mb
		case <-time.After(2 * time.Millisecond):
			data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			if _, rest, found := strings.Cut(string(data), "VmHWM:"); found {
				kb := 0
				fmt.Sscan(rest, &kb)
				mb = max(mb, kb/1024)
			}
		}
	}
}

func worstFiles(s *site) map[string]string {
	s.openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "key.pem")
	block, _ := pem.Decode([]byte(s.read(s.file("key.pem"))))
	keys := strings.Repeat(underScrypt(s, block.Bytes, "secret"), 9)
	bundle := string(manyCertificates(s, 1000))
	padded := bundle + strings.Repeat("x", formats.MaxFile-len(bundle)-1)
	files := map[string]string{"keys.pem": keys + bundle, "bundle.pem": padded, "wide.pem": wide(padded)}
	for name, text := range files {
		s.write(s.file(name), text)
	}
	s.write(s.file("cas.pem"), string(manyCertificates(s, 999)))
	s.openssl("req", "-x509", "-key", "key.pem", "-subj", "/CN=a.example.org", "-out", "own.pem")
	s.openssl("pkcs12", "-export", "-inkey", "key.pem", "-in", "own.pem", "-certfile", "cas.pem", "-out", "full.pfx", "-passout", "pass:secret")
	return map[string]string{
		"nine keys under scrypt at its bound, and 1,000 certificates": s.file("keys.pem"),
		"a PEM file of the largest size":                              s.file("bundle.pem"),
		"the same in UTF-16":                                          s.file("wide.pem"),
		"a PFX with 1,000 certificates":                               s.file("full.pfx"),
		"a PFX with 4,800,000 iterations":                             stallingPFX(s),
	}
}

// underScrypt encrypts a key with scrypt in 64 MB, which is the most that is accepted and more than openssl accepts.
func underScrypt(t testing.TB, key []byte, password string) string {
	t.Helper()
	type algorithm struct {
		OID    asn1.ObjectIdentifier
		Params any
	}
	type cost struct {
		Salt    []byte
		N, R, P int
	}
	salt, iv := make([]byte, 16), make([]byte, 16)
	derived, err := scrypt.Key([]byte(password), salt, 1<<16, 8, 1, 32)
	if err != nil {
		t.Fatal(err)
	}
	aes256, _ := aes.NewCipher(derived)
	pad := 16 - len(key)%16
	sealed := append(slices.Clone(key), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(aes256, iv).CryptBlocks(sealed, sealed)
	der, err := asn1.Marshal(struct {
		Algorithm algorithm
		Sealed    []byte
	}{algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, struct{ KDF, Cipher algorithm }{
		algorithm{asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}, cost{salt, 1 << 16, 8, 1}},
		algorithm{asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, iv},
	}}, sealed})
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: der}))
}

// wide is as much of a text in UTF-16 as a file may hold.
func wide(text string) string {
	var out strings.Builder
	out.WriteString("\xff\xfe")
	for i := 0; i < len(text) && out.Len() < formats.MaxFile-2; i++ {
		out.WriteByte(text[i])
		out.WriteByte(0)
	}
	return out.String()
}

func stallingPFX(s *site) string {
	s.openssl("pkcs12", "-export", "-inkey", "key.pem", "-in", "own.pem", "-out", "stall.pfx", "-passout", "pass:secret", "-iter", "1600000")
	return s.file("stall.pfx")
}

// manyCertificates is a bundle of n certificates of one CA for as many hosts, in PEM.
func manyCertificates(t testing.TB, n int) (bundle []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Bundle CA"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(9, 0, 0), IsCA: true, BasicConstraintsValid: true}
	for i := range n {
		host := fmt.Sprintf("host%d.example.org", i)
		der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(int64(i + 2)), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
			NotBefore: now.AddDate(0, 0, -1), NotAfter: now.AddDate(1, 0, 0)}, ca, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		bundle = append(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return bundle
}

// TestImportBudgets measures imports as whole processes against openssl, taking turns, and prints a table.
// CERTDESK_BUDGETS=1 go test ./ui/cli/e2e -run TestImportBudgets -v
func TestImportBudgets(t *testing.T) {
	if os.Getenv("CERTDESK_BUDGETS") == "" {
		t.Skip("set CERTDESK_BUDGETS=1 to measure")
	}
	s := newSite(t)
	s.write(s.file("word"), "secret\n")
	var table strings.Builder
	row := func(what, format string, args ...any) {
		fmt.Fprintf(&table, "| %s | %s |\n", what, fmt.Sprintf(format, args...))
	}
	pfx, err := filepath.Abs(filepath.Join("..", "..", "..", "testdata", "formats", "default.pfx"))
	if err != nil {
		t.Fatal(err)
	}
	fresh := 0
	ours, theirs := inTurns(t, 41, func() {
		fresh++
		s.store = s.file(fmt.Sprintf("store%d", fresh))
		s.ok("import", pfx, "--password-file", s.file("word"))
	}, func() { s.openssl("pkcs12", "-in", pfx, "-passin", "file:word", "-nodes", "-out", "x.pem") })
	row("`import` of a PFX with 3 certificates into a new store against `openssl pkcs12 -nodes`, medians of 41 in turns", "%.0f ms against %.0f ms, ratio %.2f", ms(ours), ms(theirs), float64(ours)/float64(theirs))

	ours, theirs = inTurns(t, 41, func() { s.run("import", pfx, "--password-file", s.file("word")) },
		func() { s.openssl("pkcs12", "-in", pfx, "-passin", "file:word", "-nodes", "-out", "x.pem") })
	row("the same where it is in the store already: read, told and refused", "%.0f ms against %.0f ms, ratio %.2f", ms(ours), ms(theirs), float64(ours)/float64(theirs))

	s.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "own.key", "-subj", "/CN=a.example.org", "-out", "own.pem")
	s.write(s.file("bundle.pem"), s.read(s.file("own.pem"))+string(manyCertificates(t, 999)))
	again := func() {
		fresh++
		s.store = s.file(fmt.Sprintf("store%d", fresh))
		s.ok("import", s.file("bundle.pem"), s.file("own.key"))
	}
	ours, theirs = inTurns(t, 21, again, func() { s.openssl("storeutl", "-noout", "-certs", "bundle.pem") })
	row("`import` of a bundle of 1,000 certificates, one of them with its key, against `openssl storeutl`", "%.0f ms against %.0f ms, ratio %.2f; %.0f certificates a second", ms(ours), ms(theirs), float64(ours)/float64(theirs), 1000/ours.Seconds())
	ours, theirs = inTurns(t, 21, again, func() { s.openssl("crl2pkcs7", "-nocrl", "-certfile", "bundle.pem", "-out", "x.p7b") })
	row("the same against `openssl crl2pkcs7`", "%.0f ms against %.0f ms, ratio %.2f", ms(ours), ms(theirs), float64(ours)/float64(theirs))
	t.Log("\n| what | measured |\n|---|---|\n" + table.String())
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// inTurns gives the medians of two things done in turns.
func inTurns(t *testing.T, runs int, ours, theirs func()) (our, their time.Duration) {
	t.Helper()
	var a, b []time.Duration
	for range runs {
		began := time.Now()
		ours()
		middle := time.Now()
		theirs()
		a, b = append(a, middle.Sub(began)), append(b, time.Since(middle))
	}
	slices.Sort(a)
	slices.Sort(b)
	return a[len(a)/2], b[len(b)/2]
}
