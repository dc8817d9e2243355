//go:build linux || darwin || freebsd

package disk_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

func newStore(t *testing.T) (*disk.Dir, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store")
	return openStore(t, dir), dir
}

func openStore(t *testing.T, dir string) *disk.Dir {
	t.Helper()
	d, err := disk.Open(realOptions(dir))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func put(t *testing.T, d *disk.Dir, kind ledger.ObjectKind, label string) string {
	t.Helper()
	name := nameOf(label)
	if err := d.Put(kind, name, bytesOf(kind, name)); err != nil {
		t.Fatal(err)
	}
	return d.Path(kind, name)
}

func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	fi, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := fi.Mode().Perm(); got != want {
		t.Errorf("%s has mode %04o, want %04o", path, got, want)
	}
}

func wantCode(t *testing.T, err error, code fail.Code) {
	t.Helper()
	if !fail.Is(err, code) {
		t.Errorf("got %v, want the code %s", err, code)
	}
}

// A store opened and not written is not there; the first write makes it, private whatever the umask.
func TestFirstWriteMakesStore(t *testing.T) {
	d, dir := newStore(t)
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("opening made something: %v", err)
	}
	if _, n, err := d.VerifyChain(""); n != 0 || err != nil {
		t.Fatalf("a missing store reads as %d records, %v", n, err)
	}
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	key := put(t, d, ledger.Keys, "webmail")
	must(appendTo(d, "new", lineData{}))
	for path, mode := range map[string]fs.FileMode{dir: 0o700, filepath.Dir(key): 0o700, key: 0o600,
		filepath.Join(dir, "journal"): 0o600, filepath.Join(dir, "lock"): 0o600, filepath.Join(dir, "certs"): 0o700} {
		wantMode(t, path, mode)
	}
}

func TestMissingParentsAreMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b", "store")
	put(t, openStore(t, dir), ledger.Keys, "webmail")
	wantMode(t, filepath.Dir(dir), 0o700)
}

// Readers get everything but keys, also of what was there before they were named.
func TestReaders(t *testing.T) {
	d, dir := newStore(t)
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	cert := put(t, d, ledger.Certs, "webmail")
	must(appendTo(d, "new", lineData{}))
	o := realOptions(dir)
	o.ReadersGID = os.Getegid()
	d, err := disk.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	key := put(t, d, ledger.Keys, "webmail")
	second := put(t, openStore(t, dir), ledger.Certs, "second")
	for path, mode := range map[string]fs.FileMode{dir: 0o750, filepath.Dir(cert): 0o750, cert: 0o640, second: 0o640,
		filepath.Join(dir, "journal"): 0o640, filepath.Dir(key): 0o700, key: 0o600} {
		wantMode(t, path, mode)
	}
}

func TestPutIsWriteOnce(t *testing.T) {
	d, _ := newStore(t)
	path := put(t, d, ledger.Keys, "webmail")
	put(t, d, ledger.Keys, "webmail")
	before, _ := os.Lstat(path)
	wantCode(t, d.Put(ledger.Keys, nameOf("webmail"), []byte("another key")), fail.Damaged)
	after, err := os.Lstat(path)
	if err != nil || !os.SameFile(before, after) {
		t.Error("the object was replaced")
	}
	data, err := d.Get(ledger.Keys, nameOf("webmail"))
	if err != nil || !bytes.Equal(data, bytesOf(ledger.Keys, nameOf("webmail"))) {
		t.Errorf("the object holds other bytes: %v", err)
	}
}

// Nothing but a hash becomes a path.
func TestNamesAreHashes(t *testing.T) {
	d, _ := newStore(t)
	for _, name := range []string{"", "webmail", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 63) + "/"} {
		if err := d.Put(ledger.Keys, name, nil); err == nil {
			t.Errorf("%q was taken", name)
		}
		if _, err := d.Get(ledger.Keys, name); err == nil {
			t.Errorf("%q was read", name)
		}
		if err := d.Delete(ledger.Keys, name); err == nil || disk.ValidObject(ledger.Keys, name) {
			t.Errorf("%q was taken for the name of what is to go: %v", name, err)
		}
	}
	if err := d.Put(disk.Top, nameOf("x"), nil); err == nil {
		t.Error("an object was put into the store's directory itself")
	}
}

func TestGetRefusesWhatIsNoObject(t *testing.T) {
	d, dir := newStore(t)
	put(t, d, ledger.Certs, "webmail")
	at := func(label string) string { return d.Path(ledger.Certs, nameOf(label)) }
	must(os.Symlink(at("webmail"), at("link")))
	must(syscall.Mkfifo(at("fifo"), 0o600))
	must(os.Mkdir(at("dir"), 0o700))
	must(os.WriteFile(at("huge"), nil, 0o600))
	must(os.Truncate(at("huge"), 10<<30))
	for label, code := range map[string]fail.Code{"link": fail.Damaged, "fifo": fail.Damaged, "dir": fail.Damaged,
		"huge": fail.LimitExceeded, "missing": fail.Damaged} {
		_, err := d.Get(ledger.Certs, nameOf(label))
		if !fail.Is(err, code) {
			t.Errorf("%s: got %v, want %s", label, err, code)
		}
		if errors.Is(err, fs.ErrNotExist) != (label == "missing") {
			t.Errorf("%s: only a missing object may look missing: %v", label, err)
		}
	}
	_ = dir
}

func TestDeleteTwiceIsSuccess(t *testing.T) {
	d, _ := newStore(t)
	path := put(t, d, ledger.Keys, "webmail")
	must(d.Delete(ledger.Keys, nameOf("webmail")))
	must(d.Delete(ledger.Keys, nameOf("webmail")))
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
	if there, err := d.Has(ledger.Keys, nameOf("webmail")); there || err != nil {
		t.Errorf("Has says %v, %v", there, err)
	}
}

// List tells doctor what is an object, what a dead writer left and what is nobody's.
func TestList(t *testing.T) {
	d, dir := newStore(t)
	put(t, d, ledger.Keys, "webmail")
	must(appendTo(d, "new", lineData{}))
	for _, name := range []string{"keys/.tmp-DEAD", "keys/notes.txt", "torn-20261123T120000Z-00000000", "backup.tar"} {
		must(os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	got := map[string]disk.Class{}
	for _, kind := range []ledger.ObjectKind{disk.Top, ledger.Keys} {
		objects, err := d.List(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			got[o.Name] = o.Class
		}
	}
	want := map[string]disk.Class{nameOf("webmail"): disk.ClassObject, ".tmp-DEAD": disk.ClassTemporary,
		"notes.txt": disk.ClassStranger, "torn-20261123T120000Z-00000000": disk.ClassTorn, "backup.tar": disk.ClassStranger,
		"keys": disk.ClassObject, "certs": disk.ClassObject, "requests": disk.ClassObject, "undo": disk.ClassObject,
		"journal": disk.ClassObject, "lock": disk.ClassObject,
		"lock.export": disk.ClassObject}
	if len(got) != len(want) {
		t.Errorf("listed %v", got)
	}
	for name, class := range want {
		if got[name] != class {
			t.Errorf("%s is listed as %q, want %q", name, got[name], class)
		}
	}
}
