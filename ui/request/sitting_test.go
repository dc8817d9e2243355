package request_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/request"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/wizard"
)

// makeFirst makes the article's first request into a directory and stays on the page that says so.
func makeFirst(r *uitest.Driver, dir string) {
	r.T.Helper()
	s := startWizard(r)
	articleAnswers(s.Draft())
	s.Draft().AnswersRef().Exportable, s.Draft().AnswersRef().Bits = true, 4096
	s.Draft().AnswersRef().Path = filepath.Join(dir, "secure_client.req")
	r.Run(s.Open(wizard.StepReview, ""))
	r.Keys("tab")
	r.Wait()
	r.Keys("enter")
	r.Sees("The request is made", "n another")
}

// The article's two requests in one sitting: the second asks only for what is its own.
func TestTheSecondRequestOfASittingAsksOnlyForItsOwn(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	dir := t.TempDir()
	makeFirst(r, dir)
	r.Keys("n")
	r.Sees("What do you need?", "1 of 7", "As in secure_client: ProExchange, Brussels, BE; RSA 4096 bits,")
	s := r.App.Top().(*request.WizardScreen)
	if a := s.Draft().Answers(); a.FriendlyName != "" || a.Typed != "" || a.ServicesSet || a.IncludeAutodiscover {
		t.Fatalf("%+v", a)
	}
	r.Keys("tab")
	r.Typing("secure_smtp")
	r.Keys("enter", "tab", "space", "ctrl+n")
	r.Sees("Whose certificate is it?", "ProExchange", "Belgium")
	r.Keys("ctrl+n", "ctrl+n", "tab", "space", "ctrl+n")
	file := filepath.Join(dir, "secure_smtp.req")
	if s.Draft().Answers().Path != file {
		t.Fatalf("the file offered is %q", s.Draft().Answers().Path)
	}
	r.Keys("ctrl+n")
	r.Sees("new, RSA 4096 bits")
	r.Keys("tab")
	r.Wait()
	r.Keys("enter")
	r.Sees("The request is made")
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	e := r.Entries()[1]
	if e.FriendlyName != "secure_smtp" || e.Wanted != certstore.SMTP || !e.Exportable || !strings.Contains(e.Subject, "O=ProExchange,L=Brussels,C=BE") {
		t.Fatalf("%+v", e)
	}
	r.Keys("enter")
	r.Sees("secure_smtp", "secure_client")
}

// n in the table begins the same way, and says so; leaving it at once loses nothing and keeps no draft.
func TestNInTheTableCarriesTheSame(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	startWizard(r)
	r.SeesNot("As in")
	r.Keys("esc")
	makeFirst(r, t.TempDir())
	r.Keys("enter")
	s := startWizard(r)
	r.Sees("As in secure_client")
	if s.Draft().Answers().Organization != "ProExchange" {
		t.Fatalf("%+v", s.Draft().Answers())
	}
	r.Keys("esc")
	if s.Memory().Draft() != nil {
		t.Fatal("a form nobody touched is kept as a draft")
	}
}

// The file that is offered goes with the names until a person types another.
func TestTheOfferedFileFollowsTheNames(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	dir := t.TempDir()
	makeFirst(r, dir)
	r.Keys("n")
	s := r.App.Top().(*request.WizardScreen)
	at := func(name string) string {
		s.Draft().AnswersRef().FriendlyName = name
		r.Run(s.Open(wizard.StepFile, "Path"))
		r.Keys("shift+tab", "tab")
		return s.Draft().Answers().Path
	}
	if got := at("one"); got != filepath.Join(dir, "one.req") {
		t.Fatal(got)
	}
	if got := at("two"); got != filepath.Join(dir, "two.req") {
		t.Fatal(got)
	}
	r.Typing("x")
	if got := at("three"); got != filepath.Join(dir, "two.reqx") {
		t.Fatal(got)
	}
}

func TestCarriedFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, size[0], size[1])
		s := startWizard(r)
		articleAnswers(s.Draft())
		r.Run(s.Finished(request.MakeMadeMsg(madeExample())))
		r.Keys("n")
		r.Frames("wizard-carried", size)
	}
}

// Every field of the wizard explains itself: a hint of one or two sentences, and help of two to four.
func TestEveryFieldOfTheWizardHasHelp(t *testing.T) {
	sentence := regexp.MustCompile(`[.:?](\s|$)`)
	seen := map[string]bool{}
	for step := wizard.StepPurpose; step <= wizard.StepReview; step++ {
		r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, 80, 24)
		s := startWizard(r)
		articleAnswers(s.Draft())
		s.Draft().AnswersRef().RenewalOf, s.Draft().AnswersRef().SubjectDN = 1, "C=BE,OU=one,OU=two,CN=a.org"
		r.Run(s.Open(step, ""))
		pages := []*request.WizardPage{s.Page()}
		if step == wizard.StepNames {
			r.Run(s.OpenSheet())
			pages = append(pages, s.Page())
		}
		for _, page := range pages {
			for id := range request.FieldHelp {
				page.Form().Hide(nil).Focus(id)
				field := page.Form().Field()
				seen[field.ID()] = true
				hint, help := field.Hint(), field.Help()
				if n := len(sentence.FindAllString(help, -1)); help == hint || n < 2 || n > 5 || !strings.HasSuffix(help, ".") {
					t.Errorf("%s: %d sentences of help: %q", field.ID(), n, help)
				}
				if hint == "" || len(hint) > 160 || kit.Printable(help) != help {
					t.Errorf("%s: hint %q", field.ID(), hint)
				}
			}
		}
	}
	for id := range request.FieldHelp {
		if !seen[id] {
			t.Errorf("help for %s, which is no field", id)
		}
	}
}
