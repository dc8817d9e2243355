package request_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/enabling"
	"certdesk/certstore/evidence"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/ui/request"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/wizard"
)

// namesWizard is the form at its names page.
func namesWizard(t *testing.T, w, h int) (*uitest.Driver, *request.WizardScreen) {
	t.Helper()
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv()}, w, h)
	s := startWizard(r)
	r.Keys("ctrl+n")
	return r, s
}

// toSheet goes from the names line to the worksheet.
func toSheet(r *uitest.Driver) {
	r.Keys("tab", "tab", "tab", "tab", "tab", "space")
	r.Sees("By which names is each service reached?", "2 of 7")
}

func listed(s *request.WizardScreen) string {
	var out []string
	for _, c := range wizard.Expand(s.Draft().Answers(), s.Env()) {
		if c.On {
			out = append(out, c.Name.Value)
		}
	}
	return strings.Join(out, " ")
}

func TestTheWorksheetFeedsTheListWithReasons(t *testing.T) {
	r, s := namesWizard(t, 80, 24)
	r.Paste("mail.example.org")
	toSheet(r)
	r.Typing("webmail.example.org")
	r.Keys("tab", "space", "down", "down")
	r.Typing("imap.example.org")
	r.Sees("Worksheet (3 names)")
	r.Keys("ctrl+n")
	r.Sees("Which names will clients use?", "(4 of 4 on)", "web site from the internet", "web site inside", "SMTP inside", "worksheet            3 names")
	if got := listed(s); got != "mail.example.org webmail.example.org ex2007ee.proexchange.global imap.example.org" {
		t.Fatal(got)
	}
	r.Keys("down", "delete")
	if s.Draft().Answers().Worksheet.Count() != 2 {
		t.Fatalf("del leaves %q", s.Draft().Answers().Worksheet)
	}
	r.Keys("ctrl+n")
	r.Sees("Whose certificate is it?")
	r.Keys("esc", "shift+tab", "shift+tab", "space")
	r.Sees("imap.example.org")
}

// Whoever has a list pastes it and goes on; the worksheet is neither seen nor in the way, and looking at it adds
// nothing.
func TestTheWorksheetIsNotInTheWay(t *testing.T) {
	r, s := namesWizard(t, 60, 18)
	r.Paste(uitest.ManyNames(14))
	r.Keys("ctrl+n")
	r.Sees("Whose certificate is it?")
	r.Keys("esc")
	toSheet(r)
	r.Sees("from the internet", "inside", "(ex2007ee", "voice")
	r.Keys("down", "down", "esc")
	r.Sees("(14 of 14 on)")
	if !s.Draft().Answers().Worksheet.Blank() {
		t.Fatalf("%q", s.Draft().Answers().Worksheet)
	}
}

func TestAWrongNameInTheWorksheetIsSaidAndHoldsNobody(t *testing.T) {
	r, s := namesWizard(t, 80, 24)
	r.Paste("mail.example.org")
	toSheet(r)
	r.Typing("bad_name")
	r.Keys("ctrl+n")
	r.Sees("web site from the internet:", "underscore")
	r.Keys("esc")
	r.Sees("Which names will clients use?")
	r.Keys("ctrl+n")
	r.Sees("Which names will clients use?", "underscore")
	if s.Page().Form().Field().ID() != "Worksheet" {
		t.Fatalf("the focus is on %s", s.Page().Form().Field().ID())
	}
	r.Keys("space", "ctrl+u", "ctrl+n", "ctrl+n")
	r.Sees("Whose certificate is it?")
}

func TestNothingOfTheWorksheetIsLostByLeaving(t *testing.T) {
	r, s := namesWizard(t, 80, 24)
	toSheet(r)
	r.Typing("half.typed")
	for range 10 {
		r.Keys("esc")
	}
	if r.Quit || s.Memory().Draft() != s.Draft() || s.Draft().Answers().Worksheet[0][0] != "half.typed" {
		t.Fatalf("%+v", s.Memory().Draft())
	}
}

func TestSheetFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r, _ := namesWizard(t, size[0], size[1])
		toSheet(r)
		r.Typing("webmail.proexchange.global")
		r.Keys("down", "space", "down")
		r.Frames("wizard-sheet", size)
	}
}

// sanOf is the names of a request in their order, as openssl reads them.
func sanOf(t *testing.T, file string) []string {
	t.Helper()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		uitest.Missing(t, "openssl")
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
	r := uitest.StoreDesk(t, 140, 45)
	s := startWizard(r)
	r.Keys("ctrl+n")
	r.Paste(uitest.ManyNames(14) + " 10.0.0.1")
	r.Keys("shift+tab", "K")
	r.Sees("the common name is always first")
	r.Keys("down", "K")
	r.Sees("only the common name is above it")
	r.Keys("end", "K", "K", "K", "home", "down", "down", "J", "down", "space", "end", "c")
	want := strings.Fields("host13.example.org host0.example.org host1.example.org host3.example.org host2.example.org host5.example.org " +
		"host6.example.org host7.example.org host8.example.org host9.example.org host10.example.org 10.0.0.1 host11.example.org host12.example.org")
	if got := listed(s); got != strings.Join(want, " ") {
		t.Fatalf("the list has\n%s\nwant\n%s", got, want)
	}
	file := filepath.Join(t.TempDir(), "x.req")
	r.Keys("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n")
	r.Typing(file)
	r.Keys("ctrl+n")
	command := wizard.CertdeskCommand(s.Draft().Answers(), s.Env())
	if !strings.Contains(command, "CN="+want[0]) || !strings.Contains(command, strings.Join(want[1:], " --domain-name ")) {
		t.Fatalf("%s\nis not in the order of\n%s", command, want)
	}
	r.Sees(strings.Join(want[:3], ", "))
	r.Keys("tab")
	r.Wait()
	r.Keys("enter")
	r.Sees("The request is made")
	if got := sanOf(t, file); !slices.Equal(got, want) {
		t.Fatalf("the request has\n%s\nwant\n%s", got, want)
	}
}

// The worksheet offers what services are called already, with who says so; DNS is asked when it is opened, if it may be.
func TestTheWorksheetSaysWhoSuggestsAName(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		var asked []string
		hosts := func(_ context.Context, domains []string) []evidence.Host {
			asked = domains
			return []evidence.Host{{Use: "SMTP", Name: "mx.proexchange.global", Source: "the MX of proexchange.global"},
				{Use: "IMAP", Name: "imap.proexchange.global", Source: "_imaps of proexchange.global"}}
		}
		r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv(), Hosts: hosts, Asks: true}, size[0], size[1])
		r.Desk.Survey = &enabling.Survey{Ports: []enabling.Port{{Service: services.Instance{Use: "SMTP", Driver: "postfix"}, Report: probe.Report{Greets: "mx.proexchange.global"}}}}
		s := startWizard(r)
		r.Keys("ctrl+n")
		toSheet(r)
		r.Sees("(imap.proexchange.global)", "(mx.proexchange.global)")
		r.Keys("down", "down")
		r.Sees("mx.proexchange.global: the MX of", "greets with it")
		r.Frames("wizard-sheet-suggested", size)
		r.Keys("space", "ctrl+n")
		if got := listed(s); !strings.HasPrefix(got, "mx.proexchange.global") || len(asked) != 2 {
			t.Error(got, asked)
		}
		asked = nil
		r.Desk.Asks = false
		r.Keys("shift+tab", "space")
		r.Sees("By which names is each service reached?")
		if asked != nil {
			t.Error("DNS is asked although it may not be")
		}
	}
}
