package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/formats"
)

// imported puts a certificate with an exportable key into the desk's store.
func imported(r *driver) certstore.Entry {
	r.t.Helper()
	startWizard(r)
	r.keys("down", "ctrl+n")
	r.typing("mail.example.org")
	r.keys("enter", "ctrl+n", "ctrl+n", "tab", "space", "ctrl+n", "ctrl+n", "tab")
	r.wait()
	r.keys("enter", "enter")
	list := r.entries()
	if len(list) != 1 || !list[0].Exportable {
		r.t.Fatalf("%+v\n%s", list, r.screen())
	}
	return list[0]
}

func TestExportWritesAPFXThatOpensWithThePassword(t *testing.T) {
	r := storeDesk(t, 80, 24)
	e := imported(r)
	file := filepath.Join(t.TempDir(), "mail.pfx")
	r.keys("x")
	r.sees("Who will open this?")
	r.keys("tab")
	r.typing(file)
	r.keys("enter")
	r.typing("canary-sesame")
	r.keys("enter")
	r.typing("canary-other")
	r.keys("tab")
	r.sees("the two passwords differ")
	r.keys("shift+tab", "ctrl+u")
	r.typing("canary-sesame")
	r.keys("enter", "enter")
	r.sees("Written", "mail.pfx")
	r.seesNot("canary")
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
	s := r.app.top().(*exportScreen)
	if s.secret.pass.Text.Value() != "" || s.secret.again.Text.Value() != "" {
		t.Fatal("the password is still in the fields")
	}
}

func TestAnExistingTargetIsReplacedOnlyAfterAQuestion(t *testing.T) {
	r := storeDesk(t, 80, 24)
	imported(r)
	file := filepath.Join(t.TempDir(), "mail.cer")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.keys("x", "down", "down", "down", "tab")
	r.typing(file)
	r.keys("ctrl+n", "enter")
	r.sees("Replace the file?")
	r.keys("enter")
	r.wait()
	r.keys("enter")
	if data, _ := os.ReadFile(file); string(data) != "precious" {
		t.Fatal("replaced by the default answer")
	}
	r.sees("Who will open this?", file[len(file)-8:])
	r.keys("enter")
	r.wait()
	r.keys("tab", "enter")
	r.sees("Written")
	if data, _ := os.ReadFile(file); !strings.Contains(string(data), "BEGIN CERTIFICATE") {
		t.Fatalf("%q", data)
	}
}

func TestAKeyThatMayNotLeaveIsNotOffered(t *testing.T) {
	e := article()[2]
	for _, o := range receiverOptions(e) {
		if f := receiverOf(o.Value).format; f == certstore.ExportPKCS12 || f == certstore.ExportKeyPEM {
			t.Errorf("offers %s", o.Text)
		}
	}
	for _, o := range receiverOptions(article()[1]) {
		if f := receiverOf(o.Value).format; f != certstore.ExportRequestPEM && f != certstore.ExportRequestDER {
			t.Errorf("a pending request offers %s", o.Text)
		}
	}
}

// A file's name says what is in it, as by command: no private key goes into a .cer, no certificate into a .pfx.
func TestAFileNameThatSaysSomethingElseIsRefused(t *testing.T) {
	for _, c := range []struct {
		downs int
		name  string
		right string
	}{
		{0, "oldwin", "oldwin.pfx"}, {1, "a.pem", "a.pfx"}, {2, "x.cer", "x.pem"}, {2, "x.pfx", "x.pem"},
		{3, "wrong.pfx", "wrong.cer"}, {4, "a.pem", ""}, {5, "a.cer", "a.p7b"},
	} {
		r := storeDesk(t, 80, 24)
		imported(r)
		dir := t.TempDir()
		r.keys("x")
		for range c.downs {
			r.keys("down")
		}
		r.keys("tab")
		r.typing(filepath.Join(dir, c.name))
		r.keys("ctrl+n")
		if c.right != "" {
			r.sees("such a file ends in", "type "+c.right)
			r.keys("ctrl+n", "enter")
		}
		if list, _ := os.ReadDir(dir); len(list) != 0 && c.right != "" {
			t.Errorf("%s was written", list[0].Name())
		}
	}
}

func TestLeavingAnExportKeepsThePathAndForgetsThePassword(t *testing.T) {
	r := storeDesk(t, 80, 24)
	imported(r)
	r.keys("x", "tab")
	r.typing("/nowhere/mail.pfx")
	r.keys("enter")
	r.typing("canary")
	for range 10 {
		r.keys("esc")
	}
	if r.quit {
		t.Fatal("esc quit")
	}
	r.keys("x")
	r.sees("/nowhere/mail.pfx")
	if s := r.app.top().(*exportScreen); s.secret.pass.Text.Value() != "" {
		t.Fatal("the password was kept")
	}
}

func TestAFailedExportSaysWhyAndKeepsTheForm(t *testing.T) {
	r := storeDesk(t, 80, 24)
	imported(r)
	r.keys("x", "down", "down", "down", "tab")
	r.typing(filepath.Join(t.TempDir(), "no", "such", "mail.cer"))
	r.keys("ctrl+n", "enter")
	r.sees("Who will open this?", "mail.cer", "director")
}

func TestExportFrames(t *testing.T) {
	for i, name := range map[int]string{0: "exportable", 1: "request", 2: "public"} {
		for _, size := range [][2]int{{80, 24}, {140, 45}} {
			r := articleDesk(t, size[0], size[1])
			r.run(r.app.push(newExport(r.app.d, article()[i])))
			r.frames("export-"+name, size)
		}
	}
}

func TestAPoorPasswordIsToldBeforeTheFileIsWritten(t *testing.T) {
	r := storeDesk(t, 80, 24)
	imported(r)
	r.keys("x", "tab")
	r.typing(filepath.Join(t.TempDir(), "mail.pfx"))
	r.keys("enter")
	r.typing("Password2026!")
	r.sees("This password is poor", "certdesk makes up a good one")
	r.keys("ctrl+u")
	r.typing("correct horse 7")
	r.seesNot("is poor")
}

// A password that nobody typed is made up, shown once beside the file it opens, and gone with the screen.
func TestAnExportWithoutAPasswordGetsOneMadeUp(t *testing.T) {
	r := storeDesk(t, 80, 24)
	imported(r)
	file := filepath.Join(t.TempDir(), "mail.pfx")
	r.keys("x")
	r.sees("empty: certdesk makes one up")
	r.keys("tab")
	r.typing(file)
	r.keys("ctrl+n", "enter")
	r.sees("Written", "Its password", "the only time it is shown")
	password := regexp.MustCompile(`([a-z2-7]{5}-){3}[a-z2-7]{5}`).FindString(r.screen())
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := formats.DecodeContext(t.Context(), data, []byte(password)); err != nil || len(b.Keys) != 1 {
		t.Errorf("under %q: %v", password, err)
	}
	r.keys("enter", "x")
	r.seesNot(password)
}
