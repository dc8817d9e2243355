package ui

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/wizard"
)

// startWizard opens the form for a new certificate.
func startWizard(r *driver) *wizardScreen {
	r.t.Helper()
	r.keys("n")
	s, ok := r.app.top().(*wizardScreen)
	if !ok {
		r.t.Fatalf("n opened %T:\n%s", r.app.top(), r.screen())
	}
	return s
}

func parseRequest(t *testing.T, data []byte) *x509.CertificateRequest {
	t.Helper()
	block, _ := pem.Decode(data)
	if block == nil {
		t.Fatalf("no PEM: %q", data)
	}
	req, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// The article's first request, made as an admin makes it.
func TestAnAdminMakesTheArticlesRequest(t *testing.T) {
	r := storeDesk(t, 80, 24)
	file := filepath.Join(t.TempDir(), "secure_client.req")
	s := startWizard(r)
	r.keys("tab")
	r.typing("secure_client")
	r.keys("enter")
	r.sees("Which names will clients use?")
	r.paste("webmail.proexchange.global\nwebmail.belgianbeers.rock\n")
	r.sees("(2 of 2 on)")
	r.keys("tab", "tab", "space", "tab", "space", "tab", "space")
	r.sees("autodiscover for proexchange.global")
	r.keys("ctrl+n")
	r.typing("ProExchange")
	r.keys("tab", "tab", "tab", "tab")
	r.typing("belg")
	r.sees("Belgium (BE)")
	r.keys("enter")
	r.sees("What key?")
	r.keys("ctrl+n", "space", "ctrl+n")
	r.sees("Where should the request be written?")
	r.keys("tab")
	r.typing(file)
	r.keys("enter")
	r.sees("Is this right?", "Create the request")
	if len(r.entries()) != 0 {
		t.Fatal("something was made before Create")
	}
	r.keys("enter")
	if len(r.entries()) != 0 {
		t.Fatal("enter on the review made it: only the focused button may")
	}
	r.keys("enter")
	if len(r.entries()) != 0 {
		t.Fatal("a key in flight when the review opened made it")
	}
	r.wait()
	r.keys("enter")
	r.sees("The request is made", "BEGIN CERTIFICATE REQUEST")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	req := parseRequest(t, data)
	want := []string{"webmail.proexchange.global", "webmail.belgianbeers.rock", "autodiscover.proexchange.global", "autodiscover.belgianbeers.rock", "ex2007ee.proexchange.global", "ex2007ee"}
	if !slices.Equal(req.DNSNames, want) || req.Subject.CommonName != want[0] || req.Subject.Organization[0] != "ProExchange" || req.Subject.Country[0] != "BE" {
		t.Fatalf("names %v, subject %v", req.DNSNames, req.Subject)
	}
	if e := r.entries()[0]; e.FriendlyName != "secure_client" || e.Wanted != certstore.IIS || e.Exportable {
		t.Fatalf("%+v", e)
	}
	if r.app.d.draft != nil || s.draft == nil {
		t.Fatal("what was carried out is still offered as a draft")
	}
	r.keys("enter")
	r.sees("secure_client", "pending")
}

func TestASelfSignedCertificateNeedsNoFilePage(t *testing.T) {
	r := storeDesk(t, 80, 24)
	startWizard(r)
	r.keys("down", "ctrl+n")
	r.typing("mail.example.org")
	r.keys("enter", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n")
	r.sees("Is this right?", "Create the certificate", "SMTP")
	r.seesNot("Where should")
	r.keys("tab")
	r.wait()
	r.keys("enter")
	r.sees("The certificate is made")
	if e := r.entries()[0]; !e.SelfSigned || e.Wanted != certstore.SMTP {
		t.Fatalf("%+v", e)
	}
}

func TestEscTenTimesLosesNoAnswerAndNeverQuits(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24)
	s := startWizard(r)
	r.keys("tab")
	r.typing("kept")
	r.keys("enter")
	r.paste("a.example.org, b.example.org")
	r.typing("half.typed")
	for range 10 {
		r.keys("esc")
	}
	if r.quit {
		t.Fatal("esc quit")
	}
	d := r.app.d.draft
	if d == nil || d.answers.FriendlyName != "kept" || d.answers.Typed != "a.example.org, b.example.org" || d.typing != "half.typed" {
		t.Fatalf("lost: %+v", d)
	}
	r.keys("n")
	r.wait()
	r.keys("enter")
	if again, ok := r.app.top().(*wizardScreen); !ok || again.draft != s.draft {
		t.Fatalf("n does not resume:\n%s", r.screen())
	}
	r.keys("ctrl+n")
	if !strings.Contains(r.screen(), "half.typed") {
		t.Fatalf("what was half typed is gone:\n%s", r.screen())
	}
}

func TestEscOnEveryPageKeepsItsAnswers(t *testing.T) {
	for step := wizard.StepPurpose; step <= wizard.StepReview; step++ {
		r := drive(t, Config{Env: articleEnv()}, 80, 24)
		s := startWizard(r)
		fillIn(r)
		r.run(s.open(step, ""))
		for range 10 {
			r.keys("esc")
		}
		if r.quit || r.app.d.draft != s.draft || s.draft.answers.Typed != "mail.example.org" || s.draft.answers.Organization != "Sunshine, Inc." {
			t.Fatalf("from page %v: %+v", step, s.draft.answers)
		}
	}
}

// fillIn answers names and subject and leaves the form at the key page.
func fillIn(r *driver) {
	r.keys("ctrl+n")
	r.typing("mail.example.org")
	r.keys("enter", "ctrl+n")
	r.typing("Sunshine, Inc.")
	r.keys("ctrl+n")
}

func TestAnUntouchedFormLeavesNoDraft(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24)
	startWizard(r)
	r.keys("esc")
	if r.app.d.draft != nil {
		t.Fatal("opening and leaving the form left a draft")
	}
}

func TestBackWorksFromAnInvalidFieldAndNextDoesNot(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24)
	startWizard(r)
	r.keys("ctrl+n")
	r.typing("foo_bar")
	r.keys("ctrl+n")
	r.sees("Which names", "foo_bar", "underscore")
	r.keys("shift+tab")
	r.keys("tab", "esc")
	r.sees("What do you need?")
	r.keys("ctrl+n")
	r.sees("foo_bar")
}

func TestAPastedListOf300NamesBecomes300Names(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24)
	s := startWizard(r)
	r.keys("ctrl+n")
	r.paste(manyNames(300))
	r.sees("(300 of 300 on)", "Which names")
	if n := len(wizard.Expand(s.draft.answers, s.env)); n != 300 {
		t.Fatalf("%d names", n)
	}
}

// A terminal without bracketed paste sends a paste as keys: every newline is an enter.
func TestAPasteAsKeysStaysOnThePage(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24)
	startWizard(r)
	r.keys("ctrl+n")
	for _, name := range []string{"a.example.org", "b.example.org", "c.example.org"} {
		r.typing(name)
		r.keys("enter")
	}
	r.sees("(3 of 3 on)", "Which names")
}

func TestTheTickListTakesOutMarksAndDrops(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24)
	s := startWizard(r)
	r.keys("ctrl+n")
	r.paste("a.example.org b.example.org c.example.org")
	r.keys("shift+tab", "space")
	r.sees("common name is always in")
	r.keys("down", "space")
	if got := s.draft.answers.Off; !slices.Equal(got, []string{"b.example.org"}) {
		t.Fatalf("off: %v", got)
	}
	r.sees("(2 of 3 on)")
	r.keys("c")
	if s.draft.answers.CommonName != "b.example.org" || len(s.draft.answers.Off) != 0 {
		t.Fatalf("%+v", s.draft.answers)
	}
	r.keys("delete")
	if s.draft.answers.Typed != "a.example.org, c.example.org" || s.draft.answers.CommonName != "" {
		t.Fatalf("%+v", s.draft.answers)
	}
}

func TestARefusedRequestComesBackWithTheReasonAndAllAnswers(t *testing.T) {
	r := storeDesk(t, 80, 24)
	s := startWizard(r)
	fillIn(r)
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r.keys("ctrl+n", "ctrl+n", "tab")
	r.typing(filepath.Join(dir, "x.req"))
	r.keys("ctrl+n")
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	r.keys("tab")
	r.wait()
	r.keys("enter")
	r.sees("Is this right?", "nothing was made")
	if len(r.entries()) != 0 || r.app.d.draft != s.draft || s.draft.answers.Organization != "Sunshine, Inc." {
		t.Fatalf("%+v\n%s", s.draft.answers, r.screen())
	}
	if frame := r.screen(); !strings.Contains(frame, "director") {
		t.Fatalf("no reason:\n%s", frame)
	}
}

func TestAnExistingFileIsReplacedOnlyWhenSwitchedOn(t *testing.T) {
	r := storeDesk(t, 80, 24)
	file := filepath.Join(t.TempDir(), "x.req")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	startWizard(r)
	fillIn(r)
	r.keys("ctrl+n", "ctrl+n", "tab")
	r.typing(file)
	r.sees("replace the file that is there")
	r.keys("ctrl+n", "tab")
	r.wait()
	r.keys("enter")
	if data, _ := os.ReadFile(file); string(data) != "precious" || len(r.entries()) != 0 {
		t.Fatalf("replaced without being asked:\n%s", r.screen())
	}
	r.keys("esc", "tab", "tab", "space", "ctrl+n", "tab")
	r.wait()
	r.keys("enter")
	r.sees("The request is made")
}

func TestQuittingWithADraftAsks(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24)
	startWizard(r)
	fillIn(r)
	r.keys("ctrl+c", "ctrl+c")
	r.sees("unfinished")
	if r.quit {
		t.Fatal("the draft was thrown away unasked")
	}
}

func TestARenewalIsFilledInAndAsksAboutTheKey(t *testing.T) {
	r := storeDesk(t, 80, 24)
	startWizard(r)
	r.keys("down", "ctrl+n")
	r.typing("mail.example.org")
	r.keys("enter", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "tab")
	r.wait()
	r.keys("enter", "enter")
	old := r.entries()[0]
	r.send(selectMsg{id: old.ID})
	r.keys("R")
	r.sees("Renew mail.example.org", "1 of 6")
	r.keys("ctrl+n")
	r.sees("[x] mail.example.org")
	r.keys("ctrl+n", "ctrl+n")
	r.sees("A new key", "The same key")
	r.keys("down", "ctrl+n", "ctrl+n")
	r.sees("renews")
	r.keys("tab")
	r.wait()
	r.keys("enter")
	list := r.entries()
	if len(list) != 2 || list[1].RenewalOf != old.ID || list[1].SPKI != old.SPKI {
		t.Fatalf("%+v\n%s", list, r.screen())
	}
	r.keys("enter")
	r.send(selectMsg{id: old.ID})
	r.keys("R")
	r.sees("it is renewed already by mail.example.org", list[1].Thumbprint[:12]) // and it may be renewed again
}

func TestARenewalDoesNotThrowAnotherFormAwayUnasked(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24, article()...)
	s := startWizard(r)
	fillIn(r)
	for range 4 {
		r.keys("esc")
	}
	r.send(selectMsg{id: 1})
	r.keys("R")
	r.sees("Which form?", "The unfinished form")
	r.keys("enter")
	if again, ok := r.app.top().(*wizardScreen); !ok || again.draft != s.draft {
		t.Fatalf("enter does not go on with the draft:\n%s", r.screen())
	}
}

func TestWizardFrames(t *testing.T) {
	for step := wizard.StepPurpose; step <= wizard.StepReview; step++ {
		for _, size := range [][2]int{{80, 24}, {140, 45}} {
			r := drive(t, Config{Env: articleEnv()}, size[0], size[1])
			s := startWizard(r)
			articleAnswers(s.draft)
			r.run(s.open(step, ""))
			r.wait()
			r.frames("wizard-"+strings.ToLower(step.Title()), size)
		}
	}
}

// articleAnswers are those of the article's first request.
func articleAnswers(d *wizardDraft) {
	d.answers.FriendlyName = "secure_client"
	d.answers.Typed = "webmail.proexchange.global, webmail.belgianbeers.rock, ex2007se.proexchange.global, ex2007se"
	d.answers.IncludeAutodiscover, d.answers.IncludeServerFQDN, d.answers.IncludeServerNetBIOSName = true, true, true
	d.answers.Organization, d.answers.City, d.answers.Country = "ProExchange", "Brussels", "BE"
	d.answers.Services, d.answers.ServicesSet = certstore.IIS, true
	d.answers.Path = "/root/secure_client.req"
}

func TestWhileItIsMadeTheFrameIsWholeAndEscCancels(t *testing.T) {
	r := storeDesk(t, 80, 24)
	s := startWizard(r)
	fillIn(r)
	r.run(s.open(wizard.StepReview, ""))
	r.wait()
	_, create := s.page.pressed() // what the button does; carried out only below
	s.Update(turnMsg{})
	r.sees("making the key", "esc cancel")
	r.exactEverywhere(false)
	r.exact(80, 24)
	r.keys("q", "n", "enter") // no key but esc and ctrl+c does anything now
	r.sees("making the key")
	r.keys("esc")
	r.run(create)
	r.sees("Is this right?", "cancelled: nothing was made")
	if len(r.entries()) != 0 || r.app.d.draft != s.draft {
		t.Fatal("a cancelled request was made, or its answers are gone")
	}
}

func TestARequestWhoseFileWasNotWrittenIsNotMadeTwice(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24)
	s := startWizard(r)
	fillIn(r)
	r.run(s.finished(madeMsg{madeExample(), fail.New(fail.KeptPending, "`certdesk export` writes it", "the request is safe in the store, but its file was not written")}))
	r.sees("The request is made", "its file was not written", "writes it")
	if r.app.d.draft != nil {
		t.Fatal("the draft would make it again")
	}
}

func madeExample() certstore.Made {
	e := article()[1]
	return certstore.Made{Entry: e, PEM: []byte("-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n")}
}

func TestMadeFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := drive(t, Config{Env: articleEnv()}, size[0], size[1])
		s := startWizard(r)
		r.run(s.finished(madeMsg{made: madeExample()}))
		r.frames("wizard-made", size)
	}
}

// A key on the names page, with 300 names in the list, to the frame it causes.
func BenchmarkKeyOnThreeHundredNames(b *testing.B) {
	r := drive(b, Config{Env: articleEnv()}, 120, 40)
	startWizard(r)
	r.keys("ctrl+n")
	r.paste(manyNames(300))
	for b.Loop() {
		r.send(press("x"), press("backspace"))
		r.app.View()
	}
}

// A name that is none is said so on enter, every time, and stays in the line.
func TestABadNameIsSaidOnEnter(t *testing.T) {
	r := drive(t, Config{Env: articleEnv()}, 80, 24)
	startWizard(r)
	r.keys("ctrl+n")
	r.sees("no name is given: the common name is")
	r.typing("bad_name")
	for range 3 {
		r.keys("enter")
		r.sees("bad_name", "an underscore is not allowed")
	}
	r.paste("a.example.org")
}
