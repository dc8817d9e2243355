package ui_test

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
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services/daemon"
	"certdesk/ui/details"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/uitest"
)

// pictures are the screens shown in the README: real frames of the demo's store, written by go test ./ui -update.
var pictures = []struct {
	name, title string
	w, h        int
	theme       string
	open        func(r *uitest.Driver)
}{
	{"table-dark", "The table of all certificates and requests, with details of the selected one", 132, 27, "dark", func(r *uitest.Driver) { r.OnName("secure_smtp") }},
	{"table-light", "The table of all certificates and requests, on a light terminal", 132, 27, "light", func(r *uitest.Driver) { r.OnName("secure_smtp") }},
	{"table-80x24", "The table on a terminal of 80x24", 80, 24, "dark", func(r *uitest.Driver) { r.OnName("secure_smtp") }},
	{"details", "Everything about one certificate", 100, 38, "dark", func(r *uitest.Driver) { r.OnName("voice"); r.Keys("enter"); detailsAsInstalled(r) }},
	{"names", "A new request: the names", 100, 30, "dark", func(r *uitest.Driver) { toNames(r); r.Typing("imap.belgianbeers.rock"); r.Keys("enter") }},
	{"review", "A new request: all of it, before anything is made", 100, 36, "dark", func(r *uitest.Driver) { toNames(r); toReview(r); r.Keys("tab"); r.Wait() }},
	{"import", "The answer of a CA, recognised before it is stored", 100, 28, "dark", importsAnswer},
	{"remove", "Removing a pending request wants typed words", 80, 24, "dark", func(r *uitest.Driver) { r.OnName("secure_client"); r.Keys("D"); r.Wait(); r.Typing("lose the") }},
	{"palette", "Every action by name", 80, 24, "dark", func(r *uitest.Driver) { r.OnName("secure_smtp"); r.Keys(":"); r.Typing("re") }},
	{"enable", "Enabling: all that will be done, before anything is touched", 100, 26, "dark", func(r *uitest.Driver) { uitest.SurveyedDesk(r); uitest.PlanScene(r) }},
	{"ports", "What every port of the demo serves beside what it should", 100, 22, "dark", func(r *uitest.Driver) { r.Keys("t"); portsAsInstalled(r) }},
	{"help", "Every key of the table", 100, 44, "dark", func(r *uitest.Driver) { r.Keys("?") }},
}

func TestPictures(t *testing.T) {
	for _, p := range pictures {
		t.Run(p.name, func(t *testing.T) {
			r := demoDesk(t, p.w, p.h, p.theme)
			p.open(r)
			rows, err := uitest.Sized(r.App.View(), p.w, p.h)
			if err != nil {
				t.Fatal(err)
			}
			paper := darkPaper
			if p.theme == "light" {
				paper = lightPaper
			}
			same(t, uitest.Testdata("pictures", p.name+".svg"), svg(rows, paper, p.title))
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
	if *uitest.Update {
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
			for _, back := range []string{p.back, p.lit} {
				if got := contrast(t, c, back); got < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.1f", name, c, back, got)
				}
			}
		}
	}
}

// demoDesk is a desk of the demo's store, as it stands at noon.
func demoDesk(t *testing.T, w, h int, look string) *uitest.Driver {
	t.Helper()
	now := func() time.Time { return uitest.Noon }
	d, err := demo.New(context.Background(), now, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	r := uitest.Drive(t, screen.Config{Store: d.Store, Env: uitest.ArticleEnv(), Server: demo.Server, Role: "hub", Now: now}, w, h)
	r.Desk.Styles = theme.New(look, func(name string) string { return map[string]string{"LANG": "C.UTF-8", "TERM": "xterm-256color"}[name] })
	return r
}

// shownByAsInstalled shows the page as it is with the store in its usual place, and the admin's name in the history.
func detailsAsInstalled(r *uitest.Driver) {
	r.T.Helper()
	d := detailsOf(r, r.UnderCursor())
	for i, file := range d.Files {
		d.Files[i] = strings.Replace(file, storeDir(r), "/var/lib/certdesk", 1)
	}
	for i := range d.History {
		d.History[i].Actor = ledger.Actor{Sudo: "alice"}
	}
	r.Send(details.ShownMsg{Details: d})
}

// portsAsInstalled shows the ports and files of the demo as daemons have them that are installed.
func portsAsInstalled(r *uitest.Driver) {
	for i := range r.Desk.Survey.Ports {
		p := &r.Desk.Survey.Ports[i]
		target, err := probe.ParseTarget(p.Listen[:strings.Index(p.Listen, ":")] + "://127.0.0.1")
		if err != nil {
			r.T.Fatal(err)
		}
		p.Listen = target.String()
		p.Files.Cert = daemon.DefaultInstall + "/" + strings.ToLower(p.Service.Use) + "/v2/fullchain.pem"
	}
	r.Send(screen.PortsMsg{})
}

func detailsOf(r *uitest.Driver, id int64) certstore.Details {
	r.T.Helper()
	d, err := r.Desk.Store.Show(context.Background(), id)
	if err != nil {
		r.T.Fatal(err)
	}
	return d
}

// storeDir is where the store lies, which only its files tell.
func storeDir(r *uitest.Driver) string {
	r.T.Helper()
	return filepath.Dir(filepath.Dir(detailsOf(r, r.Desk.Entries[0].ID).Files[0]))
}

func toNames(r *uitest.Driver) {
	r.Keys("n", "tab")
	r.Typing("webmail 2027")
	r.Keys("ctrl+n")
	r.Wait()
	for _, name := range []string{"webmail.belgianbeers.rock", "webmail.proexchange.global"} {
		r.Typing(name)
		r.Keys("enter")
	}
}

func toReview(r *uitest.Driver) {
	for range 5 {
		r.Keys("ctrl+n")
	}
}

// importsAnswer shows the import of the CA's answer to the demo's pending request.
func importsAnswer(r *uitest.Driver) {
	e := r.OnName("secure_client")
	file := filepath.Join(r.T.(*testing.T).TempDir(), "answer.pem")
	if err := os.WriteFile(file, answerOfItsCA(r, e), 0o600); err != nil {
		r.T.Fatal(err)
	}
	r.Keys("i")
	r.Typing(file)
	r.Keys("ctrl+n", "ctrl+n")
}

// answerOfItsCA is what the demo's own CA would answer, always the same bytes, with its intermediate.
func answerOfItsCA(r *uitest.Driver, e certstore.Entry) []byte {
	r.T.Helper()
	ca := certificateOf(r, "ProExchange Issuing CA")
	req := requestOf(r, e)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x5eed), Subject: req.Subject, DNSNames: req.DNSNames, NotBefore: uitest.Noon.AddDate(0, 0, -1), NotAfter: uitest.Noon.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, req.PublicKey, demoKey(r.T, ca.PublicKey))
	if err != nil {
		r.T.Fatal(err)
	}
	block := func(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}) }
	return append(block(der), block(ca.Raw)...)
}

// certificateOf finds a CA's certificate in the store.
func certificateOf(r *uitest.Driver, name string) *x509.Certificate {
	r.T.Helper()
	for _, block := range stored(r, "certs/*.pem") {
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil && cert.Subject.CommonName == name {
			return cert
		}
	}
	r.T.Fatalf("the store has no certificate of %s", name)
	return nil
}

func requestOf(r *uitest.Driver, e certstore.Entry) *x509.CertificateRequest {
	r.T.Helper()
	for _, block := range stored(r, "requests/*.req") {
		if req, err := x509.ParseCertificateRequest(block.Bytes); err == nil && slices.Equal(req.DNSNames, e.Names) {
			return req
		}
	}
	r.T.Fatalf("the store has no request %s", e.FriendlyName)
	return nil
}

// stored are the PEM files of the store that match a pattern.
func stored(r *uitest.Driver, pattern string) (blocks []*pem.Block) {
	r.T.Helper()
	files, err := filepath.Glob(filepath.Join(storeDir(r), pattern))
	if err != nil {
		r.T.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			r.T.Fatal(err)
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
