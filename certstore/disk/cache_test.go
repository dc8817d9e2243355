package disk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

func all(string, []byte) bool { return true }

// with keeps a text under a name, whatever was there.
func with(text string) func([]byte) []byte {
	return func([]byte) []byte { return []byte(text) }
}

// What is cached is replaced whole, read by readers, swept when nobody wants it, and never the reason for a failure.
func TestTheCache(t *testing.T) {
	d, dir := newStore(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.Cache("notes", with("lost"), all))
	if _, err := os.Stat(filepath.Join(dir, "cache")); err == nil || d.Cached("notes") != nil {
		t.Error("a store was made, or half of one, for a cache alone")
	}
	put(t, d, ledger.Certs, "a")
	must(d.Cache("notes", with("first"), all))
	before := d.CachedAs("notes")
	must(d.Cache("notes", func(old []byte) []byte { return append(old, " and second"...) }, all))
	if got := string(d.Cached("notes")); got != "first and second" || d.CachedAs("notes") == before {
		t.Errorf("%q", got)
	}
	wantMode(t, filepath.Join(dir, "cache"), 0o700)
	wantMode(t, filepath.Join(dir, "cache", "notes"), 0o600)

	kept, swept := nameOf("kept"), nameOf("swept")
	must(d.Cache(kept, with("kept"), all))
	must(d.Cache(swept, with("swept"), all))
	must(os.WriteFile(filepath.Join(dir, "cache", ".tmp-DEAD"), nil, 0o600))
	must(d.Cache("notes", with("third"), func(_ string, data []byte) bool { return string(data) != "swept" }))
	if d.Cached(swept) != nil || string(d.Cached(kept)) != "kept" || string(d.Cached("notes")) != "third" {
		t.Error("the wrong one was swept")
	}
	entries, err := os.ReadDir(filepath.Join(dir, "cache"))
	if must(err); len(entries) != 2 {
		t.Errorf("%v", entries)
	}
	for _, name := range []string{"", "../journal", "a/b", ".tmp-x", "UPPER", strings.Repeat("a", 65)} {
		must(d.Cache(name, with("x"), all))
		if entries, _ := os.ReadDir(filepath.Join(dir, "cache")); len(entries) != 2 {
			t.Errorf("%q was written", name)
		}
	}
	o := realOptions(dir)
	o.Write = false
	reader, err := disk.Open(o)
	must(err)
	wantCode(t, reader.Cache("notes", with("x"), all), fail.ReadOnly)
	if string(reader.Cached("notes")) != "third" {
		t.Error("a reader sees nothing")
	}
}

// A group that may read the store may read what is cached, from before and from then on.
func TestReadersReadTheCache(t *testing.T) {
	d, dir := newStore(t)
	put(t, d, ledger.Certs, "a")
	if err := d.Cache("notes", with("first"), all); err != nil {
		t.Fatal(err)
	}
	o := realOptions(dir)
	o.ReadersGID = os.Getegid()
	wide, err := disk.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	put(t, wide, ledger.Certs, "b")
	wantMode(t, filepath.Join(dir, "cache", "notes"), 0o640)
	if err := wide.Cache("notes", with("second"), all); err != nil {
		t.Fatal(err)
	}
	wantMode(t, filepath.Join(dir, "cache"), 0o750)
	wantMode(t, filepath.Join(dir, "cache", "notes"), 0o640)
}
