package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/wizard"
)

// makeFirst makes the article's first request into a directory and stays on the page that says so.
func makeFirst(r *driver, dir string) {
	r.t.Helper()
	s := startWizard(r)
	articleAnswers(s.draft)
	s.draft.answers.Exportable, s.draft.answers.Bits = true, 4096
	s.draft.answers.Path = filepath.Join(dir, "secure_client.req")
	r.run(s.open(wizard.StepReview, ""))
	r.keys("tab")
	r.wait()
	r.keys("enter")
	r.sees("The request is made", "n another")
}

// The article's two requests in one sitting: the second asks only for what is its own.
func TestTheSecondRequestOfASittingAsksOnlyForItsOwn(t *testing.T) {
	r := storeDesk(t, 80, 24)
	dir := t.TempDir()
	makeFirst(r, dir)
	r.keys("n")
	r.sees("What do you need?", "1 of 7", "As in secure_client: ProExchange, Brussels, BE; RSA 4096 bits, exportable;")
	s := r.app.top().(*wizardScreen)
	if a := s.draft.answers; a.FriendlyName != "" || a.Typed != "" || a.ServicesSet || a.IncludeAutodiscover {
		t.Fatalf("%+v", a)
	}
	r.keys("tab")
	r.typing("secure_smtp")
	r.keys("enter", "tab", "space", "ctrl+n")
	r.sees("Whose certificate is it?", "ProExchange", "Belgium")
	r.keys("ctrl+n", "ctrl+n", "tab", "space", "ctrl+n")
	file := filepath.Join(dir, "secure_smtp.req")
	if s.draft.answers.Path != file {
		t.Fatalf("the file offered is %q", s.draft.answers.Path)
	}
	r.keys("ctrl+n")
	r.sees("new, RSA 4096 bits")
	r.keys("tab")
	r.wait()
	r.keys("enter")
	r.sees("The request is made")
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	e := r.entries()[1]
	if e.FriendlyName != "secure_smtp" || e.Wanted != certstore.SMTP || !e.Exportable || !strings.Contains(e.Subject, "O=ProExchange,L=Brussels,C=BE") {
		t.Fatalf("%+v", e)
	}
	r.keys("enter")
	r.sees("secure_smtp", "secure_client")
}

// n in the table begins the same way, and says so; leaving it at once loses nothing and keeps no draft.
func TestNInTheTableCarriesTheSame(t *testing.T) {
	r := storeDesk(t, 80, 24)
	startWizard(r)
	r.seesNot("As in")
	r.keys("esc")
	makeFirst(r, t.TempDir())
	r.keys("enter")
	s := startWizard(r)
	r.sees("As in secure_client")
	if s.draft.answers.Organization != "ProExchange" {
		t.Fatalf("%+v", s.draft.answers)
	}
	r.keys("esc")
	if r.app.forms.draft != nil {
		t.Fatal("a form nobody touched is kept as a draft")
	}
}

// The file that is offered goes with the names until a person types another.
func TestTheOfferedFileFollowsTheNames(t *testing.T) {
	r := storeDesk(t, 80, 24)
	dir := t.TempDir()
	makeFirst(r, dir)
	r.keys("n")
	s := r.app.top().(*wizardScreen)
	at := func(name string) string {
		s.draft.answers.FriendlyName = name
		r.run(s.open(wizard.StepFile, "Path"))
		r.keys("shift+tab", "tab")
		return s.draft.answers.Path
	}
	if got := at("one"); got != filepath.Join(dir, "one.req") {
		t.Fatal(got)
	}
	if got := at("two"); got != filepath.Join(dir, "two.req") {
		t.Fatal(got)
	}
	r.typing("x")
	if got := at("three"); got != filepath.Join(dir, "two.reqx") {
		t.Fatal(got)
	}
}

func TestCarriedFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := drive(t, screen.Config{Env: articleEnv()}, size[0], size[1])
		s := startWizard(r)
		articleAnswers(s.draft)
		r.run(s.finished(madeMsg{made: madeExample()}))
		r.keys("n")
		r.frames("wizard-carried", size)
	}
}

// Every field of the wizard explains itself: a hint of one or two sentences, and help of two to four.
func TestEveryFieldOfTheWizardHasHelp(t *testing.T) {
	sentence := regexp.MustCompile(`[.:?](\s|$)`)
	seen := map[string]bool{}
	for step := wizard.StepPurpose; step <= wizard.StepReview; step++ {
		r := drive(t, screen.Config{Env: articleEnv()}, 80, 24)
		s := startWizard(r)
		articleAnswers(s.draft)
		s.draft.answers.RenewalOf, s.draft.answers.SubjectDN = 1, "C=BE,OU=one,OU=two,CN=a.org"
		r.run(s.open(step, ""))
		pages := []*wizardPage{s.page}
		if step == wizard.StepNames {
			r.run(s.openSheet())
			pages = append(pages, s.page)
		}
		for _, page := range pages {
			for id := range fieldHelp {
				page.form.Hide(nil).Focus(id)
				field := page.form.Field()
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
	for id := range fieldHelp {
		if !seen[id] {
			t.Errorf("help for %s, which is no field", id)
		}
	}
}
