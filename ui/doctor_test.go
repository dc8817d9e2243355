package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"certdesk/certstore/trust"
)

// ills is a store with something of every severity.
func ills() examMsg {
	return examMsg{exam: exam{at: noon, ailments: sortAilments([]trust.Finding{
		{Code: "temporary", Severity: trust.Info, Text: "certs/.tmp-1 was left by a writer that died, or is in use by one that has not"},
		{Code: "stranger", Severity: trust.Warning, Text: "notes.txt is not one of certdesk's files"},
		{Code: "bad-line", Severity: trust.Error, Text: "line 3 of the journal is damaged: its sum does not match; nothing is written until `certdesk doctor --repair` has recorded it"},
		{Code: "missing", Severity: trust.Error, Text: "webmail 2025: a file is missing: certs/9eb14ca9.pem"},
		{Code: "mode", Severity: trust.Error, Text: "keys/00aa.key can be read by more than its owner (mode 0644): chmod 600 mends it"},
		{Code: "missing", Severity: trust.Error, Text: "secure_smtp: a file is missing: certs/77aa.pem"},
	})}}
}

func doctorDesk(t testing.TB, w, h int, msg examMsg) *driver {
	t.Helper()
	r := articleDesk(t, w, h)
	r.keys("H")
	r.send(msg)
	return r
}

// One sentence on top, then what is broken first, findings of one kind together, each with what it means and the way out.
func TestTheDoctorSpeaksPlainly(t *testing.T) {
	r := doctorDesk(t, 140, 60, ills())
	r.sees("4 things need you.", "A file is missing (2)", "bring the file back from a backup", "chmod 600 /var/lib/certdesk/keys/*.key")
	frame, at := r.screen(), 0
	for _, text := range []string{"A line of the journal is damaged", "A file is missing", "A private key is open to others", "not certdesk's", "A temporary file was left"} {
		next := strings.Index(frame[at:], text)
		if next < 0 {
			t.Fatalf("%q is not below what is worse:\n%s", text, frame)
		}
		at += next
	}
}

func TestASoundStoreSaysSo(t *testing.T) {
	r := doctorDesk(t, 80, 24, examMsg{exam: exam{at: noon, sound: true}})
	r.sees("The store is sound.", "r look again")
	r.seesNot("f repair", "good to know")
	r.keys("esc")
	if r.depth() != 1 {
		t.Error("esc did not leave")
	}
}

// A repair is offered only where it helps and the store can be written.
func TestARepairIsOfferedWhereItHelps(t *testing.T) {
	r := doctorDesk(t, 80, 24, ills())
	r.sees("f repair")
	r.app.d.ReadOnly = true
	r.seesNot("f repair")
	r.keys("f")
	r.sees("read-only: nothing can be repaired here")
	r.keys("end")
	r = doctorDesk(t, 80, 24, examMsg{exam: exam{at: noon, ailments: sortAilments([]trust.Finding{{Code: "missing", Severity: trust.Error, Text: "x"}})}})
	r.sees("1 thing needs you.")
	r.seesNot("f repair")
	r.keys("f")
	if r.depth() != 2 {
		t.Error("a repair that helps nothing was offered")
	}
}

// A look that is cancelled says so and leaves what was known.
func TestACancelledLookKeepsWhatWasKnown(t *testing.T) {
	r := doctorDesk(t, 80, 24, ills())
	r.send(examMsg{err: context.Canceled})
	r.sees("4 things need you.")
	r = articleDesk(t, 80, 24)
	r.keys("H")
	r.send(examMsg{err: errors.New("/srv/store cannot be read")})
	r.sees("/srv/store cannot be read", "r looks again")
}

// Every finding the store can give has words and a next step.
func TestEveryFindingHasARemedy(t *testing.T) {
	codes := regexp.MustCompile(`r\.add\("([a-z-]+)"`)
	files, err := filepath.Glob("../certstore/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range codes.FindAllStringSubmatch(string(text), -1) {
			found++
			if r := remedies[m[1]]; r.title == "" || r.means == "" || r.next == "" {
				t.Errorf("%s: %+v", m[1], r)
			}
		}
	}
	if found < 15 {
		t.Errorf("only %d findings were found in the store's source", found)
	}
}

// On a real store: a certificate that no line names is found, and f lists it again, behind a dialog that starts on Cancel.
func TestRepairingAStore(t *testing.T) {
	r := liveDesk(t, "first.example.org")
	dir := r.app.d.Store.Dir()
	journal := filepath.Join(dir, "journal")
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	r.keys("H")
	r.sees("The store is sound.")
	if err := os.WriteFile(journal, append([]byte("damaged line\n"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	r = liveOn(t, dir)
	r.keys("H")
	r.sees("thing needs you", "A line of the journal is damaged", "f repair")
	r.keys("f")
	r.wait()
	r.sees("only ever adds", "Nothing is deleted")
	r.keys("enter")
	r.sees("A line of the journal is damaged")
	r.keys("f")
	r.wait()
	r.keys("tab", "enter")
	r.sees("Repaired just now")
	r.seesNot("f repair")
}
