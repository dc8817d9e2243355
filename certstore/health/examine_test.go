package health

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/formats"
	"certdesk/certstore/guard"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/objects"
	"certdesk/certstore/trust"
)

// What lies in a store and no line names is told by what it is, and nothing is changed.
func TestWhatNoLineNamesIsTold(t *testing.T) {
	t.Parallel()
	dir, err := disk.Open(disk.Options{Dir: filepath.Join(t.TempDir(), "store"), Write: true, ReadersGID: -1})
	if err != nil {
		t.Fatal(err)
	}
	s := Store{Dir: dir, FS: disk.OS(), Objects: objects.Of(dir), State: ledger.NewState(guard.UserName),
		Chains: judging.Chains{Roots: trust.Usual(nil), Now: time.Now()}}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := formats.SPKI(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Objects.KeepKey(key, spki); err != nil {
		t.Fatal(err)
	}
	path := dir.Path(ledger.Keys, spki)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "notes"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(path, filepath.Join(t.TempDir(), "copy")); err != nil {
		t.Fatal(err)
	}
	r, err := s.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for code, words := range map[string]string{
		"unreferenced-key": "a private key that no entry refers to",
		"stranger":         "keys/notes is not one of certdesk's files",
		"links":            "has 2 hard links",
	} {
		told := false
		for _, f := range r.Findings {
			told = told || f.Code == code && strings.Contains(f.Text, words)
		}
		if !told {
			t.Errorf("nothing tells %q of %q: %+v", code, words, r.Findings)
		}
	}
}
