package importing_test

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
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	model "certdesk/certstore/importing"
	"certdesk/certstore/judging"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
	"certdesk/ui/importing"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

func TestTheCAsAnswerTurnsTheRowValid(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	path := uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(r, "webmail.example.org")))
	r.Keys("i")
	r.Sees("What do you want to import?")
	r.Typing(path)
	r.Keys("ctrl+n")
	r.Sees("The answer to your request web", "valid", "[x] IIS", "Complete the request")
	if r.Entries()[0].Verdict.Status != trust.PendingRequest {
		t.Fatal("it was stored before anybody said so")
	}
	r.Keys("ctrl+n", "enter")
	r.Sees("web is in the store", "valid")
	e := r.Entries()[0]
	if len(r.Entries()) != 1 || e.Verdict.Status != trust.Valid || e.Wanted != certstore.IIS || e.FriendlyName != "web" {
		t.Fatalf("%+v", e)
	}
	r.Keys("enter")
	r.Sees("web", "valid")
}

func TestPastedTextIsImported(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	cert := uitest.Answer(t, uitest.Pending(r, "webmail.example.org"))
	r.Keys("i", "up", "enter")
	r.Paste("Dear customer,\nhere it is:\n" + string(cert))
	r.Sees("lines so far")
	r.Keys("ctrl+n")
	r.Sees("The answer to your request web")
}

func TestAWrongPasswordReturnsToTheField(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	r.Keys("i")
	r.Typing(uitest.Testdata("formats", "default.pfx"))
	r.Keys("ctrl+n")
	r.Sees("What is its password?")
	r.Typing("certainly-wrong")
	r.Keys("enter")
	r.Sees("What is its password?", "wrong password, 1st try of this file")
	r.SeesNot("certainly-wrong")
	r.Typing("wrong-too")
	r.Keys("ctrl+r")
	r.Sees("wrong-too", "ctrl+r hide it")
	r.Keys("enter")
	r.Sees("wrong password, 2nd try of this file")
	r.SeesNot("wrong-too")
	if len(r.Entries()) != 0 {
		t.Fatal("something was stored")
	}
	r.Keys("esc")
	r.Sees("What do you want to import?", "default.pfx")
}

func TestAnUnknownAnswerSaysWhichRequestsWait(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	uitest.Pending(r, "webmail.example.org")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	path := uitest.FileWith(t, "other.cer", uitest.Issue(t, pkix.Name{CommonName: "x.example.org"}, []string{"x.example.org"}, key.Public()))
	r.Keys("i")
	r.Typing(path)
	r.Keys("ctrl+n")
	r.Sees("What do you want to import?", "web", "other.cer")
}

func TestSeveralFilesAreChosenOneByOne(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	cert := uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(r, "webmail.example.org")))
	ca := uitest.FileWith(t, "chain.pem", uitest.Issue(t, pkix.Name{CommonName: "Test CA"}, nil, mustPublic(t)))
	r.Keys("i")
	r.Typing(cert)
	r.Keys("enter")
	r.Sees("Chosen (1 of 1 on)")
	r.Typing(ca)
	r.Keys("enter")
	r.Sees("Chosen (2 of 2 on)")
	r.Keys("up", "delete")
	r.Sees("Chosen (1 of 1 on)")
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
	r := uitest.StoreDesk(t, 80, 24)
	path := uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(r, "webmail.example.org")))
	r.Keys("i")
	r.Typing(path)
	r.Keys("ctrl+n", "ctrl+n", "enter", "enter", "i")
	r.Typing(path)
	r.Keys("ctrl+n")
	r.Sees("This certificate is here already", "there is nothing to do", "Show it in the table")
	r.Keys("ctrl+n", "enter")
	if len(r.Entries()) != 1 {
		t.Fatalf("%d entries", len(r.Entries()))
	}
}

func TestAMissingChainIsAddedToWhatIsHere(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	request := uitest.Pending(r, "webmail.example.org")
	middle, leaf := uitest.IssuedBelow(t, request)
	for _, data := range [][]byte{leaf, append(slices.Clone(leaf), middle...)} {
		r.Keys("i")
		r.Typing(uitest.FileWith(t, "answer.pem", data))
		r.Keys("ctrl+n")
		r.Keys("ctrl+n", "enter", "enter")
	}
	if list := r.Entries(); len(list) != 1 || len(list[0].Chain) == 0 || list[0].Verdict.Status != trust.Valid {
		t.Fatalf("%+v\n%s", list, r.Screen())
	}
}

func TestEscKeepsTheChosenFiles(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	r.Keys("i")
	r.Typing("/etc/hostname")
	r.Keys("enter")
	r.Typing("/etc/ho")
	for range 10 {
		r.Keys("esc")
	}
	if r.Quit {
		t.Fatal("esc quit")
	}
	r.Keys("i")
	r.Sees("Go on with the unfinished import?", "/etc/hostname")
	r.Wait()
	r.Keys("enter")
	r.Sees("/etc/hostname", "/etc/ho")
}

func TestAHostileCertificateReachesNoFrameRaw(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	r.Keys("i")
	r.Typing(uitest.Testdata("certs", "hostile.pem"))
	r.Keys("ctrl+n")
	frame := r.App.View()
	for _, bad := range []string{"\u202e", "\x1b]", "\x1b[31m\u200b", "\u009b", "\a", "\r"} {
		if strings.Contains(frame, bad) {
			t.Fatalf("%q reaches the terminal:\n%s", bad, r.Screen())
		}
	}
	r.ExactEverywhere(false)
}

func TestImportFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := uitest.Drive(t, uitest.Hub(), size[0], size[1])
		r.Keys("i")
		s := r.App.Top().(*importing.ImportScreen)
		s.Keep().SetPaths([]string{"/root/secure_smtp.p7b", "/root/chain.pem"})
		s.Keep().SetLine("/no/such/directory/ca.pem")
		r.Run(s.Open(importing.StageSource))
		r.Frames("import-files", size)
		s.Keep().SetPaste(true)
		s.Keep().SetText("-----BEGIN CERTIFICATE-----\nMIIB\n")
		r.Run(s.Open(importing.StageSource))
		r.Frames("import-paste", size)
		r.Run(s.Open(importing.StagePassword))
		r.Frames("import-password", size)
		leaf := uitest.Article()[2]
		leaf.FriendlyName = uitest.Article()[1].FriendlyName
		leaf.Verdict = trust.Verdict{Status: trust.Untrusted, Word: "untrusted", Reason: "the certificate of its CA is missing here: CN=Example CA R3"}
		s.SetGroup(model.Group{From: []string{"/root/secure_smtp.p7b"},
			Holds: []model.Holding{{From: "/root/secure_smtp.p7b", Words: "PKCS#7, a certificate for webmail.belgianbeers.rock"}},
			Found: model.Found{Action: model.Completes, Leaf: leaf, Existing: uitest.Article()[1],
				Gaps: []judging.Gap{{Below: "CN=webmail.belgianbeers.rock", Issuer: "CN=Example CA R3", At: []string{"http://ca.example.org/r3.cer"}}}}})
		s.SetGroups([]model.Group{s.Group()})
		r.Run(s.Open(importing.StageFound))
		r.Frames("import-found", size)
		s.SetDone(uitest.Article()[2])
		r.Run(s.Open(importing.StageDone))
		r.Frames("import-done", size)
	}
}

// An import that is over leaves nothing for the next one.
func TestTheNextImportStartsClean(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	path := uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(r, "webmail.example.org")))
	for range 2 { // the second time it is here already
		r.Keys("i")
		r.Sees("What do you want to import?")
		r.SeesNot("answer.cer")
		r.Typing(path)
		r.Keys("enter", "ctrl+n", "ctrl+n", "enter", "enter", "esc")
	}
	r.Keys("i")
	r.Sees("What do you want to import?")
	r.SeesNot("answer.cer")
}

func TestSeveralAnswersAreImportedAtOnce(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	paths := uitest.Answers(t, r, 3)
	r.Keys("i")
	r.Choose(paths[0], uitest.FileWith(t, "notes.txt", []byte("good morning")), paths[1], paths[2])
	r.Keys("ctrl+n")
	r.Sees("3 of 4 can be imported", "completes web", "refused", "notes.txt", "Import 3")
	for _, e := range r.Entries() {
		if e.Verdict.Status != trust.PendingRequest {
			t.Fatal("it was stored before anybody said so")
		}
	}
	r.Keys("ctrl+n", "enter")
	r.Sees("3 of 4 imported", "done", "refused", "notes.txt")
	for _, e := range r.Entries() {
		if e.Verdict.Status != trust.Valid {
			t.Errorf("%s is %s", e.CommonName(), e.Verdict.Status)
		}
	}
	r.Keys("enter", "i")
	r.Sees("What do you want to import?")
	r.SeesNot("Chosen")
}

func TestSeveralCertificatesInOnePasteAreSorted(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	text := "Dear customer,\n"
	for i := range 3 {
		text += string(uitest.Answer(t, uitest.Pending(r, fmt.Sprintf("host%d.example.org", i))))
	}
	r.Keys("i", "up", "enter")
	r.Paste(text)
	r.Keys("ctrl+n")
	r.Sees("3 can be imported", "Found in the pasted text")
	r.Keys("ctrl+n", "enter")
	r.Sees("All 3 imported")
}

func TestEscFromSeveralKeepsTheFiles(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	r.Keys("i")
	r.Choose(uitest.Answers(t, r, 2)...)
	r.Keys("ctrl+n")
	r.Sees("2 can be imported")
	r.Keys("esc")
	r.Sees("What do you want to import?", "Chosen (2 of 2 on)")
}

// Each protected file is asked for by name; the password of one is tried on the others, and one may be left out.
func TestPasswordsOfSeveralFiles(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	formats := uitest.Testdata("formats")
	r.Keys("i")
	r.Choose(append(uitest.Answers(t, r, 1), filepath.Join(formats, "utf8-password.pfx"), filepath.Join(formats, "default.pfx"), filepath.Join(formats, "aes128.pfx"))...)
	r.Keys("ctrl+n")
	r.Sees("utf8-password.pfx is protected. What is its password?", "Empty leaves this file out")
	r.Typing("wrong")
	r.Keys("enter")
	r.Sees("utf8-password.pfx is protected", "1st try of this file")
	r.Keys("enter") // left out
	r.Sees("default.pfx is protected")
	r.Typing("secret")
	r.Keys("enter")
	r.Sees("2 of 3 can be imported", "new, with its key", "left out")
	s := r.App.Top().(*importing.ImportScreen)
	r.Keys("ctrl+n", "enter")
	r.Sees("2 of 3 imported")
	for _, password := range s.Seals().Passwords {
		if strings.Trim(string(password), "\x00") != "" {
			t.Error("a password is still there")
		}
	}
}

func TestAnImportOfSeveralThatIsCancelledKeepsTheFiles(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	r.Keys("i")
	r.Choose(uitest.Answers(t, r, 3)...)
	r.Keys("ctrl+n")
	s := r.App.Top().(*importing.ImportScreen)
	b := s.Batch()
	first := b.Tasks[0].Do
	b.Tasks[0].Do = func(ctx context.Context) []screen.Result {
		defer r.Desk.Cancel()
		return first(ctx)
	}
	r.Opened(func(d *screen.Desk) screen.Screen { return screen.NewBatch(d, b) })
	r.Sees("1 of 3 imported", "not yet")
	if !s.Memory().Draft().Holds() {
		t.Error("the chosen files are forgotten")
	}
}

// A missing intermediate is fetched when its button is pressed, and not before; what was typed on the page stays.
func TestTheMissingCertificateIsFetchedOnAKey(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	middle, leaf := lackingAnswer(t, uitest.Pending(r, "webmail.example.org"), "http://ca.example.org/middle.cer")
	asked := 0
	store, err := certstore.Open(certstore.Options{Dir: r.Desk.Store.Dir(), Now: r.Desk.Now, NewKey: uitest.SmallKeys,
		Trust: []string{filepath.Join(filepath.Dir(r.Desk.Store.Dir()), "root.pem")}, Web: webPages(func(at string) []byte {
			asked++
			return map[string][]byte{"http://ca.example.org/middle.cer": middle}[at]
		})})
	if err != nil {
		t.Fatal(err)
	}
	r.Desk.Store = store
	r.Keys("i")
	r.Typing(uitest.FileWith(t, "answer.cer", leaf))
	r.Keys("ctrl+n")
	r.Sees("answer.cer: PEM, a certificate for webmail.example.org", "untrusted", "http://ca.example.org/middle.cer", "Fetch the missing certificate from ca.example.org")
	r.Keys("tab", "tab")
	r.Typing("er")
	if asked != 0 {
		t.Fatal("the network was used before anybody said so")
	}
	r.Keys("shift+tab", "enter")
	r.Sees("* valid", "weber", "fetched from http://ca.example.org/middle.cer")
	r.SeesNot("Fetch the missing")
	if asked != 1 || r.Entries()[0].Verdict.Status != trust.PendingRequest {
		t.Errorf("asked %d times, stored %s", asked, r.Entries()[0].Verdict.Status)
	}
	r.Keys("ctrl+n", "enter")
	r.Sees("weber is in the store", "valid")
	if e := r.Entries()[0]; len(e.Chain) != 1 || e.Verdict.Status != trust.Valid {
		t.Errorf("%s, %d links", e.Verdict.Status, len(e.Chain))
	}
}

func TestAFailedFetchSaysWhyAndKeepsThePage(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	_, leaf := lackingAnswer(t, uitest.Pending(r, "webmail.example.org"), "http://127.0.0.1/middle.cer")
	r.Keys("i")
	r.Typing(uitest.FileWith(t, "answer.cer", leaf))
	r.Keys("ctrl+n", "tab", "enter")
	r.Sees("public internet", "get it from the CA", "Fetch the missing", "Complete the request")
}

// webPages is a web of pages.
type webPages func(at string) []byte

func (a webPages) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(a(r.URL.String()))), Request: r}, nil
}

// lackingAnswer is an intermediate, and what it answers to a request.
func lackingAnswer(t *testing.T, request []byte, at string) (middle, leaf []byte) {
	t.Helper()
	ca, key := uitest.CA()
	block, _ := pem.Decode(request)
	req, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Issuing CA"}, NotBefore: uitest.Noon.AddDate(-1, 0, 0),
		NotAfter: uitest.Noon.AddDate(5, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	if middle, err = x509.CreateCertificate(rand.Reader, template, ca, own.Public(), key); err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(8), RawSubject: req.RawSubject, DNSNames: req.DNSNames,
		NotBefore: uitest.Noon.AddDate(0, 0, -1), NotAfter: uitest.Noon.AddDate(0, 0, 90), IssuingCertificateURL: []string{at}}, template, req.PublicKey, own)
	if err != nil {
		t.Fatal(err)
	}
	return middle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestTheNameInAPFXIsTheOneShownAndStored(t *testing.T) {
	pfx := uitest.Testdata("formats", "default.pfx")
	r := uitest.StoreDesk(t, 80, 24)
	r.Chosen(pfx, "secret")
	r.Sees("A certificate with its key", "Friendly name   secure_smtp")
	r.Keys("ctrl+n", "enter")
	r.Sees("secure_smtp is in the store")
	if got := r.Entries()[0].FriendlyName; got != "secure_smtp" {
		t.Errorf("stored as %q", got)
	}
}

func TestAForgottenExportableIsMendedOnTheImportPage(t *testing.T) {
	pfx := uitest.Testdata("formats", "default.pfx")
	r := uitest.StoreDesk(t, 80, 24)
	r.Chosen(pfx, "secret")
	r.Keys("ctrl+n", "enter", "enter")
	if r.Entries()[0].Exportable {
		t.Fatal("exportable without being asked")
	}
	r.Chosen(pfx, "secret") // i, ctrl+n and enter beside what is typed
	r.Sees("This certificate is here already", "[ ] may be exported", "Show it in the table")
	r.Keys("space") // the focus is there: nothing else in the file is new
	r.Sees("[x] may be exported", "Add what is new")
	r.Keys("ctrl+n", "enter") // which makes six
	if list := r.Entries(); len(list) != 1 || !list[0].Exportable {
		t.Fatalf("%+v\n%s", list, r.Screen())
	}
	r.Keys("enter")
	r.Chosen(pfx, "secret")
	r.Sees("This certificate is here already")
	r.SeesNot("may be exported")
}

func TestAKeyMadeHereIsNotOfferedToBecomeExportable(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	path := uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(r, "webmail.example.org")))
	r.Chosen(path, "")
	r.Keys("ctrl+n", "enter", "enter")
	r.Chosen(path, "")
	r.SeesNot("may be exported", "Friendly name")
}

func TestAnIntermediateThatIsHereSaysWhoseChainItIsIn(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	middle, leaf := uitest.IssuedBelow(t, uitest.Pending(r, "webmail.example.org"))
	r.Chosen(uitest.FileWith(t, "both.pem", append(slices.Clone(leaf), middle...)), "")
	r.Keys("ctrl+n", "enter", "enter")
	r.Chosen(uitest.FileWith(t, "middle.pem", middle), "")
	r.Sees("is here already", "web (")
	r.SeesNot("private key")
}

func TestAnImportGoesOnToEnable(t *testing.T) {
	var r *uitest.Driver
	install := ""
	r, install = uitest.VoiceAt(t, func(ctx context.Context, req probe.Request) probe.Report { return uitest.Served(install)(ctx, req) })
	r.Keys("n", "esc")
	e := r.SelfSigned("voice.proexchange.global")
	r.Pushed(func(d *screen.Desk) screen.Screen { return importing.NewImport(d, &importing.Memory{}) })
	r.Send(importing.MakeImportedMsg(r.Entries()[0]))
	r.Sees("e enables it now", "e enable")
	r.Keys("e")
	r.Sees("Which services are given " + words.Title(e))
	r.Keys("esc")
	if r.Depth() != 1 {
		t.Errorf("%d screens are open", r.Depth())
	}
}

// What is to be minded in a certificate is said once.
func TestTheImportPageSaysAFindingOnce(t *testing.T) {
	p := uitest.StoreDesk(t, 140, 60)
	p.Chosen(filepath.Join(uitest.Testdata("formats"), "default.pfx"), "secret")
	s := p.App.Top().(*importing.ImportScreen)
	const text = "an RSA key that is far too short"
	for _, reason := range []string{"valid until then; but " + text, "its root is not trusted"} {
		group := s.Group()
		v := &group.Found.Leaf.Verdict
		v.Reason, v.Findings = reason, []trust.Finding{{Code: "weak-key", Severity: trust.Warning, Text: text}}
		s.SetGroup(group)
		if n := strings.Count(p.Screen(), text); n != 1 {
			t.Errorf("%d times:\n%s", n, p.Screen())
		}
	}
}

// What the import page says of a certificate is what the store then says of it.
func TestTheImportPageShowsWhatIsStored(t *testing.T) {
	formats := uitest.Testdata("formats")
	for name, path := range map[string]string{"a PFX": filepath.Join(formats, "default.pfx"), "what Firefox writes": filepath.Join(formats, "nss.p12")} {
		t.Run(name, func(t *testing.T) {
			p := uitest.StoreDesk(t, 140, 60)
			p.Chosen(path, "secret")
			promised := p.App.Top().(*importing.ImportScreen).Group().Found.Leaf
			p.Keys("ctrl+n", "enter")
			p.Sees("is in the store")
			kept := p.Entries()[0]
			kept.ID, kept.LastLine, kept.Created, promised.Created = promised.ID, 0, time.Time{}, time.Time{}
			if fmt.Sprintf("%+v", kept) != fmt.Sprintf("%+v", promised) {
				t.Errorf("promised\n%+v\nstored\n%+v", promised, kept)
			}
		})
	}
}

func importSeveralOf(d *screen.Desk) screen.Screen {
	s := importing.NewImport(d, &importing.Memory{}).(*importing.ImportScreen)
	s.Keep().SetPaths([]string{"/root/smtp.cer", "/root/web.cer", "/root/notes.txt", "/root/old.cer"})
	s.Open(importing.StageSource)
	s.SetGroups([]model.Group{
		{From: []string{"/root/smtp.cer"}, Found: model.Found{Action: model.Completes, Leaf: uitest.Article()[0], Existing: uitest.Article()[1]}},
		{From: []string{"/root/web.cer"}, Found: model.Found{Action: model.Adds, BringsKey: true, Leaf: uitest.Article()[2]}},
		{From: []string{"/root/notes.txt"}, Err: fail.New(fail.UnsupportedFormat, "import the file the CA sent", "read /root/notes.txt: no certificate is in it")},
		{From: []string{"/root/old.cer"}, Found: model.Found{Action: model.Exists, Leaf: uitest.Article()[3], Existing: uitest.Article()[3]}},
	})
	s.Open(importing.StageSeveral)
	return shownAs{s}
}

// shownAs is a screen that is on the page it was put on.
type shownAs struct{ *importing.ImportScreen }

func (s shownAs) Init() tea.Cmd { return nil }

func TestImportSeveralFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := uitest.ArticleDesk(t, size[0], size[1])
		r.Opened(importSeveralOf)
		r.Frames("batch-import", size)
	}
}

// What a renewal lacks that the old one has is said where it has come in, and one key tells more.
func TestARenewalThatComesInIsComparedWithTheOldOne(t *testing.T) {
	r := uitest.StoreDesk(t, 100, 40)
	ctx := context.Background()
	pfx := uitest.Testdata("formats", "default.pfx")
	r.Chosen(pfx, "secret")
	r.Keys("ctrl+n", "enter", "enter")
	old := r.Entries()[0]
	request, err := r.Desk.Store.RenewalRequest(ctx, old.ID)
	if err != nil {
		t.Fatal(err)
	}
	request.Names = request.Names[:1]
	made, err := r.Desk.Store.New(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	r.Run(r.App.Relist())
	path := uitest.FileWith(t, "answer.cer", uitest.Answer(t, made.PEM))
	r.Chosen(path, "")
	r.Keys("ctrl+n", "enter")
	r.Sees("It lacks what secure_smtp has, which it renews", "c compares the two", "c compare")
	r.Keys("c")
	r.Sees("Lost with the new one", "Old  secure_smtp ("+old.Short()+")")
	r.Keys("q")
	r.Sees("secure_smtp is in the store")
}
