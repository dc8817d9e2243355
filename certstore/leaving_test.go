package certstore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// diesExporting leaves what an export does that is killed before its file is published: the line and the temporary.
func (f *fixture) diesExporting(e ledger.Entry) (left string) {
	f.Helper()
	staged, err := disk.Reserve(nil, filepath.Join(f.TempDir(), "mail.pem"), false)
	f.must(err)
	l := staged.Left()
	_, err = f.store.write(f.Context(), func() (change, error) {
		return change{op: ledger.OpLeaving, data: ledger.Data{IDs: []int64{e.ID}, Note: "pem-with-key to mail.pem", Left: &l}}, nil
	})
	f.must(err)
	f.must(staged.Fill([]byte("-----BEGIN PRIVATE KEY-----"), 0o600))
	return l.Path()
}

func gone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, os.ErrNotExist)
}

func TestWhatADeadExportLeftIsToldAndDeleted(t *testing.T) {
	for name, by := range map[string]func(f *fixture, e ledger.Entry){
		"the next writer": func(f *fixture, _ ledger.Entry) { f.make(request("next.example.org")) },
		"a repair":        func(f *fixture, _ ledger.Entry) { f.doctor(true) },
		"a purge":         func(f *fixture, e ledger.Entry) { f.purge(e.ID) },
		"another export": func(f *fixture, e ledger.Entry) {
			f.must(f.store.Export(f.Context(), exporting.Request{ID: e.ID, Path: filepath.Join(f.TempDir(), "mail.cer"), Format: exporting.PEM}))
		},
	} {
		f := newFixture(t)
		e := f.bought(request("mail.example.org"))
		left := f.diesExporting(e)
		if ok, found := f.doctor(false); ok || !strings.Contains(strings.Join(found["left-export"], " "), filepath.Base(left)) {
			t.Errorf("doctor: %v", found)
		}
		by(f, e)
		if !gone(left) {
			t.Errorf("%s did not delete the copy of the key", name)
		}
		if ok, found := f.doctor(false); !ok {
			t.Errorf("%s: doctor: %v", name, found)
		}
	}
}

func TestALivingExportIsLeftAlone(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	left := f.diesExporting(e)
	release, err := f.again().dir.LockExport(t.Context())
	f.must(err)
	f.make(request("next.example.org"))
	if ok, found := f.doctor(false); gone(left) || !ok {
		t.Errorf("its file is gone: %v; doctor: %v", gone(left), found)
	}
	release()
	f.make(request("last.example.org"))
	if !gone(left) {
		t.Error("it is still there though the export is dead")
	}
}

func TestOnlyTheVeryFileOfADeadExportIsDeleted(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	left := f.diesExporting(e)
	f.must(os.Rename(left, left+".moved"))
	f.must(os.WriteFile(left, []byte("somebody's"), 0o600))
	f.make(request("next.example.org"))
	if text, err := os.ReadFile(left); err != nil || string(text) != "somebody's" {
		t.Errorf("a file of somebody else: %q, %v", text, err)
	}
}

func TestACopyThatCannotBeDeletedKeepsItsKeyFromAPurgeAlone(t *testing.T) {
	f := newFixture(t)
	e, other := f.bought(request("mail.example.org")), f.bought(request("other.example.org"))
	f.remove(e.ID, other.ID)
	left := f.diesExporting(e)
	f.store = f.open(&faultFS{disk.OS(), func(op, path string) error {
		if op == "unlink" && path == left {
			return syscall.EROFS
		}
		return nil
	}}, f.store.Dir(), f.ca.root)
	_, err := f.store.New(t.Context(), request("next.example.org"))
	f.must(err)
	if !strings.Contains(f.store.Banner(), left) {
		t.Errorf("banner: %q", f.store.Banner())
	}
	res, err := f.store.Purge(t.Context(), []int64{e.ID, other.ID})
	f.must(err)
	if len(res.Done) != 1 || len(res.Refused) != 1 || !fail.Is(res.Refused[0].Err, fail.InUse) {
		t.Errorf("purged: %+v", res)
	}
}

func TestALineOfAnExportCanNameNoOtherFile(t *testing.T) {
	f := newFixture(t)
	victim := filepath.Join(t.TempDir(), "passwd")
	f.must(os.WriteFile(victim, nil, 0o600))
	info, err := disk.OS().Stat(victim)
	f.must(err)
	for _, left := range []ledger.Left{{Dir: filepath.Dir(victim), Name: "passwd", Inode: info.Inode},
		{Dir: filepath.Dir(victim), Name: ".tmp-x/../passwd", Inode: info.Inode}} {
		_, err = disk.Sweep(disk.OS(), left)
		f.must(err)
	}
	if gone(victim) {
		t.Error("a file that is no temporary of ours was deleted")
	}
}

func TestAnExportThatMayNotSurviveAPowerCutSaysSo(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	path := filepath.Join(t.TempDir(), "mail.cer")
	f.must(os.WriteFile(path, []byte("old"), 0o600))
	s := f.interrupted("sync", filepath.Dir(path), func() error { return syscall.EIO })
	err := s.Export(t.Context(), exporting.Request{ID: e.ID, Path: path, Format: exporting.PEM, Overwrite: true})
	f.failed(err, "the file is there, but it may not survive")
	if text, err := os.ReadFile(path); err != nil || string(text) == "old" {
		t.Errorf("%q, %v", text, err)
	}
	events, err := s.History(t.Context())
	f.must(err)
	if last := events[len(events)-1]; last.Op != ledger.OpExport {
		t.Errorf("the journal ends with %s: %s", last.Op, last.Text)
	}
}

func TestAnExportThatFailedLeavesNothingAndTheJournalSaysSo(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	dir := t.TempDir()
	path := filepath.Join(dir, "mail.cer")
	s := f.interrupted("link", path, func() error { return syscall.ENOSPC })
	f.failed(s.Export(t.Context(), exporting.Request{ID: e.ID, Path: path, Format: exporting.PEM}), "no space")
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	events, err := s.History(t.Context())
	f.must(err)
	if last := events[len(events)-1]; last.Op != ledger.OpStayed || !strings.Contains(last.Text, "exported nothing") {
		t.Errorf("the journal ends with %s: %s", last.Op, last.Text)
	}
}

// A journal of before has one line for an export.
func TestAnOlderLineOfAnExportIsRead(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	f.write(ledger.OpExport, `{"ids":[1],"note":"pem to mail.pem"}`)
	d, err := f.again().Show(t.Context(), made.Entry.ID)
	f.must(err)
	if ok, found := f.doctor(false); !ok || len(d.History) != 2 || !strings.Contains(d.History[1].Text, "exported mail.example.org") {
		t.Errorf("history %+v, doctor %v", d.History, found)
	}
}
