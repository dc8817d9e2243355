package cli

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"certdesk/certstore/issuing"
	"certdesk/ui/cli/wire"
)

// today is the clock of every test here.
var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// Times for people are local ones; here that is UTC.
func init() { time.Local = time.UTC }

// office is a store, a configuration and a CA the configuration trusts, all in a directory of the test.
type office struct {
	t           *testing.T
	dir, config string
	now         time.Time
	keys        int
	stdin       io.Reader
	ca          authority
	web         http.RoundTripper
	binary      string // the built program, for tests that need a process of its own
}

// result is what one command line did.
type result struct {
	code     int
	out, err string
}

const configText = `server = "Ex2007EE.proexchange.global"
trust = [%ROOT%]
discover = false
[accepted_domains]
names = ["proexchange.global", "belgianbeers.rock"]
`

func newOffice(t *testing.T) *office {
	t.Helper()
	dir := t.TempDir()
	o := &office{t: t, dir: dir, config: filepath.Join(dir, "certdesk.toml"), now: today, ca: newAuthority(t)}
	root := o.write("root.pem", pemText("CERTIFICATE", o.ca.cert.Raw))
	quoted, _ := json.Marshal(root)
	o.write("certdesk.toml", strings.Replace(configText, "%ROOT%", string(quoted), 1))
	return o
}

func (o *office) store() string { return filepath.Join(o.dir, "store") }

// path is a file of the test's own directory.
func (o *office) path(name string) string { return filepath.Join(o.dir, name) }

func (o *office) write(name, text string) string {
	o.t.Helper()
	if err := os.WriteFile(o.path(name), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return o.path(name)
}

// io is what a run in the office is connected to, without a terminal.
func (o *office) io(out, errs io.Writer) IO {
	in := o.stdin
	if in == nil {
		in = strings.NewReader("")
	}
	return IO{In: in, Out: out, Err: errs, Now: func() time.Time { return o.now }, NewKey: o.newKey, Web: o.web}
}

// run carries out one command line without a terminal.
func (o *office) run(args ...string) result {
	o.t.Helper()
	return o.runOnly(o.args(args)...)
}

// runOnly is run with its own store and configuration, or none.
func (o *office) runOnly(args ...string) result {
	var out, errs bytes.Buffer
	code := Run(context.Background(), args, o.io(&out, &errs))
	return result{code, out.String(), errs.String()}
}

func (o *office) args(args []string) []string {
	return append(append([]string{}, args...), "--store", o.store(), "--config", o.config)
}

// must is run for what has to work.
func (o *office) must(args ...string) result {
	o.t.Helper()
	r := o.run(args...)
	if r.code != 0 {
		o.t.Fatalf("certdesk %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r
}

// entry is a command's JSON entry.
func (o *office) entry(args ...string) wire.Entry {
	o.t.Helper()
	var e wire.Entry
	o.decode(o.must(append(args, "--json")...).out, &e)
	return e
}

func (o *office) list(args ...string) []wire.Entry {
	o.t.Helper()
	var list []wire.Entry
	o.decode(o.must(append(append([]string{"list"}, args...), "--json")...).out, &list)
	return list
}

func (o *office) decode(text string, v any) {
	o.t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		o.t.Fatalf("not the JSON promised: %v\n%s", err, text)
	}
}

// request makes a pending request and gives its entry and its PEM.
func (o *office) request(cn string, more ...string) (wire.Entry, string) {
	o.t.Helper()
	path := o.path(cn + ".req")
	e := o.entry(append([]string{"new", "--generate-request", "--domain-name", cn, "--path", path}, more...)...)
	text, err := os.ReadFile(path)
	if err != nil {
		o.t.Fatal(err)
	}
	return e, string(text)
}

// valid makes a certificate of the office's CA.
func (o *office) valid(cn string, more ...string) wire.Entry {
	o.t.Helper()
	_, req := o.request(cn, more...)
	answer := o.write(cn+".cer", o.ca.sign(o.t, req, o.now.AddDate(0, 0, -1), 365))
	return o.entry("import", answer)
}

func (o *office) selfSigned(cn string, more ...string) wire.Entry {
	o.t.Helper()
	return o.entry(append([]string{"new", "--domain-name", cn}, more...)...)
}

// snapshot is every file below the store with its bytes.
func (o *office) snapshot() map[string]string {
	files := map[string]string{}
	_ = filepath.WalkDir(o.store(), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasPrefix(d.Name(), "lock") {
			data, _ := os.ReadFile(path)
			files[path] = string(data)
		}
		return nil
	})
	return files
}

// unchanged fails the test if the store is not as it was.
func (o *office) unchanged(before map[string]string) {
	o.t.Helper()
	after := o.snapshot()
	if len(after) != len(before) {
		o.t.Errorf("the store had %d files and has %d", len(before), len(after))
	}
	for name, data := range before {
		if after[name] != data {
			o.t.Errorf("%s changed", name)
		}
	}
}

var (
	keyPool  []crypto.Signer
	keyMutex sync.Mutex
)

// newKey gives the n-th key of the test run, made once: RSA is slow.
func (o *office) newKey(spec issuing.KeySpec) (crypto.Signer, error) {
	if spec.Algorithm != "rsa" || spec.Bits != 2048 {
		return issuing.GenerateKey(spec)
	}
	keyMutex.Lock()
	defer keyMutex.Unlock()
	for len(keyPool) <= o.keys {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		keyPool = append(keyPool, k)
	}
	o.keys++
	return keyPool[o.keys-1], nil
}

// authority is a CA of one test.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Office Root"},
		NotBefore: today.AddDate(-1, 0, 0), NotAfter: today.AddDate(9, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

// sign answers a request, as PEM.
func (ca authority) sign(t *testing.T, request string, from time.Time, days int) string {
	t.Helper()
	return ca.signAt(t, request, from, days)
}

// signAt also says where the CA's own certificate can be had.
func (ca authority) signAt(t *testing.T, request string, from time.Time, days int, at ...string) string {
	t.Helper()
	block, _ := pem.Decode([]byte(request))
	if block == nil {
		t.Fatalf("no PEM request: %q", request)
	}
	r, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	template := &x509.Certificate{SerialNumber: serial, RawSubject: r.RawSubject, DNSNames: r.DNSNames,
		IssuingCertificateURL: at, IPAddresses: r.IPAddresses, EmailAddresses: r.EmailAddresses, NotBefore: from, NotAfter: from.AddDate(0, 0, days),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, r.PublicKey, ca.key)
	if err != nil {
		t.Fatal(err)
	}
	return pemText("CERTIFICATE", der)
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// contains fails the test unless text holds every word.
func contains(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing in:\n%s", w, text)
		}
	}
}
