package ui

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/demo"
	"certdesk/certstore/disk"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
)

// pictures are the screens shown in the README: real frames of the demo's store, written by go test ./ui -update.
var pictures = []struct {
	name, title string
	w, h        int
	theme       string
	open        func(r *driver)
}{
	{"table-dark", "The table of all certificates and requests, with details of the selected one", 132, 27, "dark", func(r *driver) { r.onName("secure_smtp") }},
	{"table-light", "The table of all certificates and requests, on a light terminal", 132, 27, "light", func(r *driver) { r.onName("secure_smtp") }},
	{"table-80x24", "The table on a terminal of 80x24", 80, 24, "dark", func(r *driver) { r.onName("secure_smtp") }},
	{"details", "Everything about one certificate", 100, 38, "dark", func(r *driver) { r.onName("voice"); r.keys("enter"); r.detailsAsInstalled() }},
	{"names", "A new request: the names", 100, 30, "dark", func(r *driver) { r.toNames(); r.typing("imap.belgianbeers.rock"); r.keys("enter") }},
	{"review", "A new request: all of it, before anything is made", 100, 36, "dark", func(r *driver) { r.toNames(); r.toReview(); r.keys("tab"); r.wait() }},
	{"import", "The answer of a CA, recognised before it is stored", 100, 28, "dark", importsAnswer},
	{"remove", "Removing a pending request wants typed words", 80, 24, "dark", func(r *driver) { r.onName("secure_client"); r.keys("D"); r.wait(); r.typing("lose the") }},
	{"palette", "Every action by name", 80, 24, "dark", func(r *driver) { r.onName("secure_smtp"); r.keys(":"); r.typing("re") }},
	{"enable", "Enabling: all that will be done, before anything is touched", 100, 26, "dark", func(r *driver) { surveyedDesk(r); planScene(r) }},
	{"ports", "What every port serves beside what it should", 100, 20, "dark", func(r *driver) { surveyedDesk(r); r.keys("t") }},
	{"help", "Every key of the table", 100, 44, "dark", func(r *driver) { r.keys("?") }},
}

func TestPictures(t *testing.T) {
	for _, p := range pictures {
		t.Run(p.name, func(t *testing.T) {
			r := demoDesk(t, p.w, p.h, p.theme)
			p.open(r)
			rows, err := sized(r.app.View(), p.w, p.h)
			if err != nil {
				t.Fatal(err)
			}
			paper := darkPaper
			if p.theme == "light" {
				paper = lightPaper
			}
			same(t, filepath.Join("..", "testdata", "pictures", p.name+".svg"), svg(rows, paper, p.title))
		})
	}
}

// same compares a picture with the file, or writes it; a browser must be able to read it.
func same(t *testing.T, file, picture string) {
	t.Helper()
	for dec := xml.NewDecoder(strings.NewReader(picture)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(picture), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: go test ./ui -update writes it", err)
	}
	if picture != string(want) {
		t.Errorf("%s shows another screen than the desk has now; go test ./ui -run Pictures -update draws it anew", file)
	}
}

// Each colour of a picture can be read on its paper: a contrast of at least 4.5:1.
func TestPicturesCanBeRead(t *testing.T) {
	for name, p := range map[string]paper{"dark": darkPaper, "light": lightPaper} {
		inks := []string{p.text, p.muted}
		for _, c := range p.colours {
			inks = append(inks, c)
		}
		for _, c := range inks {
			if got := contrast(t, c, p.back); got < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.1f", name, c, p.back, got)
			}
		}
	}
}

// demoDesk is a desk of the demo's store, as it stands at noon.
func demoDesk(t *testing.T, w, h int, look string) *driver {
	t.Helper()
	now := func() time.Time { return noon }
	d, err := demo.New(context.Background(), now, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	r := drive(t, screen.Config{Store: d.Store, Env: articleEnv(), Server: d.Server, Role: "hub", Now: now}, w, h)
	r.app.d.Styles = theme.New(look, func(name string) string { return map[string]string{"LANG": "C.UTF-8"}[name] })
	return r
}

// onName puts the cursor on the entry of a friendly name.
func (r *driver) onName(name string) certstore.Entry {
	r.t.Helper()
	i := slices.IndexFunc(r.app.d.Entries, func(e certstore.Entry) bool { return e.FriendlyName == name })
	if i < 0 {
		r.t.Fatalf("no entry is called %s", name)
	}
	e := r.app.d.Entries[i]
	r.onto(e.ID)
	return e
}

// detailsAsInstalled shows the page as it is with the store in its usual place, and the admin's name in the history.
func (r *driver) detailsAsInstalled() {
	r.t.Helper()
	id := r.app.top().(*detailsScreen).entry.ID
	d := r.details(id)
	for i, file := range d.Files {
		d.Files[i] = strings.Replace(file, r.storeDir(), "/var/lib/certdesk", 1)
	}
	for i := range d.History {
		d.History[i].Actor = disk.Actor{Sudo: "alice"}
	}
	r.send(shownMsg{details: d})
}

func (r *driver) details(id int64) certstore.Details {
	r.t.Helper()
	d, err := r.app.d.Store.Show(context.Background(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return d
}

// storeDir is where the store lies, which only its files tell.
func (r *driver) storeDir() string {
	r.t.Helper()
	return filepath.Dir(filepath.Dir(r.details(r.app.d.Entries[0].ID).Files[0]))
}

func (r *driver) toNames() {
	r.keys("n", "tab")
	r.typing("webmail 2027")
	r.keys("ctrl+n")
	r.wait()
	for _, name := range []string{"webmail.belgianbeers.rock", "webmail.proexchange.global"} {
		r.typing(name)
		r.keys("enter")
	}
}

func (r *driver) toReview() {
	for range 5 {
		r.keys("ctrl+n")
	}
}

// importsAnswer shows the import of the CA's answer to the demo's pending request.
func importsAnswer(r *driver) {
	e := r.onName("secure_client")
	file := filepath.Join(r.t.(*testing.T).TempDir(), "answer.pem")
	if err := os.WriteFile(file, r.answerOfItsCA(e), 0o600); err != nil {
		r.t.Fatal(err)
	}
	r.keys("i")
	r.typing(file)
	r.keys("ctrl+n", "ctrl+n")
}

// answerOfItsCA is what the demo's own CA would answer, always the same bytes, with its intermediate.
func (r *driver) answerOfItsCA(e certstore.Entry) []byte {
	r.t.Helper()
	ca := r.certificateOf("ProExchange Issuing CA")
	req := r.request(e)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x5eed), Subject: req.Subject, DNSNames: req.DNSNames, NotBefore: noon.AddDate(0, 0, -1), NotAfter: noon.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, req.PublicKey, demoKey(r.t, ca.PublicKey))
	if err != nil {
		r.t.Fatal(err)
	}
	block := func(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}) }
	return append(block(der), block(ca.Raw)...)
}

// certificateOf finds a CA's certificate in the store.
func (r *driver) certificateOf(name string) *x509.Certificate {
	r.t.Helper()
	for _, block := range r.stored("certs/*.pem") {
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil && cert.Subject.CommonName == name {
			return cert
		}
	}
	r.t.Fatalf("the store has no certificate of %s", name)
	return nil
}

func (r *driver) request(e certstore.Entry) *x509.CertificateRequest {
	r.t.Helper()
	for _, block := range r.stored("requests/*.req") {
		if req, err := x509.ParseCertificateRequest(block.Bytes); err == nil && slices.Equal(req.DNSNames, e.Names) {
			return req
		}
	}
	r.t.Fatalf("the store has no request %s", e.FriendlyName)
	return nil
}

// stored are the PEM files of the store that match a pattern.
func (r *driver) stored(pattern string) (blocks []*pem.Block) {
	r.t.Helper()
	files, err := filepath.Glob(filepath.Join(r.storeDir(), pattern))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			r.t.Fatal(err)
		}
		if block, _ := pem.Decode(data); block != nil {
			blocks = append(blocks, block)
		}
	}
	return blocks
}

// demoKey is the private half of one of the demo's keys.
func demoKey(t testing.TB, public any) crypto.Signer {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "certstore", "demo", "keys.pem"))
	if err != nil {
		t.Fatal(err)
	}
	for block, rest := pem.Decode(bytes.TrimSpace(data)); block != nil; block, rest = pem.Decode(rest) {
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if k := key.(*rsa.PrivateKey); k.PublicKey.Equal(public.(crypto.PublicKey)) {
			return k
		}
	}
	t.Fatal("the demo has no such key")
	return nil
}
