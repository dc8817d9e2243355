package ui

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"certdesk/ui/screen"
	"certdesk/wizard"
)

// namesWizard is the form at its names page.
func namesWizard(t *testing.T, w, h int) (*driver, *wizardScreen) {
	t.Helper()
	r := drive(t, screen.Config{Env: articleEnv()}, w, h)
	s := startWizard(r)
	r.keys("ctrl+n")
	return r, s
}

// toSheet goes from the names line to the worksheet.
func toSheet(r *driver) {
	r.keys("tab", "tab", "tab", "tab", "tab", "space")
	r.sees("By which names is each service reached?", "2 of 7")
}

func listed(s *wizardScreen) string {
	var out []string
	for _, c := range wizard.Expand(s.draft.answers, s.env) {
		if c.On {
			out = append(out, c.Name.Value)
		}
	}
	return strings.Join(out, " ")
}

func TestTheWorksheetFeedsTheListWithReasons(t *testing.T) {
	r, s := namesWizard(t, 80, 24)
	r.paste("mail.example.org")
	toSheet(r)
	r.typing("webmail.example.org")
	r.keys("tab", "space", "down", "down")
	r.typing("imap.example.org")
	r.sees("Worksheet (3 names)")
	r.keys("ctrl+n")
	r.sees("Which names will clients use?", "(4 of 4 on)", "web site from the internet", "web site inside", "SMTP inside", "worksheet            3 names")
	if got := listed(s); got != "mail.example.org webmail.example.org ex2007ee.proexchange.global imap.example.org" {
		t.Fatal(got)
	}
	r.keys("down", "delete")
	if s.draft.answers.Worksheet.Count() != 2 {
		t.Fatalf("del leaves %q", s.draft.answers.Worksheet)
	}
	r.keys("ctrl+n")
	r.sees("Whose certificate is it?")
	r.keys("esc", "shift+tab", "shift+tab", "space")
	r.sees("imap.example.org")
}

// Whoever has a list pastes it and goes on; the worksheet is neither seen nor in the way, and looking at it adds nothing.
func TestTheWorksheetIsNotInTheWay(t *testing.T) {
	r, s := namesWizard(t, 60, 18)
	r.paste(manyNames(14))
	r.keys("ctrl+n")
	r.sees("Whose certificate is it?")
	r.keys("esc")
	toSheet(r)
	r.sees("from the internet", "inside", "(ex2007ee", "voice")
	r.keys("down", "down", "esc")
	r.sees("(14 of 14 on)")
	if !s.draft.answers.Worksheet.Blank() {
		t.Fatalf("%q", s.draft.answers.Worksheet)
	}
}

func TestAWrongNameInTheWorksheetIsSaidAndHoldsNobody(t *testing.T) {
	r, s := namesWizard(t, 80, 24)
	r.paste("mail.example.org")
	toSheet(r)
	r.typing("bad_name")
	r.keys("ctrl+n")
	r.sees("web site from the internet:", "underscore")
	r.keys("esc")
	r.sees("Which names will clients use?")
	r.keys("ctrl+n")
	r.sees("Which names will clients use?", "underscore")
	if s.page.form.Field().ID() != "Worksheet" {
		t.Fatalf("the focus is on %s", s.page.form.Field().ID())
	}
	r.keys("space", "ctrl+u", "ctrl+n", "ctrl+n")
	r.sees("Whose certificate is it?")
}

func TestNothingOfTheWorksheetIsLostByLeaving(t *testing.T) {
	r, s := namesWizard(t, 80, 24)
	toSheet(r)
	r.typing("half.typed")
	for range 10 {
		r.keys("esc")
	}
	if r.quit || r.app.forms.draft != s.draft || s.draft.answers.Worksheet[0][0] != "half.typed" {
		t.Fatalf("%+v", r.app.forms.draft)
	}
}

func TestSheetFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r, _ := namesWizard(t, size[0], size[1])
		toSheet(r)
		r.typing("webmail.proexchange.global")
		r.keys("down", "space", "down")
		r.frames("wizard-sheet", size)
	}
}

// sanOf is the names of a request in their order, as openssl reads them.
func sanOf(t *testing.T, file string) []string {
	t.Helper()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		missing(t, "openssl")
	}
	text, err := exec.Command(openssl, "req", "-in", file, "-noout", "-verify", "-text").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var out []string
	for _, found := range regexp.MustCompile(`(?:DNS|IP Address|email):([^,\s]+)`).FindAllStringSubmatch(string(text), -1) {
		out = append(out, found[1])
	}
	return out
}

// The order a person gives the names is that of the list, the review, the request itself and the command.
func TestTheOrderOfTheNamesReachesTheRequest(t *testing.T) {
	r := storeDesk(t, 140, 45)
	s := startWizard(r)
	r.keys("ctrl+n")
	r.paste(manyNames(14) + " 10.0.0.1")
	r.keys("shift+tab", "K")
	r.sees("the common name is always first")
	r.keys("down", "K")
	r.sees("only the common name is above it")
	r.keys("end", "K", "K", "K", "home", "down", "down", "J", "down", "space", "end", "c")
	want := strings.Fields("host13.example.org host0.example.org host1.example.org host3.example.org host2.example.org host5.example.org " +
		"host6.example.org host7.example.org host8.example.org host9.example.org host10.example.org 10.0.0.1 host11.example.org host12.example.org")
	if got := listed(s); got != strings.Join(want, " ") {
		t.Fatalf("the list has\n%s\nwant\n%s", got, want)
	}
	file := filepath.Join(t.TempDir(), "x.req")
	r.keys("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "tab")
	r.typing(file)
	r.keys("ctrl+n")
	command := wizard.CertdeskCommand(s.draft.answers, s.env)
	if !strings.Contains(command, "CN="+want[0]) || !strings.Contains(command, strings.Join(want[1:], " --domain-name ")) {
		t.Fatalf("%s\nis not in the order of\n%s", command, want)
	}
	r.sees(strings.Join(want[:3], ", "))
	r.keys("tab")
	r.wait()
	r.keys("enter")
	r.sees("The request is made")
	if got := sanOf(t, file); !slices.Equal(got, want) {
		t.Fatalf("the request has\n%s\nwant\n%s", got, want)
	}
}
