//go:build linux || darwin || freebsd

package disk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// A store that others can write, replace or redirect is not opened.
func TestUnsafeStores(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"store for all":           func(dir string) error { return os.Chmod(dir, 0o777) },
		"store for a group":       func(dir string) error { return os.Chmod(dir, 0o770) },
		"store for all, sticky":   func(dir string) error { return os.Chmod(dir, 0o777|os.ModeSticky) },
		"parent for all":          func(dir string) error { return os.Chmod(filepath.Dir(dir), 0o777) },
		"keys for all":            func(dir string) error { return os.Chmod(filepath.Join(dir, "keys"), 0o777) },
		"keys are a link":         func(dir string) error { return swapForLink(filepath.Join(dir, "keys")) },
		"journal for all":         func(dir string) error { return os.Chmod(filepath.Join(dir, "journal"), 0o666) },
		"grandparent of anybody":  func(dir string) error { return os.Chmod(filepath.Dir(filepath.Dir(dir)), 0o757) },
		"certs are a file":        func(dir string) error { return swapForFile(filepath.Join(dir, "certs")) },
		"link to it for anybody":  nil,
		"sticky parent is fine":   func(dir string) error { return os.Chmod(filepath.Dir(dir), 0o777|os.ModeSticky) },
		"world-readable is safe":  func(dir string) error { return os.Chmod(dir, 0o755) },
		"link to the store is ok": nil,
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "parent", "store")
			put(t, openStore(t, dir), ledger.Keys, "webmail")
			must(appendTo(openStore(t, dir), "new", lineData{}))
			opened := dir
			switch name {
			case "link to the store is ok":
				opened = linkIn(t, dir, 0o700)
			case "link to it for anybody":
				opened = linkIn(t, dir, 0o777)
			default:
				must(spoil(dir))
			}
			_, err := disk.Open(realOptions(opened))
			if strings.HasSuffix(name, "fine") || strings.HasSuffix(name, "safe") || strings.HasSuffix(name, "ok") {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			wantCode(t, err, fail.UnsafeStore)
		})
	}
}

func linkIn(t *testing.T, dir string, mode os.FileMode) string {
	at := filepath.Join(t.TempDir(), "links")
	must(os.Mkdir(at, 0o700))
	must(os.Symlink(dir, filepath.Join(at, "store")))
	must(os.Chmod(at, mode))
	return filepath.Join(at, "store")
}

func swapForLink(path string) error {
	if err := os.Rename(path, path+".real"); err != nil {
		return err
	}
	return os.Symlink(path+".real", path)
}

func swapForFile(path string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.WriteFile(path, nil, 0o600)
}

// publicDir is a temporary directory that every user can reach.
func publicDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "certdesk-disk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	must(os.Chmod(dir, 0o755))
	return dir
}

const (
	alice, bob, carol = 54321, 54322, 54323 // users nobody has
	helpdesk          = 54400
)

// Root's store with readers: the group reads all but keys and writes nothing; others are told who may.
func TestWhoMayRead(t *testing.T) {
	needRoot(t)
	dir := filepath.Join(publicDir(t), "store")
	o := realOptions(dir)
	o.ReadersGID = helpdesk
	d, err := disk.Open(o)
	must(err)
	put(t, d, ledger.Keys, "webmail")
	put(t, d, ledger.Certs, "webmail")
	must(appendTo(d, "new", lineData{}))

	member := lookAs(t, dir, bob, bob, helpdesk)
	wantAll(t, member, `writable: "owned by root"`, "records: 1 <nil>", "cert: <nil>", "key: read keys/", "permission denied",
		"cannot be written: owned by root")
	stranger := lookAs(t, dir, carol, carol)
	wantAll(t, stranger, "not-permitted: ", dir, fmt.Sprintf("members of the group gid %d may read it", helpdesk))
}

// Root does not write a user's store: its files would be root's.
func TestRootLeavesUsersStoreAlone(t *testing.T) {
	needRoot(t)
	dir := filepath.Join(publicDir(t), "store")
	put(t, openStore(t, dir), ledger.Certs, "webmail")
	must(appendTo(openStore(t, dir), "new", lineData{}))
	must(filepath.Walk(dir, func(path string, _ os.FileInfo, err error) error { return os.Lchown(path, alice, alice) }))
	d := openStore(t, dir)
	if got, want := d.Writable(), fmt.Sprintf("owned by uid %d", alice); got != want {
		t.Errorf("writable says %q, want %q", got, want)
	}
	err := d.Put(ledger.Certs, nameOf("other"), []byte("x"))
	wantCode(t, err, fail.ReadOnly)
	wantAll(t, fail.Of(err).Hint, fmt.Sprintf("run certdesk as uid %d", alice))
	if _, err := d.Get(ledger.Certs, nameOf("webmail")); err != nil {
		t.Errorf("root cannot read it: %v", err)
	}
	bobs := lookAs(t, dir, bob, bob)
	wantAll(t, bobs, "not-permitted: ", fmt.Sprintf("only uid %d may read it", alice))
}

// A directory above that belongs to somebody else could be made to hold another store.
func TestForeignParentIsUnsafe(t *testing.T) {
	needRoot(t)
	parent := filepath.Join(publicDir(t), "home")
	dir := filepath.Join(parent, "store")
	put(t, openStore(t, dir), ledger.Certs, "webmail")
	must(os.Chown(parent, alice, alice))
	_, err := disk.Open(realOptions(dir))
	wantCode(t, err, fail.UnsafeStore)
}

func TestOpenedReadOnly(t *testing.T) {
	d, dir := newStore(t)
	put(t, d, ledger.Certs, "webmail")
	o := realOptions(dir)
	o.Write = false
	d, err := disk.Open(o)
	must(err)
	if got := d.Writable(); got != "opened read-only" {
		t.Errorf("writable says %q", got)
	}
	wantCode(t, d.Put(ledger.Certs, nameOf("other"), nil), fail.ReadOnly)
	wantCode(t, d.Delete(ledger.Certs, nameOf("webmail")), fail.ReadOnly)
	wantCode(t, appendTo(d, "new", lineData{}), fail.ReadOnly)
	if _, err := os.Lstat(filepath.Join(dir, "lock")); err == nil {
		t.Error("a refused write left a lock file")
	}
}
