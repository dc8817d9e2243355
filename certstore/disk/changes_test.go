package disk_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/ledger"
)

func wantChange(t *testing.T, changes <-chan struct{}, when string) {
	t.Helper()
	select {
	case <-changes:
	case <-time.After(10 * time.Second):
		t.Fatalf("no change was told %s", when)
	}
}

// What another writer appends is told, from before the store exists to after its journal was replaced.
func TestChanges(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	reader, err := disk.Open(realOptions(dir))
	must(err)
	ctx, cancel := context.WithCancel(t.Context())
	changes := reader.Changes(ctx)
	writer, err := disk.Open(realOptions(dir))
	must(err)
	must(appendTo(writer, "new", lineData{}))
	wantChange(t, changes, "when the store was made")
	for range 3 {
		must(appendTo(writer, "new", lineData{}))
		wantChange(t, changes, "when a record was appended")
	}
	must(os.Rename(dir, dir+".old"))
	wantChange(t, changes, "when the store went away")
	must(appendTo(writer, "new", lineData{}))
	wantChange(t, changes, "when another store took its place")
	cancel()
	for range changes {
	}
}

// Objects alone are no change: the table is made of the journal.
func TestObjectsAreNoChange(t *testing.T) {
	d, _ := withRecords(t, 1)
	changes := d.Changes(t.Context())
	must(d.Put(ledger.Keys, nameOf("webmail"), nil))
	select {
	case <-changes:
		t.Error("a change was told")
	case <-time.After(700 * time.Millisecond):
	}
}

// Without notification the journal is looked at.
func TestChangesWithoutNotification(t *testing.T) {
	m := start(scenario{prepare: webmailMade})
	p, err := come(m)
	must(err)
	changes := p.d.Changes(t.Context())
	must(p.record("remove", lineData{}))
	wantChange(t, changes, "on a file system without notification")
}

func BenchmarkChangeSeen(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "store")
	d, err := disk.Open(realOptions(dir))
	must(err)
	must(appendTo(d, "new", lineData{}))
	changes := d.Changes(b.Context())
	for b.Loop() {
		must(appendTo(d, "new", lineData{}))
		<-changes
	}
}
