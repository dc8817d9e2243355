//go:build linux || darwin || freebsd

package disk_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// losing makes a store with an object of a kind and takes its journal away.
func losing(t *testing.T, kind ledger.ObjectKind) (d *disk.Dir, dir string) {
	t.Helper()
	d, dir = newStore(t)
	put(t, d, kind, "webmail")
	must(appendTo(d, "new", lineData{Pad: "first"}))
	must(os.Remove(filepath.Join(dir, "journal")))
	return d, dir
}

// A store whose journal is gone while its objects are here is not written, by whoever opened it whenever: a new
// journal would make them nobody's. It says so before anything is tried.
func TestLostJournalIsNotStartedAnew(t *testing.T) {
	for _, kind := range []ledger.ObjectKind{ledger.Keys, ledger.Certs, ledger.Requests} {
		d, dir := losing(t, kind)
		fresh := openStore(t, dir)
		wantLost(t, fresh)
		for _, d := range []*disk.Dir{d, fresh} {
			before := contents(t, dir)
			wantRefusedAsLost(t, appendTo(d, "new", lineData{}))
			wantRefusedAsLost(t, d.Put(ledger.Certs, nameOf("other"), nil))
			wantRefusedAsLost(t, d.Delete(kind, nameOf("webmail")))
			if after := contents(t, dir); after != before {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
			wantLost(t, d)
		}
	}
}

func wantRefusedAsLost(t *testing.T, err error) {
	t.Helper()
	wantCode(t, err, fail.Damaged)
	wantAll(t, err.Error(), "journal is missing")
	wantAll(t, fail.Of(err).Hint, "backup", "doctor --repair")
}

func wantLost(t *testing.T, d *disk.Dir) {
	t.Helper()
	wantAll(t, d.Banner(), "journal is missing", "backup", "doctor --repair")
	if bad := d.Bad(); len(bad) != 1 || bad[0].Line != 0 || bad[0].Why == "" {
		t.Errorf("bad are %v", bad)
	}
	if got := pads(t, d); got != "" {
		t.Errorf("read %q", got)
	}
	_, _, err := d.VerifyChain("")
	wantCode(t, err, fail.Damaged)
}

// Repair starts a new journal, whose first line says that the old one was lost; then all is as in any store.
func TestRepairStartsALostJournal(t *testing.T) {
	d, dir := losing(t, ledger.Keys)
	named, err := d.Repair(t.Context())
	if err != nil || len(named) != 1 || named[0].Line != 0 {
		t.Fatalf("repaired %v, %v", named, err)
	}
	must(appendTo(d, "adopt", lineData{Pad: "again"}))
	for _, d := range []*disk.Dir{d, openStore(t, dir)} {
		if d.Banner() != "" || len(d.Bad()) != 0 {
			t.Errorf("banner %q, bad %v", d.Banner(), d.Bad())
		}
		if got := strings.TrimSpace(pads(t, d)); got != "again" {
			t.Errorf("read %q", got)
		}
		if _, n, err := d.VerifyChain(""); n != 2 || err != nil {
			t.Errorf("%d records, %v", n, err)
		}
		if again, err := d.Repair(t.Context()); err != nil || len(again) != 0 {
			t.Errorf("a second repair named %v, %v", again, err)
		}
	}
}

// A journal that is put back from a backup is the journal again.
func TestJournalPutBack(t *testing.T) {
	d, dir := newStore(t)
	put(t, d, ledger.Keys, "webmail")
	must(appendTo(d, "new", lineData{Pad: "first"}))
	path := filepath.Join(dir, "journal")
	must(os.Rename(path, path+".bak"))
	wantRefusedAsLost(t, appendTo(d, "new", lineData{}))
	reader := openStore(t, dir)
	must(os.Rename(path+".bak", path))
	if got := pads(t, reader); got != "first" || reader.Banner() != "" || len(reader.Bad()) != 0 {
		t.Errorf("a reader read %q, banner %q, bad %v", got, reader.Banner(), reader.Bad())
	}
	must(appendTo(d, "new", lineData{Pad: "second"}))
	if got := pads(t, d); got != "first second" || d.Banner() != "" {
		t.Errorf("read %q, banner %q", got, d.Banner())
	}
}

// A reader sees no keys; the objects it sees tell it as much.
func TestReaderIsToldOfALostJournal(t *testing.T) {
	needRoot(t)
	dir := filepath.Join(publicDir(t), "store")
	o := realOptions(dir)
	o.ReadersGID = helpdesk
	d, err := disk.Open(o)
	must(err)
	put(t, d, ledger.Keys, "webmail")
	put(t, d, ledger.Certs, "webmail")
	must(os.Remove(filepath.Join(dir, "journal")))
	wantAll(t, lookAs(t, dir, bob, bob, helpdesk), "the journal is missing", "cert: <nil>")
}

// The journal is there before the first object is, also where the writer dies between any two operations: whoever
// comes then is not locked out.
func TestJournalIsOlderThanTheFirstObject(t *testing.T) {
	rehearsal := disktest.NewModel("/srv", "/out")
	must(newWebmail(rehearsal))
	for n := range rehearsal.Ops() {
		m := disktest.NewModel("/srv", "/out")
		m.KillAt(n)
		newWebmail(m)
		m.Begin()
		if err := newWebmail(m); err != nil {
			t.Errorf("after a writer that died before %s: %v", rehearsal.Ops()[n], err)
		}
	}
}

// The same holds for a writer that made everything durable once, when nothing but the journal was to lose.
func TestSecondJournalIsOlderThanTheFirstObject(t *testing.T) {
	m := disktest.NewModel("/srv", "/out")
	p, err := come(m)
	must(err)
	must(p.record("note", lineData{}))
	root, err := m.OpenDir(storeDir)
	must(err)
	must(root.Unlink("journal"))
	m.Settle()
	must(p.put(ledger.Keys, "webmail"))
	for prefix := range len(m.Ops()) + 1 {
		for image := range m.CrashImages(prefix) {
			if err := verify(image); err != nil {
				t.Fatalf("after %d operations (%s), %s: %v", prefix, lastOp(m, prefix), image.Label, err)
			}
		}
	}
}

// A repair that a power cut ends can be done again; at no moment does the store seem well without its journal.
func TestPowerCutDuringRepairOfALostJournal(t *testing.T) {
	prepare := prepared(webmailMade, func(m *disktest.Model) {
		root, err := m.OpenDir(storeDir)
		must(err)
		must(root.Unlink("journal"))
		m.Settle()
	})
	m := start(scenario{prepare: prepare})
	p, err := come(m)
	must(err)
	_, err = p.d.Repair(t.Context())
	must(err)
	for prefix := range len(m.Ops()) + 1 {
		for image := range m.CrashImages(prefix) {
			if err := repairedOrLost(image); err != nil {
				t.Fatalf("after %d operations (%s), %s: %v", prefix, lastOp(m, prefix), image.Label, err)
			}
		}
	}
	if _, ok := m.ReadFile(storeDir + "/journal"); !ok {
		t.Error("there is no journal")
	}
}

func repairedOrLost(image *disktest.Model) error {
	p, err := come(image)
	if err != nil {
		return err
	}
	_, there := image.ReadFile(storeDir + "/journal")
	if err := p.record("next", lineData{}); fail.Is(err, fail.Damaged) == there {
		return err
	}
	if _, err := p.d.Repair(context.Background()); err != nil {
		return err
	}
	if _, err := p.d.Get(ledger.Keys, nameOf("webmail")); err != nil {
		return err
	}
	return errors.Join(narrow(image), listed(p.d), goesOn(image, p.d))
}

// late is a file system on which somebody else's first writer comes between two looks for the journal.
type late struct {
	*disktest.Model
	looks atomic.Int32
}

type lateDir struct {
	disk.Folder
	fs *late
}

func (l *late) OpenDir(path string) (disk.Folder, error) {
	f, err := l.Model.OpenDir(path)
	return lateDir{f, l}, err
}

func (d lateDir) Stat(name string) (disk.Info, error) {
	if name == "journal" && d.fs.looks.Add(1) == 2 { // the first look is for something else: how young the store is
		return disk.Info{}, syscall.ENOENT
	}
	return d.Folder.Stat(name)
}

func TestFirstWritersDoNotTakeEachOtherForDamage(t *testing.T) {
	m := &late{Model: start(scenario{prepare: webmailMade})}
	o := options(m)
	d, err := disk.Open(o)
	must(err)
	must(d.Put(ledger.Keys, nameOf("smtp"), nil))
	must(appendTo(d, "new", lineData{}))
	if m.looks.Load() < 3 {
		t.Error("the journal was not looked for again")
	}
}

// Whoever may read the store may read its journal, also one that a dead writer or a backup left to its owner alone.
func TestJournalIsOpenedToReaders(t *testing.T) {
	_, dir := newStore(t)
	o := realOptions(dir)
	o.ReadersGID = os.Getegid()
	d, err := disk.Open(o)
	must(err)
	must(appendTo(d, "new", lineData{}))
	path := filepath.Join(dir, "journal")
	for _, d := range []*disk.Dir{d, openStore(t, dir)} {
		for _, mode := range []fs.FileMode{0o600, 0o644} {
			must(os.Chmod(path, mode))
			must(appendTo(d, "new", lineData{}))
			wantMode(t, path, 0o640)
		}
	}
}
