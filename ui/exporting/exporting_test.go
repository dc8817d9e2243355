package exporting_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/formats"
	"certdesk/ui/exporting"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

func TestExportWritesAPFXThatOpensWithThePassword(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	e := uitest.Imported(r)
	file := filepath.Join(t.TempDir(), "mail.pfx")
	r.Keys("x")
	r.Sees("Who will open this?")
	r.Keys("tab")
	r.Typing(file)
	r.Keys("enter")
	r.Typing("canary-sesame")
	r.Keys("enter")
	r.Typing("canary-other")
	r.Keys("tab")
	r.Sees("the two passwords differ")
	r.Keys("shift+tab", "ctrl+u")
	r.Typing("canary-sesame")
	r.Keys("enter", "enter")
	r.Sees("Written", "mail.pfx")
	r.SeesNot("canary")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v", info.Mode())
	}
	b, err := formats.DecodeContext(t.Context(), data, []byte("canary-sesame"))
	if err != nil || len(b.Keys) != 1 || formats.Thumbprint(b.Certs[0].Raw) != e.Thumbprint {
		t.Fatalf("%v %v", b, err)
	}
	s := r.App.Top().(*exporting.ExportScreen)
	if s.Secret().Pass().Text.Value() != "" || s.Secret().Again().Text.Value() != "" {
		t.Fatal("the password is still in the fields")
	}
}

func TestAnExistingTargetIsReplacedOnlyAfterAQuestion(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	uitest.Imported(r)
	file := filepath.Join(t.TempDir(), "mail.cer")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Keys("x")
	r.Keys(slices.Repeat([]string{"down"}, 7)...)
	r.Keys("enter")
	r.Typing(file)
	r.Keys("ctrl+n", "enter")
	r.Sees("Replace the file?")
	r.Keys("enter")
	r.Wait()
	r.Keys("enter")
	if data, _ := os.ReadFile(file); string(data) != "precious" {
		t.Fatal("replaced by the default answer")
	}
	r.Sees("Who will open this?", file[len(file)-8:])
	r.Keys("enter")
	r.Wait()
	r.Keys("tab", "enter")
	r.Sees("Written")
	if data, _ := os.ReadFile(file); !strings.Contains(string(data), "BEGIN CERTIFICATE") {
		t.Fatalf("%q", data)
	}
}

func TestAKeyThatMayNotLeaveIsNotOffered(t *testing.T) {
	list, d := uitest.Article(), &screen.Desk{Shared: &screen.Shared{}}
	for _, o := range exporting.ReaderOptions(d, list[2]) {
		if exporting.ReaderOf(o.Value).Forms[0].Format.BringsKey() {
			t.Errorf("offers %s", o.Text)
		}
	}
	for _, o := range exporting.ReaderOptions(d, list[1]) {
		if !exporting.ReaderOf(o.Value).Forms[0].Format.OfRequest() {
			t.Errorf("a pending request offers %s", o.Text)
		}
	}
	d.ReadOnly = true
	if got := exporting.ReaderOptions(d, list[0]); len(got) == 0 || got[0].Value != "pem" {
		t.Errorf("a desk that only reads offers %v", got)
	}
}

// A file's name says what is in it, as by command: no private key goes into a .cer, no certificate into a .pfx.
func TestAFileNameThatSaysSomethingElseIsRefused(t *testing.T) {
	for _, c := range []struct {
		downs int
		name  string
		right string
	}{
		{0, "oldwin", "oldwin.pfx"}, {1, "a.pem", "a.pfx"}, {2, "x.cer", "x.p12"}, {3, "x.cer", "x.pem"},
		{4, "x.pfx", "x.pem"}, {6, "x.p7b", "x.pfx"}, {7, "wrong.pfx", "wrong.cer"}, {8, "a.pem", "a.cer"}, {9, "a.cer", "a.p7b"},
	} {
		r := uitest.StoreDesk(t, 80, 24)
		uitest.Imported(r)
		dir := t.TempDir()
		r.Keys("x")
		r.Keys(slices.Repeat([]string{"down"}, c.downs)...)
		r.Keys("enter")
		r.Typing(filepath.Join(dir, c.name))
		r.Keys("ctrl+n")
		r.Sees("such a file ends in", "type "+c.right)
		r.Keys("ctrl+n", "enter")
		if list, _ := os.ReadDir(dir); len(list) != 0 {
			t.Errorf("%s was written", list[0].Name())
		}
	}
}

func TestLeavingAnExportKeepsThePathAndForgetsThePassword(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	uitest.Imported(r)
	r.Keys("x", "tab")
	r.Typing("/nowhere/mail.pfx")
	r.Keys("enter")
	r.Typing("canary")
	for range 10 {
		r.Keys("esc")
	}
	if r.Quit {
		t.Fatal("esc quit")
	}
	r.Keys("x")
	r.Sees("/nowhere/mail.pfx")
	if s := r.App.Top().(*exporting.ExportScreen); s.Secret().Pass().Text.Value() != "" {
		t.Fatal("the password was kept")
	}
}

func TestAFailedExportSaysWhyAndKeepsTheForm(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	uitest.Imported(r)
	r.Keys("x")
	r.Keys(slices.Repeat([]string{"down"}, 7)...)
	r.Keys("enter")
	r.Typing(filepath.Join(t.TempDir(), "no", "such", "mail.cer"))
	r.Keys("ctrl+n", "enter")
	r.Sees("Who will open this?", "mail.cer", "director")
}

func TestExportFrames(t *testing.T) {
	for i, name := range map[int]string{0: "exportable", 1: "request", 2: "public"} {
		for _, size := range [][2]int{{80, 24}, {140, 45}} {
			r := uitest.ArticleDesk(t, size[0], size[1])
			r.To(screen.ToExport{Entry: uitest.Article()[i]})
			r.Frames("export-"+name, size)
		}
	}
}

func TestAPoorPasswordIsToldBeforeTheFileIsWritten(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	uitest.Imported(r)
	r.Keys("x", "tab")
	r.Typing(filepath.Join(t.TempDir(), "mail.pfx"))
	r.Keys("enter")
	r.Typing("Password2026!")
	r.Sees("This password is weak", "certdesk generates a")
	r.Keys("ctrl+u")
	r.Typing("correct horse 7")
	r.SeesNot("is weak")
}

// A password that nobody typed is made up, shown once beside the file it opens, and gone with the screen.
func TestAnExportWithoutAPasswordGetsOneMadeUp(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	uitest.Imported(r)
	file := filepath.Join(t.TempDir(), "mail.pfx")
	r.Keys("x")
	r.Sees("leave empty: certdesk generates one")
	r.Keys("tab")
	r.Typing(file)
	r.Keys("ctrl+n", "enter")
	r.Sees("Written", "Its password", "shown only this once")
	password := regexp.MustCompile(`([a-z2-7]{5}-){3}[a-z2-7]{5}`).FindString(r.Screen())
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := formats.DecodeContext(t.Context(), data, []byte(password)); err != nil || len(b.Keys) != 1 {
		t.Errorf("under %q: %v", password, err)
	}
	r.Keys("enter", "x")
	r.SeesNot(password)
}

// What certdesk made up is sent to the terminal by one key; what a person typed is not offered.
func TestAMadeUpPasswordIsCopiedWithOneKey(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	uitest.Imported(r)
	var sent bytes.Buffer
	r.Desk.Clip.Out = &sent
	r.Keys("x", "tab")
	r.Typing(filepath.Join(t.TempDir(), "mail.pfx"))
	r.Keys("ctrl+n", "enter")
	r.Sees("Written", "under the password", "y copy the password")
	r.SeesNot("your password")
	found := regexp.MustCompile(`Its password  (\S+)`).FindStringSubmatch(r.Screen())
	r.Keys("y")
	r.Sees("the password was sent to the terminal")
	if found == nil || !strings.Contains(sent.String(), base64.StdEncoding.EncodeToString([]byte(found[1]))) {
		t.Errorf("%q was sent for %q", sent.String(), found)
	}
	r.Keys("enter", "x", "tab")
	r.Typing(filepath.Join(t.TempDir(), "mail.pfx"))
	r.Keys("enter")
	r.Typing("canary-sesame")
	r.Keys("enter")
	r.Typing("canary-sesame")
	r.Keys("ctrl+n", "enter")
	r.Sees("Written")
	r.SeesNot("copy the password")
}

// What Windows opens an Exchange server can take in: the command is there, where it can be shown whole.
func TestAnExportForWindowsShowsHowExchangeTakesItIn(t *testing.T) {
	for width, shown := range map[int]bool{80: true, 60: false} {
		r := uitest.StoreDesk(t, width, width*3/10)
		uitest.Imported(r)
		r.Keys("x", "tab")
		r.Typing(filepath.Join(t.TempDir(), "it's.pfx"))
		r.Keys("ctrl+n", "enter")
		r.Sees("Written")
		if !shown {
			r.SeesNot("Import-ExchangeCertificate", "version")
			continue
		}
		r.Sees("Import-ExchangeCertificate", "ReadAllBytes", "'it''s.pfx'")
		r.Keys("v")
		r.Sees("-FileName (Join-Path $PWD 'it''s.pfx')")
	}
}
