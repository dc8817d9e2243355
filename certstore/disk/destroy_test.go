//go:build linux || darwin || freebsd

package disk_test

import (
	"os"
	"path/filepath"
	"testing"

	"certdesk/certstore/ledger"
)

// What is purged is gone under every name: a writer that died left the same file, a copy or a piece of one. What
// belongs to something else stays.
func TestDeleteTakesWhatDeadWritersLeft(t *testing.T) {
	d, _ := newStore(t)
	path := put(t, d, ledger.Keys, "webmail")
	text, err := os.ReadFile(path)
	must(err)
	at := func(name string) string { return filepath.Join(filepath.Dir(path), name) }
	must(os.Link(path, at(".tmp-LINKED")))
	must(os.WriteFile(at(".tmp-COPY"), text, 0o600))
	must(os.WriteFile(at(".tmp-CUT"), text[:20], 0o600))
	must(os.WriteFile(at(".tmp-OTHER"), []byte("another key"), 0o600))
	must(os.WriteFile(at("notes.txt"), text, 0o600))
	must(os.Mkdir(at(".tmp-dir"), 0o700))
	must(d.Delete(ledger.Keys, nameOf("webmail")))
	wantOnly(t, filepath.Dir(path), ".tmp-OTHER", ".tmp-dir", "notes.txt")
}
