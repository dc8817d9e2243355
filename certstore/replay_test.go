package certstore

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// operations are all that a line can say it is, and some that it cannot.
var operations = []string{ledger.OpNew, ledger.OpImport, ledger.OpAttach, ledger.OpAdopt, ledger.OpLeaving, ledger.OpExport, ledger.OpStayed, ledger.OpRemove, ledger.OpRestore, ledger.OpRename, ledger.OpPurge, ledger.OpPurged, ledger.OpRepair, ledger.OpSetting, ledger.OpAccount, ledger.OpOrder, ledger.OpProofs, ledger.OpReady, ledger.OpFailed, ledger.OpWindow, ledger.OpRevoked, "zzz", "", "\x1b[31m"}

func TestNoLineOfTheJournalStopsTheStore(t *testing.T) {
	for name, data := range map[string]string{
		"null":          `null`,
		"no entry":      `{"entry":null}`,
		"empty entry":   `{"entry":{}}`,
		"negative id":   `{"entry":{"id":-5,"kind":"certificate"}}`,
		"huge id":       `{"entry":{"id":9223372036854775807,"kind":"certificate"}}`,
		"huge number":   `{"entry":{"id":99999999999999999999}}`,
		"array":         `[1]`,
		"string":        `"x"`,
		"bad kind":      `{"entry":{"kind":"alien","friendlyName":"x\u001b"}}`,
		"bogus ids":     `{"ids":[-1,0,9223372036854775807]}`,
		"bogus objects": `{"ids":[77],"objects":[{"kind":"keys","name":"../../../etc/passwd"},{"kind":"journal","name":"x"}]}`,
	} {
		f := newFixture(t)
		made := f.make(request("mail.example.org"))
		for _, op := range operations {
			f.write(op, data)
		}
		s := f.again()
		if _, err := s.List(t.Context(), true); err != nil {
			t.Errorf("%s: list of the removed: %v", name, err)
		}
		events, err := s.History(t.Context())
		if err != nil || len(events) != len(operations)+1 {
			t.Errorf("%s: history: %d lines, %v", name, len(events), err)
		}
		for _, e := range events {
			if printable.Text(e.Op) != e.Op {
				t.Errorf("%s: raw bytes in the history: %q", name, e.Op)
			}
		}
		if _, err := s.Doctor(t.Context(), false); err != nil {
			t.Errorf("%s: doctor: %v", name, err)
		}
		if _, err = s.New(t.Context(), request("after.example.org")); err != nil {
			t.Errorf("%s: nothing can be written any more: %v", name, err)
		}
		if _, err = s.Doctor(t.Context(), true); err != nil {
			t.Errorf("%s: repair: %v", name, err)
		}
		listsStill(f, name, made.Entry)
	}
}

// listsStill looks for an entry that no line took away.
func listsStill(f *fixture, name string, want ledger.Entry) {
	f.Helper()
	for _, e := range f.list(false) {
		if e.ID == want.ID && e.SHA256 == want.SHA256 && e.Verdict.Status == trust.PendingRequest {
			return
		}
	}
	f.Errorf("%s: the entry is no longer listed: %+v", name, f.list(false))
}

func TestWhatThisVersionDoesNotKnowIsToldAndStopsPurgesAlone(t *testing.T) {
	for name, line := range map[string]func(reissue string) (op, data string){
		"an unknown operation": func(reissue string) (string, string) { return "bind", `{"entry":` + reissue + `}` },
		"an unknown service": func(reissue string) (string, string) {
			return ledger.OpImport, `{"entry":` + strings.Replace(reissue, `"SMTP"`, `"SMTP,XMPP"`, 1) + `}`
		},
	} {
		f := newFixture(t)
		e := f.bought(request("mail.example.org"))
		reissue := fmt.Sprintf(`{"kind":"certificate","sha256":%q,"spki":%q,"keyKept":true,"wanted":"SMTP"}`, strings.Repeat("ab", 32), e.SPKI)
		f.write(line(reissue))
		f.store = f.again()
		f.remove(e.ID)
		f.unchanged(name, func() {
			_, err := f.store.Purge(t.Context(), []int64{e.ID})
			f.wants(err, fail.Damaged)
		})
		if f.gone(e.SPKI) {
			t.Errorf("%s: the key of a committed entry is gone", name)
		}
		if ok, found := f.doctor(false); ok || len(found["unknown-line"]) != 1 || !strings.Contains(f.store.Banner(), "line 3") {
			t.Errorf("%s: doctor %v, banner %q", name, found, f.store.Banner())
		}
		f.make(request("next.example.org"))
	}
}

func TestAThumbprintThatIsTooShortIsNoPanic(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	f.write(ledger.OpNew, `{"entry":{"id":1,"kind":"request","thumbprint":"AB","spki":"`+made.Entry.SPKI+`","keyKept":true}}`)
	f.write(ledger.OpRemove, `{"ids":[1]}`)
	_, _, err := f.store.Import(t.Context(), files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90))))
	f.wants(err, fail.NoMatchingRequest)
	if !strings.Contains(fail.Of(err).Hint, "restore AB") {
		t.Errorf("hint: %s", fail.Of(err).Hint)
	}
}

func TestALineCannotMakeAKeyExportable(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	for _, op := range []string{ledger.OpImport, ledger.OpAttach, ledger.OpAdopt, ledger.OpNew} {
		f.write(op, `{"newKey":true,"entry":{"kind":"certificate","keyKept":true,"keyExportable":true,"spki":"`+e.SPKI+`"}}`)
	}
	for _, row := range f.list(false) {
		if row.Exportable {
			t.Errorf("entry %d: the key became exportable", row.ID)
		}
	}
}

func TestATornTailIsToldOnceUntilItIsMovedAside(t *testing.T) {
	f := newFixture(t)
	f.make(request("mail.example.org"))
	f.tear()
	for range 5 {
		f.list(false)
	}
	told := func() (n int) {
		report, err := f.store.Doctor(t.Context(), false)
		f.must(err)
		for _, x := range report.Findings {
			if x.Code == "torn-tail" {
				n++
			}
		}
		return n
	}
	if n := told(); n != 1 {
		t.Errorf("told %d times", n)
	}
	f.make(request("next.example.org"))
	if n := told(); n != 0 {
		t.Errorf("told %d times after it was moved aside", n)
	}
	if !strings.Contains(f.store.Banner(), "torn-") {
		t.Errorf("banner: %q", f.store.Banner())
	}
}
