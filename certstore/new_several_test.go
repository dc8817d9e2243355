package certstore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
)

// three are a family of requests with their files.
func three(dir string) (list []issuing.Request) {
	for _, name := range []string{"a", "b", "c"} {
		r := request(name + ".example.org")
		r.Path = filepath.Join(dir, name+".req")
		list = append(list, r)
	}
	return list
}

func TestAFamilyIsMadeInOneGo(t *testing.T) {
	f := newFixture(t)
	dir := t.TempDir()
	made, err := f.store.NewAll(t.Context(), three(dir))
	f.must(err)
	entries, err := f.store.List(t.Context(), false)
	f.must(err)
	if len(made) != 3 || len(entries) != 3 {
		t.Fatal(len(made), len(entries))
	}
	keys := map[string]bool{}
	for i, m := range made {
		keys[m.Entry.SPKI] = true
		data, err := os.ReadFile(three(dir)[i].Path)
		if err != nil || string(data) != string(m.PEM) || m.Path == "" || m.Entry.ID != entries[i].ID || !entries[i].HasKey {
			t.Errorf("%v, %+v", err, m.Entry)
		}
	}
	if len(keys) != 3 {
		t.Error("they share a key")
	}
	if report, err := f.store.Doctor(t.Context(), false); err != nil || !report.OK {
		t.Errorf("%v %+v", err, report)
	}
}

// What is refused of one is refused of all, and no byte has changed.
func TestAFamilyIsRefusedWhole(t *testing.T) {
	f := newFixture(t)
	dir := t.TempDir()
	f.make(request("first.example.org"))
	for name, spoil := range map[string]func(list []issuing.Request){
		"a file that is there": func(list []issuing.Request) { f.must(os.WriteFile(list[2].Path, []byte("x"), 0o600)) },
		"one file for two":     func(list []issuing.Request) { list[2].Path = dir + "/./a.req" },
		"no folder":            func(list []issuing.Request) { list[1].Path = filepath.Join(dir, "none", "b.req") },
	} {
		list := three(dir)
		spoil(list)
		f.unchanged(name, func() {
			if made, err := f.store.NewAll(t.Context(), list); err == nil || made != nil || fail.Of(err).Hint == "" {
				t.Errorf("%s: %v", name, err)
			}
		})
		os.Remove(filepath.Join(dir, "c.req"))
	}
}

// Whatever fails midway, at each operation on the disk in turn: the journal names all of the family or none, no file has
// left that it does not name, and each that is there has its key. A write of the journal that the disk itself broke off
// is said to be in doubt: then only the first ones may be there.
func TestAFamilyThatFailsMidwayIsNotThere(t *testing.T) {
	done := false
	for at := 1; !done; at++ {
		dir := t.TempDir()
		f := newFixtureOn(t, nil, filepath.Join(dir, "store"))
		f.make(request("first.example.org"))
		count := 0
		fs := &faultFS{FS: disk.OS(), before: func(op, path string) error {
			if op != "write" && op != "sync" && op != "link" && op != "create" || strings.HasSuffix(path, "lock") {
				return nil
			}
			if count++; count == at {
				return errors.New("the disk is full")
			}
			return nil
		}}
		s := f.open(fs, f.store.Dir(), f.ca.root)
		made, err := s.NewAll(t.Context(), three(dir))
		done = count < at
		entries, listed := f.again().List(t.Context(), false)
		f.must(listed)
		n := len(entries) - 1
		switch {
		case n != 0 && n != 3 && !fail.Is(err, fail.InDoubt):
			t.Errorf("fault %d: %d of 3 are there (%v)", at, n, err)
		case n == 0 && (err == nil || made != nil):
			t.Errorf("fault %d: nothing is there, and it says %v", at, err)
		case n == 3 && err != nil && !fail.Is(err, fail.KeptPending) && !fail.Is(err, fail.InDoubt):
			t.Errorf("fault %d: all are there, and it says %v", at, err)
		}
		for _, r := range three(dir) {
			if _, err := os.Stat(r.Path); err == nil && n == 0 {
				t.Errorf("fault %d: %s has left, and no line names it", at, r.Path)
			}
		}
		for _, e := range entries {
			if !e.HasKey || e.Kind != ledger.PendingReq {
				t.Errorf("fault %d: %+v", at, e)
			}
		}
	}
}
