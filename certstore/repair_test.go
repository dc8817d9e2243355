package certstore

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// diesPurging removes an entry and lets its purge die ahead of the first unlink: the line stands, the files are all there.
func (f *fixture) diesPurging(e ledger.Entry) {
	f.Helper()
	f.remove(e.ID)
	dies := func() error { return syscall.EIO }
	_, err := f.interrupted("unlink", f.store.dir.Path(ledger.Certs, e.SHA256), dies).Purge(f.Context(), []int64{e.ID})
	if err == nil || fail.Of(err).Code.Exit() != 1 {
		f.Fatalf("a purge that could not unlink: %v", err)
	}
	if f.gone(e.SPKI) {
		f.Fatal("the purge did not die where it should")
	}
}

func TestThePurgeOfADeadWriterWaitsForARepairWhereALineWasCutOff(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	f.diesPurging(e)
	f.tear()
	f.make(request("next.example.org"))
	if f.gone(e.SPKI) {
		t.Error("the key went, though the torn line may have named it")
	}
	if _, found := f.doctor(true); len(found["adopted"]) != 0 {
		t.Errorf("adopted: %v", found["adopted"])
	}
	f.make(request("last.example.org"))
	if !f.gone(e.SPKI) {
		t.Error("the purge was never finished")
	}
}

func TestARepairBringsNothingBackThatAPurgeBegan(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	f.diesPurging(e)
	if ok, found := f.doctor(false); !ok || len(found["unfinished-purge"]) == 0 {
		t.Errorf("doctor: %v", found)
	}
	_, found := f.doctor(true)
	if len(found["adopted"]) != 0 || len(f.list(false)) != 0 || len(f.list(true)) != 0 {
		t.Errorf("adopted: %v, rows %v", found["adopted"], f.list(false))
	}
	f.make(request("next.example.org")) // the next change finishes it
	if !f.gone(e.SPKI) {
		t.Error("the purged key is still there")
	}
}

func TestAPurgeDestroysWhatADeadWriterLeftOfTheKey(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	key := f.store.dir.Path(ledger.Keys, e.SPKI)
	left := filepath.Join(filepath.Dir(key), ".tmp-DEADWRITER")
	f.must(os.Link(key, left))
	if ok, found := f.doctor(false); !ok || len(found["links"]) != 1 {
		t.Errorf("a dead writer's second name is told and no fault: %v", found)
	}
	outside := filepath.Join(t.TempDir(), "copy")
	f.must(os.Link(key, outside))
	if ok, found := f.doctor(false); ok || len(found["links"]) != 1 {
		t.Errorf("a hard link that no purge destroys is a fault: %v", found)
	}
	f.must(os.Remove(outside))
	f.purge(e.ID)
	if _, err := os.Stat(left); err == nil || !f.gone(e.SPKI) {
		t.Error("the destroyed key is still in keys/")
	}
}

func TestDamageThatWasSeenBeforeCanBeRepaired(t *testing.T) {
	f := newFixture(t)
	f.make(request("a.example.org"))
	b := f.make(request("b.example.org"))
	f.damage(1, "a.example.org", "z.example.org")
	s := f.again()
	_, err := s.List(t.Context(), false)
	f.must(err)
	if !strings.Contains(s.Banner(), "doctor --repair") {
		t.Errorf("banner: %q", s.Banner())
	}
	f.unchanged("writing to a damaged store", func() {
		_, err := s.Remove(t.Context(), []ledger.Entry{b.Entry}, true)
		f.wants(err, fail.Damaged)
		if !strings.Contains(fail.Of(err).Hint, "--repair") {
			t.Errorf("hint: %s", fail.Of(err).Hint)
		}
	})
	_, err = s.Doctor(t.Context(), true)
	f.must(err)
	_, err = s.Remove(t.Context(), []ledger.Entry{b.Entry}, true)
	f.must(err)
	if s.Banner() != "" {
		t.Errorf("banner after the repair: %q", s.Banner())
	}
}

func TestALostJournalIsNeverTakenForAnEmptyStore(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("a.example.org"))
	f.make(request("b.example.org"))
	f.must(os.Remove(f.inStore("journal")))
	s := f.again()
	if s.Banner() == "" {
		t.Error("no banner")
	}
	if ok, found := f.doctor(false); ok {
		t.Errorf("doctor: well: %v", found)
	}
	f.unchanged("a writer without a journal", func() {
		_, err := s.New(t.Context(), request("c.example.org"))
		f.wants(err, fail.Damaged)
		_, err = s.Remove(t.Context(), []ledger.Entry{e}, false)
		f.wants(err, fail.Damaged)
	})
	_, err := s.Doctor(t.Context(), true)
	f.must(err)
	_, err = s.New(t.Context(), request("c.example.org"))
	f.must(err)
	l, err := s.List(t.Context(), false)
	f.must(err)
	if len(l) != 3 || s.Banner() != "" {
		t.Errorf("%d rows after the repair, banner %q", len(l), s.Banner())
	}
	for _, row := range l {
		if row.SHA256 == e.SHA256 && (row.Verdict.Status != trust.Valid || row.Exportable) {
			t.Errorf("the certificate is %s (%s), exportable %v", row.Verdict.Status, row.Verdict.Reason, row.Exportable)
		}
	}
}

func TestARepairSaysOnlyWhatItDid(t *testing.T) {
	f := newFixture(t)
	f.bought(request("a.example.org"))
	f.must(os.Remove(f.inStore("journal")))
	for run, want := range []int{1, 0} { // the certificate; its request, which it answered, is no row of its own
		_, found := f.doctor(true)
		if n := len(found["adopted"]); n != want {
			t.Errorf("run %d says: %v", run+1, found["adopted"])
		}
		if n := len(f.list(false)); n != 1 {
			t.Errorf("run %d: %d rows", run+1, n)
		}
	}
}

func TestARepairCompletesTheRequestWhoseAnswerLostItsLine(t *testing.T) {
	f := newFixture(t)
	r := request("a.example.org")
	r.FriendlyName, r.Exportable = "secure_smtp", true
	made := f.make(r)
	f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	f.make(request("z.example.org"))
	f.damage(2, "secure_smtp", "secure_smtq")
	f.doctor(true)
	l := f.list(false)
	if len(l) != 2 {
		t.Fatalf("%d rows: the certificate, the other request, and what?", len(l))
	}
	if e := l[0]; e.ID != made.Entry.ID || e.Kind != ledger.Certificate || e.FriendlyName != "secure_smtp" || e.Verdict.Status != trust.Valid || !e.Exportable || e.Wanted != ledger.SMTP {
		t.Errorf("completed: %+v", e)
	}
}

func TestAPurgeWaitsForARepairWhereALineWasCutOff(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	old := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 10)), f.ca.chain()))
	reissue := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	f.damage(3, "mail.example.org", "fail.example.org") // the last line: the next writer moves it aside
	f.store = f.again()
	f.remove(old.ID)
	f.wontPurge(old.ID, fail.InUse)
	if f.gone(old.SPKI) {
		t.Fatal("the key of a committed entry is gone")
	}
	f.doctor(true)
	_, err := f.store.Purge(t.Context(), []int64{old.ID})
	f.must(err)
	l := f.list(false)
	if len(l) != 1 || l[0].SHA256 != reissue.SHA256 || l[0].Verdict.Status != trust.Valid || f.gone(reissue.SPKI) {
		t.Errorf("rows: %+v", l)
	}
}
