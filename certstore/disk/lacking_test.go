package disk_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// on is a model that says which file system it is.
type on struct {
	*disktest.Model
	kind string
}

func (o on) Kind(string) string { return o.kind }

// A file system that lacks what a store needs is named, with a way out, and no object is left on it.
func TestFileSystemsThatLackWhatAStoreNeedsAreNamed(t *testing.T) {
	for _, c := range []struct {
		op, kind string
		errno    error
		words    string
	}{
		{"lock", "nfs", syscall.ENOLCK, "nfs, which has no file locks"},
		{"lock", "9p", syscall.ENOTSUP, "9p, which has no file locks"},
		{"lock", "nfs", syscall.EBADF, "nfs, which has no file locks"},
		{"lock", "fuse", syscall.ENOSYS, "fuse, which has no file locks"},
		{"link", "vfat", syscall.EPERM, "vfat, which has no hard links"},
		{"link", "cifs", syscall.EOPNOTSUPP, "cifs, which has no hard links"},
		{"link", "", syscall.ENOSYS, "its file system, which has no hard links"},
		{"chmod", "exfat", syscall.EPERM, "exfat, which has no file modes"},
	} {
		whole := disktest.NewModel("/srv", "/out")
		prepare := webmailMade
		if c.op == "chmod" {
			prepare = func(m *disktest.Model) { webmailMade(m); must(chmodKeys(m)) }
		}
		prepare(whole)
		whole.Settle()
		must(putSMTP(whole, ""))
		tried := false
		for n, op := range whole.Ops() {
			if op.Kind != c.op || tried {
				continue
			}
			tried = true
			m := disktest.NewModel("/srv", "/out")
			prepare(m)
			m.Settle()
			m.FailAt(n, c.errno)
			err := putSMTP(m, c.kind)
			if !errors.Is(err, c.errno) || !fail.Is(err, fail.Failed) || !strings.Contains(err.Error(), c.words) || fail.Of(err).Hint == "" {
				t.Errorf("%s fails with %v on %s: %v (%s)", op, c.errno, c.kind, err, fail.Of(err).Hint)
			}
			m.Walk(func(name string, _ disk.Info) {
				if strings.Contains(name, nameOf("smtp")) || strings.Contains(name, "/.tmp-") {
					t.Errorf("%s fails with %v: %s is left", op, c.errno, name)
				}
			})
		}
		if !tried {
			t.Errorf("no %s happened", c.op)
		}
	}
}

// chmodKeys opens keys/, so that the next writer sets its mode.
func chmodKeys(m *disktest.Model) error {
	keys, err := m.OpenDir(storeDir + "/keys")
	if err != nil {
		return err
	}
	return keys.Chmod(0o755)
}

func putSMTP(m *disktest.Model, kind string) error {
	o := options(m)
	o.FS = on{m, kind}
	d, err := disk.Open(o)
	if err != nil {
		return err
	}
	return d.Put(ledger.Keys, nameOf("smtp"), bytesOf(ledger.Keys, nameOf("smtp")))
}

func TestAFileOfSomebodyElseIsNoFaultOfTheFileSystem(t *testing.T) {
	m := disktest.NewModel("/srv", "/out")
	webmailMade(m)
	must(chmodKeys(m))
	m.Settle()
	rehearsal := m.Snapshot()
	must(putSMTP(rehearsal, "ext4"))
	for n, op := range rehearsal.Ops() {
		if op.Kind == "chmod" {
			m.FailAt(n, syscall.EPERM)
			break
		}
	}
	if err := putSMTP(m, "ext4"); err == nil || strings.Contains(err.Error(), "ext4") {
		t.Errorf("%v", err)
	}
}
