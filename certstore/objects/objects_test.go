package objects

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

func newFiles(t *testing.T) (Files, *disk.Dir) {
	t.Helper()
	dir, err := disk.Open(disk.Options{Dir: filepath.Join(t.TempDir(), "store"), Write: true, ReadersGID: -1})
	if err != nil {
		t.Fatal(err)
	}
	return Of(dir), dir
}

func newKey(t *testing.T) (*ecdsa.PrivateKey, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := formats.SPKI(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return key, spki
}

// A key is the one its name promises, or it is damaged: another's bytes under its name are not taken for it.
func TestAKeyIsTheOneItsNamePromises(t *testing.T) {
	t.Parallel()
	f, dir := newFiles(t)
	key, spki := newKey(t)
	other, otherSPKI := newKey(t)
	for spki, key := range map[string]*ecdsa.PrivateKey{spki: key, otherSPKI: other} {
		if err := f.KeepKey(key, spki); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.CheckKey(spki, key.Public()); err != nil {
		t.Fatal(err)
	}
	if err := f.CheckKey(spki, other.Public()); err == nil {
		t.Error("it is taken for the key of another certificate")
	}
	text, err := os.ReadFile(dir.Path(ledger.Keys, otherSPKI))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir.Path(ledger.Keys, spki), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Check(ledger.Object{Kind: ledger.Keys, Name: spki}); !fail.Is(err, fail.Damaged) {
		t.Errorf("another's key under its name: %v", err)
	}
	if err := f.KeepKey(key, spki); !fail.Is(err, fail.Damaged) {
		t.Errorf("a key is kept where another's lies: %v", err)
	}
}

// Certificates and requests are named by their bytes, and a folder's name says which of them a file holds.
func TestAnObjectWhoseBytesAreOthersIsDamaged(t *testing.T) {
	t.Parallel()
	f, dir := newFiles(t)
	der := []byte("no certificate at all")
	name := formats.SHA256(der)
	for _, kind := range PublicKinds() {
		if err := dir.Put(kind, name, formats.CertPEM(der)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.RequestDER(name); !fail.Is(err, fail.Damaged) {
		t.Errorf("a certificate among the requests: %v", err)
	}
	if _, err := f.Certificate(name); !fail.Is(err, fail.Damaged) {
		t.Errorf("bytes that are no certificate: %v", err)
	}
	list, err := f.Public(func(o ledger.Object) bool { return o.Kind == ledger.Requests })
	if err != nil || len(list) != 1 || list[0] != (ledger.Object{Kind: ledger.Certs, Name: name}) {
		t.Errorf("%v, %v", list, err)
	}
}
