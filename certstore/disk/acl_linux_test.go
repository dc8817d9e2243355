package disk_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

const somebody = 4711 // a user who is none of those here

// list gives somebody rwx by an access list ("access" or "default") of a directory.
func list(t *testing.T, path, which string) {
	t.Helper()
	raw := binary.LittleEndian.AppendUint32(nil, 2)
	for _, e := range [][3]uint32{{1, 7, ^uint32(0)}, {2, 7, somebody}, {4, 5, ^uint32(0)}, {0x10, 7, ^uint32(0)}, {0x20, 0, ^uint32(0)}} {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(e[0]))
		raw = binary.LittleEndian.AppendUint16(raw, uint16(e[1]))
		raw = binary.LittleEndian.AppendUint32(raw, e[2])
	}
	err := unix.Setxattr(path, "system.posix_acl_"+which, raw, 0)
	if errors.Is(err, unix.ENOTSUP) {
		t.Skip("no access lists on this file system")
	}
	must(err)
}

func TestAnAccessListOnTheWayToTheStoreIsSeen(t *testing.T) {
	for _, above := range []string{"parent", "."} {
		top := t.TempDir()
		dir := filepath.Join(top, "parent", "store")
		put(t, openStore(t, dir), ledger.Keys, "webmail")
		list(t, filepath.Join(top, above), "access")
		_, err := disk.Open(realOptions(dir))
		wantCode(t, err, fail.UnsafeStore)
		if err != nil && (!strings.Contains(err.Error(), "4711") || !strings.Contains(fail.Of(err).Hint, "setfacl -b")) {
			t.Errorf("%v (%s)", err, fail.Of(err).Hint)
		}
	}
}

// What the directory above hands down opens nothing, also where readers give the group's bits a meaning.
func TestAnInheritedAccessListOpensNothing(t *testing.T) {
	top := t.TempDir()
	list(t, top, "default")
	dir := filepath.Join(top, "store")
	o := realOptions(dir)
	o.ReadersGID = os.Getegid()
	d, err := disk.Open(o)
	must(err)
	put(t, d, ledger.Keys, "webmail")
	put(t, d, ledger.Certs, "webmail")
	must(appendTo(d, "new", lineData{}))
	must(filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		must(err)
		acl, err := disk.OS().ACL(path)
		if err != nil || acl.GrantText() != "" || acl.DefaultText() != "" {
			t.Errorf("%s: %+v, %v", path, acl, err)
		}
		return nil
	}))
	staged, err := disk.Stage(nil, filepath.Join(top, "mail.pem"), []byte("key"), 0o600, false)
	must(err)
	must(staged.Commit())
	must(os.Chmod(filepath.Join(top, "mail.pem"), 0o640)) // as somebody who lets a group in does
	if acl, err := disk.OS().ACL(filepath.Join(top, "mail.pem")); err != nil || acl.Listed {
		t.Errorf("an exported file: %+v, %v", acl, err)
	}
}

func TestAListThatReachedKeysIsTakenOffByTheNextWriter(t *testing.T) {
	d, path := withRecords(t, 1)
	put(t, d, ledger.Keys, "webmail")
	keys := filepath.Join(filepath.Dir(path), "keys")
	list(t, keys, "default")
	put(t, fresh(path), ledger.Keys, "smtp")
	if acl, err := disk.OS().ACL(keys); err != nil || acl.DefaultText() != "" {
		t.Errorf("%+v, %v", acl, err)
	}
}
