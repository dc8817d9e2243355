package ui

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
)

// pending makes a request in the desk's store and gives its text.
func pending(r *driver, name string) []byte {
	r.t.Helper()
	made, err := r.app.d.Store.New(context.Background(), certstore.Request{
		Subject: names.Subject{{Type: "CN", Value: name}}, Names: []names.Name{{Kind: names.DNS, Value: name}},
		Key: certstore.KeySpec{Algorithm: "rsa", Bits: 2048}, FriendlyName: "web", Wanted: certstore.IIS,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.run(r.app.relist())
	return made.PEM
}

// fileWith writes a file below the test's directory.
func fileWith(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheCAsAnswerTurnsTheRowValid(t *testing.T) {
	r := storeDesk(t, 80, 24)
	path := fileWith(t, "answer.cer", answer(t, pending(r, "webmail.example.org")))
	r.keys("i")
	r.sees("What do you want to import?")
	r.typing(path)
	r.keys("ctrl+n")
	r.sees("The answer to your request web", "valid", "[x] IIS", "Complete the request")
	if r.entries()[0].Verdict.Status != trust.PendingRequest {
		t.Fatal("it was stored before anybody said so")
	}
	r.keys("ctrl+n", "enter")
	r.sees("web is in the store", "valid")
	e := r.entries()[0]
	if len(r.entries()) != 1 || e.Verdict.Status != trust.Valid || e.Wanted != certstore.IIS || e.FriendlyName != "web" {
		t.Fatalf("%+v", e)
	}
	r.keys("enter")
	r.sees("web", "valid")
}

func TestPastedTextIsImported(t *testing.T) {
	r := storeDesk(t, 80, 24)
	cert := answer(t, pending(r, "webmail.example.org"))
	r.keys("i", "up", "down", "tab")
	r.paste("Dear customer,\nhere it is:\n" + string(cert))
	r.sees("lines so far")
	r.keys("ctrl+n")
	r.sees("The answer to your request web")
}

func TestAWrongPasswordReturnsToTheField(t *testing.T) {
	r := storeDesk(t, 80, 24)
	r.keys("i")
	r.typing(filepath.Join("..", "testdata", "formats", "default.pfx"))
	r.keys("ctrl+n")
	r.sees("What is its password?")
	r.typing("certainly-wrong")
	r.keys("enter")
	r.sees("What is its password?", "does not open it")
	r.seesNot("certainly-wrong")
	if len(r.entries()) != 0 {
		t.Fatal("something was stored")
	}
	r.keys("esc")
	r.sees("What do you want to import?", "default.pfx")
}

func TestAnUnknownAnswerSaysWhichRequestsWait(t *testing.T) {
	r := storeDesk(t, 80, 24)
	pending(r, "webmail.example.org")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	path := fileWith(t, "other.cer", issue(t, pkix.Name{CommonName: "x.example.org"}, []string{"x.example.org"}, key.Public()))
	r.keys("i")
	r.typing(path)
	r.keys("ctrl+n")
	r.sees("What do you want to import?", "web", "other.cer")
}

func TestSeveralFilesAreChosenOneByOne(t *testing.T) {
	r := storeDesk(t, 80, 24)
	cert := fileWith(t, "answer.cer", answer(t, pending(r, "webmail.example.org")))
	ca := fileWith(t, "chain.pem", issue(t, pkix.Name{CommonName: "Test CA"}, nil, mustPublic(t)))
	r.keys("i")
	r.typing(cert)
	r.keys("enter")
	r.sees("Chosen (1 of 1 on)")
	r.typing(ca)
	r.keys("enter")
	r.sees("Chosen (2 of 2 on)")
	r.keys("up", "delete")
	r.sees("Chosen (1 of 1 on)")
}

func mustPublic(t *testing.T) any {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key.Public()
}

func TestWhatIsHereAlreadyIsNotImportedTwice(t *testing.T) {
	r := storeDesk(t, 80, 24)
	path := fileWith(t, "answer.cer", answer(t, pending(r, "webmail.example.org")))
	r.keys("i")
	r.typing(path)
	r.keys("ctrl+n", "ctrl+n", "enter", "enter", "i")
	r.typing(path)
	r.keys("ctrl+n")
	r.sees("This certificate is here already", "there is nothing to do", "Show it in the table")
	r.keys("ctrl+n", "enter")
	if len(r.entries()) != 1 {
		t.Fatalf("%d entries", len(r.entries()))
	}
}

func TestAMissingChainIsAddedToWhatIsHere(t *testing.T) {
	r := storeDesk(t, 80, 24)
	request := pending(r, "webmail.example.org")
	middle, leaf := issuedBelow(t, request)
	for _, data := range [][]byte{leaf, append(slices.Clone(leaf), middle...)} {
		r.keys("i")
		r.typing(fileWith(t, "answer.pem", data))
		r.keys("ctrl+n")
		r.keys("ctrl+n", "enter", "enter")
	}
	if list := r.entries(); len(list) != 1 || len(list[0].Chain) == 0 || list[0].Verdict.Status != trust.Valid {
		t.Fatalf("%+v\n%s", list, r.screen())
	}
}

func TestEscKeepsTheChosenFiles(t *testing.T) {
	r := storeDesk(t, 80, 24)
	r.keys("i")
	r.typing("/etc/hostname")
	r.keys("enter")
	r.typing("/etc/ho")
	for range 10 {
		r.keys("esc")
	}
	if r.quit {
		t.Fatal("esc quit")
	}
	r.keys("i")
	r.sees("Go on with the unfinished import?", "/etc/hostname")
	r.wait()
	r.keys("enter")
	r.sees("/etc/hostname", "/etc/ho")
}

func TestAHostileCertificateReachesNoFrameRaw(t *testing.T) {
	r := storeDesk(t, 80, 24)
	r.keys("i")
	r.typing(filepath.Join("..", "testdata", "certs", "hostile.pem"))
	r.keys("ctrl+n")
	frame := r.app.View()
	for _, bad := range []string{"\u202e", "\x1b]", "\x1b[31m\u200b", "\u009b", "\a", "\r"} {
		if strings.Contains(frame, bad) {
			t.Fatalf("%q reaches the terminal:\n%s", bad, r.screen())
		}
	}
	r.exactEverywhere(false)
}

func TestImportFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := drive(t, hub(), size[0], size[1])
		r.keys("i")
		s := r.app.top().(*importScreen)
		s.keep.paths, s.keep.line = []string{"/root/secure_smtp.p7b", "/root/chain.pem"}, "/no/such/directory/ca.pem"
		r.run(s.open(stageSource))
		r.frames("import-files", size)
		s.keep.paste, s.keep.text = true, "-----BEGIN CERTIFICATE-----\nMIIB\n"
		r.run(s.open(stageSource))
		r.frames("import-paste", size)
		r.run(s.open(stagePassword))
		r.frames("import-password", size)
		leaf := article()[2]
		leaf.FriendlyName = article()[1].FriendlyName
		leaf.Verdict = trust.Verdict{Status: trust.Untrusted, Word: "untrusted", Reason: "the certificate of its CA is missing here: CN=Example CA R3"}
		s.group = certstore.Group{From: []string{"/root/secure_smtp.p7b"},
			Holds: []certstore.Held{{From: "/root/secure_smtp.p7b", Words: "PKCS#7, a certificate for webmail.belgianbeers.rock"}},
			Found: certstore.Found{Action: certstore.Completes, Leaf: leaf, Existing: article()[1],
				Gaps: []certstore.Gap{{Below: "CN=webmail.belgianbeers.rock", Issuer: "CN=Example CA R3", At: []string{"http://ca.example.org/r3.cer"}}}}}
		s.groups = []certstore.Group{s.group}
		r.run(s.open(stageFound))
		r.frames("import-found", size)
		s.done = article()[2]
		r.run(s.open(stageDone))
		r.frames("import-done", size)
	}
}

// An import that is over leaves nothing for the next one.
func TestTheNextImportStartsClean(t *testing.T) {
	r := storeDesk(t, 80, 24)
	path := fileWith(t, "answer.cer", answer(t, pending(r, "webmail.example.org")))
	for range 2 { // the second time it is here already
		r.keys("i")
		r.sees("What do you want to import?")
		r.seesNot("answer.cer")
		r.typing(path)
		r.keys("enter", "ctrl+n", "ctrl+n", "enter", "enter", "esc")
	}
	r.keys("i")
	r.sees("What do you want to import?")
	r.seesNot("answer.cer")
}

// answers are a CA's answers to n requests of the desk, in files of one directory.
func answers(t *testing.T, r *driver, n int) (paths []string) {
	t.Helper()
	for i := range n {
		name := fmt.Sprintf("host%d.example.org", i)
		paths = append(paths, fileWith(t, name+".CER", answer(t, pending(r, name))))
	}
	return paths
}

// choose adds files one by one on the import's first page.
func (r *driver) choose(paths ...string) {
	r.t.Helper()
	for _, path := range paths {
		r.typing(path)
		r.keys("enter")
	}
}

func TestSeveralAnswersAreImportedAtOnce(t *testing.T) {
	r := storeDesk(t, 80, 24)
	paths := answers(t, r, 3)
	r.keys("i")
	r.choose(paths[0], fileWith(t, "notes.txt", []byte("good morning")), paths[1], paths[2])
	r.keys("ctrl+n")
	r.sees("3 of 4 can be imported", "completes web", "refused", "notes.txt", "Import 3")
	for _, e := range r.entries() {
		if e.Verdict.Status != trust.PendingRequest {
			t.Fatal("it was stored before anybody said so")
		}
	}
	r.keys("ctrl+n", "enter")
	r.sees("3 of 4 imported", "done", "refused", "notes.txt")
	for _, e := range r.entries() {
		if e.Verdict.Status != trust.Valid {
			t.Errorf("%s is %s", e.CommonName(), e.Verdict.Status)
		}
	}
	r.keys("enter", "i")
	r.sees("What do you want to import?")
	r.seesNot("Chosen")
}

func TestSeveralCertificatesInOnePasteAreSorted(t *testing.T) {
	r := storeDesk(t, 80, 24)
	text := "Dear customer,\n"
	for i := range 3 {
		text += string(answer(t, pending(r, fmt.Sprintf("host%d.example.org", i))))
	}
	r.keys("i", "up", "down", "tab")
	r.paste(text)
	r.keys("ctrl+n")
	r.sees("3 can be imported", "Found in the pasted text")
	r.keys("ctrl+n", "enter")
	r.sees("All 3 imported")
}

func TestEscFromSeveralKeepsTheFiles(t *testing.T) {
	r := storeDesk(t, 80, 24)
	r.keys("i")
	r.choose(answers(t, r, 2)...)
	r.keys("ctrl+n")
	r.sees("2 can be imported")
	r.keys("esc")
	r.sees("What do you want to import?", "Chosen (2 of 2 on)")
}

// Each protected file is asked for by name; the password of one is tried on the others, and one may be left out.
func TestPasswordsOfSeveralFiles(t *testing.T) {
	r := storeDesk(t, 80, 24)
	formats := filepath.Join("..", "testdata", "formats")
	r.keys("i")
	r.choose(append(answers(t, r, 1), filepath.Join(formats, "utf8-password.pfx"), filepath.Join(formats, "default.pfx"), filepath.Join(formats, "aes128.pfx"))...)
	r.keys("ctrl+n")
	r.sees("utf8-password.pfx is protected. What is its password?", "Empty leaves this file out")
	r.typing("wrong")
	r.keys("enter")
	r.sees("utf8-password.pfx is protected", "does not open it")
	r.keys("enter") // left out
	r.sees("default.pfx is protected")
	r.typing("secret")
	r.keys("enter")
	r.sees("2 of 3 can be imported", "new, with its key", "left out")
	s := r.app.top().(*importScreen)
	r.keys("ctrl+n", "enter")
	r.sees("2 of 3 imported")
	for _, password := range s.seals.passwords {
		if strings.Trim(string(password), "\x00") != "" {
			t.Error("a password is still there")
		}
	}
}

func TestAnImportOfSeveralThatIsCancelledKeepsTheFiles(t *testing.T) {
	r := storeDesk(t, 80, 24)
	r.keys("i")
	r.choose(answers(t, r, 3)...)
	r.keys("ctrl+n")
	s := r.app.top().(*importScreen)
	b := s.batch()
	first := b.Tasks[0].Do
	b.Tasks[0].Do = func(ctx context.Context) []screen.Result {
		defer r.app.d.Cancel()
		return first(ctx)
	}
	r.opened(screen.NewBatch(r.app.d, b))
	r.sees("1 of 3 imported", "not yet")
	if !r.app.imports.draft.holds() {
		t.Error("the chosen files are forgotten")
	}
}

// A missing intermediate is fetched when its button is pressed, and not before; what was typed on the page stays.
func TestTheMissingCertificateIsFetchedOnAKey(t *testing.T) {
	r := storeDesk(t, 80, 24)
	middle, leaf := lackingAnswer(t, pending(r, "webmail.example.org"), "http://ca.example.org/middle.cer")
	asked := 0
	store, err := certstore.Open(context.Background(), certstore.Options{Dir: r.app.d.Store.Dir(), Now: r.app.d.Now, NewKey: smallKeys,
		Trust: []string{filepath.Join(filepath.Dir(r.app.d.Store.Dir()), "root.pem")}, Web: webPages(func(at string) []byte {
			asked++
			return map[string][]byte{"http://ca.example.org/middle.cer": middle}[at]
		})})
	if err != nil {
		t.Fatal(err)
	}
	r.app.d.Store = store
	r.keys("i")
	r.typing(fileWith(t, "answer.cer", leaf))
	r.keys("ctrl+n")
	r.sees("answer.cer: PEM, a certificate for webmail.example.org", "untrusted", "http://ca.example.org/middle.cer", "Fetch the missing certificate from ca.example.org")
	r.keys("tab", "tab")
	r.typing("er")
	if asked != 0 {
		t.Fatal("the network was used before anybody said so")
	}
	r.keys("shift+tab", "enter")
	r.sees("* valid", "weber", "fetched from http://ca.example.org/middle.cer")
	r.seesNot("Fetch the missing")
	if asked != 1 || r.entries()[0].Verdict.Status != trust.PendingRequest {
		t.Errorf("asked %d times, stored %s", asked, r.entries()[0].Verdict.Status)
	}
	r.keys("ctrl+n", "enter")
	r.sees("weber is in the store", "valid")
	if e := r.entries()[0]; len(e.Chain) != 1 || e.Verdict.Status != trust.Valid {
		t.Errorf("%s, %d links", e.Verdict.Status, len(e.Chain))
	}
}

func TestAFailedFetchSaysWhyAndKeepsThePage(t *testing.T) {
	r := storeDesk(t, 80, 24)
	_, leaf := lackingAnswer(t, pending(r, "webmail.example.org"), "http://127.0.0.1/middle.cer")
	r.keys("i")
	r.typing(fileWith(t, "answer.cer", leaf))
	r.keys("ctrl+n", "tab", "enter")
	r.sees("public internet", "get it from the CA", "Fetch the missing", "Complete the request")
}

// webPages is a web of pages.
type webPages func(at string) []byte

func (a webPages) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(a(r.URL.String()))), Request: r}, nil
}

// lackingAnswer is an intermediate, and what it answers to a request.
func lackingAnswer(t *testing.T, request []byte, at string) (middle, leaf []byte) {
	t.Helper()
	ca, key := theCA()
	block, _ := pem.Decode(request)
	req, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Issuing CA"}, NotBefore: noon.AddDate(-1, 0, 0),
		NotAfter: noon.AddDate(5, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	if middle, err = x509.CreateCertificate(rand.Reader, template, ca, own.Public(), key); err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(8), RawSubject: req.RawSubject, DNSNames: req.DNSNames,
		NotBefore: noon.AddDate(0, 0, -1), NotAfter: noon.AddDate(0, 0, 90), IssuingCertificateURL: []string{at}}, template, req.PublicKey, own)
	if err != nil {
		t.Fatal(err)
	}
	return middle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// chosen opens the import with a file, and gives the password if one is asked for.
func (r *driver) chosen(path, password string) {
	r.t.Helper()
	r.keys("i")
	r.typing(path)
	r.keys("ctrl+n")
	if password != "" {
		r.sees("What is its password?")
		r.typing(password)
		r.keys("enter")
	}
}

func TestTheNameInAPFXIsTheOneShownAndStored(t *testing.T) {
	pfx := filepath.Join("..", "testdata", "formats", "default.pfx")
	r := storeDesk(t, 80, 24)
	r.chosen(pfx, "secret")
	r.sees("A certificate with its key", "Friendly name  secure_smtp")
	r.keys("ctrl+n", "enter")
	r.sees("secure_smtp is in the store")
	if got := r.entries()[0].FriendlyName; got != "secure_smtp" {
		t.Errorf("stored as %q", got)
	}
}

func TestAForgottenExportableIsMendedOnTheImportPage(t *testing.T) {
	pfx := filepath.Join("..", "testdata", "formats", "default.pfx")
	r := storeDesk(t, 80, 24)
	r.chosen(pfx, "secret")
	r.keys("ctrl+n", "enter", "enter")
	if r.entries()[0].Exportable {
		t.Fatal("exportable without being asked")
	}
	r.chosen(pfx, "secret")
	r.sees("This certificate is here already", "[ ] may be exported", "Show it in the table")
	r.app.top().(*importScreen).form.Focus("export")
	r.keys("space")
	r.sees("[x] may be exported", "Add what is new")
	r.keys("ctrl+n", "enter")
	if list := r.entries(); len(list) != 1 || !list[0].Exportable {
		t.Fatalf("%+v\n%s", list, r.screen())
	}
	r.keys("enter")
	r.chosen(pfx, "secret")
	r.sees("This certificate is here already")
	r.seesNot("may be exported")
}

func TestAKeyMadeHereIsNotOfferedToBecomeExportable(t *testing.T) {
	r := storeDesk(t, 80, 24)
	path := fileWith(t, "answer.cer", answer(t, pending(r, "webmail.example.org")))
	r.chosen(path, "")
	r.keys("ctrl+n", "enter", "enter")
	r.chosen(path, "")
	r.seesNot("may be exported", "Friendly name")
}

func TestAnIntermediateThatIsHereSaysWhoseChainItIsIn(t *testing.T) {
	r := storeDesk(t, 80, 24)
	middle, leaf := issuedBelow(t, pending(r, "webmail.example.org"))
	r.chosen(fileWith(t, "both.pem", append(slices.Clone(leaf), middle...)), "")
	r.keys("ctrl+n", "enter", "enter")
	r.chosen(fileWith(t, "middle.pem", middle), "")
	r.sees("is here already", "web (")
	r.seesNot("private key")
}
