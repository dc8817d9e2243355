package records_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"certdesk/certstore/trust"
	"certdesk/ui/records"
	"certdesk/ui/uitest"
)

// ills is a store with something of every severity.
func ills() records.ExamMsg {
	return records.MakeExamMsg(records.MakeExam(uitest.Noon, records.SortAilments([]trust.Finding{
		{Code: "temporary", Severity: trust.Info, Text: "certs/.tmp-1 was left by a writer that died, or is in use by one that has not"},
		{Code: "stranger", Severity: trust.Warning, Text: "notes.txt is not one of certdesk's files"},
		{Code: "bad-line", Severity: trust.Error, Text: "line 3 of the journal is damaged: its sum does not match; nothing is written until `certdesk doctor --repair` has recorded it"},
		{Code: "missing", Severity: trust.Error, Text: "webmail 2025: a file is missing: certs/9eb14ca9.pem"},
		{Code: "mode", Severity: trust.Error, Text: "keys/00aa.key can be read by more than its owner (mode 0644): chmod 600 mends it"},
		{Code: "missing", Severity: trust.Error, Text: "secure_smtp: a file is missing: certs/77aa.pem"},
	})))
}

func doctorDesk(t testing.TB, w, h int, msg records.ExamMsg) *uitest.Driver {
	t.Helper()
	r := uitest.ArticleDesk(t, w, h)
	r.Keys("H")
	r.Send(msg)
	return r
}

// One sentence on top, then what is broken first, findings of one kind together, each with what it means and the way
// out.
func TestTheDoctorSpeaksPlainly(t *testing.T) {
	r := doctorDesk(t, 140, 60, ills())
	r.Sees("4 things need attention.", "A file is missing (2)", "bring the file back from a backup", "chmod 600 /var/lib/certdesk/keys/*.key")
	frame, at := r.Screen(), 0
	for _, text := range []string{"A line of the journal is damaged", "A file is missing", "A private key is open to others", "not certdesk's", "A temporary file was left"} {
		next := strings.Index(frame[at:], text)
		if next < 0 {
			t.Fatalf("%q is not below what is worse:\n%s", text, frame)
		}
		at += next
	}
}

func TestASoundStoreSaysSo(t *testing.T) {
	r := doctorDesk(t, 80, 24, records.MakeExamMsg(records.MakeExamSound(uitest.Noon, true)))
	r.Sees("The store is healthy.", "r look again")
	r.SeesNot("f repair", "good to know")
	r.Keys("esc")
	if r.Depth() != 1 {
		t.Error("esc did not leave")
	}
}

// A repair is offered only where it helps and the store can be written.
func TestARepairIsOfferedWhereItHelps(t *testing.T) {
	r := doctorDesk(t, 80, 24, ills())
	r.Sees("f repair")
	r.Desk.ReadOnly = true
	r.SeesNot("f repair")
	r.Keys("f")
	r.Sees("read-only: nothing can be repaired here")
	r.Keys("end")
	r = doctorDesk(t, 80, 24, records.MakeExamMsg(records.MakeExam(uitest.Noon, records.SortAilments([]trust.Finding{{Code: "missing", Severity: trust.Error, Text: "x"}}))))
	r.Sees("1 thing needs attention.")
	r.SeesNot("f repair")
	r.Keys("f")
	if r.Depth() != 2 {
		t.Error("a repair that helps nothing was offered")
	}
}

// A look that is cancelled says so and leaves what was known.
func TestACancelledLookKeepsWhatWasKnown(t *testing.T) {
	r := doctorDesk(t, 80, 24, ills())
	r.Send(records.MakeExamMsgErr(context.Canceled))
	r.Sees("4 things need attention.")
	r = uitest.ArticleDesk(t, 80, 24)
	r.Keys("H")
	r.Send(records.MakeExamMsgErr(errors.New("/srv/store cannot be read")))
	r.Sees("/srv/store cannot be read", "r looks again")
}

// Every finding the store can give has words and a next step.
func TestEveryFindingHasARemedy(t *testing.T) {
	codes := regexp.MustCompile(`r\.Add\("([a-z-]+)"`)
	files, err := filepath.Glob(uitest.Testdata("..", "certstore", "health", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, uitest.Testdata("..", "certstore", "repairing.go"))
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range codes.FindAllStringSubmatch(string(text), -1) {
			found++
			if r := records.Remedies[m[1]]; r.Title() == "" || r.Means() == "" || r.Next() == "" {
				t.Errorf("%s: %+v", m[1], r)
			}
		}
	}
	if found < 15 {
		t.Errorf("only %d findings were found in the sources", found)
	}
}

// On a real store: a certificate that no line names is found, and f lists it again, behind a dialog that starts on
// Cancel.
func TestRepairingAStore(t *testing.T) {
	r := uitest.LiveDesk(t, "first.example.org")
	dir := r.Desk.Store.Dir()
	journal := filepath.Join(dir, "journal")
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	r.Keys("H")
	r.Sees("The store is healthy.")
	if err := os.WriteFile(journal, append([]byte("damaged line\n"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	r = uitest.LiveOn(t, dir)
	r.Keys("H")
	r.Sees("thing needs attention", "A line of the journal is damaged", "f repair")
	r.Keys("f")
	r.Wait()
	r.Sees("only ever adds", "Nothing is deleted")
	r.Keys("enter")
	r.Sees("A line of the journal is damaged")
	r.Keys("f")
	r.Wait()
	r.Keys("tab", "enter")
	r.Sees("Repaired just now")
	r.SeesNot("f repair")
}

// A key that cannot be made again is told of where a key is missing, not where a certificate is.
func TestAMissingCertificateIsNoLostKey(t *testing.T) {
	for file, want := range map[string]bool{"certs/9eb14ca9.pem": false, "keys/9eb14ca9.key": true} {
		r := doctorDesk(t, 100, 24, records.MakeExamMsg(records.MakeExam(uitest.Noon, records.SortAilments(
			[]trust.Finding{{Code: "missing", Severity: trust.Error, Text: "web: a file is missing: " + file}}))))
		if got := strings.Contains(r.Screen(), "private key that is lost"); got != want {
			t.Errorf("%s: %v", file, got)
		}
	}
}
