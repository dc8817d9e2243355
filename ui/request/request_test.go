package request_test

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
	"certdesk/certstore/issuing"
	"certdesk/ui/request"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/wizard"
)

// startWizard opens the form for a new certificate.
func startWizard(r *uitest.Driver) *request.WizardScreen {
	r.T.Helper()
	r.Keys("n")
	s, ok := r.App.Top().(*request.WizardScreen)
	if !ok {
		r.T.Fatalf("n opened %T:\n%s", r.App.Top(), r.Screen())
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
	r := uitest.StoreDesk(t, 80, 24)
	file := filepath.Join(t.TempDir(), "secure_client.req")
	s := startWizard(r)
	r.Keys("tab")
	r.Typing("secure_client")
	r.Keys("enter")
	r.Sees("Which names will clients use?")
	r.Paste("webmail.proexchange.global\nwebmail.belgianbeers.rock\n")
	r.Sees("(2 of 2 on)")
	r.Keys("tab", "tab", "space", "tab", "space", "tab", "space")
	r.Sees("autodiscover for proexchange.global")
	r.Keys("ctrl+n")
	r.Typing("ProExchange")
	r.Keys("tab", "tab", "tab", "tab")
	r.Typing("belg")
	r.Sees("Belgium (BE)")
	r.Keys("enter")
	r.Sees("What key?")
	r.Keys("ctrl+n", "space", "ctrl+n")
	r.Sees("Where should the request be written?")
	r.Typing(file)
	r.Keys("enter")
	r.Sees("Is this right?", "Create the request")
	if len(r.Entries()) != 0 {
		t.Fatal("something was made before Create")
	}
	r.Keys("enter")
	if len(r.Entries()) != 0 {
		t.Fatal("enter on the review made it: only the focused button may")
	}
	r.Keys("enter")
	if len(r.Entries()) != 0 {
		t.Fatal("a key in flight when the review opened made it")
	}
	r.Wait()
	r.Keys("enter")
	r.Sees("The request is made", "BEGIN CERTIFICATE REQUEST")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	req := parseRequest(t, data)
	want := []string{"webmail.proexchange.global", "webmail.belgianbeers.rock", "autodiscover.proexchange.global", "autodiscover.belgianbeers.rock", "ex2007ee.proexchange.global", "ex2007ee"}
	if !slices.Equal(req.DNSNames, want) || req.Subject.CommonName != want[0] || req.Subject.Organization[0] != "ProExchange" || req.Subject.Country[0] != "BE" {
		t.Fatalf("names %v, subject %v", req.DNSNames, req.Subject)
	}
	if e := r.Entries()[0]; e.FriendlyName != "secure_client" || e.Wanted != certstore.IIS || e.Exportable {
		t.Fatalf("%+v", e)
	}
	if s.Memory().Draft() != nil || s.Draft() == nil {
		t.Fatal("what was carried out is still offered as a draft")
	}
	r.Keys("enter")
	r.Sees("secure_client", "pending")
}

func TestASelfSignedCertificateNeedsNoFilePage(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	startWizard(r)
	r.Keys("down", "space", "ctrl+n")
	r.Typing("mail.example.org")
	r.Keys("enter", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n")
	r.Sees("Is this right?", "Create the certificate", "SMTP")
	r.SeesNot("Where should")
	r.Keys("tab")
	r.Wait()
	r.Keys("enter")
	r.Sees("The certificate is made")
	if e := r.Entries()[0]; !e.SelfSigned || e.Wanted != certstore.SMTP {
		t.Fatalf("%+v", e)
	}
}

func TestEscTenTimesLosesNoAnswerAndNeverQuits(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
	s := startWizard(r)
	r.Keys("tab")
	r.Typing("kept")
	r.Keys("enter")
	r.Paste("a.example.org, b.example.org")
	r.Typing("half.typed")
	for range 10 {
		r.Keys("esc")
	}
	if r.Quit {
		t.Fatal("esc quit")
	}
	d := s.Memory().Draft()
	if d == nil || d.Answers().FriendlyName != "kept" || d.Answers().Typed != "a.example.org, b.example.org" || d.Typing() != "half.typed" {
		t.Fatalf("lost: %+v", d)
	}
	r.Keys("n")
	r.Wait()
	r.Keys("enter")
	if again, ok := r.App.Top().(*request.WizardScreen); !ok || again.Draft() != s.Draft() {
		t.Fatalf("n does not resume:\n%s", r.Screen())
	}
	r.Keys("ctrl+n")
	if !strings.Contains(r.Screen(), "half.typed") {
		t.Fatalf("what was half typed is gone:\n%s", r.Screen())
	}
}

func TestEscOnEveryPageKeepsItsAnswers(t *testing.T) {
	for step := wizard.StepPurpose; step <= wizard.StepReview; step++ {
		r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
		s := startWizard(r)
		fillIn(r)
		r.Run(s.Open(step, ""))
		for range 10 {
			r.Keys("esc")
		}
		if r.Quit || s.Memory().Draft() != s.Draft() || s.Draft().Answers().Typed != "mail.example.org" || s.Draft().Answers().Organization != "Sunshine, Inc." {
			t.Fatalf("from page %v: %+v", step, s.Draft().Answers())
		}
	}
}

// fillIn answers names and subject and leaves the form at the key page.
func fillIn(r *uitest.Driver) {
	r.Keys("ctrl+n")
	r.Typing("mail.example.org")
	r.Keys("enter", "ctrl+n")
	r.Typing("Sunshine, Inc.")
	r.Keys("ctrl+n")
}

func TestAnUntouchedFormLeavesNoDraft(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
	s := startWizard(r)
	r.Keys("esc")
	if s.Memory().Draft() != nil {
		t.Fatal("opening and leaving the form left a draft")
	}
}

func TestBackWorksFromAnInvalidFieldAndNextDoesNot(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
	startWizard(r)
	r.Keys("ctrl+n")
	r.Typing("foo_bar")
	r.Keys("ctrl+n")
	r.Sees("Which names", "foo_bar", "underscore")
	r.Keys("shift+tab")
	r.Keys("tab", "esc")
	r.Sees("What do you need?")
	r.Keys("ctrl+n")
	r.Sees("foo_bar")
}

func TestAPastedListOf300NamesBecomes300Names(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
	s := startWizard(r)
	r.Keys("ctrl+n")
	r.Paste(uitest.ManyNames(300))
	r.Sees("(300 of 300 on)", "Which names")
	if n := len(wizard.Expand(s.Draft().Answers(), s.Env())); n != 300 {
		t.Fatalf("%d names", n)
	}
}

// A terminal without bracketed paste sends a paste as keys: every newline is an enter.
func TestAPasteAsKeysStaysOnThePage(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
	startWizard(r)
	r.Keys("ctrl+n")
	for _, name := range []string{"a.example.org", "b.example.org", "c.example.org"} {
		r.Typing(name)
		r.Keys("enter")
	}
	r.Sees("(3 of 3 on)", "Which names")
}

func TestTheTickListTakesOutMarksAndDrops(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
	s := startWizard(r)
	r.Keys("ctrl+n")
	r.Paste("a.example.org b.example.org c.example.org")
	r.Keys("shift+tab", "space")
	r.Sees("common name is always in")
	r.Keys("down", "space")
	if got := s.Draft().Answers().Off; !slices.Equal(got, []string{"b.example.org"}) {
		t.Fatalf("off: %v", got)
	}
	r.Sees("(2 of 3 on)")
	r.Keys("c")
	if s.Draft().Answers().CommonName != "b.example.org" || len(s.Draft().Answers().Off) != 0 {
		t.Fatalf("%+v", s.Draft().Answers())
	}
	r.Keys("delete")
	if s.Draft().Answers().Typed != "a.example.org, c.example.org" || s.Draft().Answers().CommonName != "" {
		t.Fatalf("%+v", s.Draft().Answers())
	}
}

func TestARefusedRequestComesBackWithTheReasonAndAllAnswers(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	s := startWizard(r)
	fillIn(r)
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r.Keys("ctrl+n", "ctrl+n")
	r.Typing(filepath.Join(dir, "x.req"))
	r.Keys("ctrl+n")
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	r.Keys("tab")
	r.Wait()
	r.Keys("enter")
	r.Sees("Is this right?", "nothing was made")
	if len(r.Entries()) != 0 || s.Memory().Draft() != s.Draft() || s.Draft().Answers().Organization != "Sunshine, Inc." {
		t.Fatalf("%+v\n%s", s.Draft().Answers(), r.Screen())
	}
	if frame := r.Screen(); !strings.Contains(frame, "director") {
		t.Fatalf("no reason:\n%s", frame)
	}
}

func TestAnExistingFileIsReplacedOnlyWhenSwitchedOn(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	file := filepath.Join(t.TempDir(), "x.req")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	startWizard(r)
	fillIn(r)
	r.Keys("ctrl+n", "ctrl+n")
	r.Typing(file)
	r.Sees("replace the file that is there")
	r.Keys("ctrl+n", "tab")
	r.Wait()
	r.Keys("enter")
	if data, _ := os.ReadFile(file); string(data) != "precious" || len(r.Entries()) != 0 {
		t.Fatalf("replaced without being asked:\n%s", r.Screen())
	}
	r.Keys("esc", "tab", "space", "ctrl+n", "tab")
	r.Wait()
	r.Keys("enter")
	r.Sees("The request is made")
}

func TestQuittingWithADraftAsks(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
	startWizard(r)
	fillIn(r)
	r.Keys("ctrl+c", "ctrl+c")
	r.Sees("unfinished")
	if r.Quit {
		t.Fatal("the draft was thrown away unasked")
	}
}

func TestARenewalIsFilledInAndAsksAboutTheKey(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	startWizard(r)
	r.Keys("down", "space", "ctrl+n")
	r.Typing("mail.example.org")
	r.Keys("enter", "ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "tab")
	r.Wait()
	r.Keys("enter", "enter")
	old := r.Entries()[0]
	r.Send(screen.SelectMsg{ID: old.ID})
	r.Keys("R")
	r.Sees("Renew mail.example.org", "1 of 6")
	r.Keys("ctrl+n")
	r.Sees("[x] mail.example.org")
	r.Keys("ctrl+n", "ctrl+n")
	r.Sees("A new key", "The same key")
	r.Keys("down", "space", "ctrl+n", "ctrl+n")
	r.Sees("renews")
	r.Keys("tab")
	r.Wait()
	r.Keys("enter")
	list := r.Entries()
	if len(list) != 2 || list[1].RenewalOf != old.ID || list[1].SPKI != old.SPKI {
		t.Fatalf("%+v\n%s", list, r.Screen())
	}
	r.Keys("enter")
	r.Send(screen.SelectMsg{ID: old.ID})
	r.Keys("R")
	r.Sees("it has already been renewed by mail.example.org", list[1].Thumbprint[:12]) // and it may be renewed again
}

func TestARenewalDoesNotThrowAnotherFormAwayUnasked(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24, uitest.Article()...)
	s := startWizard(r)
	fillIn(r)
	for range 4 {
		r.Keys("esc")
	}
	r.Send(screen.SelectMsg{ID: 1})
	r.Keys("R")
	r.Sees("Which form?", "The unfinished form")
	r.Keys("enter")
	if again, ok := r.App.Top().(*request.WizardScreen); !ok || again.Draft() != s.Draft() {
		t.Fatalf("enter does not go on with the draft:\n%s", r.Screen())
	}
}

func TestWizardFrames(t *testing.T) {
	for step := wizard.StepPurpose; step <= wizard.StepReview; step++ {
		for _, size := range [][2]int{{80, 24}, {140, 45}} {
			r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, size[0], size[1])
			s := startWizard(r)
			articleAnswers(s.Draft())
			r.Run(s.Open(step, ""))
			r.Wait()
			r.Frames("wizard-"+strings.ToLower(step.Title()), size)
		}
	}
}

// articleAnswers are those of the article's first request.
func articleAnswers(d *request.WizardDraft) {
	d.AnswersRef().FriendlyName = "secure_client"
	d.AnswersRef().Typed = "webmail.proexchange.global, webmail.belgianbeers.rock, ex2007se.proexchange.global, ex2007se"
	d.AnswersRef().IncludeAutodiscover, d.AnswersRef().IncludeServerFQDN, d.AnswersRef().IncludeServerNetBIOSName = true, true, true
	d.AnswersRef().Organization, d.AnswersRef().City, d.AnswersRef().Country = "ProExchange", "Brussels", "BE"
	d.AnswersRef().Services, d.AnswersRef().ServicesSet = certstore.IIS, true
	d.AnswersRef().Path = "/root/secure_client.req"
}

func TestWhileItIsMadeTheFrameIsWholeAndEscCancels(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	s := startWizard(r)
	fillIn(r)
	r.Run(s.Open(wizard.StepReview, ""))
	r.Wait()
	_, create := s.Page().Pressed()() // what the button does; carried out only below
	s.Update(screen.TurnMsg{})
	r.Sees("making the key", "esc cancel")
	r.ExactEverywhere(false)
	r.Exact(80, 24)
	r.Keys("q", "n", "enter") // no key but esc and ctrl+c does anything now
	r.Sees("making the key")
	r.Keys("esc")
	r.Run(create)
	r.Sees("Is this right?", "cancelled: nothing was made")
	if len(r.Entries()) != 0 || s.Memory().Draft() != s.Draft() {
		t.Fatal("a cancelled request was made, or its answers are gone")
	}
}

func TestARequestWhoseFileWasNotWrittenIsNotMadeTwice(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
	s := startWizard(r)
	fillIn(r)
	r.Run(s.Finished(request.MakeMadeMsgErr(madeExample(), fail.New(fail.KeptPending, "`certdesk export` writes it", "the request is safe in the store, but its file was not written"))))
	r.Sees("The request is made", "its file was not written", "writes it")
	if s.Memory().Draft() != nil {
		t.Fatal("the draft would make it again")
	}
}

func madeExample() issuing.Made {
	e := uitest.Article()[1]
	return issuing.Made{Entry: e, PEM: []byte("-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n")}
}

func TestMadeFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, size[0], size[1])
		s := startWizard(r)
		r.Run(s.Finished(request.MakeMadeMsg(madeExample())))
		r.Frames("wizard-made", size)
	}
}

// A key on the names page, with 300 names in the list, to the frame it causes.
func BenchmarkKeyOnThreeHundredNames(b *testing.B) {
	r := uitest.Drive(b, screen.Config{Env: uitest.ArticleEnv()}, 120, 40)
	startWizard(r)
	r.Keys("ctrl+n")
	r.Paste(uitest.ManyNames(300))
	for b.Loop() {
		r.Send(uitest.Press("x"), uitest.Press("backspace"))
		r.App.View()
	}
}

// A name that is none is said so on enter, every time, and stays in the line.
func TestABadNameIsSaidOnEnter(t *testing.T) {
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
	startWizard(r)
	r.Keys("ctrl+n")
	r.Sees("no name is given: the common name is")
	r.Typing("bad_name")
	for range 3 {
		r.Keys("enter")
		r.Sees("bad_name", "an underscore is not")
	}
	r.Paste("a.example.org")
}

// On the review page a key shows the command of another version of Exchange; it is the sitting's from then on.
func TestTheReviewShowsAnotherVersionOfExchange(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 50)
	s := startWizard(r)
	articleAnswers(s.Draft())
	r.Run(s.Open(wizard.StepReview, ""))
	r.Sees("Exchange 2016 CU23, 2019 CU12 and later (v: others)", "$request = New-ExchangeCertificate", "v Exchange version")
	r.Keys("v")
	r.Sees("Exchange 2013, 2016 to CU22, 2019 to CU11 (v: others)", "-RequestFile")
	r.Run(s.Open(wizard.StepFile, ""))
	r.Run(s.Open(wizard.StepReview, ""))
	r.Sees("-RequestFile")
}

// What is typed on the page of the file is its path: the format above has its answer.
func TestThePageOfTheFileTakesThePathAtOnce(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	startWizard(r)
	fillIn(r)
	r.Keys("ctrl+n", "ctrl+n")
	r.Typing("mail.req")
	r.Sees("Where should the request be written?", "> mail.req")
}
