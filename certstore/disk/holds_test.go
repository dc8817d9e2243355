//go:build linux || darwin || freebsd

package disk_test

import (
	"os"
	"path/filepath"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/ledger"
)

// A path that leads into the store is recognised, whatever way it takes.
func TestHolds(t *testing.T) {
	d, dir := newStore(t)
	put(t, d, ledger.Keys, "webmail")
	outside := t.TempDir()
	must(os.Symlink(dir, filepath.Join(outside, "store")))
	must(os.Symlink(filepath.Join(dir, "keys"), filepath.Join(outside, "deep")))
	must(os.Symlink("loop", filepath.Join(outside, "loop")))
	must(os.Symlink(outside, filepath.Join(dir, "exit")))
	t.Chdir(dir)
	for path, want := range map[string]bool{
		filepath.Join(dir, "journal"):                    true,
		filepath.Join(dir, "keys", "x.key"):              true,
		filepath.Join(dir, "missing", "deeper", "x.req"): true,
		dir:                                      true,
		dir + "/":                                true,
		"x.req":                                  true,
		"keys/../../store/x.req":                 true,
		filepath.Join(outside, "store", "x.req"): true,
		filepath.Join(outside, "deep", "x.req"):  true,
		"../x.req":                               false,
		filepath.Dir(dir):                        false,
		dir + "-of-another":                      false,
		filepath.Join(dir+"-of-another", "x.req"):                  false,
		filepath.Join(outside, "x.req"):                            false,
		filepath.Join(outside, "store"):                            false, // the link itself would be replaced
		filepath.Join(dir, "exit", "x.req"):                        false,
		filepath.Join(outside, "loop", "x.req"):                    false,
		filepath.Join(outside, "missing", "deeper", "x.req"):       false,
		filepath.Join(string(filepath.Separator), "etc", "x"):      false,
		filepath.Join(outside, "store", "..", "store-x.req"):       false,
		filepath.Join(outside, "store", "..", "store", "..") + "x": false,
	} {
		if got := d.Holds(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

// A store that is not made yet holds what would be written into it.
func TestMissingStoreHolds(t *testing.T) {
	m := disktest.NewModel("/srv", "/out")
	d, err := disk.Open(options(m))
	must(err)
	for path, want := range map[string]bool{storeDir: true, storeDir + "/keys/x": true, "/srv/x": false, target: false} {
		if got := d.Holds(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}
