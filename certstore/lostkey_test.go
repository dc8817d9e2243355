package certstore

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

func TestARequestDoesNotLeaveWithoutItsKey(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	f.lose(ledger.Keys, made.Entry.SPKI)
	for _, format := range []exporting.Format{exporting.RequestPEM, exporting.RequestDER} {
		path := filepath.Join(t.TempDir(), "mail.req")
		f.unchanged("a refused export", func() {
			f.wants(f.store.Export(t.Context(), exporting.Request{ID: made.Entry.ID, Path: path, Format: format}), fail.Damaged)
		})
		if _, err := os.Stat(path); err == nil {
			t.Error("the request left, its key is not in the store")
		}
	}
}

func TestARequestDoesNotLeaveWhenItsKeyIsLostMeanwhile(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	path := filepath.Join(t.TempDir(), "mail.req")
	s := f.outrun(func() { f.lose(ledger.Keys, made.Entry.SPKI) })
	f.wants(s.Export(t.Context(), exporting.Request{ID: made.Entry.ID, Path: path, Format: exporting.RequestPEM}), fail.Damaged)
	if _, err := os.Stat(path); err == nil {
		t.Error("the request left, its key is not in the store")
	}
}

func TestAnAnswerToARequestThatLostItsKeyIsRefused(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	f.lose(ledger.Keys, made.Entry.SPKI)
	f.unchanged("a refused answer", func() {
		_, _, err := f.store.Import(t.Context(), files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
		f.wants(err, fail.Damaged)
	})
	if l := f.list(false); len(l) != 1 || l[0].Kind != ledger.PendingReq {
		t.Errorf("rows: %+v", l)
	}
}

func TestAnAnswerThatBringsTheLostKeyCompletesItsRequest(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	key, err := os.ReadFile(f.store.dir.Path(ledger.Keys, made.Entry.SPKI))
	f.must(err)
	f.lose(ledger.Keys, made.Entry.SPKI)
	e := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain(), key))
	if e.ID != made.Entry.ID || e.Verdict.Status != trust.Valid || f.gone(e.SPKI) {
		t.Errorf("completed: %+v", e)
	}
}

func TestImportingACopyHealsALostKey(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	key, err := os.ReadFile(f.store.dir.Path(ledger.Keys, e.SPKI))
	f.must(err)
	copied := files(pemOf(t, f, e), key)
	f.lose(ledger.Keys, e.SPKI)
	d, err := f.store.Show(t.Context(), e.ID)
	f.must(err)
	if d.Entry.Verdict.Status != trust.Invalid || !strings.Contains(d.Entry.Verdict.Reason, "private key is missing") {
		t.Errorf("without its key: %s (%s)", d.Entry.Verdict.Status, d.Entry.Verdict.Reason)
	}

	f.unchanged("an import nobody confirmed", func() {
		_, found, err := f.store.Import(t.Context(), copied)
		f.wants(err, fail.AlreadyExists)
		if !slices.Contains(found.Attachable, "its private key") || !strings.Contains(fail.Of(err).Hint, "its private key") {
			t.Errorf("attachable %v, hint %v", found.Attachable, fail.Of(err))
		}
	})
	copied.Attach, copied.Exportable = true, true
	healed := f.importOK(copied)
	if healed.ID != e.ID || healed.Verdict.Status != trust.Valid || f.gone(e.SPKI) {
		t.Errorf("healed: %+v", healed)
	}
	if healed.Exportable {
		t.Error("a key that was not exportable became so")
	}
	if ok, found := f.doctor(false); !ok {
		t.Errorf("doctor: %v", found)
	}
}

func TestAKeyOfAnotherCertificateHealsNothing(t *testing.T) {
	f := newFixture(t)
	e, other := f.bought(request("mail.example.org")), f.bought(request("other.example.org"))
	wrong, err := os.ReadFile(f.store.dir.Path(ledger.Keys, other.SPKI))
	f.must(err)
	in := files(pemOf(t, f, e), wrong)
	in.Attach = true
	f.lose(ledger.Keys, e.SPKI)
	f.unchanged("a wrong key", func() {
		_, _, err := f.store.Import(t.Context(), in)
		f.wants(err, fail.KeyMismatch)
	})
}
