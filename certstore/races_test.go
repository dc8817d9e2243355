package certstore

import (
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// Two writers: each test lets the other one pass at the last moment, when the first has decided and prepared everything
// and is about to take the lock, or to touch the one file that matters.

func TestAPurgeTakesNoKeyThatARenewalIsBeingMadeWith(t *testing.T) {
	for _, selfSigned := range []bool{true, false} {
		f := newFixture(t)
		e := f.bought(request("mail.example.org"))
		r, err := f.store.RenewalRequest(t.Context(), e.ID)
		f.must(err)
		r.ReuseKey, r.SelfSigned = true, selfSigned
		if !selfSigned {
			r.Path = filepath.Join(t.TempDir(), "mail.req")
		}
		made, err := f.outrun(func() { f.remove(e.ID); f.wontPurge(e.ID, fail.InUse) }).New(t.Context(), r)
		f.must(err)
		if l := f.list(false); len(l) != 1 || l[0].SHA256 != made.Entry.SHA256 || f.gone(e.SPKI) {
			t.Errorf("rows: %+v, key gone: %v", l, f.gone(e.SPKI))
		}
	}
}

func TestAKeyPurgedBeforeItsRenewalIsSignedStaysGone(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	r, err := f.store.RenewalRequest(t.Context(), e.ID)
	f.must(err)
	r.ReuseKey, r.SelfSigned = true, true
	s := f.again()
	s.o.Serial = func() (*big.Int, error) { f.purge(e.ID); return issuing.RandomSerial() } // the key has been read by now
	_, err = s.New(t.Context(), r)
	f.failed(err, "no entry has the number")
	if !f.gone(e.SPKI) {
		t.Error("the purged key lies on the disk again")
	}
}

func TestOfTwoRenewalsAtOnceOneIsMade(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	r, err := f.store.RenewalRequest(t.Context(), e.ID)
	f.must(err)
	_, err = f.outrun(func() { f.make(r) }).New(t.Context(), r)
	f.failed(err, "already waiting")
	if n := len(f.list(false)); n != 2 {
		t.Errorf("%d rows: the certificate, and how many renewals?", n)
	}
}

func TestOfTwoImportsOfOneAnswerOneIsListed(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	answer := files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain())
	_, _, err := f.outrun(func() { f.importOK(answer) }).Import(t.Context(), answer)
	f.failed(err, "is here already")
	if l := f.list(false); len(l) != 1 || l[0].ID != made.Entry.ID || l[0].Verdict.Status != trust.Valid {
		t.Errorf("rows: %+v", l)
	}
}

func TestARepairPutsTheAnswerToARemovedRequestIntoTheTrash(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	answer := files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain())
	_, _, err := f.outrun(func() { f.remove(made.Entry.ID) }).Import(t.Context(), answer)
	f.failed(err, "was removed")
	f.doctor(true)
	if l := f.list(false); len(l) != 0 {
		t.Errorf("rows: %+v", l)
	}
	if ok, found := f.doctor(false); !ok {
		t.Errorf("a repair left something without a line: %v", found)
	}
	_, err = f.store.Restore(t.Context(), []int64{made.Entry.ID})
	f.must(err)
	if l := f.list(false); len(l) != 1 || l[0].ID != made.Entry.ID || l[0].Verdict.Status != trust.Valid {
		t.Errorf("after a restore: %+v", l)
	}
}

func TestAnImportPutsBackTheIntermediateThatAPurgeTookMeanwhile(t *testing.T) {
	f := newFixture(t)
	old := f.bought(request("old.example.org"))
	made := f.make(request("mail.example.org"))
	answer := files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain())
	e, _, err := f.outrun(func() { f.purge(old.ID) }).Import(t.Context(), answer)
	f.must(err)
	d, err := f.again().Show(t.Context(), e.ID)
	f.must(err)
	if d.Entry.Verdict.Status != trust.Valid || len(d.Entry.Chain) != 1 {
		t.Errorf("%s: %s", d.Entry.Verdict.Status, d.Entry.Verdict.Reason)
	}
	if ok, found := f.doctor(false); !ok {
		t.Errorf("doctor: %v", found)
	}
}

func TestWhatIsPurgedMeanwhileIsNotRestored(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	f.remove(e.ID)
	s := f.outrun(func() { _, err := f.store.Purge(t.Context(), []int64{e.ID}); f.must(err) })
	res, err := s.Restore(t.Context(), []int64{e.ID})
	f.must(err)
	if len(res.Done) != 0 || len(res.Refused) != 1 || !fail.Is(res.Refused[0].Err, fail.NotFound) {
		t.Errorf("restore: %+v", res)
	}
	if !f.gone(e.SPKI) || len(f.list(false)) != 0 {
		t.Error("a purged entry is back")
	}
}

func TestWhatIsRestoredMeanwhileIsNotPurged(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	f.remove(e.ID)
	s := f.outrun(func() { _, err := f.store.Restore(t.Context(), []int64{e.ID}); f.must(err) })
	res, err := s.Purge(t.Context(), []int64{e.ID})
	f.must(err)
	if len(res.Done) != 0 || len(res.Refused) != 1 || f.gone(e.SPKI) {
		t.Errorf("purge: %+v", res)
	}
}

func TestOnlyWhatThePersonSawIsRemoved(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org")) // the person sees a pending request and is asked …
	f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	f.unchanged("removing what changed meanwhile", func() {
		res, err := f.store.Remove(t.Context(), []ledger.Entry{made.Entry}, true)
		f.must(err)
		if len(res.Done) != 0 || len(res.Refused) != 1 || !fail.Is(res.Refused[0].Err, fail.ConfirmationNeeded) {
			t.Errorf("a certificate was removed under the word given for a request: %+v", res)
		}
	})
}

func TestARequestWhoseKeyIsPurgedMeanwhileDoesNotLeave(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	path := filepath.Join(t.TempDir(), "mail.req")
	after := map[string]string{}
	s := f.outrun(func() { f.purge(made.Entry.ID); after = f.contents() })
	err := s.Export(t.Context(), exporting.Request{ID: made.Entry.ID, Path: path, Format: exporting.RequestPEM})
	f.wants(err, fail.NotFound)
	if _, err := os.Stat(path); err == nil {
		t.Error("the request left")
	}
	if !maps.Equal(f.contents(), after) {
		t.Error("a refused export changed the store")
	}
}

// contents are the bytes of every file of the store but the locks, in which their holders write who they are.
func (f *fixture) contents() map[string]string {
	all := map[string]string{}
	f.must(filepath.WalkDir(f.store.Dir(), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), "lock") {
			var data []byte
			data, err = os.ReadFile(path)
			all[path] = string(data)
		}
		return err
	}))
	return all
}

func TestATargetThatAppearsMeanwhileIsNotOverwritten(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	path := filepath.Join(t.TempDir(), "mail.pem")
	appears := func() error { return os.WriteFile(path, []byte("mine"), 0o600) }

	s := f.interrupted("link", path, appears)
	f.failed(s.Export(t.Context(), exporting.Request{ID: e.ID, Path: path, Format: exporting.PEM}), "exists")
	f.must(os.Remove(path))

	r := request("new.example.org")
	r.Path = path
	made, err := f.interrupted("link", path, appears).New(t.Context(), r)
	f.wants(err, fail.KeptPending)
	if l := f.list(false); len(l) != 2 || l[1].ID != made.Entry.ID || l[1].Verdict.Status != trust.PendingRequest {
		t.Errorf("the request that could not be written is not pending: %+v", l)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "mine" {
		t.Errorf("the file of somebody else: %q %v", text, err)
	}
}

func TestAReaderTakesAPurgeForNoDamage(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	other := f.bought(request("other.example.org"))
	s := f.interrupted("open", f.store.dir.Path(ledger.Certs, e.SHA256), func() error { f.purge(e.ID); return nil })
	_, err := s.Show(t.Context(), e.ID)
	f.wants(err, fail.NotFound)

	s = f.interrupted("open", f.store.dir.Path(ledger.Certs, other.SHA256), func() error { f.purge(other.ID); return nil })
	report, err := s.Doctor(t.Context(), false)
	f.must(err)
	if !report.OK {
		t.Errorf("doctor during a purge: %+v", report.Findings)
	}
}

func TestARequestThatARepairListsMeanwhileIsOneRowWithAllItsFacts(t *testing.T) {
	f := newFixture(t)
	f.make(request("first.example.org"))
	r := request("mail.example.org")
	r.FriendlyName, r.Exportable, r.Path = "secure", true, filepath.Join(t.TempDir(), "mail.req")
	made, err := f.outrun(func() { f.doctor(true) }).New(t.Context(), r)
	f.must(err)
	var rows []ledger.Entry
	for _, e := range f.list(false) {
		if e.SHA256 == made.Entry.SHA256 {
			rows = append(rows, e)
		}
	}
	if len(rows) != 1 || rows[0].ID != made.Entry.ID || !rows[0].Exportable || rows[0].FriendlyName != "secure" || rows[0].Wanted != ledger.SMTP {
		t.Errorf("rows of one request: %+v", rows)
	}
}

func TestARequestThatARepairListsAndAPurgeTakesMeanwhileDoesNotLeave(t *testing.T) {
	f := newFixture(t)
	f.make(request("first.example.org"))
	r := request("mail.example.org")
	r.Path = filepath.Join(t.TempDir(), "mail.req")
	s := f.outrun(func() {
		f.doctor(true)
		f.purge(f.list(false)[1].ID)
	})
	_, err := s.New(t.Context(), r)
	f.failed(err, "purged")
	if _, err := os.Stat(r.Path); err == nil {
		t.Error("a request left, and its key is purged")
	}
	if ok, found := f.doctor(false); !ok || len(f.list(false)) != 1 {
		t.Errorf("doctor %v, rows %+v", found, f.list(false))
	}
}
